/*
 * users: the org's users.  Only the first one signs in; the others are there to
 * own records and to be queried.  Clients can read users, not change them.
 *
 * Threads: whoever holds the org's lock.  Memory: the org owns everything.
 */
#ifndef FAKEORG_DATA_USERS_H
#define FAKEORG_DATA_USERS_H

#include "fakeorg/data/record.h"

extern const struct field_facts user_fields;

/* Creates the standard users; the org must have none.  0, or -1 when out of memory. */
MUST_USE int users_fill(struct orgdata *org);

/* Sets the username of the first user.  0, or -1 when out of memory. */
MUST_USE int users_rename(struct orgdata *org, const char *username);

/* True when id is a user who may own records. */
bool users_active(struct orgdata *org, const char id[ID_MAX]);

#endif
