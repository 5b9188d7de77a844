/*
 * service: the org as it stands behind its address: records, session, quota,
 * open queries, and what the command line set.
 *
 * Threads: soap.c and control.c take lock for as long as they look at anything
 *          below it; options never change after service_new.
 * Memory:  the service owns everything in it; options lend their texts.
 */
#ifndef FAKEORG_SERVICE_H
#define FAKEORG_SERVICE_H

#include <pthread.h>

#include "fakeorg/admission.h"
#include "fakeorg/arena.h"
#include "fakeorg/calllog.h"
#include "fakeorg/cursor.h"
#include "fakeorg/fakeorg.h"
#include "fakeorg/latency.h"
#include "fakeorg/orglimits.h"
#include "fakeorg/mishap.h"
#include "fakeorg/quota.h"
#include "fakeorg/orgdata.h"
#include "fakeorg/session.h"
#include "fakeorg/signin.h"
#include "fakeorg/switches.h"
#include "fakeorg/transcript.h"

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
    struct mishaps mishaps;
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
