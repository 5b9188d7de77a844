/*
 * recycle_bin: moves records to the recycle bin, with those that depend on them.
 * Threads: whoever holds the service's lock.
 * Sources: SOAP API guide, delete() and merge(); object reference, Contact.AccountId.
 */
#ifndef FAKEORG_DATA_RECYCLE_BIN_H
#define FAKEORG_DATA_RECYCLE_BIN_H

#include "fakeorg/data/orgdata.h"

/* Deletes an undeleted record; an account's contacts go with it.  0, or -1 without
   memory. */
MUST_USE int recycle_bin_put(struct orgdata *org, struct record *record);

/* Deletes loser and names master in its MasterRecordId; an account's contacts move to
   the master.  Both are undeleted and of one object.  0, or -1 when out of memory. */
MUST_USE int recycle_bin_merge(struct orgdata *org, struct record *loser, struct record *master);

#endif
