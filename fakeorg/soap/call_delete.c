/* delete: reads the ids and writes the results. */
#include "fakeorg/soap/call_delete.h"

#include "fakeorg/rules/save_order.h"
#include "fakeorg/soap/results.h"

int call_delete(struct soap_call *call)
{
    const struct save_context ctx = soap_save_context(call);
    size_t count = 0, i = 0;

    if (results_count(call, call->body->first, &count) < 0)
        return -1;
    struct save *saves = arena_take(call->request.arena, count * sizeof *saves);
    if (saves == NULL)
        return api_error_memory(call->request.error);
    for (const struct xml_node *node = call->body->first; node != NULL; node = node->next)
        saves[i++].id_text = node->text;
    if (delete_records(&ctx, saves, count) < 0)
        return -1;
    for (i = 0; i < count; i++) {
        buf_text(call->out, "<result>");
        results_write_outcome(call, &saves[i]);
        buf_text(call->out, "</result>");
    }
    call->request.records += count;
    return 0;
}
