/*
 * journal: the file of --data, which keeps records across restarts.
 *
 * Every call that changed records appends one batch before it is answered: the changed
 * records as they are now, complete.  At the start the batches are replayed; a last one
 * that is incomplete, or whose checksum is wrong, is the result of a crash and is cut off;
 * one with others after it is damage, which is refused, not skipped.  When the file has
 * grown to a multiple of its live content, it is rewritten and renamed into place.
 *
 * The bytes are written to the kernel before the answer is sent: kill -9 loses
 * nothing that was answered.  They are not synced to disk each time: a power loss
 * may cost the last calls, never the file.
 *
 * The format is lines of text, so that grep works:
 *
 *     fakeorg-data 1
 *     #<bytes of the batch> <its CRC-32>
 *     last  Lead  5                                   (tabs between)
 *     Lead  00Q000000000005EAA  live  LastName=Doe  Company=Acme
 *
 * with \t, \n, \r, \\ for those characters in values.  "last" is the last id number used.
 *
 * Threads: whoever holds the service's lock.
 * Memory:  the caller closes the journal; the org is borrowed.
 * Limits:  JOURNAL_BATCH bytes a batch.
 */
#ifndef FAKEORG_DATA_JOURNAL_H
#define FAKEORG_DATA_JOURNAL_H

#include <stdbool.h>

#include "fakeorg/data/orgdata.h"

#define JOURNAL_BATCH ((size_t)1024 * 1024 * 1024)

struct journal;

/* Opens or creates the file and replays it into org, which must have no records yet but
   all the fields; from then on org tracks its changes.  NULL with *err: the file is in
   use, damaged, or has a field that the org lacks. */
MUST_USE struct journal *journal_open(const char *path, struct orgdata *org, struct err *err);

/* True when the file had no batch. */
bool journal_is_new(const struct journal *journal);

/* Writes what changed since the last call.  After a failure the next call tries again.
   NULL is allowed: without a file there is nothing to do. */
MUST_USE int journal_commit(struct journal *journal, struct err *err);

/* NULL is allowed. */
void journal_close(struct journal *journal);

#endif
