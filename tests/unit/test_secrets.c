/* Sealed secrets: what opens, what is refused, what a folder without its key gives away, and what a
   crash or the end of memory leaves. */
#include "scratch_dir.h"

#include <fcntl.h>
#include <ftw.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <jansson.h>

#include "base/locked.h"
#include "base/mem.h"
#include "secrets/no_dumps.h"
#include "secrets/secrets.h"

static char dir[64], folder[100], file[150], key_file[150], next_key_file[160];
static struct err err;

/* ---- a disk that dies: before or after the nth sync or rename ---- */

static int steps_left; /* 0: it never dies */

static void step(void)
{
    if (steps_left > 0 && --steps_left == 0)
        _exit(77);
}

int fsync(int fd)
{
    int rc;

    step();
    rc = (int)syscall(SYS_fsync, fd);
    step();
    return rc;
}

int rename(const char *from, const char *to)
{
    int rc;

    step();
    rc = (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
    step();
    return rc;
}

/* ---- a folder with secrets ---- */

static int remove_one(const char *path, const struct stat *info, int flag, struct FTW *walk)
{
    return remove(path);
}

static void remove_all(void)
{
    nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void write_file(const char *path, const char *bytes, size_t len, mode_t mode)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    CHECK(fd >= 0 && write(fd, bytes, len) == (ssize_t)len && fchmod(fd, mode) == 0);
    close(fd);
}

static size_t read_file(const char *path, char *bytes, size_t room)
{
    int fd = open(path, O_RDONLY);
    ssize_t len = fd >= 0 ? read(fd, bytes, room) : -1;

    CHECK(len >= 0 && len < (ssize_t)room);
    close(fd);
    return (size_t)len;
}

static void make_key_file(const char *path)
{
    struct key *key = key_make(&err);
    char text[KEY_TEXT_MAX];

    CHECK(key != NULL);
    key_print(key, text);
    unlink(path);
    write_file(path, text, strlen(text), 0400);
    key_free(key);
}

static void begin(void)
{
    CHECK(scratch_dir(dir, sizeof dir, "secrets") == 0);
    snprintf(folder, sizeof folder, "%s/data", dir);
    snprintf(file, sizeof file, "%s/" SECRETS_FILE, folder);
    snprintf(key_file, sizeof key_file, "%s/key", dir);
    snprintf(next_key_file, sizeof next_key_file, "%s.new", key_file);
    make_key_file(key_file);
    err = (struct err){0};
}

static struct secrets *open_with(const char *key, bool write)
{
    struct secrets *s;

    err = (struct err){0};
    s = secrets_open(folder, key, write, &err);
    if (s == NULL)
        print_error("open: %s\n", err.text);
    CHECK(s != NULL);
    return s;
}

static void set(const char *name, const char *value, bool keep)
{
    struct secrets *s = open_with(key_file, true);

    CHECK_INT(secrets_set(s, name, KIND_PASSWORD, value, strlen(value), keep, &err), 0);
    secrets_close(s);
}

static void set_three(void)
{
    set("b", "second-value-to-be-found", false);
    set("a", "first-value-to-be-found", false);
    set("c", "third-value-to-be-found", false);
}

/* The kind of the error when a value does not open; ERR_NONE when it is wanted. */
static enum err_kind look(const char *key, const char *name, const char *wanted)
{
    struct secrets *s = secrets_open(folder, key, false, &err);
    size_t len = 0;
    char *value = NULL;
    enum err_kind kind = ERR_NONE;

    err = (struct err){0};
    if (s != NULL)
        value = secrets_value(s, name, &len, &err);
    if (value == NULL)
        kind = s == NULL ? ERR_INVALID : err.kind;
    else
        CHECK(len == strlen(wanted) && strcmp(value, wanted) == 0);
    locked_free(value);
    secrets_close(s);
    return kind;
}

static void check_three(const char *key)
{
    CHECK_INT(look(key, "a", "first-value-to-be-found"), ERR_NONE);
    CHECK_INT(look(key, "b", "second-value-to-be-found"), ERR_NONE);
    CHECK_INT(look(key, "c", "third-value-to-be-found"), ERR_NONE);
}

static int gives_away(const char *path, const struct stat *info, int flag, struct FTW *walk)
{
    static char bytes[100000];
    size_t len = flag == FTW_F ? read_file(path, bytes, sizeof bytes) : 0;

    return memmem(bytes, len, "-value-to-be-found", 18) != NULL;
}

static void check_nothing_given_away(void)
{
    CHECK_INT(nftw(folder, gives_away, 8, FTW_PHYS), 0);
}

/* ---- what opens ---- */

TEST(a_value_opens_under_its_key_and_name)
{
    struct secrets *s;

    begin();
    set_three();
    check_three(key_file);
    s = open_with(key_file, false);
    CHECK_INT(secrets_entries(s)->count, 3);
    CHECK_STR(secrets_entries(s)->list[0].name, "a");
    secrets_close(s);
    set("a", "another", false);
    CHECK_INT(look(key_file, "a", "another"), ERR_NONE);
    remove_all();
}

TEST(values_of_every_length_open)
{
    static char text[SEAL_VALUE_MAX + 2];
    static const size_t lengths[] = {0, 1, 63, 64, 65, 255, SEAL_VALUE_MAX};
    struct key *key = key_make(&err);
    struct sealed sealed;
    size_t len;

    memset(text, 'x', sizeof text);
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        CHECK_INT(seal(key, "label", text, lengths[i], &sealed, &err), 0);
        char *value = unseal(key, "label", &sealed, &len, &err);
        CHECK(value != NULL && len == lengths[i] && memcmp(value, text, len) == 0);
        CHECK((sealed.len - SEAL_MIN_BYTES) % 64 == 0); /* it hides the length */
        locked_free(value);
        mem_free(sealed.bytes);
    }
    CHECK(seal(key, "label", text, SEAL_VALUE_MAX + 1, &sealed, &err) < 0);
    CHECK_INT(err.kind, ERR_INVALID);
    key_free(key);
}

TEST(what_is_missing_is_said_with_what_to_do)
{
    begin();
    set_three();
    CHECK_INT(look(key_file, "d", ""), ERR_NOT_FOUND);
    CHECK(strstr(err.text, "leadline secrets set d") != NULL);
    CHECK_INT(look(NULL, "a", ""), ERR_NOT_FOUND);
    CHECK(strstr(err.text, "secrets_key_file") != NULL);
    CHECK(strstr(err.text, "LEADLINE_SECRETS_KEY") != NULL);
    CHECK_INT(look("/nowhere/key", "a", ""), ERR_NOT_FOUND);
    CHECK(strstr(err.text, "/nowhere/key") != NULL);
    make_key_file(key_file);
    CHECK_INT(look(key_file, "a", ""), ERR_AUTH);
    CHECK(strstr(err.text, "is not the one that the secret is sealed under") != NULL);
    remove_all();
}

TEST(nothing_is_sealed_under_a_second_key)
{
    struct secrets *s;

    begin();
    set_three();
    make_key_file(key_file);
    s = open_with(key_file, true);
    CHECK(secrets_set(s, "d", KIND_PASSWORD, "x", 1, false, &err) < 0);
    CHECK_INT(err.kind, ERR_AUTH);
    CHECK_INT(secrets_remove(s, "a", &err), 0); /* needs no key */
    CHECK_INT(secrets_remove(s, "b", &err), 0);
    CHECK_INT(secrets_remove(s, "c", &err), 0);
    CHECK_INT(secrets_set(s, "d", KIND_PASSWORD, "x", 1, false, &err), 0);
    secrets_close(s);
    remove_all();
}

TEST(the_key_may_come_from_the_environment_which_forgets_it)
{
    char text[KEY_TEXT_MAX + 1] = {0}, *seen;

    begin();
    set_three();
    read_file(key_file, text, sizeof text);
    CHECK(setenv("LEADLINE_SECRETS_KEY", text, 1) == 0);
    seen = getenv("LEADLINE_SECRETS_KEY");
    check_three(NULL);
    CHECK(getenv("LEADLINE_SECRETS_KEY") == NULL);
    CHECK(seen[0] == '\0' && seen[10] == '\0');
    check_three(NULL); /* it is remembered for the next time */
    remove_all();
}

TEST(the_key_may_be_a_systemd_credential)
{
    char path[200];

    begin();
    set_three();
    snprintf(path, sizeof path, "%s/leadline.key", dir);
    CHECK(rename(key_file, path) == 0 && chmod(path, 0440) == 0); /* as systemd shows it */
    CHECK(setenv("CREDENTIALS_DIRECTORY", dir, 1) == 0);
    check_three(NULL);
    unsetenv("CREDENTIALS_DIRECTORY");
    remove_all();
}

/* ---- what is refused ---- */

static void check_key_refused(const char *text, mode_t mode, const char *said)
{
    unlink(key_file);
    write_file(key_file, text, strlen(text), mode);
    CHECK(key_read(key_file, &err) == NULL);
    CHECK_INT(err.kind, ERR_INVALID);
    if (strstr(err.text, said) == NULL)
        print_error("said: %s\n", err.text);
    CHECK(strstr(err.text, said) != NULL);
}

#define GOOD_KEY "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"

TEST(a_key_that_others_can_read_or_that_is_none_is_refused)
{
    struct key *key;

    begin();
    unlink(key_file);
    write_file(key_file, GOOD_KEY, strlen(GOOD_KEY), 0400);
    key = key_read(key_file, &err);
    CHECK(key != NULL);
    key_free(key);
    check_key_refused(GOOD_KEY, 0444, "chmod 600");
    check_key_refused(GOOD_KEY, 0440, "chmod 600");
    check_key_refused(GOOD_KEY, 0602, "chmod 600");
    check_key_refused("", 0400, "is not 32 bytes");
    check_key_refused("AAECAwQ=", 0400, "is not 32 bytes");
    check_key_refused("a password, as people choose them, is no key!!", 0400, "is not 32 bytes");
    check_key_refused(GOOD_KEY GOOD_KEY, 0400, "is larger");
    CHECK(strstr(err.text, "AAEC") == NULL);
    CHECK(key_read(dir, &err) == NULL);
    remove_all();
}

TEST(the_file_is_its_owners_alone_and_refused_when_others_can_read_it)
{
    struct stat info;

    begin();
    set_three();
    CHECK(stat(file, &info) == 0 && (info.st_mode & 07777) == 0600);
    CHECK(stat(folder, &info) == 0 && (info.st_mode & 07777) == 0700);
    CHECK(chmod(file, 0640) == 0);
    CHECK(secrets_open(folder, key_file, false, &err) == NULL);
    CHECK_INT(err.kind, ERR_INVALID);
    CHECK(strstr(err.text, "chmod 600") != NULL);
    CHECK(chmod(file, 0600) == 0);
    check_three(key_file);
    remove_all();
}

TEST(no_single_bit_of_the_file_can_be_turned_unseen)
{
    char bytes[4000];
    size_t len;

    begin();
    set("only", "first-value-to-be-found", false);
    set("only", "second-value-to-be-found", true);
    len = read_file(file, bytes, sizeof bytes);
    for (size_t bit = 0; bit < len * 8; bit++) {
        struct entries entries = {0};
        struct secrets *s;
        size_t value_len;
        bytes[bit / 8] ^= (char)(1 << bit % 8);
        if (entries_parse(&entries, bytes, len, &err) == 0) {
            struct entry *entry = entries_find(&entries, "only");
            struct key *key = key_read(key_file, &err);
            char label[ENTRY_LABEL_MAX], *now = NULL, *previous = NULL;
            if (entry == NULL) /* its name was turned: it must not open under that either */
                entry = &entries.list[0];
            CHECK_INT(entries.count, 1);
            entry_label(entry, &entry->now, label);
            now = unseal(key, label, &entry->now.sealed, &value_len, &err);
            CHECK(entry->previous.sealed.bytes != NULL);
            entry_label(entry, &entry->previous, label);
            previous = unseal(key, label, &entry->previous.sealed, &value_len, &err);
            if (now != NULL && previous != NULL)
                print_error("bit %zu of byte %zu, now '%c'\n", bit % 8, bit / 8, bytes[bit / 8]);
            CHECK(now == NULL || previous == NULL);
            locked_free(now);
            locked_free(previous);
            key_free(key);
            entries_done(&entries);
        }
        bytes[bit / 8] ^= (char)(1 << bit % 8);
        if (bit == 400) { /* and as it is met in the file */
            bytes[50] ^= 1;
            write_file(file, bytes, len, 0600);
            CHECK(look(key_file, "only", "") != ERR_NONE);
            bytes[50] ^= 1;
            write_file(file, bytes, len, 0600);
            s = open_with(key_file, false);
            secrets_close(s);
        }
    }
    remove_all();
}

TEST(a_file_that_is_cut_short_is_refused_at_every_byte)
{
    char bytes[4000];
    size_t len;

    begin();
    set_three();
    len = read_file(file, bytes, sizeof bytes);
    for (size_t cut = 0; cut < len; cut++) {
        struct entries entries = {0};
        CHECK(entries_parse(&entries, bytes, cut, &err) < 0);
        CHECK_INT(err.kind, ERR_INVALID);
        CHECK(entries.count == 0 && entries.list == NULL);
    }
    write_file(file, bytes, len / 2, 0600);
    CHECK(secrets_open(folder, key_file, false, &err) == NULL);
    CHECK(strstr(err.text, "is damaged") != NULL && strstr(err.text, "from a backup") != NULL);
    remove_all();
}

/* Two values of the same length in each other's place. */
TEST(values_that_are_exchanged_do_not_open)
{
    char bytes[4000], kept[400], *first, *second;
    size_t len, sealed_len;

    begin();
    set("a", "first-value-to-be-found", false);
    set("b", "second-value-to-be-found", false);
    len = read_file(file, bytes, sizeof bytes - 1);
    bytes[len] = '\0';
    first = strstr(bytes, "\"sealed\":") + 10;
    second = strstr(first, "\"sealed\":") + 10;
    sealed_len = strcspn(first, "\"");
    CHECK(sealed_len == strcspn(second, "\"") && sealed_len < sizeof kept);
    memcpy(kept, first, sealed_len);
    memcpy(first, second, sealed_len);
    memcpy(second, kept, sealed_len);
    write_file(file, bytes, len, 0600);
    CHECK_INT(look(key_file, "a", ""), ERR_INVALID);
    CHECK(strstr(err.text, "the secret a is damaged") != NULL);
    CHECK_INT(look(key_file, "b", ""), ERR_INVALID);
    remove_all();
}

/* An old value put back is one that somebody sealed under that name; but not the one of before in
   place of the present one. */
TEST(the_value_of_before_does_not_open_as_the_present_one)
{
    struct entries entries = {0};
    struct key *key;
    struct entry *entry;
    char bytes[4000], label[ENTRY_LABEL_MAX];
    size_t len;

    begin();
    set("a", "first-value-to-be-found", false);
    set("a", "second-value-to-be-found", true);
    len = read_file(file, bytes, sizeof bytes);
    CHECK_INT(entries_parse(&entries, bytes, len, &err), 0);
    entry = entries_find(&entries, "a");
    entry_value_done(&entry->now);
    entry->now = entry->previous;
    entry->previous = (struct entry_value){0};
    key = key_read(key_file, &err);
    entry_label(entry, &entry->now, label);
    CHECK(unseal(key, label, &entry->now.sealed, &len, &err) == NULL);
    key_free(key);
    entries_done(&entries);
    remove_all();
}

TEST(text_that_is_no_list_of_secrets_is_refused)
{
#define SEALED            "\"" SEALED_64 SEALED_64 "\""
#define SEALED_64         "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define AT                "\"set_at\":\"2026-11-27T08:00:00.000Z\""
#define NAMED(name, kind) "{\"name\":\"" name "\",\"kind\":\"" kind "\"," AT ",\"sealed\":"
#define ENTRY             NAMED("a", "password") SEALED
#define FILE_WITH(list)   "{\"leadline_secrets\": 1, \"secrets\": [\n" list "\n]}\n"
    static const char *const bad[][2] = {
        {"", "line 1"},
        {"[]", "no list"},
        {"{}", "no list"},
        {"{\"leadline_secrets\": 1}", "no list"},
        {"{\"leadline_secrets\": 2, \"secrets\": []}", "newer"},
        {"{\"leadline_secrets\": 1, \"secrets\": {}}", "no list"},
        {"{\"leadline_secrets\": 1, \"secrets\": [], \"more\": 1}", "no list"},
        {"{\"leadline_secrets\": 1, \"leadline_secrets\": 1, \"secrets\": []}", "duplicate"},
        {"{\"leadline_secrets\": 1, \"secrets\": []}", "as leadline writes it"},
        {FILE_WITH("1"), "a name is missing"},
        {FILE_WITH("{}"), "a name is missing"},
        {FILE_WITH(ENTRY "},\n" ENTRY "}"), "not in order"},
        {FILE_WITH(ENTRY ",\"x\":1}"), "unknown here"},
        {FILE_WITH(ENTRY ",\"previous\":1}"), "unknown here"},
        {FILE_WITH(ENTRY ",\"previous\":{}}"), "unknown here"},
        {FILE_WITH(ENTRY ",\"previous\":{\"a\":1,\"b\":2}}"), "set_at"},
        {FILE_WITH(NAMED(" a", "password") SEALED "}"), "a name is missing"},
        {FILE_WITH(NAMED("a", "word") SEALED "}"), "kind"},
        {FILE_WITH(NAMED("a", "password") "\"AAAA\"}"), "too short"},
        {FILE_WITH(NAMED("a", "password") "1}"), "too short"},
        {FILE_WITH("{\"name\":\"a\",\"kind\":\"password\",\"set_at\":\"2026-11-27t08:00:00.000Z\","
                   "\"sealed\":" SEALED "}"),
         "set_at"},
        {FILE_WITH(ENTRY "}") " ", "as leadline writes it"},
    };
    static const char good[] = FILE_WITH(ENTRY "}");
    struct entries entries;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        CHECK(entries_parse(&entries, bad[i][0], strlen(bad[i][0]), &err) < 0);
        CHECK(entries.count == 0 && entries.list == NULL);
        CHECK_INT(err.kind, ERR_INVALID);
        if (strstr(err.text, bad[i][1]) == NULL)
            print_error("said: %s\nnot:  %s\n", err.text, bad[i][1]);
        CHECK(strstr(err.text, bad[i][1]) != NULL);
    }
    CHECK_INT(entries_parse(&entries, good, strlen(good), &err), 0);
    entries_done(&entries);
}

TEST(names_are_plain_and_their_number_is_bounded)
{
    static const char *const bad[] = {
        "",         " a",
        "a b",      "-a",
        "a/b",      "a\nb",
        "\xc3\xa9", "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff12345"};
    struct entries entries = {0};
    char name[20];

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(!entry_is_name(bad[i]));
    CHECK(entry_is_name("a") && entry_is_name("9.a_b-c:d"));
    for (int i = 0; i < ENTRIES_MAX; i++) {
        snprintf(name, sizeof name, "n%d", i);
        CHECK(entries_add(&entries, name, &err) != NULL);
    }
    CHECK(entries_add(&entries, "one-more", &err) == NULL);
    CHECK_INT(err.kind, ERR_FULL);
    entries_done(&entries);
}

/* ---- changes ---- */

TEST(the_value_of_before_is_kept_until_a_person_says_so)
{
    struct secrets *s;

    begin();
    set("a", "first", false);
    set("a", "second", true);
    s = open_with(key_file, true);
    CHECK_INT(secrets_take_back(s, "a", &err), 0);
    CHECK(secrets_take_back(s, "a", &err) < 0); /* there is none now */
    CHECK_INT(err.kind, ERR_NOT_FOUND);
    secrets_close(s);
    CHECK_INT(look(key_file, "a", "first"), ERR_NONE);
    set("a", "third", true);
    s = open_with(key_file, true);
    CHECK_INT(secrets_forget_previous(s, "a", &err), 0);
    CHECK(secrets_entries(s)->list[0].previous.sealed.bytes == NULL);
    CHECK(secrets_forget_previous(s, "a", &err) < 0);
    CHECK(secrets_set(s, "b", KIND_PASSWORD, "x", 1, true, &err) < 0);
    CHECK_INT(err.kind, ERR_NOT_FOUND);
    secrets_close(s);
    CHECK_INT(look(key_file, "a", "third"), ERR_NONE);
    remove_all();
}

static int rekey(const char *key, const char *new_key)
{
    struct secrets *s = secrets_open(folder, key, true, &err);
    unsigned char id[KEY_ID_BYTES];
    int rc = s != NULL ? secrets_rekey(s, new_key, id, &err) : -1;

    secrets_close(s);
    return rc;
}

TEST(a_folder_without_its_key_gives_nothing_away)
{
    char old_key[KEY_TEXT_MAX + 1] = {0};
    struct secrets *s;

    begin();
    set_three();
    check_nothing_given_away();
    read_file(key_file, old_key, sizeof old_key);
    CHECK_INT(rekey(key_file, NULL), 0);
    check_nothing_given_away();
    check_three(key_file);
    CHECK(access(next_key_file, F_OK) < 0);
    s = open_with(key_file, true);
    CHECK_INT(secrets_remove(s, "a", &err), 0);
    secrets_close(s);
    check_nothing_given_away();
    unlink(key_file);
    write_file(key_file, old_key, strlen(old_key), 0400);
    CHECK_INT(look(key_file, "b", ""), ERR_AUTH);
    remove_all();
}

TEST(rekey_takes_a_key_that_was_made_before_and_may_be_repeated)
{
    char other[200];

    begin();
    set_three();
    set("a", "newer", true);
    snprintf(other, sizeof other, "%s/other", dir);
    make_key_file(other);
    CHECK_INT(rekey(key_file, other), 0);
    CHECK_INT(look(other, "a", "newer"), ERR_NONE);
    CHECK_INT(look(key_file, "a", ""), ERR_AUTH);
    CHECK_INT(rekey(key_file, other), 0);
    CHECK_INT(rekey(other, NULL), 0);
    CHECK_INT(look(other, "b", "second-value-to-be-found"), ERR_NONE);
    remove_all();
}

TEST(rekey_refuses_what_it_cannot_open_and_changes_nothing)
{
    char before[4000], after[4000];
    size_t len;

    begin();
    set_three();
    len = read_file(file, before, sizeof before);
    make_key_file(key_file);
    CHECK(rekey(key_file, NULL) < 0);
    CHECK_INT(err.kind, ERR_AUTH);
    CHECK_INT(read_file(file, after, sizeof after), len);
    CHECK(memcmp(before, after, len) == 0);
    remove_all();
}

/* The status of a rekey in a process that dies at that step. */
static int rekey_that_dies(int at_step)
{
    pid_t child = fork();
    int status;

    if (child == 0) {
        steps_left = at_step;
        _exit(rekey(key_file, NULL) == 0 ? 0 : 1);
    }
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status));
    return WEXITSTATUS(status);
}

TEST(a_crash_at_any_step_of_rekey_leaves_secrets_that_open_and_a_rekey_that_goes_on)
{
    int status = 77, at_step;

    for (at_step = 1; status == 77; at_step++) {
        char old_key[KEY_TEXT_MAX + 1] = {0};
        begin();
        set_three();
        read_file(key_file, old_key, sizeof old_key);
        status = rekey_that_dies(at_step);
        CHECK(status == 77 || status == 0);
        check_three(key_file); /* a server that starts now */
        check_nothing_given_away();
        if (status == 77)
            CHECK_INT(rekey(key_file, NULL), 0);
        check_three(key_file);
        CHECK(access(next_key_file, F_OK) < 0);
        unlink(key_file);
        write_file(key_file, old_key, strlen(old_key), 0400);
        CHECK_INT(look(key_file, "a", ""), ERR_AUTH);
        remove_all();
    }
    CHECK(at_step > 14); /* three files: syncs and renames, before and after each */
}

TEST(a_new_key_that_was_cut_short_is_made_again)
{
    begin();
    set_three();
    write_file(next_key_file, "AAECAw", 6, 0400);
    check_three(key_file);
    CHECK_INT(rekey(key_file, NULL), 0);
    check_three(key_file);
    remove_all();
}

/* ---- memory ---- */

static int do_everything(void)
{
    static const char *const texts[] = {"one", "two"};
    struct secrets *s = secrets_open(folder, key_file, true, &err);
    unsigned char id[KEY_ID_BYTES];
    size_t len;
    char *value = NULL;
    int rc = s != NULL ? 0 : -1;

    for (int i = 0; rc == 0 && i < 2; i++)
        rc = secrets_set(s, "d", KIND_PASSWORD, texts[i], 3, i > 0, &err);
    if (rc == 0 && (value = secrets_value(s, "d", &len, &err)) == NULL)
        rc = -1;
    locked_free(value);
    if (rc == 0)
        rc = secrets_take_back(s, "d", &err);
    if (rc == 0)
        rc = secrets_rekey(s, NULL, id, &err);
    if (rc == 0)
        rc = secrets_remove(s, "d", &err);
    secrets_close(s);
    return rc;
}

TEST(the_end_of_memory_anywhere_is_an_error_and_loses_nothing)
{
    bool failed = true;

    begin();
    set_three();
    json_set_alloc_funcs(mem_alloc, mem_free);
    for (size_t nth = 1; failed; nth++) {
        int rc;
        err = (struct err){0};
        mem_fail_at(nth);
        rc = do_everything();
        failed = mem_fail_at(0) == 0;
        CHECK(rc == 0 || failed);
        /* jansson does not always say what it failed of. */
        CHECK(rc == 0 || err.kind == ERR_MEMORY || err.kind == ERR_INVALID);
        if (nth % 10 == 1)
            check_three(key_file);
    }
    check_three(key_file);
    json_set_alloc_funcs(malloc, free);
    remove_all();
}

/* In a child: a user without privileges whose limit is one page. */
static int lock_little(void)
{
    const struct rlimit little = {4096, 4096};
    char *blocks[8];
    bool given = true;

    if (setrlimit(RLIMIT_MEMLOCK, &little) < 0 || (geteuid() == 0 && setuid(65534) < 0))
        return 2;
    for (int i = 0; i < 8; i++)
        given = (blocks[i] = locked_text("hunter2")) != NULL && given;
    for (int i = 0; i < 8; i++)
        locked_free(blocks[i]);
    return given && !locked_all() ? 0 : 1;
}

TEST(memory_that_cannot_be_locked_is_given_and_noticed)
{
    pid_t child;
    int status;

    if (SANITIZED) {
        print_message("skipped: a sanitizer locks no memory\n");
        skip();
    }
    CHECK(locked_all());
    child = fork();
    if (child == 0)
        _exit(lock_little());
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status));
    if (WEXITSTATUS(status) == 2) {
        print_message("skipped: this user may not lower its limit\n");
        skip();
    }
    CHECK_INT(WEXITSTATUS(status), 0);
}

TEST(a_process_with_secrets_leaves_no_core)
{
    pid_t child = fork();
    int status;

    if (child == 0) {
        struct rlimit limit = {1, 1};
        bool off = no_dumps(&err) == 0 && prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 &&
                   getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_cur == 0;
        _exit(off ? 0 : 1);
    }
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status));
    CHECK_INT(WEXITSTATUS(status), 0);
}

TEST_MAIN(TEST_CASE(a_value_opens_under_its_key_and_name), TEST_CASE(values_of_every_length_open),
          TEST_CASE(what_is_missing_is_said_with_what_to_do),
          TEST_CASE(nothing_is_sealed_under_a_second_key),
          TEST_CASE(the_key_may_come_from_the_environment_which_forgets_it),
          TEST_CASE(the_key_may_be_a_systemd_credential),
          TEST_CASE(a_key_that_others_can_read_or_that_is_none_is_refused),
          TEST_CASE(the_file_is_its_owners_alone_and_refused_when_others_can_read_it),
          TEST_CASE(no_single_bit_of_the_file_can_be_turned_unseen),
          TEST_CASE(a_file_that_is_cut_short_is_refused_at_every_byte),
          TEST_CASE(values_that_are_exchanged_do_not_open),
          TEST_CASE(the_value_of_before_does_not_open_as_the_present_one),
          TEST_CASE(text_that_is_no_list_of_secrets_is_refused),
          TEST_CASE(names_are_plain_and_their_number_is_bounded),
          TEST_CASE(the_value_of_before_is_kept_until_a_person_says_so),
          TEST_CASE(a_folder_without_its_key_gives_nothing_away),
          TEST_CASE(rekey_takes_a_key_that_was_made_before_and_may_be_repeated),
          TEST_CASE(rekey_refuses_what_it_cannot_open_and_changes_nothing),
          TEST_CASE(a_crash_at_any_step_of_rekey_leaves_secrets_that_open_and_a_rekey_that_goes_on),
          TEST_CASE(a_new_key_that_was_cut_short_is_made_again),
          TEST_CASE(the_end_of_memory_anywhere_is_an_error_and_loses_nothing),
          TEST_CASE(memory_that_cannot_be_locked_is_given_and_noticed),
          TEST_CASE(a_process_with_secrets_leaves_no_core))
