/*
 * answers: an answered call comes back.  Asks the step that is made for it what each group does
 * next, has that applied, and writes down what has ended.
 *
 * Threads: the scheduler's.  Memory: the call is freed, or queued again.
 * Errors:  logged; what could not be decided for want of memory accumulates again.
 */
#ifndef DELIVERY_ANSWERS_H
#define DELIVERY_ANSWERS_H

#include "delivery/destination.h"

void answers_take(struct destination *d, struct call *call);

#endif
