/*
 * tables: the org's data as plain structs: objects, fields and records.
 * Functions on them are in object.h, record.h and orgdata.h.
 *
 * A value is kept as its text on the wire ("true", "40", "2026-11-23",
 * a time as "2026-11-23T10:05:00.000Z"), and NULL is null.  Records stay until
 * orgdata_reset; a deleted one is only marked, as in the recycle bin.
 *
 * Threads: nothing here locks; the service (service.h) has one lock for all.
 * Memory:  the org owns its objects, fields and records.
 */
#ifndef FAKEORG_DATA_TABLES_H
#define FAKEORG_DATA_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
    bool changed;       /* is in the org's list of changed records */
    struct trail trail; /* who created it, and its later changes */
    size_t capacity;    /* of values; fields beyond it were added later and are null */
    char **values;      /* by the field's position */
};

/* What the user may do with an object's records; without READ the object is invisible
   to clients. */
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
    size_t field_count, field_capacity;
    struct field *by_name;
    struct record **records;
    size_t record_count, record_capacity;
    size_t live_count;       /* records that are not deleted */
    struct record *deleted;  /* the others, newest first */
    uint64_t last_id;        /* number of the newest id */
    struct index *by_id;     /* deleted ones too */
    struct history *history; /* the org's */
};

struct orgdata {
    uint64_t last_opportunity; /* number of the last id that convertLead gave one */
    struct object objects[ORGDATA_OBJECTS];
    char id[ID_MAX], user_id[ID_MAX];
    struct orgclock clock;
    struct history history;
    bool notes_changes;      /* for the journal, which clears the list */
    struct record **changed; /* since the journal's last write */
    size_t changed_count, changed_capacity;
    bool was_reset;
};

#endif
