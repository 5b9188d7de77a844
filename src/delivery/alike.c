/* Whose turn it is among keys that the org may treat as equal, and who is next. */
#include "delivery/alike.h"

#include <string.h>

#include <utlist.h>

#include "base/mem.h"

static void drop(struct alikes *alikes, struct alike *alike)
{
    HASH_DELETE(hh, alikes->by_loose, alike);
    mem_free(alike->loose);
    mem_free(alike);
}

static struct alike *enter(struct alikes *alikes, const char *loose)
{
    struct alike *alike = mem_zero(1, sizeof *alike);

    if (alike == NULL || (alike->loose = mem_text(loose)) == NULL) {
        mem_free(alike);
        return NULL;
    }
    HASH_ADD_KEYPTR(hh, alikes->by_loose, alike->loose, strlen(alike->loose), alike);
    if (hash_entered(&alike->hh))
        return alike;
    mem_free(alike->loose);
    mem_free(alike);
    return NULL;
}

bool alike_has_turn(const struct group *group)
{
    return group->alike != NULL && group->alike->turn == group;
}

bool alike_is_taken(const struct alikes *alikes, const struct group *group, const char *loose)
{
    const struct alike *alike;

    HASH_FIND_STR(alikes->by_loose, loose, alike);
    return alike != NULL && alike->turn != group;
}

int alike_take_turn(struct alikes *alikes, struct groups *groups, struct group *group,
                    const char *loose, bool *ret_waits, struct err *err)
{
    struct alike *alike;

    *ret_waits = false;
    if (alike_has_turn(group) && strcmp(group->alike->loose, loose) == 0)
        return 0;
    HASH_FIND_STR(alikes->by_loose, loose, alike);
    if (alike == NULL && (alike = enter(alikes, loose)) == NULL)
        return err_memory(err);
    alike_end_turn(alikes, groups, group);
    group->alike = alike;
    if (alike->turn == NULL) {
        alike->turn = group;
        return 0;
    }
    group_change_state(groups, group, GROUP_WAITING);
    DL_APPEND2(alike->waiting, group, list_prev, list_next);
    *ret_waits = true;
    return 0;
}

void alike_end_turn(struct alikes *alikes, struct groups *groups, struct group *group)
{
    struct alike *alike = group->alike;
    struct group *next;

    if (!alike_has_turn(group))
        return;
    group->alike = NULL;
    group->absent_until_ms = 0;
    next = alike->turn = alike->waiting;
    if (next == NULL) {
        drop(alikes, alike);
        return;
    }
    DL_DELETE2(alike->waiting, next, list_prev, list_next);
    group_change_state(groups, next, GROUP_DECIDING);
    groups_accumulate(groups, next);
}

/* Between its look-up and its create it keeps the turn. */
static bool goes_on(const struct group *group)
{
    return group->state == GROUP_QUEUED || group->state == GROUP_IN_FLIGHT;
}

void alike_pass_turn(struct alikes *alikes, struct groups *groups, struct group *group)
{
    bool gives_up = !goes_on(group) && alike_has_turn(group) &&
                    (group->alike->waiting != NULL || group->absent_until_ms == 0);

    if (group->record_id != NULL || gives_up)
        alike_end_turn(alikes, groups, group);
}

void alike_done(struct alikes *alikes)
{
    struct alike *alike, *next;

    HASH_ITER(hh, alikes->by_loose, alike, next) {
        drop(alikes, alike);
    }
}
