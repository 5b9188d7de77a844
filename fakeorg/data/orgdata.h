/*
 * orgdata: objects, their fields and their records.
 *
 * A value is kept as the text that goes on the wire ("true", "40", "2026-11-23",
 * a time as "2026-11-23T10:05:00.000Z"), and NULL is null.  Records stay until
 * orgdata_reset; a deleted one is only marked, as in the recycle bin.
 *
 * Threads: nothing here locks; the service (service.h) has one lock for all.
 * Memory:  the org owns its objects, fields and records; texts are copied in.
 */
#ifndef FAKEORG_DATA_ORGDATA_H
#define FAKEORG_DATA_ORGDATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "fakeorg/data/field.h"
#include "fakeorg/data/history.h"
#include "fakeorg/data/ids.h"
#include "fakeorg/data/orgclock.h"

#define ORGDATA_OBJECTS 4

/* The org and the user that signs in, the first of users.h. */
#define ORG_ID_PREFIX  "00D"
#define USER_ID_PREFIX "005"

/* Opportunities are only ids. */
#define OPPORTUNITY_ID_PREFIX "006"

struct record {
    struct object *object;
    struct record *next_deleted;
    size_t number; /* in order of creation */
    char id[ID_MAX];
    bool deleted;
    bool changed;         /* stands in the org's list of those */
    bool complete;        /* its changes are history; before, it is being made */
    struct written made;  /* by which call */
    uint64_t last_change; /* number in the history; 0 for none */
    size_t room;          /* of values; fields added later lie beyond and are null */
    char **values;        /* by the field's position */
};

/* What the user may do with an object's records; without READ clients must not know
   that it exists. */
enum permission {
    MAY_READ = 1 << 0,
    MAY_CREATE = 1 << 1,
    MAY_UPDATE = 1 << 2,
    MAY_DELETE = 1 << 3,
    MAY_ALL = MAY_READ | MAY_CREATE | MAY_UPDATE | MAY_DELETE
};

struct orgdata;

struct object {
    struct orgdata *org;
    const char *name, *plural, *prefix;
    unsigned permissions; /* enum permission */
    struct field **fields;
    size_t field_count, field_room;
    struct field *by_name;
    struct record **records;
    size_t record_count, record_room;
    size_t live_count;       /* records that are not deleted */
    struct record *deleted;  /* the others, newest first */
    uint64_t last_id;        /* number of the newest id */
    struct index *by_id;     /* deleted ones too */
    struct history *history; /* the org's */
};

struct orgdata {
    uint64_t last_opportunity; /* number of the newest id that convertLead made one */
    struct object objects[ORGDATA_OBJECTS];
    char id[ID_MAX], user_id[ID_MAX];
    struct orgclock clock;
    struct history history;
    bool notes_changes;      /* for the journal, which forgets them again */
    struct record **changed; /* since it did */
    size_t changed_count, changed_room;
    bool was_reset;
};

/* Lead, Account and Contact with their standard fields, and User with its records;
   NULL with *err. */
MUST_USE struct orgdata *orgdata_new(struct err *err);

/* NULL is allowed. */
void orgdata_free(struct orgdata *org);

/* Drops every record but the users; ids are not given out again. */
void orgdata_reset(struct orgdata *org);

/* By name in any case; NULL when there is none, or none that the user may read.  For
   all that comes from a client. */
struct object *orgdata_object(struct orgdata *org, const char *name);

/* The same whatever the user may; for the org's own needs and for people. */
struct object *orgdata_any_object(struct orgdata *org, const char *name);

/* By the first three characters of an id; or NULL. */
struct object *orgdata_object_of_id(struct orgdata *org, const char *id);

/* Takes field over, also when it fails: ERR_INVALID when the object has it. */
MUST_USE int object_add_field(struct object *object, struct field *field, struct err *err);

/* By name in any case; NULL when there is none, or it is HIDDEN.  For all that comes
   from a client. */
struct field *object_field(const struct object *object, const char *name);

/* The same, hidden or not; for the org's own needs and for people. */
struct field *object_any_field(const struct object *object, const char *name);

/* The record of that id, deleted or not; or NULL. */
struct record *orgdata_record(struct orgdata *org, const char id[ID_MAX]);

/* A new record with its id and without values; NULL without memory. */
MUST_USE struct record *record_new(struct object *object);

/* The list of changed records begins anew. */
void orgdata_forget_changes(struct orgdata *org);

/* For orgdata.c alone: the record must have left every index. */
void record_free(struct record *record);

/* NULL for null. */
const char *record_value(const struct record *record, const struct field *field);
const char *record_value_named(const struct record *record, const char *name);

/* Sets or, with NULL, clears a value.  0, or -1 without memory. */
MUST_USE int record_set(struct record *record, struct field *field, const char *value);
MUST_USE int record_set_named(struct record *record, const char *name, const char *value);

/* What the org fills in after a create (created) or an update: dates, user, owner,
   defaults of fields that are null, the compound Name. */
MUST_USE int record_stamp(struct orgdata *org, struct record *record, bool created);

/* Into the recycle bin. */
MUST_USE int record_delete(struct record *record);

/* The undeleted records whose value of a text or id field equals text; a loan until
   the object changes.  Builds the field's index when asked for the first time.
   0, or -1 without memory. */
MUST_USE int object_find(struct object *object, struct field *field, const char *text,
                         struct record *const **ret_records, size_t *ret_count);

#endif
