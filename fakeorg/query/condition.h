/*
 * condition: "Phone = null and Country = 'USA'", the language in which the org's rules
 * say which records they mean: that of SOQL's WHERE clause, hidden fields included.
 *
 * Threads: whoever holds the service's lock.  Memory: conditions live in the arena that
 * they were read into.
 */
#ifndef FAKEORG_QUERY_CONDITION_H
#define FAKEORG_QUERY_CONDITION_H

#include "base/yaml_tree.h"
#include "fakeorg/query/soql.h"

struct condition {
    struct object *object;
    struct soql_query *query;
};

/* Reads the node's text; NULL with *err when it is no condition on object's fields. */
MUST_USE struct condition *condition_read(const struct yml_node *node, struct object *object,
                                          struct arena *arena, struct err *err);

/* Whether it is true of a record, which need not be one of the org's; NULL is true of
   every record.  -1 with the error only without memory. */
MUST_USE int condition_holds(struct condition *condition, const struct record *record,
                             bool *ret_holds, struct api_error *error);

#endif
