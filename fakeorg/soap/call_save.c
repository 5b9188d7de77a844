#include "fakeorg/soap/call.h"

#include <string.h>

#include "fakeorg/rules/keys.h"
#include "fakeorg/soap/results.h"
#include "fakeorg/rules/rules.h"

/* Of several entries with one Id only the first is saved. */
static int check_repeats(struct call *call, struct save *saves, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        for (size_t k = 0; k < i && saves[i].record != NULL; k++) {
            if (saves[k].record != saves[i].record || saves[i].errors != NULL)
                continue;
            if (save_fail(call, &saves[i], switch_value(&call->switches, SWITCH_SAME_ID), "Id",
                          "duplicate id in list: %s", saves[i].record->id) < 0)
                return -1;
            break;
        }
    }
    return 0;
}

/* Everything that can stand in a record's way, before any is written: so that
   AllOrNone has nothing to take back. */
static int check_all(struct call *call, const char *key, struct save *saves, size_t count)
{
    if (results_check_types(call, saves, count) < 0)
        return -1;
    if (key != NULL && keys_match(call, key, saves, count) < 0)
        return -1;
    for (size_t i = 0; i < count; i++) {
        if (save_fail_injected(call, i, &saves[i]) < 0)
            return -1;
        if (saves[i].errors == NULL && save_check(call, &saves[i]) < 0)
            return -1;
    }
    if (check_repeats(call, saves, count) < 0 || keys_check_unique(call, saves, count) < 0 ||
        rules_check(call, saves, count) < 0)
        return -1;
    return results_all_or_none(call, saves, count);
}

static void write_result(struct call *call, const struct save *save, bool upsert)
{
    buf_text(call->out, "<result>");
    if (upsert)
        xml_boolean(call->out, "created", save->create && save->errors == NULL);
    results_write_outcome(call, save);
    buf_text(call->out, "</result>");
}

/* first is the first sObjects element; key the name of an upsert's, or NULL. */
static int save_all(struct call *call, const struct xml_node *first, bool create, const char *key)
{
    size_t count = 0, i = 0;

    if (results_count(call, first, &count) < 0)
        return -1;
    struct save *saves = arena_take(call->arena, count * sizeof *saves);
    if (saves == NULL)
        return api_error_memory(call->error);
    for (const struct xml_node *node = first; node != NULL; node = node->next)
        if (save_decode(call, node, create, &saves[i++]) < 0)
            return -1;
    if (check_all(call, key, saves, count) < 0)
        return -1;
    for (i = 0; i < count; i++) {
        if (saves[i].errors == NULL && save_apply(call, &saves[i]) < 0)
            return -1;
        write_result(call, &saves[i], key != NULL);
    }
    call->records += count;
    return 0;
}

int call_create(struct call *call)
{
    return save_all(call, call->request->first, true, NULL);
}

int call_update(struct call *call)
{
    return save_all(call, call->request->first, false, NULL);
}

int call_upsert(struct call *call)
{
    const struct xml_node *key = call->request->first;

    return save_all(call, key->next, false, key->text);
}
