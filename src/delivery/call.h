/*
 * call: one request to the org, with the groups it is for.
 *
 * The scheduler creates it, queues it, and builds its request just before it is sent; a worker
 * executes it and fills in the answer; the scheduler reads the answer.  One of them owns it at any
 * time.
 *
 * Ownership: a call owns its request and its answer, never its groups.
 */
#ifndef DELIVERY_CALL_H
#define DELIVERY_CALL_H

#include "delivery/group.h"

enum call_kind { CALL_SIGN_IN, CALL_DESCRIBE, CALL_FIND, CALL_CREATE, CALL_UPDATE };

struct call {
    enum call_kind kind;
    const char *object; /* of a binding or its successor; "" when there is none */
    struct group **groups;
    size_t count, capacity;
    bool alone; /* a part of a call that failed: nothing joins it */
    /* request */
    struct org_record *records;
    struct org_find find;
    struct schema *described; /* find points into it */
    bool use_assignment_rule, save_past_duplicate_alerts;
    const char *describe[BOUND_OBJECTS];
    size_t describe_count;
    /* answer */
    int rc;
    struct org_fault fault;
    struct org_result *results; /* of a save, one for each group it was sent with */
    size_t result_count;
    struct org_rows rows;     /* of a find */
    struct schema *schema;    /* of a describe */
    struct call *prev, *next; /* utlist: in the queue, or among the answered */
};

/* For up to capacity groups; NULL when out of memory. */
MUST_USE struct call *call_new(enum call_kind kind, const char *object, size_t capacity);
void call_free(struct call *call);

/* True when group can join: capacity, the same binding, no other group with its record. */
bool call_takes(const struct call *call, const struct group *group);
void call_add(struct call *call, struct group *group);

/* Moves the second half of the groups into a new call; nothing joins either of them from now on. */
MUST_USE struct call *call_halve(struct call *call);

/* Builds the request from the groups.  -1: out of memory. */
MUST_USE int call_build(struct call *call, const struct destination_settings *settings,
                        struct schema *schema, struct err *err);

/* Sends it and fills the answer in.  On a worker's thread. */
void call_execute(struct call *call, struct org_connection *connection);

/* "sign-in", "describe", "find", "create", "update" */
const char *call_kind_name(enum call_kind kind);

#endif
