/*
 * backend: one way of talking to an org, as a table of functions.
 *
 * A back end encodes requests and decodes answers; what all of them share is done by org.c (names,
 * capacity, impossible answers, counts of records) and by execute.h (session,
 * renewal, interruption, counts of calls and faults).  The names and counts in a request have
 * already been checked.
 *
 * Threads: any, each with its own connection.  Ownership: as in org.h.
 * Errors: 0, or -1 with *fault filled and nothing in *ret that needs freeing.
 */
#ifndef SALESFORCE_BACKEND_H
#define SALESFORCE_BACKEND_H

#include "salesforce/org_values.h"
#include "salesforce/signin.h"

struct org_backend {
    const char *name;
    struct org_capacity capacity;

    /* How it signs in when the configuration asks for no other way. */
    const struct signin_method *sign_in;

    /* Why it can never use such a session, as advice; NULL: it can.  May itself be NULL. */
    const char *(*refuses_session)(const struct session *session);

    /* All of them in one call; ORG_STALE_SCHEMA when the user cannot see one. */
    int (*describe)(struct org_connection *connection, const char *const *objects, size_t count,
                    struct schema **ret, struct org_fault *fault);

    /* *ret is empty at first but for value_count; it is freed by the caller either way. */
    int (*find)(struct org_connection *connection, const struct org_find *what,
                struct org_rows *ret, struct org_fault *fault);

    /* saved[].fault is clear at first.  -1: no results are filled. */
    int (*save)(struct org_connection *connection, const struct org_save *saves, size_t count,
                struct org_saved *saved, struct org_fault *fault);
};

#endif
