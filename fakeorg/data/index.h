/*
 * index: which records hold a value in one field, found without a scan.
 *
 * Text is compared as Salesforce's = does, without regard to case; ids by their
 * first 15 characters; numbers by what they are.
 *
 * Threads: whoever holds the org's lock.  Memory: keys are copied, records lent.
 */
#ifndef FAKEORG_DATA_INDEX_H
#define FAKEORG_DATA_INDEX_H

#include <stddef.h>

#include "base/buf.h"
#include "fakeorg/data/field.h"

struct record; /* orgdata.h */
struct index;

/* What text is compared by, into key (which is cleared first).  -1: no memory. */
MUST_USE int index_key(enum field_kind kind, const char *text, struct buf *key);

MUST_USE struct index *index_new(enum field_kind kind);

/* NULL is allowed. */
void index_free(struct index *index);

/* 0, or -1 without memory. */
MUST_USE int index_add(struct index *index, const char *text, struct record *record);

void index_remove(struct index *index, const char *text, struct record *record);

/* The records that hold text, the oldest first, a loan until the index changes; NULL
   and 0 when none does. */
struct record *const *index_find(struct index *index, const char *text, size_t *ret_count);

#endif
