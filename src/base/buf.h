/*
 * buf: a byte buffer that grows up to a maximum size.
 *
 * Appending beyond the maximum, or running out of memory, marks the buffer as failed and
 * empties it; every later append is ignored.  So a writer appends freely and
 * checks once, at the end, with buf_check.
 *
 * Invariants: data is NULL or ends in a NUL that len does not count.
 * Threads:    one buffer belongs to one thread at a time.
 * Memory:     buf_take transfers the bytes to the caller; otherwise buf_done frees them.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct buf {
    char *data;
    size_t len;
    size_t capacity;   /* allocated bytes */
    size_t max;        /* largest len */
    bool secret;       /* overwritten when it grows, is cleared or is freed */
    enum err_kind why; /* ERR_NONE, ERR_FULL or ERR_MEMORY */
};

/* An empty buffer that holds at most max bytes.  Allocates nothing yet. */
void buf_init(struct buf *buf, size_t max);

/* The same for secrets, which are overwritten afterwards.  They are not locked in memory. */
void buf_init_secret(struct buf *buf, size_t max);

/* Frees the bytes; the buffer can be used again as if newly initialised. */
void buf_done(struct buf *buf);

/* Discards the bytes and any failure, keeps the memory. */
void buf_clear(struct buf *buf);

void buf_put(struct buf *buf, const void *bytes, size_t len);
void buf_text(struct buf *buf, const char *text);
void buf_char(struct buf *buf, char c);
void buf_format(struct buf *buf, const char *format, ...) PRINTF_LIKE(2, 3);

/* Truncates the buffer to len bytes. */
void buf_cut(struct buf *buf, size_t len);

bool buf_failed(const struct buf *buf);

/* 0 if every append succeeded; else -1 with ERR_FULL or ERR_MEMORY, naming what. */
MUST_USE int buf_check(const struct buf *buf, const char *what, struct err *err);

/* The contents, with a NUL; "" when empty.  Valid until the next append. */
const char *buf_peek(const struct buf *buf);

/* The bytes with their NUL, for the caller to mem_free; the buffer is empty
   again.  NULL when it failed or has no memory. */
MUST_USE char *buf_take(struct buf *buf, size_t *ret_len);

#endif
