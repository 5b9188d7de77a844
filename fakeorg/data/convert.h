/*
 * convert: a lead becomes an account and a contact (SOAP API guide, convertLead).
 * This org has no Opportunity object: an opportunity is only an id.
 * Threads: whoever holds the service's lock.
 */
#ifndef FAKEORG_DATA_CONVERT_H
#define FAKEORG_DATA_CONVERT_H

#include "fakeorg/data/orgdata.h"

struct convert_wish {
    struct record *account, *contact; /* empty fields are filled; NULL: create one */
    const char *owner_id;             /* of the new records; NULL: the lead's */
    bool overwrite_source;            /* of the given contact: LeadSource */
    bool opportunity;                 /* create one */
    const char *opportunity_id;       /* or use this one; NULL: none */
};

struct conversion {
    struct record *account, *contact;
    char opportunity_id[ID_MAX]; /* "" if none */
};

/* The status of converted leads: "Closed - Converted", or the last of the list
   if the org has no such value. */
const char *convert_status(struct orgdata *org);

bool convert_done(const struct record *lead);

/* lead must be undeleted and not converted.  0, or -1 when out of memory. */
MUST_USE int convert_lead(struct orgdata *org, struct record *lead, const struct convert_wish *wish,
                          struct conversion *ret_conversion);

#endif
