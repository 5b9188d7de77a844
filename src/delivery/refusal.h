/*
 * refusal: the write of a group was refused because of what its events contain.  Among several, the
 * one at fault is found by halving; it becomes a dead letter, and the rest is written together.
 * When that is refused again, single events are tried from alternate ends, since all may be at
 * fault: after REFUSED_ALONE refusals with none saved in between, all become dead letters.
 *
 * Threads: the scheduler's.  Memory: the decision points to the texts of the reason.
 */
#ifndef DELIVERY_REFUSAL_H
#define DELIVERY_REFUSAL_H

#include "delivery/decision.h"
#include "delivery/destination.h"

#define REFUSED_ALONE 4 /* events of one write refused singly before giving up on the rest */

struct decision refusal_decide(const struct destination *d, struct group *group, struct reason why);

/* For a cause that applies to all events of the group, whatever each contains. */
struct decision refusal_of_all(struct destination *d, const struct group *group, struct reason why);

/* Its items have become dead letters: notes how far the search has got. */
void refusal_note(struct group *group, enum decision_refusal refusal);

/* Its items were saved, so not all are at fault, and the one at fault is not among these. */
void refusal_clear(struct group *group);

#endif
