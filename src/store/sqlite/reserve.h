/*
 * reserve: a file that reserves disk space (DIR/reserve), so that accepted events can be delivered
 * when the disk is full: its space is released bit by bit for receipts, intents and deletions, but
 * not for new events.  It grows with the number of waiting deliveries, since each will need a
 * receipt.
 *
 * Threads: one at a time (the store thread).
 * Errors:  a file system that cannot reserve space has no reserve; that is not a failure.
 */
#ifndef STORE_SQLITE_RESERVE_H
#define STORE_SQLITE_RESERVE_H

#include <stdbool.h>
#include <stdint.h>

struct reserve {
    int fd; /* -1: none */
    int64_t size;
};

/* Opens it in a folder; if that fails, nothing is reserved. */
void reserve_open(struct reserve *reserve, int dir_fd);
void reserve_close(struct reserve *reserve);

/* Bytes free besides it; INT64_MAX when that is unknown. */
int64_t reserve_free_disk(const struct reserve *reserve);

/* Makes it as large as that many waiting deliveries need.  False: the disk has no space for it. */
bool reserve_keep(struct reserve *reserve, int64_t waiting);

/* Releases a part of it.  False: nothing was left. */
bool reserve_give(struct reserve *reserve);

#endif
