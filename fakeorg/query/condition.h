/*
 * condition: "Phone = null and Country = 'USA'", the conditions of the org's rules:
 * SOQL's WHERE clause, hidden fields included.
 *
 * Threads: whoever holds the service's lock.  Memory: conditions live in the arena
 * given.
 */
#ifndef FAKEORG_QUERY_CONDITION_H
#define FAKEORG_QUERY_CONDITION_H

#include "base/yaml_tree.h"
#include "fakeorg/query/soql.h"

struct condition {
    struct object *object;
    struct soql_query *query;
};

/* Parses the node's text; NULL with *err when it is not a condition on object's fields. */
MUST_USE struct condition *condition_read(const struct yml_node *node, struct object *object,
                                          struct arena *arena, struct err *err);

/* Whether a record satisfies it, which need not be one of the org's; NULL is satisfied by
   every record.  -1 with the error only when out of memory. */
MUST_USE int condition_holds(struct condition *condition, const struct record *record,
                             bool *ret_holds, struct api_error *error);

#endif
