/*
 * journal_line: the lines that a batch of the journal is made of, written and read.
 *
 * Threads: whoever holds the service's lock.
 */
#ifndef FAKEORG_DATA_JOURNAL_LINE_H
#define FAKEORG_DATA_JOURNAL_LINE_H

#include "base/buf.h"
#include "fakeorg/data/orgdata.h"

/* The numbers of the newest ids. */
void journal_line_last(const struct orgdata *org, struct buf *out);

/* The whole record; users are not kept. */
void journal_line_record(const struct record *record, struct buf *out);

/* Does what the lines say, and adds the number of records among them to *records; text
   is changed on the way. */
MUST_USE int journal_lines_read(struct orgdata *org, char *text, size_t *records, struct err *err);

#endif
