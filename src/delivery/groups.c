/* The table of groups, and the only place that changes a group's state. */
#include "delivery/groups.h"

#include <assert.h>
#include <string.h>

#include <utlist.h>

#include "base/clock.h"

static const bool legal[GROUP_STATES][GROUP_STATES] = {
    [GROUP_DECIDING] = {[GROUP_UNRESOLVED] = true,
                        [GROUP_RESOLVED] = true,
                        [GROUP_WAITING] = true,
                        [GROUP_QUEUED] = true,
                        [GROUP_ENDED] = true},
    [GROUP_UNRESOLVED] = {[GROUP_DECIDING] = true},
    [GROUP_RESOLVED] = {[GROUP_DECIDING] = true},
    [GROUP_WAITING] = {[GROUP_DECIDING] = true},
    [GROUP_QUEUED] = {[GROUP_IN_FLIGHT] = true, [GROUP_DECIDING] = true},
    [GROUP_IN_FLIGHT] = {[GROUP_DECIDING] = true, [GROUP_QUEUED] = true /* could not be sent */},
    [GROUP_ENDED] = {[GROUP_DECIDING] = true /* more of its key came meanwhile */},
};

bool group_may_change(enum group_state from, enum group_state to)
{
    return legal[from][to];
}

/* What must be true of a group in that state. */
static bool fits(const struct group *group, enum group_state state)
{
    switch (state) {
    case GROUP_UNRESOLVED:
    case GROUP_WAITING:
        return group->items != NULL && group->record_id == NULL;
    case GROUP_RESOLVED:
        return group->items != NULL && group->record_id != NULL;
    case GROUP_QUEUED:
    case GROUP_IN_FLIGHT:
        return group->items != NULL;
    case GROUP_ENDED:
        return group->items == NULL;
    default:
        return true;
    }
}

static struct group_list *list_of(struct groups *groups, enum group_state state)
{
    if (state == GROUP_UNRESOLVED)
        return &groups->unresolved;
    return state == GROUP_RESOLVED ? &groups->resolved : NULL;
}

void group_change_state(struct groups *groups, struct group *group, enum group_state to)
{
    struct group_list *from_list = list_of(groups, group->state), *to_list = list_of(groups, to);

    assert(group_may_change(group->state, to));
    assert(fits(group, to));
    if (from_list != NULL) {
        DL_DELETE2(from_list->first, group, list_prev, list_next);
        from_list->count--;
    }
    if (to_list != NULL) {
        DL_APPEND2(to_list->first, group, list_prev, list_next);
        to_list->count++;
    }
    group->state = to;
}

void groups_accumulate(struct groups *groups, struct group *group)
{
    group->since_ms = clock_mono();
    group_change_state(groups, group, group->record_id != NULL ? GROUP_RESOLVED : GROUP_UNRESOLVED);
}

struct group *groups_find(const struct groups *groups, const char *key)
{
    struct group *group;

    HASH_FIND_STR(groups->by_key, key, group);
    return group;
}

struct group *groups_get(struct groups *groups, const char *key, const struct binding *binding)
{
    struct group *group = groups_find(groups, key);

    if (group != NULL || (group = group_new(key, binding)) == NULL)
        return group;
    HASH_ADD_KEYPTR(hh, groups->by_key, group->key, strlen(group->key), group);
    if (hash_entered(&group->hh))
        return group;
    group_free(group);
    return NULL;
}

static bool compares_alike(const struct schema_field *a, const struct schema_field *b)
{
    return a != NULL && b != NULL && a->type == b->type && a->case_sensitive == b->case_sensitive &&
           a->precision == b->precision && a->scale == b->scale;
}

static bool key_changes(const struct group *group, const struct schema_object *before,
                        const struct schema_object *next)
{
    const struct item *item = group->items != NULL ? group->items : group->later;

    if (item == NULL || before == NULL || next == NULL)
        return false;
    for (size_t i = 0; i < item->mapped.lookup_count; i++) {
        const char *name = item->mapped.lookups[i].field;
        if (!compares_alike(schema_field(before, name), schema_field(next, name)))
            return true;
    }
    return false;
}

bool groups_keys_change(const struct groups *groups, const struct schema *before,
                        const struct schema *next)
{
    const struct group *group, *after;

    HASH_ITER(hh, groups->by_key, group, after) {
        if (key_changes(group, schema_object(before, group->object),
                        schema_object(next, group->object)))
            return true;
    }
    return false;
}

void groups_remove(struct groups *groups, struct group *group)
{
    assert(group->state == GROUP_DECIDING || group->state == GROUP_ENDED);
    HASH_DELETE(hh, groups->by_key, group);
    group_free(group);
}

void groups_done(struct groups *groups)
{
    struct group *group, *next;

    HASH_CLEAR(claim_hh, groups->by_record);
    HASH_ITER(hh, groups->by_key, group, next) {
        HASH_DELETE(hh, groups->by_key, group);
        group_free(group);
    }
    *groups = (struct groups){0};
}
