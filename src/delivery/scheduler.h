/*
 * scheduler: the thread of a destination that decides everything.
 *
 * Threads: it is one.  Memory: what it holds is freed when it ends; the destination is not.
 */
#ifndef DELIVERY_SCHEDULER_H
#define DELIVERY_SCHEDULER_H

/* destination: struct destination.  Returns NULL after INBOX_STOP. */
void *scheduler_main(void *destination);

#endif
