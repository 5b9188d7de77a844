/* sqlite: the data directory and its lock, open and close, transactions. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/folder.h"
#include "base/mem.h"
#include "store/sqlite/functions.h"
#include "store/sqlite/names.h"
#include "store/sqlite/schema.h"
#include "store/sqlite/seen.h"
#include "store/sqlite/sqlite.h"
#include "store/sqlite/statements.h"

/* Committed means on disk; pages are copied into the database alongside the work
   (sqlite_checkpoint.h), and the log gives its space back after a burst. */
static const char writer_pragmas[] = "PRAGMA journal_mode = WAL;"
                                     "PRAGMA synchronous = FULL;"
                                     "PRAGMA foreign_keys = ON;"
                                     "PRAGMA wal_autocheckpoint = 0;"
                                     "PRAGMA temp_store = MEMORY;"
                                     "PRAGMA journal_size_limit = 67108864;"
                                     "PRAGMA cache_size = -65536;";
static const char reader_pragmas[] = "PRAGMA query_only = ON; PRAGMA cache_size = -16384;";

/* ---- transactions ---- */

static int sqlite_begin(struct store *base, struct err *err)
{
    struct sqlite_store *store = (struct sqlite_store *)base;

    return sqlite_script(&store->writer, "BEGIN IMMEDIATE", err);
}

/* A failed statement may have ended the transaction already. */
static void sqlite_rollback(struct store *base)
{
    struct sqlite_store *store = (struct sqlite_store *)base;

    if (!sqlite3_get_autocommit(store->writer.db))
        sqlite3_exec(store->writer.db, "ROLLBACK", NULL, NULL, NULL);
    sqlite_forget_names(store);
    store->waiting_more = 0;
    store->seen_changed = true;
    schedule_close(&store->schedule);
    schedule_close(&store->changes);
}

static int sqlite_commit(struct store *base, struct err *err)
{
    struct sqlite_store *store = (struct sqlite_store *)base;

    if (sqlite_flush_counters(store, err) < 0 || guard_files(store->guard, err) < 0 ||
        sqlite_script(&store->writer, "COMMIT", err) < 0) {
        sqlite_rollback(base);
        return -1;
    }
    store->waiting += store->waiting_more;
    store->waiting_more = 0;
    schedule_close(&store->schedule);
    schedule_close(&store->changes);
    return 0;
}

/* ---- capacity ---- */

static int sqlite_usage(struct store *base, struct store_usage *ret, struct err *err)
{
    struct sqlite_store *store = (struct sqlite_store *)base;

    if (guard_files(store->guard, err) < 0)
        return -1;
    ret->waiting = store->waiting;
    ret->free_disk = reserve_free_disk(&store->reserve);
    return sqlite_number(&store->writer,
                         "SELECT (page_count - freelist_count) * page_size FROM"
                         " pragma_page_count, pragma_freelist_count, pragma_page_size",
                         &ret->bytes, err);
}

static bool sqlite_keep_reserve(struct store *base, int64_t waiting)
{
    return reserve_keep(&((struct sqlite_store *)base)->reserve, waiting);
}

/* The log is copied back too: then it starts over in the space that it already has. */
static bool sqlite_release_reserve(struct store *base)
{
    struct sqlite_store *store = (struct sqlite_store *)base;
    bool given = reserve_give(&store->reserve);

    if (given)
        sqlite3_wal_checkpoint_v2(store->writer.db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    return given;
}

/* ---- the folder ---- */

/* The lock falls with the process, however it ends. */
static int lock_folder(int dir_fd, const char *dir, int *ret_fd, struct err *err)
{
    int fd = openat(dir_fd, "lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    char owner[24] = "";

    if (fd < 0)
        return err_set(err, ERR_SYSTEM, "open %s/lock: %s", dir, strerror(errno));
    if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
        /* Who holds it is for people only, so failing here does no harm. */
        if (ftruncate(fd, 0) == 0)
            dprintf(fd, "%d\n", (int)getpid());
        *ret_fd = fd;
        return 0;
    }
    if (errno != EWOULDBLOCK) {
        err_set(err, ERR_SYSTEM, "lock %s/lock: %s", dir, strerror(errno));
    } else {
        ssize_t len = pread(fd, owner, sizeof owner - 1, 0);
        owner[len > 0 ? strspn(owner, "0123456789") : 0] = '\0';
        err_set(err, ERR_SYSTEM,
                "the data directory %s is in use by another leadline (process %s): stop it, or "
                "choose another data_dir",
                dir, owner[0] != '\0' ? owner : "unknown");
    }
    close(fd);
    return -1;
}

/* SQLite gives its other files the mode of the first. */
static int make_file(int dir_fd, const char *file, struct err *err)
{
    int fd = openat(dir_fd, "leadline.db", O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    if (fd < 0)
        return err_set(err, ERR_SYSTEM, "open %s: %s", file, strerror(errno));
    close(fd);
    if (fsync(dir_fd) < 0)
        return err_set(err, ERR_SYSTEM, "sync the folder of %s: %s", file, strerror(errno));
    return 0;
}

static int prepare_folder(struct sqlite_store *store, const char *dir, struct err *err)
{
    int dir_fd, rc;

    if (folder_make(dir, err) < 0)
        return -1;
    dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir_fd < 0)
        return err_set(err, ERR_SYSTEM, "open the data directory %s: %s", dir, strerror(errno));
    rc = lock_folder(dir_fd, dir, &store->lock_fd, err);
    if (rc == 0)
        rc = guard_before_open(store->file, err);
    if (rc == 0)
        rc = make_file(dir_fd, store->file, err);
    if (rc == 0)
        reserve_open(&store->reserve, dir_fd);
    close(dir_fd);
    return rc;
}

/* ---- life ---- */

static void sqlite_close(struct store *base)
{
    struct sqlite_store *store = (struct sqlite_store *)base;

    checkpointer_stop(store->checkpointer);
    guard_stop(store->guard);
    sqlite_link_close(&store->reader);
    sqlite_link_close(&store->writer);
    sqlite_forget_names(store);
    schedule_done(&store->schedule);
    schedule_done(&store->changes);
    pthread_mutex_destroy(&store->reader_lock);
    reserve_close(&store->reserve);
    if (store->lock_fd >= 0)
        close(store->lock_fd);
    mem_free(store->file);
    mem_free(store);
}

static const struct store_api sqlite_api = {
    .name = "sqlite",
    .close = sqlite_close,
    .begin = sqlite_begin,
    .append = sqlite_append,
    .intend = sqlite_intend,
    .apply = sqlite_apply,
    .redrive = sqlite_redrive,
    .discard = sqlite_discard,
    .pause = sqlite_pause,
    .limit_ages = sqlite_limit_ages,
    .purge = sqlite_purge,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .usage = sqlite_usage,
    .keep_reserve = sqlite_keep_reserve,
    .release_reserve = sqlite_release_reserve,
    .take = sqlite_take,
    .next_due = sqlite_next_due,
    .find_known = sqlite_find_known,
    .intents = sqlite_intents,
    .trace = sqlite_trace,
    .search = sqlite_search,
    .skipped = sqlite_skipped,
    .recent_skipped = sqlite_recent_skipped,
    .skipped_since = sqlite_skipped_since,
    .list = sqlite_list,
    .dead_letters = sqlite_dead_letters,
    .recent = sqlite_recent,
    .since = sqlite_since,
    .counters = sqlite_counters,
    .skips = sqlite_skips,
};

/* Without the write-ahead log readers and the writer would wait for each other. */
static int check_log(struct sqlite_store *store, struct err *err)
{
    int64_t wal = 0;

    if (sqlite_number(&store->writer, "SELECT journal_mode = 'wal' FROM pragma_journal_mode", &wal,
                      err) < 0)
        return -1;
    return wal == 1 ? 0
                    : err_set(err, ERR_SYSTEM,
                              "%s: this file system cannot hold a write-ahead log: choose a "
                              "data_dir on a local disk",
                              store->file);
}

/* The other files of the database are created at each start, and a full disk must not keep what
   waits from being delivered. */
#define OPEN_BYTES (2 * 1024 * 1024)

static void make_space_to_open(struct sqlite_store *store)
{
    while (reserve_free_disk(&store->reserve) < OPEN_BYTES && reserve_give(&store->reserve))
        ;
}

/* From here on there is a log that a restart must find. */
static int begin_log(struct sqlite_store *store, struct err *err)
{
    char stamp[60];
    int rc;

    snprintf(stamp, sizeof stamp, "PRAGMA user_version = %zu", sqlite_step_count);
    do {
        rc = sqlite_script(&store->writer, stamp, err);
    } while (rc < 0 && err->kind == ERR_FULL && reserve_give(&store->reserve));
    return rc;
}

/* The version is looked at before anything in the file is changed. */
static int open_links(struct sqlite_store *store, struct err *err)
{
    make_space_to_open(store);
    if (sqlite_link_open(&store->writer, store->file, SQLITE_OPEN_READWRITE, err) < 0 ||
        sqlite_migrate(&store->writer, sqlite_steps, sqlite_step_count, err) < 0 ||
        sqlite_script(&store->writer, writer_pragmas, err) < 0 || check_log(store, err) < 0 ||
        sqlite_link_prepare(&store->writer, sqlite_writer_sql, sqlite_writer_count, err) < 0)
        return -1;
    if (sqlite_link_open(&store->reader, store->file, SQLITE_OPEN_READWRITE, err) < 0 ||
        sqlite_script(&store->reader, reader_pragmas, err) < 0 ||
        sqlite_link_prepare(&store->reader, sqlite_reader_sql, sqlite_reader_count, err) < 0)
        return -1;
    if (begin_log(store, err) < 0)
        return -1;
    store->guard = guard_start(store->writer.db, store->file, err);
    if (store->guard == NULL)
        return -1;
    store->checkpointer = checkpointer_start(store->writer.db, store->file, err);
    return store->checkpointer == NULL ? -1 : 0;
}

static int schedules_init(struct sqlite_store *store, struct err *err)
{
    if (schedule_init(&store->schedule, err) < 0)
        return -1;
    if (schedule_init(&store->changes, err) == 0)
        return 0;
    schedule_done(&store->schedule);
    return -1;
}

struct store *sqlite_open(const char *dir, struct err *err)
{
    struct sqlite_store *store = mem_zero(1, sizeof *store);

    if (store == NULL) {
        err_memory(err);
        return NULL;
    }
    store->base.api = &sqlite_api;
    store->lock_fd = -1;
    store->reserve.fd = -1;
    pthread_mutex_init(&store->reader_lock, NULL);
    if (schedules_init(store, err) < 0) {
        pthread_mutex_destroy(&store->reader_lock);
        mem_free(store);
        return NULL;
    }
    store->file = mem_format("%s/leadline.db", dir);
    if (store->file == NULL)
        err_memory(err);
    if (store->file == NULL || prepare_folder(store, dir, err) < 0 || open_links(store, err) < 0 ||
        sqlite_number(&store->writer, "SELECT coalesce(sum(waiting), 0) FROM counters",
                      &store->waiting, err) < 0 ||
        sqlite_seen_open(store, err) < 0) {
        sqlite_close(&store->base);
        return NULL;
    }
    return &store->base;
}
