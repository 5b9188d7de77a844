/*
 * service: the whole org: records, access, open queries, and the
 * settings of the command line.
 *
 * Threads: lock protects everything declared after it; it is taken by request.c for a request,
 *          http/control.c and the pages.
 * Memory:  the service owns everything in it, except the texts of the options.
 */
#ifndef FAKEORG_ORG_SERVICE_H
#define FAKEORG_ORG_SERVICE_H

#include <pthread.h>

#include "base/arena.h"
#include "fakeorg/access/access.h"
#include "fakeorg/api/quirks.h"
#include "fakeorg/data/orgdata.h"
#include "fakeorg/faults/latency.h"
#include "fakeorg/faults/fault.h"
#include "fakeorg/org/calllog.h"
#include "fakeorg/org/options.h"
#include "fakeorg/org/transcript.h"
#include "fakeorg/query/cursor.h"

struct journal; /* journal.h */
struct rules;   /* rules.h */

struct service {
    struct fakeorg_options options;
    pthread_mutex_t lock;
    struct orgdata *org;
    struct access access;
    struct cursors cursors;
    struct quirks quirks;
    struct faults faults;
    struct latency latency;
    struct rules *rules;
    struct journal *journal; /* of --data, or NULL */
    struct arena texts;      /* of options from the org's file */
    struct calllog log;
    struct transcript transcript; /* of the last of them */
};

/* NULL is allowed. */
void service_free(struct service *service);

#endif
