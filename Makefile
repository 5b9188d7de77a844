# The everyday words.  Meson and Ninja do the building, each kind of build in
# a folder of its own below build/.

all: build/release/build.ninja
	@ninja -C build/release
	@ln -sfn release/programs/leadline/leadline build/leadline
	@ln -sfn release/programs/fakeorg/fakeorg build/fakeorg

build/release/build.ninja:
	@meson setup build/release

build/asan/build.ninja:
	@CC=clang meson setup build/asan -Db_sanitize=address,undefined -Db_lundef=false -Dfault_memory=true

build/tsan/build.ninja:
	@CC=clang meson setup build/tsan -Db_sanitize=thread -Db_lundef=false

build/clang/build.ninja:
	@CC=clang meson setup build/clang

build/fuzz/build.ninja:
	@CC=clang meson setup build/fuzz -Dfuzz=true -Db_sanitize=address,undefined -Db_lundef=false

asan tsan clang: %: build/%/build.ninja
	@ninja -C build/$@

.PHONY: all asan tsan clang
