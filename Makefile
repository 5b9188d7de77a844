# The everyday words.  Meson and Ninja do the building, each kind of build in
# a folder of its own below build/.
#
#   make            build/leadline and build/fakeorg, and compile_commands.json for editors
#   make demo       installs what is missing, starts both, shows a Lead and an Account
#   make test       installs what is missing, builds four ways (gcc, clang, asan, tsan), runs every test
#   make lint       the rules of the house; make format mends the layout
#   make fuzz       every fuzz target for FUZZ_SECONDS (60)
#   make chaos      power cuts, kills and forged answers until something breaks (CHAOS=kind,
#                   ROUNDS=n, SEED=s)
#   make bench      how many events a second are on disk, what fakeorg can do
#   make fresh      both commands on a bare Debian 12 below build/fresh
#   make install    below PREFIX (/usr/local), inside DESTDIR
#   make asan tsan clang     the other builds (asan has the fuzz targets)
#   make clean      removes build/

PREFIX ?= /usr/local
FUZZ_SECONDS ?= 60

all: build/release/build.ninja
	@ninja -C build/release --quiet
	@ln -sfn release/programs/leadline/leadline build/leadline
	@ln -sfn release/programs/fakeorg/fakeorg build/fakeorg
	@ln -sfn build/release/compile_commands.json compile_commands.json

asan tsan clang: %: build/%/build.ninja
	@ninja -C build/$@ --quiet

# On a bare machine the tools to build with are missing: tools/install-deps brings them.
build/release/build.ninja: | tools-to-build
	@meson setup build/release >/dev/null

tools-to-build:
	@tools/install-deps --check build


build/asan/build.ninja:
	@CC=clang CC_LD=lld meson setup build/asan -Db_sanitize=address,undefined -Db_lundef=false \
	    -Dfault_memory=true -Dfuzz=true >/dev/null

build/tsan/build.ninja:
	@CC=clang CC_LD=lld meson setup build/tsan -Db_sanitize=thread -Db_lundef=false >/dev/null

build/clang/build.ninja:
	@CC=clang CC_LD=lld meson setup build/clang >/dev/null

demo:
	@tools/install-deps build
	@echo "Building build/leadline and build/fakeorg"
	@$(MAKE) --no-print-directory all
	@DEMO_ONCE=$(DEMO_ONCE) tools/demo

test:
	@tools/test

lint: all
	@tools/install-deps test
	@tools/lint

format:
	@tools/install-deps test
	@git ls-files -z -- '*.c' '*.h' | xargs -0 clang-format -i

fuzz:
	@tools/install-deps build test
	@$(MAKE) --no-print-directory asan
	@tools/fuzz $(FUZZ_SECONDS)

bench: all
	@bench/run
	@bench/purge
	@bench/fakeorg

chaos:
	@tools/install-deps build test
	@tools/chaos $(or $(CHAOS),all) $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(SEED),--seed $(SEED))

install: all
	@meson configure build/release -Dprefix=$(PREFIX)
	@DESTDIR=$(DESTDIR) meson install -C build/release --quiet

fresh:
	@tools/fresh

clean:
	@rm -rf --one-file-system build compile_commands.json

help:
	@sed -n '/^#/!q; s/^#   //p' Makefile

.PHONY: all tools-to-build asan tsan clang demo test lint format fuzz chaos bench install fresh clean help
