/*
 * refusal: the write of a group was refused for what its events say.  Of several the one at
 * fault is searched by halves; alone it is a dead letter, and the rest is written together.
 * When that is refused again a single one is tried, from either end in turn, since all of them
 * may be at fault: after REFUSED_ALONE such ones, with none saved between, all are.
 *
 * Threads: the scheduler's.  Memory: the decision lends the texts of the reason.
 */
#ifndef DELIVERY_REFUSAL_H
#define DELIVERY_REFUSAL_H

#include "delivery/decision.h"
#include "delivery/destination.h"

#define REFUSED_ALONE 4 /* events of one write refused alone before the rest is given up */

struct decision refusal_decide(const struct destination *d, struct group *group, struct reason why);

/* For what holds for all events of the group, whatever each of them says. */
struct decision refusal_of_all(struct destination *d, const struct group *group, struct reason why);

/* Its items have become dead letters: notes how far the search has come. */
void refusal_note(struct group *group, enum decision_refusal refusal);

/* Its items were saved: so not all are at fault, and it is not among these. */
void refusal_clear(struct group *group);

#endif
