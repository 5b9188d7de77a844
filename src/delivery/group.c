/* One group: its items in order, what it knows of its record, and which part is written. */
#include "delivery/group.h"

#include <string.h>

#include <utlist.h>

#include "base/mem.h"

struct group *group_new(const char *key, const struct binding *binding)
{
    struct group *group = mem_zero(1, sizeof *group);

    if (group == NULL || (group->key = mem_text(key)) == NULL) {
        mem_free(group);
        return NULL;
    }
    group->binding = binding;
    group->object = binding->object;
    return group;
}

void item_free(struct item *item)
{
    if (item == NULL)
        return;
    mem_free(item->row.message_id);
    mem_free(item->row.body);
    mapping_result_done(&item->mapped);
    mem_free(item);
}

static void free_items(struct item **list)
{
    struct item *item, *next;

    DL_FOREACH_SAFE(*list, item, next) {
        DL_DELETE(*list, item);
        item_free(item);
    }
}

void group_free(struct group *group)
{
    if (group == NULL)
        return;
    free_items(&group->items);
    free_items(&group->later);
    merged_done(&group->merged);
    times_done(&group->times);
    for (size_t i = 0; i < group->dropped_count; i++)
        mem_free(group->dropped[i]);
    for (size_t i = 0; i < group->also_count; i++)
        mem_free(group->also[i]);
    mem_free(group->dropped);
    mem_free(group->also);
    mem_free(group->record_id);
    mem_free(group->loose);
    mem_free(group->key);
    mem_free(group);
}

static bool before(const struct item *a, const struct item *b)
{
    if (a->row.timestamp_ms != b->row.timestamp_ms)
        return a->row.timestamp_ms < b->row.timestamp_ms;
    return a->row.seq < b->row.seq;
}

/* From the tail, since events mostly come in order. */
static void insert(struct item **list, struct item *item)
{
    struct item *after = *list != NULL ? (*list)->prev : NULL;

    while (after != NULL && before(item, after))
        after = after == *list ? NULL : after->prev;
    if (after == NULL)
        DL_PREPEND(*list, item);
    else
        DL_APPEND_ELEM(*list, after, item);
}

void group_add(struct group *group, struct item *item)
{
    bool back = group->state == GROUP_IN_FLIGHT || (group->search.split && group->items != NULL);

    insert(back ? &group->later : &group->items, item);
}

static void move(struct item **from, struct item *item, struct item **to)
{
    DL_DELETE(*from, item);
    insert(to, item);
}

size_t group_size(const struct group *group)
{
    const struct item *item;
    size_t count = 0;

    DL_FOREACH(group->items, item)
        count++;
    return count;
}

void group_split(struct group *group, size_t count, bool newest)
{
    group->search.split = true;
    for (size_t size = group_size(group); size > count; size--) {
        struct item *item = newest ? group->items : group->items->prev;
        move(&group->items, item, &group->later);
    }
}

static bool says(const struct item *item, const char *field)
{
    for (size_t i = 0; i < item->mapped.write_count; i++)
        if (strcmp(item->mapped.writes[i].field, field) == 0)
            return item->mapped.writes[i].value.kind != VALUE_NULL;
    return false;
}

bool group_pick(struct group *group, const char *field)
{
    struct item *pick = group->later != NULL ? group->later->prev : NULL;

    while (pick != NULL && !says(pick, field))
        pick = pick == group->later ? NULL : pick->prev;
    if (pick == NULL)
        return false;
    while (group->items != NULL)
        move(&group->items, group->items, &group->later);
    move(&group->later, pick, &group->items);
    group->search.split = true;
    return true;
}

bool group_promote(struct group *group)
{
    struct item *item, *next;

    if (group->search.split && group->items != NULL)
        return true;
    group->search.split = false;
    DL_FOREACH_SAFE(group->later, item, next) {
        move(&group->later, item, &group->items);
    }
    return group->items != NULL;
}

int group_resolve(struct group *group, const char *record_object, const char *record_id,
                  struct err *err)
{
    char *copy = mem_text(record_id);

    if (copy == NULL)
        return err_memory(err);
    mem_free(group->record_id);
    group->record_id = copy;
    group->record_object = record_object;
    return 0;
}

void group_forget(struct group *group)
{
    mem_free(group->record_id);
    group->record_id = NULL;
    group->record_object = NULL;
    group->absent_until_ms = 0;
}

const char *group_loose_key(const struct group *group)
{
    return group->loose != NULL ? group->loose : group->key;
}

int group_also(struct group *group, const char *key, struct err *err)
{
    char **also;

    if (strcmp(key, group->key) == 0)
        return 0;
    for (size_t i = 0; i < group->also_count; i++)
        if (strcmp(group->also[i], key) == 0)
            return 0;
    also = mem_resize(group->also, group->also_count + 1, sizeof *also);
    if (also == NULL)
        return err_memory(err);
    group->also = also;
    if ((also[group->also_count] = mem_text(key)) == NULL)
        return err_memory(err);
    group->also_count++;
    return 0;
}

void group_unite(struct group *group)
{
    group->search.split = false;
    group->search.suspects = 0;
    group_promote(group);
}

int group_drop_field(struct group *group, const char *field, struct err *err)
{
    char **dropped = mem_resize(group->dropped, group->dropped_count + 1, sizeof *dropped);

    if (dropped == NULL)
        return err_memory(err);
    group->dropped = dropped;
    if ((dropped[group->dropped_count] = mem_text(field)) == NULL)
        return err_memory(err);
    group->dropped_count++;
    return 0;
}

bool group_drops(const struct group *group, const char *field)
{
    for (size_t i = 0; i < group->dropped_count; i++)
        if (strcmp(group->dropped[i], field) == 0)
            return true;
    return false;
}

bool group_looks_up_by(const struct group *group, const char *field)
{
    const struct mapping_result *mapped = &group->items->mapped;

    for (size_t i = 0; i < mapped->lookup_count; i++)
        if (strcmp(mapped->lookups[i].field, field) == 0)
            return true;
    return false;
}

static bool any_of_key(const struct item *list, const char *key)
{
    const struct item *item;

    DL_FOREACH(list, item) {
        if (strcmp(item->mapped.key, key) == 0)
            return true;
    }
    return false;
}

bool group_has_own_events(const struct group *group)
{
    return any_of_key(group->items, group->key) || any_of_key(group->later, group->key);
}
