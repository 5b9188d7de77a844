/* One transaction for the outcomes of a call's events, and what is left of their groups. */
#include "delivery/commit.h"

#include "base/log.h"
#include "delivery/alike.h"
#include "delivery/claim.h"

static void let_go(void *in_hand, struct item *item)
{
    in_hand_remove(in_hand, item);
}

void commit_batch(struct destination *d, struct outcome_batch *batch)
{
    struct err err = {0};

    while (outcome_batch_commit(batch, d->writer, d->settings->name, &err) < 0) {
        log_line(LOG_ERROR, "delivery.cannot_write_receipts", "destination=%s error=%s",
                 d->settings->name, LOG_TEXT(err.text));
        if (err.kind == ERR_INVALID)
            break; /* the store says they have ended already: nothing to repeat */
        hold_for(&d->hold, STORE_RETRY_MS, "STORE", "cannot write down what became of events",
                 "make room on the disk of data_dir, or see that it can be written");
        if (!inbox_sleep(&d->inbox, STORE_RETRY_MS))
            break; /* stopping */
    }
    outcome_batch_log_dead(batch, d->settings->name);
    outcome_batch_each(batch, let_go, &d->in_hand);
    outcome_batch_done(batch);
}

/* A group that has ended is freed, unless more of its key has arrived meanwhile. */
static void close_group(struct destination *d, struct group *group)
{
    if (group->state != GROUP_ENDED)
        return;
    group->turns = 0;
    group_change_state(&d->groups, group, GROUP_DECIDING);
    if (group_promote(group)) {
        if (group->record_id != NULL && group->claimed[0] == '\0')
            group_forget(group); /* another group may write the record: a look-up will show */
        groups_accumulate(&d->groups, group);
        return;
    }
    claim_end(&d->groups, group);
    alike_end_turn(&d->alikes, &d->groups, group);
    groups_remove(&d->groups, group);
}

void commit_and_close(struct destination *d, struct outcome_batch *batch, struct group **groups,
                      size_t count)
{
    commit_batch(d, batch);
    for (size_t i = 0; i < count; i++)
        close_group(d, groups[i]);
}
