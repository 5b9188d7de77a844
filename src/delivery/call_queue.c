/* Calls that wait to be sent, in the order they go out. */
#include "delivery/call_queue.h"

#include <string.h>

#include <utlist.h>

size_t call_queue_capacity(const struct destination *d, enum call_kind kind)
{
    const struct org_capacity *capacity = org_capacity(d->org);
    size_t batch = (size_t)d->settings->batch_size;

    if (kind == CALL_FIND)
        return capacity->keys_a_find;
    return batch < capacity->records_a_save ? batch : capacity->records_a_save;
}

static struct call *call_for(struct destination *d, enum call_kind kind, const char *object,
                             const struct group *group)
{
    struct call *call;

    DL_FOREACH(d->queue, call) {
        if (call->kind == kind && strcmp(call->object, object) == 0 && call_takes(call, group))
            return call;
    }
    call = call_new(kind, object, call_queue_capacity(d, kind));
    if (call != NULL)
        DL_APPEND(d->queue, call);
    return call;
}

int call_queue_join(struct destination *d, struct group *group, enum call_kind kind,
                    const char *object, struct err *err)
{
    const struct poison *poison = poison_of(&d->poisons, group->key);
    bool alone = poison != NULL && poison->alone;
    struct call *call;

    call = alone ? call_new(kind, object, 1) : call_for(d, kind, object, group);
    if (call == NULL)
        return err_memory(err);
    if (alone)
        DL_APPEND(d->queue, call);
    call_add(call, group);
    group_change_state(&d->groups, group, GROUP_QUEUED);
    return 0;
}

static void queue_groups(struct destination *d, struct call *call)
{
    for (size_t i = 0; i < call->count; i++)
        if (call->groups[i]->state != GROUP_QUEUED)
            group_change_state(&d->groups, call->groups[i], GROUP_QUEUED);
}

void call_queue_append(struct destination *d, struct call *call)
{
    queue_groups(d, call);
    DL_APPEND(d->queue, call);
}

void call_queue_prepend(struct destination *d, struct call *call)
{
    queue_groups(d, call);
    DL_PREPEND(d->queue, call);
}

void call_queue_remove(struct destination *d, struct call *call)
{
    DL_DELETE(d->queue, call);
}

void call_queue_done(struct destination *d)
{
    struct call *call, *next;

    DL_FOREACH_SAFE(d->queue, call, next) {
        DL_DELETE(d->queue, call);
        call_free(call);
    }
}
