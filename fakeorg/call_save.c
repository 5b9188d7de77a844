#include "fakeorg/call.h"

#include <string.h>

#include "fakeorg/save.h"

#define MAX_TYPE_RUNS 10

/* The sObjects elements of the request, counted; a fault when there are too many or
   something else stands among them. */
static int count_records(struct call *call, size_t *ret_count)
{
    size_t count = 0;

    for (const struct xml_node *node = call->request->first; node != NULL; node = node->next) {
        if (!xml_is(node, NS_PARTNER, "sObjects"))
            return fault_fill(call->fault, FAULT_CLIENT, NULL,
                              "Element {%s}%s invalid at this location", node->space, node->name);
        if (++count > CALL_MAX_RECORDS)
            return fault_fill(call->fault, FAULT_UNEXPECTED, "EXCEEDED_ID_LIMIT",
                              "record limit reached. cannot submit more than %d records into this "
                              "call",
                              CALL_MAX_RECORDS);
    }
    *ret_count = count;
    return 0;
}

static int check_types(struct call *call, const struct save *saves, size_t count)
{
    size_t runs = 0;

    for (size_t i = 0; i < count; i++)
        runs += i == 0 || saves[i].object != saves[i - 1].object;
    if (runs <= MAX_TYPE_RUNS)
        return 0;
    return fault_fill(call->fault, FAULT_UNEXPECTED, "EXCEEDED_MAX_TYPES_LIMIT",
                      "cannot submit more than %d runs of one type into this call", MAX_TYPE_RUNS);
}

/* Of several entries with one Id only the first is saved. */
static int check_repeats(struct call *call, struct save *saves, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        for (size_t k = 0; k < i && saves[i].record != NULL; k++) {
            if (saves[k].record != saves[i].record)
                continue;
            if (save_fail(call, &saves[i], "DUPLICATE_VALUE", "Id", "duplicate id in list: %s",
                          saves[i].record->id) < 0)
                return -1;
            break;
        }
    }
    return 0;
}

/* With AllOrNone one failure fails the rest as well. */
static int check_all_or_none(struct call *call, struct save *saves, size_t count)
{
    bool any = false;

    for (size_t i = 0; i < count; i++)
        any = any || saves[i].errors != NULL;
    for (size_t i = 0; i < count && any && call->headers.all_or_none; i++)
        if (saves[i].errors == NULL &&
            save_fail(call, &saves[i], "ALL_OR_NONE_OPERATION_ROLLED_BACK", NULL,
                      "Record rolled back because not all records were valid and the request was "
                      "using AllOrNone header") < 0)
            return -1;
    return 0;
}

static void write_result(struct buf *out, const struct save *save)
{
    buf_text(out, "<result>");
    for (const struct save_error *error = save->errors; error != NULL; error = error->next) {
        buf_text(out, "<errors>");
        for (size_t i = 0; i < error->field_count; i++)
            xml_element(out, "fields", error->fields[i]);
        xml_element(out, "message", error->message);
        xml_element(out, "statusCode", error->code);
        buf_text(out, "</errors>");
    }
    xml_element(out, "id", save->errors == NULL ? save->record->id : NULL);
    xml_boolean(out, "success", save->errors == NULL);
    buf_text(out, "</result>");
}

static int save_all(struct call *call, bool create)
{
    size_t count = 0, i = 0;

    if (count_records(call, &count) < 0)
        return -1;
    struct save *saves = arena_take(call->arena, count * sizeof *saves);
    if (saves == NULL)
        return fault_memory(call->fault);
    for (const struct xml_node *node = call->request->first; node != NULL; node = node->next)
        if (save_decode(call, node, create, &saves[i++]) < 0)
            return -1;
    if (check_types(call, saves, count) < 0)
        return -1;
    for (i = 0; i < count; i++)
        if (save_check(call, &saves[i]) < 0)
            return -1;
    if (check_repeats(call, saves, count) < 0 || check_all_or_none(call, saves, count) < 0)
        return -1;
    for (i = 0; i < count; i++) {
        if (saves[i].errors == NULL && save_apply(call, &saves[i]) < 0)
            return -1;
        write_result(call->out, &saves[i]);
    }
    call->records += count;
    return 0;
}

int call_create(struct call *call)
{
    return save_all(call, true);
}

int call_update(struct call *call)
{
    return save_all(call, false);
}
