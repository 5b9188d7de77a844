#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/folder.h"
#include "base/mem.h"
#include "schema/standard.h"
#include "store/store.h"

static char dir[64], path[200];
static struct err err;

/* ---- what is synced: a list of the paths, in the place of the system's call ---- */

static char synced[100][300];
static int synced_count;
static int die_at;      /* so many syncs from now; 0: never */
static int empty_names; /* syncs of a folder with an empty database in it, and nothing beside it */

/* Whether the folder holds a database that nothing has been written to. */
static bool is_new_store(const char *folder)
{
    char name[340];
    struct stat info;

    snprintf(name, sizeof name, "%s/leadline.db", folder);
    if (stat(name, &info) < 0 || info.st_size > 0)
        return false;
    snprintf(name, sizeof name, "%s/leadline.db-journal", folder);
    return access(name, F_OK) < 0;
}

int fsync(int fd)
{
    char link[40];
    ssize_t len;

    if (die_at > 0 && --die_at == 0)
        raise(SIGKILL);
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    len = readlink(link, synced[synced_count], sizeof synced[0] - 1);
    if (len > 0 && synced_count < 99) {
        synced[synced_count][len] = '\0';
        empty_names += is_new_store(synced[synced_count++]);
    }
    return 0;
}

/* SQLite's, of the files in it. */
int fdatasync(int fd)
{
    if (die_at > 0 && --die_at == 0)
        raise(SIGKILL);
    (void)fd;
    return 0;
}

static bool was_synced(const char *below)
{
    char wanted[300];

    snprintf(wanted, sizeof wanted, "%s%s", dir, below);
    for (int i = 0; i < synced_count; i++)
        if (strcmp(synced[i], wanted) == 0)
            return true;
    return false;
}

static int remove_entry(const char *entry, const struct stat *info, int type, struct FTW *ftw)
{
    (void)info, (void)type, (void)ftw;
    return remove(entry);
}

static int set_up(void **state)
{
    (void)state;
    snprintf(dir, sizeof dir, "/tmp/test_folder.XXXXXX");
    memset(synced, 0, sizeof synced);
    synced_count = empty_names = 0;
    err = (struct err){0};
    return mkdtemp(dir) == NULL ? -1 : 0;
}

static int tear_down(void **state)
{
    (void)state;
    mem_fail_at(0);
    return nftw(dir, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static const char *below(const char *name)
{
    snprintf(path, sizeof path, "%s%s", dir, name);
    return path;
}

TEST(every_new_name_is_synced_in_the_folder_that_holds_it)
{
    struct stat info;

    CHECK_INT(folder_make(below("/a/b/c"), &err), 0);
    CHECK_INT(stat(path, &info), 0);
    CHECK_INT(info.st_mode & 0777, 0700);
    CHECK(was_synced("") && was_synced("/a") && was_synced("/a/b"));
}

TEST(a_name_that_was_made_and_not_synced_before_is_synced_now)
{
    CHECK_INT(mkdir(below("/a"), 0700), 0); /* by a process that died after that */
    CHECK_INT(folder_make(below("/a/"), &err), 0);
    CHECK(was_synced(""));
}

TEST(what_is_in_the_way_is_named)
{
    CHECK_INT(close(open(below("/file"), O_CREAT | O_WRONLY | O_CLOEXEC, 0600)), 0);
    CHECK_INT(folder_make(path, &err), -1);
    CHECK(strstr(err.text, "/file is no folder") != NULL);
    CHECK_INT(folder_make(below("/file/x/y"), &err), -1);
    CHECK_INT(err.kind, ERR_SYSTEM);
    CHECK(strstr(err.text, "/file") != NULL);
}

TEST(without_memory_it_fails_and_can_be_tried_again)
{
    for (size_t nth = 1;; nth++) {
        mem_fail_at(nth);
        int rc = folder_make(below("/a/b/c"), &err);
        mem_fail_at(0);
        if (rc == 0)
            break;
        CHECK_INT(err.kind, ERR_MEMORY);
    }
}

/* Whatever a store puts on disk, the way down to it is on disk before the first commit. */
TEST(a_new_store_is_found_after_a_power_cut)
{
    struct store *store = store_open("sqlite", below("/var/lib/leadline"), &err);

    CHECK(store != NULL);
    CHECK(was_synced("") && was_synced("/var") && was_synced("/var/lib") &&
          was_synced("/var/lib/leadline"));
    CHECK(empty_names > 0); /* its file has its name before anything says that it must be there */
    store_close(store);
}

/* True when a start got as far as its nth sync, where it died. */
static bool start_dies_at(int nth)
{
    pid_t child = fork();
    int status;

    if (child == 0) {
        struct store *store;
        die_at = nth;
        store = store_open("sqlite", below("/data"), &err);
        die_at = 0;
        store_close(store); /* ends its threads, which a sanitizer would report */
        _exit(store != NULL ? 0 : 1);
    }
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
    return WIFSIGNALED(status);
}

/* It acknowledged nothing, so nothing is missing. */
TEST(a_start_that_dies_at_any_sync_is_no_reason_to_refuse_the_next)
{
    int died = 0;

    for (int again = 0; again <= 1; again++) { /* the first start of all, and a later one */
        for (int nth = 1; start_dies_at(nth); nth++) {
            struct store *store = store_open("sqlite", below("/data"), &err);
            if (store == NULL)
                fail_msg("after it died at sync %d: %s", nth, err.text);
            store_close(store);
            died++;
            if (!again)
                CHECK_INT(nftw(below("/data"), remove_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
        }
    }
    CHECK(died > 20);
}

TEST(what_an_org_said_of_its_objects_is_found_after_a_power_cut)
{
    struct schema *schema = schema_standard(&err);

    CHECK(schema != NULL);
    CHECK_INT(schema_save(schema, below("/schema-x"), &err), 0);
    CHECK(was_synced("") && was_synced("/schema-x"));
    schema_unref(schema);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

TEST_MAIN(CASE(every_new_name_is_synced_in_the_folder_that_holds_it),
          CASE(a_name_that_was_made_and_not_synced_before_is_synced_now),
          CASE(what_is_in_the_way_is_named), CASE(without_memory_it_fails_and_can_be_tried_again),
          CASE(a_new_store_is_found_after_a_power_cut),
          CASE(a_start_that_dies_at_any_sync_is_no_reason_to_refuse_the_next),
          CASE(what_an_org_said_of_its_objects_is_found_after_a_power_cut))
