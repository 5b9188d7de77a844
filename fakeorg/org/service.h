/*
 * service: the org as it stands behind its address: records, session, quota,
 * open queries, and what the command line set.
 *
 * Threads: soap.c and control.c take lock for as long as they look at anything
 *          below it; options never change after service_new.
 * Memory:  the service owns everything in it; options lend their texts.
 */
#ifndef FAKEORG_ORG_SERVICE_H
#define FAKEORG_ORG_SERVICE_H

#include <pthread.h>

#include "fakeorg/access/admission.h"
#include "base/arena.h"
#include "fakeorg/org/calllog.h"
#include "fakeorg/query/cursor.h"
#include "fakeorg/org/fakeorg.h"
#include "fakeorg/faults/latency.h"
#include "fakeorg/access/orglimits.h"
#include "fakeorg/faults/fault.h"
#include "fakeorg/access/quota.h"
#include "fakeorg/data/orgdata.h"
#include "fakeorg/access/session.h"
#include "fakeorg/access/signin.h"
#include "fakeorg/api/switches.h"
#include "fakeorg/org/transcript.h"

struct journal; /* journal.h */
struct rules;   /* rules.h */

struct service {
    struct fakeorg_options options;
    pthread_mutex_t lock;
    struct orgdata *org;
    struct session session;
    struct limits limits, first_limits; /* those it began with */
    struct quota quota;
    struct signin signin;
    struct admission admission; /* the calls being answered, their latency included */
    struct cursors cursors;
    struct switches switches;
    struct faults faults;
    struct latency latency;
    struct rules *rules;
    struct journal *journal; /* of --data; NULL without */
    struct arena texts;      /* of options that the org's file brought */
    struct calllog log;
    struct transcript transcript; /* of the last of them */
};

MUST_USE struct service *service_new(const struct fakeorg_options *options, struct err *err);

/* The limits as they were at the start.  With the lock held. */
void service_default_limits(struct service *service);

/* NULL is allowed. */
void service_free(struct service *service);

#endif
