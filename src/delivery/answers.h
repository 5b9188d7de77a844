/*
 * answers: handles an answered call.  Asks the matching step what each group does next, has that
 * applied, and records what has ended.
 *
 * Threads: the scheduler's.  Memory: the call is freed, or queued again.
 * Errors:  logged; what could not be decided for lack of memory accumulates again.
 */
#ifndef DELIVERY_ANSWERS_H
#define DELIVERY_ANSWERS_H

#include "delivery/destination.h"

void answers_take(struct destination *d, struct call *call);

#endif
