/*
 * convert: a lead becomes an account and a contact (SOAP API guide, convertLead).
 * Threads: whoever holds the service's lock.
 */
#ifndef FAKEORG_CONVERT_H
#define FAKEORG_CONVERT_H

#include "fakeorg/orgdata.h"

/* Makes both records from the lead's fields and marks the lead as converted.
   -1: ERR_INVALID when it is no lead, gone or converted already; ERR_MEMORY. */
MUST_USE int convert_lead(struct orgdata *org, struct record *lead, struct record **ret_account,
                          struct record **ret_contact, struct err *err);

#endif
