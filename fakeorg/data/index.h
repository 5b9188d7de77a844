/*
 * index: finds the records with a value in one field without a scan.
 *
 * Text is compared as Salesforce's = does, without regard to case; ids by their
 * first 15 characters; numbers by what they are.
 *
 * Threads: whoever holds the org's lock.  Memory: keys are copied, records borrowed.
 */
#ifndef FAKEORG_DATA_INDEX_H
#define FAKEORG_DATA_INDEX_H

#include <stddef.h>

#include "base/buf.h"
#include "fakeorg/data/field.h"

struct record; /* orgdata.h */
struct index;

/* Writes the normalized form of text to key (cleared first).  -1: out of memory. */
MUST_USE int index_key(enum field_kind kind, const char *text, struct buf *key);

MUST_USE struct index *index_new(enum field_kind kind);

/* NULL is allowed. */
void index_free(struct index *index);

/* 0, or -1 when out of memory. */
MUST_USE int index_add(struct index *index, const char *text, struct record *record);

void index_remove(struct index *index, const char *text, struct record *record);

/* The records with the value text, oldest first, valid until the index changes; NULL
   and 0 when there is none. */
struct record *const *index_find(struct index *index, const char *text, size_t *ret_count);

#endif
