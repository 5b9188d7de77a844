/*
 * orgdata: all the org's tables: made, emptied and freed.  Brings what works on them along:
 * object.h and record.h.
 *
 * Threads: nothing here locks; the service (service.h) has one lock for all.
 * Memory:  the org owns its objects, fields and records; texts are copied in.
 */
#ifndef FAKEORG_DATA_ORGDATA_H
#define FAKEORG_DATA_ORGDATA_H

#include "base/err.h"
#include "fakeorg/data/object.h"
#include "fakeorg/data/record.h"

/* Lead, Account and Contact with their standard fields, and User with its records;
   NULL with *err. */
MUST_USE struct orgdata *orgdata_new(struct err *err);

/* NULL is allowed. */
void orgdata_free(struct orgdata *org);

/* Drops every record but the users; ids are not given out again. */
void orgdata_reset(struct orgdata *org);

/* Records that are there without history, as those of --data are, begin to have one;
   which call made them is not known. */
void orgdata_begin_history(struct orgdata *org);

#endif
