/* The search for the event at fault. */
#include "delivery/refusal.h"

#include "delivery/next_step.h"

struct decision refusal_decide(const struct destination *d, struct group *group, struct reason why)
{
    size_t count = group_size(group);

    if (count == 1)
        return (struct decision){.kind = DECIDE_DEAD, .reason = why, .refusal = REFUSAL_ALONE};
    if (group->search.alone >= REFUSED_ALONE)
        return (struct decision){.kind = DECIDE_DEAD, .reason = why, .refusal = REFUSAL_TOGETHER};
    group->search.suspects = count;
    if (group->search.alone > 0)
        group_split(group, 1, group->search.alone % 2 != 0);
    else
        group_split(group, count / 2, false);
    return next_step(d, group);
}

struct decision refusal_of_all(struct destination *d, const struct group *group, struct reason why)
{
    poison_count(&d->poisons, group->key, why.code);
    return (struct decision){.kind = DECIDE_DEAD, .reason = why};
}

void refusal_note(struct group *group, enum decision_refusal refusal)
{
    if (refusal == REFUSAL_ALONE) {
        group->search.alone++;
        group->search.suspects = 0;
    } else if (refusal == REFUSAL_TOGETHER) {
        group->search.alone = 0;
    }
}

void refusal_clear(struct group *group)
{
    size_t saved = group_size(group);

    group->search.alone = 0;
    group->search.suspects = group->search.suspects > saved ? group->search.suspects - saved : 0;
}
