/*
 * object: finds an org's objects, and an object's fields.
 *
 * Threads: whoever holds the service's lock.  Memory: results belong to the org.
 */
#ifndef FAKEORG_DATA_OBJECT_H
#define FAKEORG_DATA_OBJECT_H

#include "base/err.h"
#include "fakeorg/data/tables.h"

/* By name, ignoring case; NULL when there is none, or the user may not read it.  For
   everything that comes from a client. */
struct object *orgdata_object(struct orgdata *org, const char *name);

/* The same regardless of permissions; for the org itself and the pages. */
struct object *orgdata_any_object(struct orgdata *org, const char *name);

/* By the first three characters of an id; or NULL. */
struct object *orgdata_object_of_id(struct orgdata *org, const char *id);

/* Takes ownership of field, even on failure: ERR_INVALID when the object has it already. */
MUST_USE int object_add_field(struct object *object, struct field *field, struct err *err);

/* By name, ignoring case; NULL when there is none, or it is HIDDEN.  For everything that comes
   from a client. */
struct field *object_field(const struct object *object, const char *name);

/* The same, hidden or not; for the org itself and the pages. */
struct field *object_any_field(const struct object *object, const char *name);

#endif
