/*
 * options: how an org is configured at the start.
 *
 * Threads: plain values.  Memory: texts must outlive the org.
 */
#ifndef FAKEORG_ORG_OPTIONS_H
#define FAKEORG_ORG_OPTIONS_H

#include <stddef.h>
#include <stdint.h>

struct fakeorg_options {
    const char *address; /* an IPv4 address */
    uint16_t port;       /* 0: a free one */
    const char *username, *password, *token;
    const char *const *fields; /* "Lead.testProp__c=string:50" each */
    size_t field_count;
    const char *const *quirks; /* "ids=once" each, see quirks.h */
    size_t quirk_count;
    const char *const *faults; /* "create:cut-after-save,nth=3" each, see faults.h */
    size_t fault_count;
    unsigned latency_ms;             /* of every call */
    unsigned latency_per_record_us;  /* more for each record written or read */
    unsigned latency_jitter_percent; /* it varies by this much up and down */
    uint64_t latency_seed;           /* of the jitter */
    const char *org_file;            /* defines the org, see org_file.h; or NULL */
    const char *data_file;           /* keeps its records; NULL: in memory */
    const char *const *limits;       /* "session-minutes=15" each, see orglimits.h */
    size_t limit_count;
    uint64_t daily_limit;    /* calls in 24 hours */
    unsigned max_concurrent; /* concurrent calls; 0: any number */
};

/* Used where neither the options (NULL or 0) nor the org's file set a value. */
struct fakeorg_options fakeorg_defaults(void);

#endif
