/* Which group may write a record, and how two groups of one record join. */
#include "delivery/claim.h"

#include <string.h>

#include <utlist.h>

#include "base/mem.h"

#define COUNTED 15 /* significant characters of an Id */

static struct group *holder_of(const struct groups *groups, const char *id)
{
    struct group *holder;

    HASH_FIND(claim_hh, groups->by_record, id, COUNTED, holder);
    return holder;
}

static void release(struct groups *groups, struct group *group)
{
    if (group->claimed[0] != '\0')
        HASH_DELETE(claim_hh, groups->by_record, group);
    group->claimed[0] = '\0';
}

void claim_end(struct groups *groups, struct group *group)
{
    release(groups, group);
    group_forget(group);
}

static int take(struct groups *groups, struct group *group, struct err *err)
{
    memcpy(group->claimed, group->record_id, COUNTED);
    group->claimed[COUNTED] = '\0';
    HASH_ADD_KEYPTR(claim_hh, groups->by_record, group->claimed, COUNTED, group);
    if (hash_entered(&group->claim_hh))
        return 0;
    group->claimed[0] = '\0';
    return err_memory(err);
}

/* Copies what is known of from's record to to, which has the same record. */
static int share_knowledge(struct group *to, const struct group *from, struct err *err)
{
    for (size_t i = 0; i < from->times.count; i++)
        if (times_raise(&to->times, from->times.list[i].field, from->times.list[i].ms, err) < 0)
            return -1;
    for (size_t i = 0; i < from->also_count; i++)
        if (group_also(to, from->also[i], err) < 0)
            return -1;
    return group_also(to, from->key, err);
}

static void move_all(struct item **list, struct group *to)
{
    struct item *item, *next;

    DL_FOREACH_SAFE(*list, item, next) {
        DL_DELETE(*list, item);
        group_add(to, item);
    }
}

/* Moves all events of from to to; from is then empty. */
static int join(struct groups *groups, struct group *to, struct group *from, struct err *err)
{
    if (share_knowledge(to, from, err) < 0)
        return -1;
    move_all(&from->items, to);
    move_all(&from->later, to);
    claim_end(groups, from);
    return 0;
}

int claim_record(struct groups *groups, struct group *group, const char *object, const char *id,
                 bool *ret_joined, struct err *err)
{
    struct group *holder = holder_of(groups, id);
    int rc = 0;

    *ret_joined = false;
    if (holder == group)
        return group_resolve(group, object, id, err);
    release(groups, group);
    if (holder != NULL && holder->items != NULL) { /* it continues, with these events */
        rc = join(groups, holder, group, err);
        *ret_joined = rc == 0;
        return rc;
    }
    if (holder != NULL) /* it has ended: this group takes what it knows and what arrived since */
        rc = join(groups, group, holder, err);
    if (rc == 0 && (rc = group_resolve(group, object, id, err)) == 0 &&
        (rc = take(groups, group, err)) < 0)
        group_forget(group);
    return rc;
}

int claim_made(struct groups *groups, struct group *group, struct err *err)
{
    return holder_of(groups, group->record_id) == NULL ? take(groups, group, err) : 0;
}
