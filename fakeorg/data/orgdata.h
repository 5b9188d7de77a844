/*
 * orgdata: creates, empties and frees the org's tables.  Includes what works on them:
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

/* Drops every record except the users; ids are not reused. */
void orgdata_reset(struct orgdata *org);

/* Starts a history for existing records, such as those loaded from --data;
   which call created them is unknown. */
void orgdata_begin_history(struct orgdata *org);

#endif
