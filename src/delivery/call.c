/* One request: created, filled with groups, built, executed. */
#include "delivery/call.h"

#include <string.h>

#include "base/mem.h"

struct call *call_new(enum call_kind kind, const char *object, size_t capacity)
{
    struct call *call = mem_zero(1, sizeof *call);

    if (call == NULL || (call->groups = mem_zero(capacity, sizeof *call->groups)) == NULL) {
        mem_free(call);
        return NULL;
    }
    call->kind = kind;
    call->object = object;
    call->capacity = capacity;
    return call;
}

static void free_request(struct call *call)
{
    if (call->results != NULL)
        org_results_done(call->results, call->result_count);
    mem_free(call->results);
    mem_free(call->records);
    mem_free((void *)(uintptr_t)call->find.by);
    mem_free((void *)(uintptr_t)call->find.values);
    schema_unref(call->described);
    call->results = NULL;
    call->records = NULL;
    call->described = NULL;
    call->find = (struct org_find){0};
}

void call_free(struct call *call)
{
    if (call == NULL)
        return;
    free_request(call);
    org_rows_done(&call->rows);
    schema_unref(call->schema);
    mem_free(call->groups);
    mem_free(call);
}

bool call_takes(const struct call *call, const struct group *group)
{
    if (call->alone || call->count == call->capacity ||
        (call->count > 0 && call->groups[0]->binding != group->binding))
        return false;
    for (size_t i = 0; call->kind == CALL_UPDATE && i < call->count; i++)
        if (strncmp(call->groups[i]->record_id, group->record_id, 15) == 0)
            return false;
    return true;
}

void call_add(struct call *call, struct group *group)
{
    call->groups[call->count++] = group;
}

struct call *call_halve(struct call *call)
{
    size_t first = (call->count + 1) / 2;
    struct call *second = call_new(call->kind, call->object, call->count - first);

    if (second == NULL)
        return NULL;
    for (size_t i = first; i < call->count; i++)
        call_add(second, call->groups[i]);
    call->count = first;
    call->alone = second->alone = true;
    return second;
}

static int build_find(struct call *call, struct schema *schema, struct err *err)
{
    const struct mapping_result *first = &call->groups[0]->items->mapped;
    const struct successor *successor = call->groups[0]->binding->successor;
    size_t by_count = first->lookup_count;
    struct org_lookup *by = mem_zero(by_count, sizeof *by);
    const char **values = mem_zero(call->count * by_count, sizeof *values);

    call->described = schema != NULL ? schema_ref(schema) : NULL;
    call->find =
        (struct org_find){.object = call->object,
                          .by = by,
                          .by_count = by_count,
                          .values = values,
                          .key_count = call->count,
                          .described = schema != NULL ? schema_object(schema, call->object) : NULL,
                          .successor = successor != NULL ? successor->object : NULL};
    if (by == NULL || values == NULL)
        return err_memory(err);
    for (size_t i = 0; i < by_count; i++)
        by[i] = (struct org_lookup){first->lookups[i].field, first->lookups[i].type};
    for (size_t i = 0; i < call->count; i++)
        for (size_t j = 0; j < by_count; j++)
            values[i * by_count + j] = call->groups[i]->items->mapped.lookups[j].value.text;
    return 0;
}

/* The org's assignment rules are for the binding's own object, not for a successor. */
static bool may_assign(const struct call *call)
{
    const struct binding *binding = call->groups[0]->binding;

    return binding->assignment_rule && strcmp(call->object, binding->object) == 0;
}

static int build_save(struct call *call, const struct destination_settings *settings,
                      struct err *err)
{
    bool create = call->kind == CALL_CREATE;

    call->records = mem_zero(call->count, sizeof *call->records);
    call->results = mem_zero(call->count, sizeof *call->results);
    call->result_count = call->count;
    if (call->records == NULL || call->results == NULL)
        return err_memory(err);
    for (size_t i = 0; i < call->count; i++) {
        const struct group *group = call->groups[i];
        call->records[i] = (struct org_record){create ? NULL : group->record_id,
                                               group->merged.fields, group->merged.field_count};
    }
    call->use_assignment_rule =
        may_assign(call) && (settings->assignment_rules == ASSIGN_ALWAYS ||
                             (create && settings->assignment_rules == ASSIGN_ON_CREATE));
    call->save_past_duplicate_alerts = settings->save_past_duplicate_alerts;
    return 0;
}

int call_build(struct call *call, const struct destination_settings *settings,
               struct schema *schema, struct err *err)
{
    free_request(call); /* of an attempt that was never sent */
    switch (call->kind) {
    case CALL_SIGN_IN:
    case CALL_DESCRIBE:
        return 0;
    case CALL_FIND:
        return build_find(call, schema, err);
    case CALL_CREATE:
    case CALL_UPDATE:
        return build_save(call, settings, err);
    }
    return 0;
}

static int save(struct call *call, struct org_connection *connection)
{
    struct org_save what = {
        .operation = call->kind == CALL_CREATE ? ORG_CREATE : ORG_UPDATE,
        .object = call->object,
        .records = call->records,
        .count = call->count,
        .use_assignment_rule = call->use_assignment_rule,
        .save_past_duplicate_alerts = call->save_past_duplicate_alerts,
    };
    return org_save(connection, &what, call->results, &call->fault);
}

void call_execute(struct call *call, struct org_connection *connection)
{
    switch (call->kind) {
    case CALL_SIGN_IN:
        call->rc = org_sign_in(connection, &call->fault);
        break;
    case CALL_DESCRIBE:
        call->rc = org_describe(connection, call->describe, call->describe_count, &call->schema,
                                &call->fault);
        break;
    case CALL_FIND:
        call->rc = org_find(connection, &call->find, &call->rows, &call->fault);
        break;
    case CALL_CREATE:
    case CALL_UPDATE:
        call->rc = save(call, connection);
        break;
    }
}

const char *call_kind_name(enum call_kind kind)
{
    static const char *const names[] = {"sign-in", "describe", "find", "create", "update"};
    return names[kind];
}
