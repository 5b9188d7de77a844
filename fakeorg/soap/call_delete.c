#include "fakeorg/soap/call.h"

#include "fakeorg/data/bin.h"
#include "fakeorg/soap/results.h"
#include "fakeorg/rules/rules.h"
#include "fakeorg/rules/rules.h"

/* An id that stood before in the call is gone by the time it comes again. */
static int check_repeats(struct call *call, struct save *saves, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        for (size_t k = 0; k < i && saves[i].errors == NULL; k++)
            if (saves[k].record == saves[i].record && saves[k].errors == NULL &&
                save_fail(call, &saves[i], "ENTITY_IS_DELETED", NULL, "entity is deleted") < 0)
                return -1;
    }
    return 0;
}

static int check_one(struct call *call, struct save *save)
{
    if (save_find(call, save) < 0)
        return -1;
    if (save->errors != NULL)
        return 0;
    if ((save->object->permissions & MAY_DELETE) == 0)
        return save_fail(call, save, "INSUFFICIENT_ACCESS_OR_READONLY", NULL,
                         "insufficient access rights on object id");
    return locks_check(call, save, save->record);
}

int call_delete(struct call *call)
{
    size_t count = 0, i = 0;

    if (results_count(call, call->request->first, &count) < 0)
        return -1;
    struct save *saves = arena_take(call->arena, count * sizeof *saves);
    if (saves == NULL)
        return api_error_memory(call->error);
    for (const struct xml_node *node = call->request->first; node != NULL; node = node->next, i++) {
        saves[i].id_text = node->text;
        if (check_one(call, &saves[i]) < 0 || save_fail_injected(call, i, &saves[i]) < 0)
            return -1;
    }
    if (check_repeats(call, saves, count) < 0 || results_all_or_none(call, saves, count) < 0)
        return -1;
    for (i = 0; i < count; i++) {
        /* A contact may have gone with its account by now. */
        if (saves[i].errors == NULL && !saves[i].record->deleted &&
            bin_put(call->service->org, saves[i].record) < 0)
            return api_error_memory(call->error);
        buf_text(call->out, "<result>");
        results_write_outcome(call, &saves[i]);
        buf_text(call->out, "</result>");
    }
    call->records += count;
    return 0;
}
