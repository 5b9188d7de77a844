/*
 * scheduler: the thread of a destination that decides everything.
 *
 * Threads: it is one.  Memory: frees what it holds when it ends, but not the destination.
 */
#ifndef DELIVERY_SCHEDULER_H
#define DELIVERY_SCHEDULER_H

/* destination: struct destination.  Returns NULL after INBOX_STOP. */
void *scheduler_main(void *destination);

#endif
