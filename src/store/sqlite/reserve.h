/*
 * reserve: a file that holds space on the disk (DIR/reserve), so that what was accepted can be
 * delivered when the disk is full: receipts, intents and deletions get its capacity, bit by bit,
 * and new events do not.  It grows with what waits, since each of those will need a receipt.
 *
 * Threads: one at a time (the store thread).
 * Errors:  a file system that cannot set space aside has none: that is no failure.
 */
#ifndef STORE_SQLITE_RESERVE_H
#define STORE_SQLITE_RESERVE_H

#include <stdbool.h>
#include <stdint.h>

struct reserve {
    int fd; /* -1: none */
    int64_t size;
};

/* Opens it in a folder; without one nothing is kept. */
void reserve_open(struct reserve *reserve, int dir_fd);
void reserve_close(struct reserve *reserve);

/* Bytes free beside it; INT64_MAX when that is unknown. */
int64_t reserve_free_disk(const struct reserve *reserve);

/* Makes it as large as so many waiting deliveries need.  False: the disk has no space for it. */
bool reserve_keep(struct reserve *reserve, int64_t waiting);

/* Gives a part of it back to the disk.  False: nothing was left. */
bool reserve_give(struct reserve *reserve);

#endif
