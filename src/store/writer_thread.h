/*
 * writer_thread: the store thread: groups waiting requests, writes them, answers them.
 */
#ifndef STORE_WRITER_THREAD_H
#define STORE_WRITER_THREAD_H

#include "store/writer_state.h"

/* arg is the writer; ends when it is stopping and nothing waits. */
void *writer_thread(void *arg);

#endif
