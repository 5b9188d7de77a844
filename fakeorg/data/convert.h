/*
 * convert: a lead becomes an account and a contact (SOAP API guide, convertLead).
 * Opportunities are no object of this org: one gets an id and nothing else.
 * Threads: whoever holds the service's lock.
 */
#ifndef FAKEORG_DATA_CONVERT_H
#define FAKEORG_DATA_CONVERT_H

#include "fakeorg/data/orgdata.h"

struct convert_wish {
    struct record *account, *contact; /* filled where they are empty; NULL: made */
    const char *owner_id;             /* of what is made; NULL: the lead's */
    bool overwrite_source;            /* LeadSource of the contact given */
    bool opportunity;                 /* make one */
    const char *opportunity_id;       /* or take this one; NULL without */
};

struct conversion {
    struct record *account, *contact;
    char opportunity_id[ID_MAX]; /* "" without */
};

/* The status that converted leads get: "Closed - Converted", or the last of the list
   where the org has none of that name. */
const char *convert_status(struct orgdata *org);

bool convert_done(const struct record *lead);

/* lead must be undeleted and not converted.  0, or -1 without memory. */
MUST_USE int convert_lead(struct orgdata *org, struct record *lead, const struct convert_wish *wish,
                          struct conversion *ret_conversion);

#endif
