/* create, update and upsert: reads the records and writes the results. */
#include "fakeorg/soap/call_save.h"

#include "fakeorg/rules/save_order.h"
#include "fakeorg/soap/decode.h"
#include "fakeorg/soap/results.h"

static void write_result(struct soap_call *call, const struct save *save, bool upsert)
{
    buf_text(call->out, "<result>");
    if (upsert)
        xml_boolean(call->out, "created", save->create && save->errors == NULL);
    results_write_outcome(call, save);
    buf_text(call->out, "</result>");
}

/* first is the first sObjects element; key is the name of an upsert's key field, or NULL. */
static int save_all(struct soap_call *call, const struct xml_node *first, bool create,
                    const char *key)
{
    const struct save_context ctx = soap_save_context(call);
    size_t count = 0, i = 0;

    if (results_count(call, first, &count) < 0)
        return -1;
    struct save *saves = arena_take(call->request.arena, count * sizeof *saves);
    if (saves == NULL)
        return api_error_memory(call->request.error);
    for (const struct xml_node *node = first; node != NULL; node = node->next)
        if (save_decode(call, &ctx, node, create, &saves[i++]) < 0)
            return -1;
    if (save_records(&ctx, key, saves, count) < 0)
        return -1;
    for (i = 0; i < count; i++)
        write_result(call, &saves[i], key != NULL);
    call->request.records += count;
    return 0;
}

int call_create(struct soap_call *call)
{
    return save_all(call, call->body->first, true, NULL);
}

int call_update(struct soap_call *call)
{
    return save_all(call, call->body->first, false, NULL);
}

int call_upsert(struct soap_call *call)
{
    const struct xml_node *key = call->body->first;

    return save_all(call, key->next, false, key->text);
}
