/* A disk that is full to the last byte, under the store on SQLite: what was accepted gets its
   receipts from the reserve, and a restart needs no other space. */
#include "scratch_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "store/sqlite/reserve.h"
#include "store/sqlite/database.h"
#include "store/writer.h"

#define OK(call) CHECK_INT((call), 0)
#define NOW      1795428000000
#define MIB      INT64_C(1048576)

static char dir[64];
static struct err err;

/* ---- a disk of which we say how much is free: the system's calls, in the place of the C
   library's ---- */

#define ENDLESS (INT64_MAX / 4)
static _Atomic int64_t disk_free; /* bytes */
static int64_t disk_size;         /* as statvfs tells it */
static bool hides_free;           /* statvfs knows nothing of the end, as with a quota */
static int64_t reserve_least;     /* the log grows only while the reserve is smaller; 0: always */

static int64_t size_of(int fd)
{
    struct stat info;

    return fstat(fd, &info) == 0 ? info.st_size : 0;
}

static bool takes(int64_t more)
{
    if (atomic_fetch_sub(&disk_free, more) >= more)
        return true;
    atomic_fetch_add(&disk_free, more);
    errno = ENOSPC;
    return false;
}

static bool is_log(int fd)
{
    char link[40], path[300] = "";
    size_t len;

    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    len = readlink(link, path, sizeof path - 1) < 0 ? 0 : strlen(path);
    return len > 4 && strcmp(path + len - 4, "-wal") == 0;
}

static int64_t reserve_size(void)
{
    char path[100];
    struct stat info;

    snprintf(path, sizeof path, "%s/reserve", dir);
    return stat(path, &info) == 0 ? info.st_size : 0;
}

static ssize_t pwrite_on_disk(int fd, const void *bytes, size_t len, off_t at)
{
    int64_t more = at + (int64_t)len - size_of(fd);

    if (reserve_least > 0 && is_log(fd) && reserve_size() >= reserve_least) {
        errno = ENOSPC;
        return -1;
    }
    if (more > 0 && !takes(more))
        return -1;
    return (ssize_t)syscall(SYS_pwrite64, fd, bytes, len, at);
}

int ftruncate(int fd, off_t size)
{
    disk_free += size_of(fd) - size;
    return (int)syscall(SYS_ftruncate, fd, size);
}

int posix_fallocate(int fd, off_t at, off_t len)
{
    int64_t more = at + len - size_of(fd);

    if (more > 0 && !takes(more))
        return ENOSPC;
    return more <= 0 || syscall(SYS_ftruncate, fd, at + len) == 0 ? 0 : errno;
}

int fstatvfs(int fd, struct statvfs *ret)
{
    (void)fd;
    *ret = (struct statvfs){.f_frsize = 1,
                            .f_blocks = (fsblkcnt_t)disk_size,
                            .f_bavail = (fsblkcnt_t)(hides_free ? ENDLESS : disk_free)};
    return 0;
}

static void take_disk(void)
{
    sqlite3_vfs *vfs = sqlite3_vfs_find("unix");
    int with_64 = vfs->xSetSystemCall(vfs, "pwrite64", (sqlite3_syscall_ptr)pwrite_on_disk);
    int plain = vfs->xSetSystemCall(vfs, "pwrite", (sqlite3_syscall_ptr)pwrite_on_disk);

    CHECK(with_64 == SQLITE_OK || plain == SQLITE_OK);
}

/* ---- a store on it ---- */

static struct store *store;

static int remove_entry(const char *path, const struct stat *info, int type, struct FTW *ftw)
{
    (void)info, (void)type, (void)ftw;
    return remove(path);
}

static int set_up(void **state)
{
    (void)state;
    disk_free = disk_size = ENDLESS;
    hides_free = false;
    reserve_least = 0;
    err = (struct err){0};
    take_disk();
    return scratch_dir(dir, sizeof dir, "test_full_disk");
}

static int tear_down(void **state)
{
    (void)state;
    store_close(store);
    store = NULL;
    return nftw(dir, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static void open_store(void)
{
    store = store_open("sqlite", dir, &err);
    if (store == NULL)
        fail_msg("%s", err.text);
}

static int put(const char *id, size_t body_len)
{
    static char body[100000];
    struct store_target target = {.destination = "org", .key = id, .object = "Lead"};
    struct store_event event = {.source = "website",
                                .message_id = id,
                                .type = "identify",
                                .received_ms = NOW,
                                .timestamp_ms = NOW,
                                .body = body,
                                .body_len = body_len,
                                .targets = &target,
                                .target_count = 1};

    memset(body, 'x', sizeof body);
    if (store->api->begin(store, &err) == 0 &&
        store->api->append(store, &event, 1, NULL, 0, &err) == 0 &&
        store->api->commit(store, &err) == 0)
        return 0;
    store->api->rollback(store);
    return -1;
}

static void fill(int count)
{
    for (int i = 0; i < count; i++) {
        char id[24];
        snprintf(id, sizeof id, "m%d", i);
        OK(put(id, 10000));
    }
}

/* ---- the reserve itself ---- */

static struct reserve opened(void)
{
    struct reserve reserve;
    int dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    reserve_open(&reserve, dir_fd);
    close(dir_fd);
    CHECK(reserve.fd >= 0);
    return reserve;
}

TEST(the_reserve_grows_and_shrinks_with_what_waits)
{
    struct reserve reserve = opened();

    CHECK(reserve_keep(&reserve, 0));
    CHECK_INT(reserve_size(), 16 * MIB);
    CHECK(reserve_keep(&reserve, 200000)); /* half a KiB for each receipt */
    CHECK(reserve_size() > 100 * MIB);
    CHECK(reserve_keep(&reserve, 0));
    CHECK_INT(reserve_size(), 16 * MIB);
    disk_size = 80 * MIB;
    CHECK(reserve_keep(&reserve, 200000)); /* of a small disk an eighth at most */
    CHECK(reserve_size() <= 16 * MIB);
    reserve_close(&reserve);
    reserve = opened(); /* and over a restart */
    CHECK_INT(reserve.size, reserve_size());
    reserve_close(&reserve);
}

TEST(a_reserve_that_does_not_fit_is_told_and_what_there_is_of_it_is_given_bit_by_bit)
{
    struct reserve reserve = opened();
    int given = 0;

    CHECK(reserve_keep(&reserve, 0));
    disk_free = MIB / 2;
    CHECK(!reserve_keep(&reserve, 200000));
    CHECK_INT(reserve_size(), 16 * MIB);
    while (reserve_give(&reserve))
        given++;
    CHECK_INT(given, 16);
    CHECK_INT(reserve_size(), 0);
    CHECK(disk_free >= 16 * MIB);
    reserve_close(&reserve);
}

/* ---- a store that lives on it ---- */

TEST(on_a_disk_without_a_byte_left_all_that_was_accepted_gets_its_receipt)
{
    const struct writer_limits limits = {.max_requests = 100, .max_bytes = 1 << 20};
    struct writer *writer;
    int count = 300;

    open_store();
    fill(count);
    CHECK(store->api->keep_reserve(store, count));
    disk_free = 0;
    for (char id[] = "late-a"; put(id, 90000) == 0; id[5]++) /* into what the log has already */
        count++;
    CHECK_INT(err.kind, ERR_FULL);
    writer = writer_start(store, limits, &err);
    CHECK(writer != NULL);
    for (int i = 0; i < count; i++) {
        struct store_outcome outcome = {.seq = i + 1,
                                        .state = STORE_WRITTEN,
                                        .created = true,
                                        .record_id = "00Q000000000001AAA"};
        if (i % 3 == 0)
            disk_free = 0; /* somebody else takes what was given */
        if (writer_apply(
                writer,
                &(struct store_outcome_batch){
                    .destination = "org", .outcomes = &outcome, .outcome_count = 1, .now_ms = NOW},
                &err) < 0)
            fail_msg("receipt %d: %s", i, err.text);
    }
    CHECK_INT(writer_full(writer), WRITER_DISK_FULL); /* for the reserve is not whole */
    writer_stop(writer);
    store_close(store);
    disk_free = ENDLESS;
    open_store();
    CHECK_INT(((struct sqlite_store *)store)->waiting, 0);
}

TEST(a_restart_on_a_full_disk_takes_its_space_from_the_reserve)
{
    open_store();
    fill(20);
    CHECK(store->api->keep_reserve(store, 20));
    store_close(store);
    disk_free = 0;
    open_store();
    CHECK(reserve_size() < 16 * MIB && reserve_size() >= 12 * MIB);
    CHECK_INT(((struct sqlite_store *)store)->waiting, 20);
}

/* Where a quota ends nobody can tell before: the write fails, and is tried again. */
TEST(a_log_that_finds_no_space_to_begin_gets_it_from_the_reserve)
{
    open_store();
    CHECK(store->api->keep_reserve(store, 0));
    store_close(store);
    hides_free = true;
    reserve_least = 14 * MIB;
    open_store();
    CHECK(reserve_size() < 14 * MIB);
    CHECK(reserve_size() >= 13 * MIB);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

TEST_MAIN(CASE(the_reserve_grows_and_shrinks_with_what_waits),
          CASE(a_reserve_that_does_not_fit_is_told_and_what_there_is_of_it_is_given_bit_by_bit),
          CASE(on_a_disk_without_a_byte_left_all_that_was_accepted_gets_its_receipt),
          CASE(a_restart_on_a_full_disk_takes_its_space_from_the_reserve),
          CASE(a_log_that_finds_no_space_to_begin_gets_it_from_the_reserve))
