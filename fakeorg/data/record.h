/*
 * record: makes, finds, reads and changes the records of an object.
 *
 * Every change updates the indexes, the history and the journal's list of changes.
 *
 * Threads: whoever holds the service's lock.
 * Memory:  texts are copied; results are valid until the record changes.
 */
#ifndef FAKEORG_DATA_RECORD_H
#define FAKEORG_DATA_RECORD_H

#include "base/err.h"
#include "fakeorg/data/object.h"

/* The record with that id, deleted or not; or NULL. */
struct record *orgdata_record(struct orgdata *org, const char id[ID_MAX]);

/* A new record with an id and no values; NULL when out of memory. */
MUST_USE struct record *record_new(struct object *object);

/* Clears the list of changed records. */
void orgdata_forget_changes(struct orgdata *org);

/* Only for orgdata.c: the record must be in no index. */
void record_free(struct record *record);

/* NULL for null. */
const char *record_value(const struct record *record, const struct field *field);
const char *record_value_named(const struct record *record, const char *name);

/* Sets or, with NULL, clears a value.  0, or -1 when out of memory. */
MUST_USE int record_set(struct record *record, struct field *field, const char *value);
MUST_USE int record_set_named(struct record *record, const char *name, const char *value);

/* Sets what the org fills in after a create (created) or an update: dates, user, owner,
   defaults of fields that are null, the compound Name. */
MUST_USE int record_stamp(struct orgdata *org, struct record *record, bool created);

/* Moves it to the recycle bin. */
MUST_USE int record_delete(struct record *record);

/* The undeleted records whose value of a text or id field equals text; valid until
   the object changes.  Builds the field's index on first use.
   0, or -1 when out of memory. */
MUST_USE int object_find(struct object *object, struct field *field, const char *text,
                         struct record *const **ret_records, size_t *ret_count);

#endif
