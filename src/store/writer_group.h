/*
 * writer_group: one transaction of requests, and what is left out when it fails.
 *
 * Threads: the store thread.  Errors: as store.h says of a failed transaction.
 */
#ifndef STORE_WRITER_GROUP_H
#define STORE_WRITER_GROUP_H

#include "store/writer_state.h"

/* Writes the group; a request that is itself at fault is refused and the others are written
   without it. */
MUST_USE int writer_write_group(struct store *store, struct request *group, struct err *err);

#endif
