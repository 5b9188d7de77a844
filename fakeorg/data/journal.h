/*
 * journal: the file of --data, in which records survive the end of fakeorg.
 *
 * Every call that changed records appends one batch before it is answered: the changed
 * records as they are now, whole.  At the start the batches are replayed; a last one
 * that is not complete, or whose checksum is wrong, is what a crash left and is cut off;
 * one with others behind it is damage, which is refused, not skipped.  When the file has
 * grown to a multiple of what it holds it is written anew and renamed into place.
 *
 * The bytes are with the system before the answer goes out: an end by kill -9 loses
 * nothing that was answered.  They are not forced to the disk each time: a loss of power
 * may cost the last calls, never the file.
 *
 * The format is lines of text, so that grep finds things:
 *
 *     fakeorg-data 1
 *     #<bytes of the batch> <its CRC-32>
 *     last  Lead  5                                   (tabs between)
 *     Lead  00Q000000000005EAA  live  LastName=Doe  Company=Acme
 *
 * with \t, \n, \r, \\ for those characters in values.  Numbers of ids stay used: "last".
 *
 * Threads: whoever holds the service's lock.
 * Memory:  the journal is the caller's to close; the org is lent.
 * Limits:  JOURNAL_BATCH bytes a batch.
 */
#ifndef FAKEORG_DATA_JOURNAL_H
#define FAKEORG_DATA_JOURNAL_H

#include <stdbool.h>

#include "fakeorg/data/orgdata.h"

#define JOURNAL_BATCH ((size_t)1024 * 1024 * 1024)

struct journal;

/* Opens or makes the file and replays it into org, which must have no records yet but
   all the fields; from then on org notes what changes.  NULL with *err: the file is in
   use, damaged, or has a field that the org lacks. */
MUST_USE struct journal *journal_open(const char *path, struct orgdata *org, struct err *err);

/* True when the file held no batch. */
bool journal_is_new(const struct journal *journal);

/* Writes what changed since the last one.  On failure it is tried again with the next.
   NULL is allowed: without a file nothing is noted. */
MUST_USE int journal_commit(struct journal *journal, struct err *err);

/* NULL is allowed. */
void journal_close(struct journal *journal);

#endif
