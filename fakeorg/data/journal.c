/* The file of --data: batches of lines, appended, checked when read, compacted. */
#include "fakeorg/data/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <zlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "fakeorg/data/journal_line.h"

#define OPENING       "fakeorg-data 1\n"
#define HEAD_MAX      64                    /* of a batch: "#<bytes> <crc>\n" */
#define PIECE_BYTES   ((size_t)1024 * 1024) /* of a batch when the file is rewritten */
#define COMPACT_FLOOR ((off_t)64 * 1024 * 1024)
#define LOCK_TRIES    20
#define COMPACT_TIMES 3 /* times the size after the last rewrite, plus the floor */

struct journal {
    char *path;
    struct orgdata *org;
    int fd;
    off_t size, compact_size; /* of the valid part; at which it is rewritten */
    bool is_new;
    size_t replayed; /* record lines in the file, repeats included */
    struct buf batch;
};

static int failed(const struct journal *journal, const char *what, struct err *err)
{
    return err_set(err, ERR_SYSTEM, "%s: %s: %s", journal->path, what, strerror(errno));
}

static int write_fully(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t written = write(fd, bytes, len);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return -1;
        bytes += written;
        len -= (size_t)written;
    }
    return 0;
}

/* Appends the current batch to fd and empties it. */
static int write_batch(struct journal *journal, int fd, off_t *size, struct err *err)
{
    const char *bytes = buf_peek(&journal->batch);
    size_t len = journal->batch.len;
    char head[HEAD_MAX];

    if (buf_check(&journal->batch, journal->path, err) < 0)
        return -1;
    if (len == 0)
        return 0;
    int head_len = snprintf(head, sizeof head, "#%zu %08lx\n", len,
                            crc32_z(0, (const unsigned char *)bytes, len));
    if (write_fully(fd, head, (size_t)head_len) < 0 || write_fully(fd, bytes, len) < 0)
        return failed(journal, "write", err);
    *size += head_len + (off_t)len;
    buf_clear(&journal->batch);
    return 0;
}

/* Every record of the org, in batches. */
static int write_all(struct journal *journal, int fd, off_t *size, struct err *err)
{
    journal_line_last(journal->org, &journal->batch);
    for (size_t i = 0; i < ORGDATA_OBJECTS; i++) {
        const struct object *object = &journal->org->objects[i];
        for (size_t k = 0; k < object->record_count; k++) {
            journal_line_record(object->records[k], &journal->batch);
            if (journal->batch.len >= PIECE_BYTES && write_batch(journal, fd, size, err) < 0)
                return -1;
        }
    }
    return write_batch(journal, fd, size, err);
}

/* So that the rename itself survives a power loss. */
static void sync_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash == NULL   ? mem_text(".")
                   : slash == path ? mem_text("/")
                                   : mem_text_n(path, (size_t)(slash - path));
    int fd = folder == NULL ? -1 : open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
    mem_free(folder);
}

/* Writes the org's current records to a new file and replaces the old one with it. */
static int compact(struct journal *journal, struct err *err)
{
    char *path = mem_format("%s.new", journal->path);
    int fd =
        path == NULL ? -1 : open(path, O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    off_t size = sizeof OPENING - 1;
    int rc = -1;

    if (path == NULL || fd < 0) {
        rc = path == NULL ? err_memory(err) : failed(journal, "rewrite", err);
        goto out;
    }
    buf_clear(&journal->batch);
    if (flock(fd, LOCK_EX | LOCK_NB) < 0 || write_fully(fd, OPENING, sizeof OPENING - 1) < 0) {
        failed(journal, "rewrite", err);
        goto out;
    }
    if (write_all(journal, fd, &size, err) < 0)
        goto out;
    if (fsync(fd) < 0 || rename(path, journal->path) < 0) {
        failed(journal, "rewrite", err);
        goto out;
    }
    sync_folder(journal->path);
    close(journal->fd);
    journal->fd = fd;
    journal->size = size;
    journal->compact_size = COMPACT_TIMES * size + COMPACT_FLOOR;
    fd = -1;
    rc = 0;
out:
    if (fd >= 0) {
        close(fd);
        unlink(path);
    }
    mem_free(path);
    return rc;
}

static int damaged(const struct journal *journal, off_t at, struct err *err)
{
    return err_set(err, ERR_SYSTEM,
                   "%s: damaged at byte %jd; to continue without the rest: truncate -s %jd %s",
                   journal->path, (intmax_t)at, (intmax_t)at, journal->path);
}

/* Fills the batch with the len bytes at offset at; fewer at the end of the file. */
static int read_at(struct journal *journal, off_t at, size_t len, struct err *err)
{
    char piece[64 * 1024];

    buf_clear(&journal->batch);
    while (len > 0) {
        ssize_t got = pread(journal->fd, piece, len < sizeof piece ? len : sizeof piece, at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return failed(journal, "read", err);
        if (got == 0)
            break;
        buf_put(&journal->batch, piece, (size_t)got);
        at += got;
        len -= (size_t)got;
    }
    return buf_check(&journal->batch, journal->path, err);
}

/* Reads "#<bytes> <crc>\n" at offset at.  False when it is none. */
static bool read_head(const char *text, size_t *ret_head, size_t *ret_len, unsigned long *ret_crc)
{
    int used = 0;

    if (text[0] != '#' || sscanf(text, "#%zu %8lx%n", ret_len, ret_crc, &used) != 2 ||
        text[used] != '\n' || *ret_len > JOURNAL_BATCH)
        return false;
    *ret_head = (size_t)used + 1;
    return true;
}

/* What a power loss can leave at the end: zeros in place of the data. */
static int only_zeros(struct journal *journal, off_t at, off_t file_size, bool *ret_zeros,
                      struct err *err)
{
    *ret_zeros = true;
    while (at < file_size && *ret_zeros) {
        if (read_at(journal, at, PIECE_BYTES, err) < 0)
            return -1;
        for (size_t i = 0; i < journal->batch.len && *ret_zeros; i++)
            *ret_zeros = journal->batch.data[i] == '\0';
        at += (off_t)journal->batch.len;
    }
    return 0;
}

/* Replays the batch at journal->size and moves past it; *ret_end: it is the incomplete
   batch of a crash, or there is none. */
static int replay_batch(struct journal *journal, off_t file_size, bool *ret_end, struct err *err)
{
    size_t head, len;
    unsigned long crc;

    *ret_end = true;
    if (journal->size == file_size)
        return 0;
    if (read_at(journal, journal->size, HEAD_MAX, err) < 0)
        return -1;
    if (!read_head(buf_peek(&journal->batch), &head, &len, &crc)) {
        bool zeros = file_size - journal->size < HEAD_MAX;
        if (!zeros && only_zeros(journal, journal->size, file_size, &zeros, err) < 0)
            return -1;
        return zeros ? 0 : damaged(journal, journal->size, err);
    }
    off_t behind = journal->size + (off_t)(head + len);
    if (behind > file_size)
        return 0;
    if (read_at(journal, journal->size + (off_t)head, len, err) < 0)
        return -1;
    if (crc32_z(0, (const unsigned char *)buf_peek(&journal->batch), len) != crc)
        return behind == file_size ? 0 : damaged(journal, journal->size, err);
    if (journal_lines_read(journal->org, journal->batch.data, &journal->replayed, err) < 0)
        return err_wrap(err, "%s", journal->path);
    *ret_end = false;
    journal->size = behind;
    journal->is_new = false;
    return 0;
}

static int replay(struct journal *journal, struct err *err)
{
    struct stat stat;
    bool end = false;

    if (fstat(journal->fd, &stat) < 0)
        return failed(journal, "look at", err);
    if (read_at(journal, 0, sizeof OPENING - 1, err) < 0)
        return -1;
    journal->size = sizeof OPENING - 1;
    if (journal->batch.len < sizeof OPENING - 1 &&
        memcmp(OPENING, buf_peek(&journal->batch), journal->batch.len) == 0) {
        /* New, or its creation was interrupted. */
        if (ftruncate(journal->fd, 0) < 0 ||
            write_fully(journal->fd, OPENING, sizeof OPENING - 1) < 0)
            return failed(journal, "write", err);
        return 0;
    }
    if (memcmp(OPENING, buf_peek(&journal->batch), sizeof OPENING - 1) != 0)
        return err_set(err, ERR_INVALID, "%s: not a file of fakeorg --data", journal->path);
    while (!end)
        if (replay_batch(journal, stat.st_size, &end, err) < 0)
            return -1;
    if (journal->size < stat.st_size && ftruncate(journal->fd, journal->size) < 0)
        return failed(journal, "cut", err);
    return 0;
}

/* A process that was just killed may need a moment to release the file. */
static int lock_file(int fd)
{
    const struct timespec moment = {0, 50 * 1000 * 1000};
    int rc = -1;

    for (int i = 0; i < LOCK_TRIES && rc < 0; i++) {
        rc = flock(fd, LOCK_EX | LOCK_NB);
        if (rc < 0 && errno != EWOULDBLOCK)
            return -1;
        if (rc < 0)
            nanosleep(&moment, NULL);
    }
    return rc;
}

static int open_file(struct journal *journal, struct err *err)
{
    journal->fd = open(journal->path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (journal->fd < 0)
        return failed(journal, "open", err);
    if (lock_file(journal->fd) < 0)
        return errno == EWOULDBLOCK
                   ? err_set(err, ERR_INVALID, "%s: in use by another fakeorg", journal->path)
                   : failed(journal, "lock", err);
    return 0;
}

static size_t count_records(const struct orgdata *org)
{
    size_t count = 0;

    for (size_t i = 0; i < ORGDATA_OBJECTS; i++)
        count += org->objects[i].record_count;
    return count;
}

struct journal *journal_open(const char *path, struct orgdata *org, struct err *err)
{
    struct journal *journal = mem_zero(1, sizeof *journal);

    if (journal == NULL) {
        err_memory(err);
        return NULL;
    }
    journal->fd = -1;
    journal->org = org;
    journal->is_new = true;
    buf_init(&journal->batch, JOURNAL_BATCH);
    journal->path = mem_text(path);
    if (journal->path == NULL) {
        err_memory(err);
        goto out;
    }
    if (open_file(journal, err) < 0 || replay(journal, err) < 0)
        goto out;
    if (journal->replayed > 2 * count_records(org) && compact(journal, err) < 0)
        goto out;
    journal->compact_size = COMPACT_TIMES * journal->size + COMPACT_FLOOR;
    org->notes_changes = true;
    return journal;
out:
    journal_close(journal);
    return NULL;
}

bool journal_is_new(const struct journal *journal)
{
    return journal->is_new;
}

int journal_commit(struct journal *journal, struct err *err)
{
    struct orgdata *org = journal == NULL ? NULL : journal->org;
    off_t size = journal == NULL ? 0 : journal->size;

    if (org == NULL || (org->changed_count == 0 && !org->was_reset))
        return 0;
    if (org->was_reset || size > journal->compact_size) {
        if (compact(journal, err) < 0)
            return -1;
        orgdata_forget_changes(org);
        return 0;
    }
    buf_clear(&journal->batch);
    journal_line_last(org, &journal->batch);
    for (size_t i = 0; i < org->changed_count; i++)
        journal_line_record(org->changed[i], &journal->batch);
    if (write_batch(journal, journal->fd, &size, err) < 0) {
        /* Half a batch must not remain before the next one. */
        if (ftruncate(journal->fd, journal->size) < 0)
            return failed(journal, "take back", err);
        return -1;
    }
    journal->size = size;
    orgdata_forget_changes(org);
    return 0;
}

void journal_close(struct journal *journal)
{
    if (journal == NULL)
        return;
    if (journal->fd >= 0) {
        fsync(journal->fd);
        close(journal->fd);
    }
    buf_done(&journal->batch);
    mem_free(journal->path);
    mem_free(journal);
}
