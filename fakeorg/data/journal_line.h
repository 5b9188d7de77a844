/*
 * journal_line: the lines that a batch of the journal is made of, written and read.
 *
 * Threads: whoever holds the service's lock.
 */
#ifndef FAKEORG_DATA_JOURNAL_LINE_H
#define FAKEORG_DATA_JOURNAL_LINE_H

#include "base/buf.h"
#include "fakeorg/data/orgdata.h"

/* The last id numbers used. */
void journal_line_last(const struct orgdata *org, struct buf *out);

/* The whole record; users are not written. */
void journal_line_record(const struct record *record, struct buf *out);

/* Applies the lines, and adds the number of records among them to *records; text
   is modified. */
MUST_USE int journal_lines_read(struct orgdata *org, char *text, size_t *records, struct err *err);

#endif
