/* Parses a condition as the WHERE clause of a query on its object. */
#include "fakeorg/query/condition.h"

#include <string.h>

#include "base/mem.h"

#define SCRATCH_BYTES ((size_t)1024 * 1024)

/* The message of a query's error, after the quoted text and the caret. */
static const char *last_line(const char *message)
{
    const char *newline = strrchr(message, '\n');

    return newline == NULL ? message : newline + 1;
}

struct condition *condition_read(const struct yml_node *node, struct object *object,
                                 struct arena *arena, struct err *err)
{
    struct condition *condition = arena_take(arena, sizeof *condition);
    struct api_error error = {0};
    const char *text = NULL;

    if (yml_text(node, &text, err) < 0)
        return NULL;
    char *statement = mem_format("SELECT Id FROM %s WHERE %s", object->name, text);
    const char *kept = statement == NULL ? NULL : arena_text(arena, statement, strlen(statement));
    mem_free(statement);
    if (condition == NULL || kept == NULL) {
        err_memory(err);
        return NULL;
    }
    condition->object = object;
    condition->query = soql_parse(kept, arena, &error);
    if (condition->query != NULL) {
        condition->query->sees_all = true;
        if (condition->query->orders == NULL && !condition->query->has_limit &&
            soql_bind(object, condition->query, arena, &error) == 0)
            return condition;
    }
    yml_fail(node, err, "expected a condition as in SOQL: %s",
             error.code == NULL ? "nothing may follow it" : last_line(error.message));
    return NULL;
}

int condition_holds(struct condition *condition, const struct record *record, bool *ret_holds,
                    struct api_error *error)
{
    struct arena scratch;
    int rc;

    *ret_holds = true;
    if (condition == NULL)
        return 0;
    /* Bound again each time: TODAY may have changed. */
    arena_init(&scratch, SCRATCH_BYTES);
    rc = soql_bind(condition->object, condition->query, &scratch, error);
    if (rc == 0 && soql_holds(condition->query, record, ret_holds) < 0)
        rc = api_error_memory(error);
    arena_done(&scratch);
    return rc;
}
