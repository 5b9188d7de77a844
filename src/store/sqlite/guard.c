/* guard: notices a missing log, files that are no longer the open ones, and damage. */
#include "store/sqlite/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/folder.h"
#include "base/log.h"
#include "base/mem.h"

#define WAL_LEAST    56    /* bytes: its header and that of a first page */
#define STEPS_A_LOOK 20000 /* of SQLite's virtual machine, between two checks whether to stop */

int64_t guard_check_ms = 2000;
int64_t guard_check_whole = INT64_C(512) * 1024 * 1024;

/* The files of an open database, all in the folder of leadline.db. */
static const char *const endings[] = {"", "-wal", "-shm"};
#define FILES (sizeof endings / sizeof endings[0])

struct guard {
    sqlite3 *writer;
    const char *file;
    char *paths[FILES];
    struct stat open[FILES];
    char *mark;
    struct sqlite_link link; /* of the check */
    atomic_bool stopping;
    bool checking; /* the thread is running */
    pthread_t thread;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t changed;
    bool checked;     /* to the end, or as far as it got */
    struct err wrong; /* ERR_NONE: nothing */
};

static char *in_same_folder(const char *file, const char *name)
{
    const char *slash = strrchr(file, '/');

    return mem_format("%.*s/%s", slash == NULL ? 1 : (int)(slash - file),
                      slash == NULL ? "." : file, name);
}

/* ---- the mark ---- */

static int sync_folder_of(const char *path, struct err *err)
{
    char *copy = mem_text(path);
    int rc = copy == NULL ? err_memory(err) : folder_sync(dirname(copy), err);

    mem_free(copy);
    return rc;
}

static int set_mark(const char *mark, struct err *err)
{
    static const char text[] = "leadline runs, or did not end cleanly: leadline.db-wal holds the "
                               "newest events.\n";
    int fd = open(mark, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

    if (fd < 0)
        return err_set(err, ERR_SYSTEM, "make %s: %s", mark, strerror(errno));
    if (write(fd, text, sizeof text - 1) < 0) {
        /* Its existence is what counts; the text is for people. */
    }
    fsync(fd);
    close(fd);
    /* A journal that the first start's migration removed must not come back either: it would
       undo what is written from now on. */
    return sync_folder_of(mark, err);
}

int guard_before_open(const char *file, struct err *err)
{
    char *mark = in_same_folder(file, "running"), *wal = mem_format("%s-wal", file);
    struct stat info;
    int rc = 0;

    if (mark == NULL || wal == NULL)
        rc = err_memory(err);
    else if (stat(mark, &info) == 0 && (stat(wal, &info) < 0 || info.st_size < WAL_LEAST))
        rc = err_set(err, ERR_SYSTEM,
                     "%s is missing or empty: the server did not end cleanly, and the newest "
                     "events that were answered 200 stood there. Put it back beside leadline.db. "
                     "If it is lost, or leadline.db was restored from a backup, remove %s to go on "
                     "without them",
                     wal, mark);
    else if (stat(mark, &info) == 0 && (stat(file, &info) < 0 || info.st_size == 0))
        rc = err_set(err, ERR_SYSTEM,
                     "%s is missing or empty: put it back beside its -wal file, or restore a "
                     "backup and remove %s",
                     file, mark);
    mem_free(mark);
    mem_free(wal);
    return rc;
}

/* ---- the check ---- */

static void note_wrong(struct guard *guard, const struct err *why)
{
    pthread_mutex_lock(&guard->lock);
    if (guard->wrong.kind == ERR_NONE) {
        guard->wrong = *why;
        log_line(LOG_ERROR, "store.unusable", "why=%s", LOG_TEXT(why->text));
    }
    pthread_mutex_unlock(&guard->lock);
}

static int is_stopping(void *arg)
{
    struct guard *guard = arg;

    return atomic_load(&guard->stopping);
}

static int damaged(const struct guard *guard, const char *what, struct err *err)
{
    return err_set(err, ERR_SYSTEM,
                   "%s is damaged (%.200s): stop, copy the data directory, and save what can be "
                   "read with: sqlite3 leadline.db .recover | sqlite3 saved.db; or restore a "
                   "backup. See operations.md",
                   guard->file, what);
}

/* integrity_check cannot be stopped in this SQLite, so a large file is only read through. */
static const char *const whole[] = {"PRAGMA integrity_check(1)", NULL};
static const char *const pages[] = {"SELECT max(length(body)) IS NULL FROM event NOT INDEXED",
                                    "SELECT max(length(key)) IS NULL FROM delivery NOT INDEXED",
                                    "SELECT max(length(fields)) IS NULL FROM known_record", NULL};

/* 0: nothing found, or stopped before the end. */
static int check_with(struct guard *guard, const char *sql, struct err *err)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(guard->link.db, sql, -1, &statement, NULL);
    const char *finding = NULL;
    int rc = 0;

    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    if (code == SQLITE_ROW && sqlite3_column_type(statement, 0) == SQLITE_TEXT)
        finding = (const char *)sqlite3_column_text(statement, 0);
    if (code == SQLITE_NOMEM)
        rc = err_memory(err);
    else if (code != SQLITE_ROW && code != SQLITE_INTERRUPT)
        rc = damaged(guard, sqlite3_errstr(code), err);
    else if (finding != NULL && strcmp(finding, "ok") != 0)
        rc = damaged(guard, finding, err);
    sqlite3_finalize(statement);
    return rc;
}

static void *check_thread(void *arg)
{
    struct guard *guard = arg;
    const char *const *sql = whole;
    struct err err = {0};
    struct stat info;

    if (stat(guard->file, &info) == 0 && info.st_size > guard_check_whole)
        sql = pages;
    for (; *sql != NULL && !atomic_load(&guard->stopping); sql++)
        if (check_with(guard, *sql, &err) < 0)
            break;
    if (err.kind == ERR_SYSTEM)
        note_wrong(guard, &err);
    pthread_mutex_lock(&guard->lock);
    guard->checked = true;
    pthread_cond_signal(&guard->changed);
    pthread_mutex_unlock(&guard->lock);
    return NULL;
}

/* -1 when damage is found before the time is over. */
static int begin_check(struct guard *guard, struct err *err)
{
    int64_t deadline_ms = clock_mono() + guard_check_ms;
    struct err found;
    bool checked;

    if (sqlite_link_open(&guard->link, guard->file, SQLITE_OPEN_READWRITE, err) < 0)
        return -1;
    sqlite3_progress_handler(guard->link.db, STEPS_A_LOOK, is_stopping, guard);
    if (pthread_create(&guard->thread, NULL, check_thread, guard) != 0)
        return err_set(err, ERR_SYSTEM, "cannot start the thread that checks the store");
    guard->checking = true;
    pthread_mutex_lock(&guard->lock);
    while (!guard->checked && clock_mono() < deadline_ms)
        clock_wait(&guard->changed, &guard->lock, deadline_ms);
    found = guard->wrong;
    checked = guard->checked;
    pthread_mutex_unlock(&guard->lock);
    if (!checked)
        log_line(LOG_INFO, "store.check_goes_on", "%s", "");
    if (found.kind == ERR_NONE)
        return 0;
    *err = found;
    return -1;
}

/* ---- the files ---- */

static int remember_files(struct guard *guard, struct err *err)
{
    for (size_t i = 0; i < FILES; i++) {
        guard->paths[i] = mem_format("%s%s", guard->file, endings[i]);
        if (guard->paths[i] == NULL)
            return err_memory(err);
        if (stat(guard->paths[i], &guard->open[i]) < 0)
            return err_set(err, ERR_SYSTEM, "look at %s: %s", guard->paths[i], strerror(errno));
    }
    return 0;
}

static int file_gone(const struct guard *guard, size_t i, struct err *err)
{
    return err_set(err, ERR_SYSTEM,
                   "%s was removed or replaced while the server runs: nothing more is stored. "
                   "Before stopping it, copy what is still open from /proc/%d/fd; then put the "
                   "files back, or restore a backup",
                   guard->paths[i], (int)getpid());
}

int guard_files(struct guard *guard, struct err *err)
{
    struct err found = {0};
    struct stat now;

    for (size_t i = 0; i < FILES && found.kind == ERR_NONE; i++)
        if (stat(guard->paths[i], &now) < 0 || now.st_dev != guard->open[i].st_dev ||
            now.st_ino != guard->open[i].st_ino)
            file_gone(guard, i, &found);
    if (found.kind != ERR_NONE)
        note_wrong(guard, &found);
    pthread_mutex_lock(&guard->lock);
    found = guard->wrong;
    pthread_mutex_unlock(&guard->lock);
    if (found.kind == ERR_NONE)
        return 0;
    *err = found;
    return -1;
}

/* ---- life ---- */

static void guard_free(struct guard *guard)
{
    for (size_t i = 0; i < FILES; i++)
        mem_free(guard->paths[i]);
    mem_free(guard->mark);
    sqlite_link_close(&guard->link);
    pthread_cond_destroy(&guard->changed);
    pthread_mutex_destroy(&guard->lock);
    mem_free(guard);
}

struct guard *guard_start(sqlite3 *writer, const char *file, struct err *err)
{
    struct guard *guard = mem_zero(1, sizeof *guard);

    if (guard == NULL) {
        err_memory(err);
        return NULL;
    }
    guard->writer = writer;
    guard->file = file;
    pthread_mutex_init(&guard->lock, NULL);
    clock_cond_init(&guard->changed);
    guard->mark = in_same_folder(file, "running");
    if (guard->mark == NULL)
        err_memory(err);
    if (guard->mark == NULL || begin_check(guard, err) < 0 || remember_files(guard, err) < 0 ||
        set_mark(guard->mark, err) < 0) {
        atomic_store(&guard->stopping, true);
        if (guard->checking)
            pthread_join(guard->thread, NULL);
        guard_free(guard);
        return NULL;
    }
    return guard;
}

void guard_stop(struct guard *guard)
{
    struct err err = {0};
    int log = -1, copied = -1;

    if (guard == NULL)
        return;
    atomic_store(&guard->stopping, true);
    if (guard->checking)
        pthread_join(guard->thread, NULL);
    if (guard_files(guard, &err) == 0 &&
        sqlite3_wal_checkpoint_v2(guard->writer, NULL, SQLITE_CHECKPOINT_FULL, &log, &copied) ==
            SQLITE_OK &&
        log == copied) {
        unlink(guard->mark);
        if (sync_folder_of(guard->mark, &err) < 0)
            log_line(LOG_WARN, "store.mark_stays", "why=%s", LOG_TEXT(err.text));
    } else {
        /* Else closing would copy the log into files that no restart may find, and truncate it. */
        sqlite3_db_config(guard->writer, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    }
    guard_free(guard);
}
