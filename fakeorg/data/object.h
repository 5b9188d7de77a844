/*
 * object: finds an org's objects, and an object's fields.
 *
 * Threads: whoever holds the service's lock.  Memory: results are loans of the org.
 */
#ifndef FAKEORG_DATA_OBJECT_H
#define FAKEORG_DATA_OBJECT_H

#include "base/err.h"
#include "fakeorg/data/tables.h"

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

#endif
