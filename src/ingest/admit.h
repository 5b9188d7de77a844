/*
 * admit: turns the content of a request into what the store shall keep, without any HTTP.
 *
 * Finds the source by its write key, reads the messages, and asks the mapping for each
 * destination of the source: wanted (waits there), wanted but never deliverable (a dead letter at
 * once, with advice), or not wanted (counted).
 *
 * Threads: any.  Memory: an accepted request owns everything its events point to, and holds a
 *          reference to the settings; accepted_done frees it.
 */
#ifndef INGEST_ADMIT_H
#define INGEST_ADMIT_H

#include "event/intake.h"
#include "event/names.h"
#include "ingest/limits.h"
#include "ingest/refusal.h"
#include "mapping/mapping.h"
#include "settings/settings.h"
#include "store/store.h"

/* All borrowed. */
struct submission {
    const char *authorization; /* the header; NULL: none */
    const char *query_key;     /* writeKey in the query; NULL: none */
    const char *body;
    size_t len;
    enum event_type type; /* that the path names */
    bool must_be_batch;
    int64_t received_ms;
    struct limits *limits; /* NULL: none */
    const char *address;   /* of the client, as limits.h has it; NULL: not known */
};

struct accepted {
    struct settings *settings;
    const struct source_settings *source;
    struct intake intake;
    struct store_event *events;
    struct event_names *names; /* of each event */
    size_t event_count;
    struct store_skip *skips;
    size_t skip_count;
    struct store_target *targets; /* of all events, one after the other */
    struct mapping_route *routes; /* where the targets' texts live */
    size_t target_count;
    int64_t bad, unwanted; /* messages with a problem; messages no destination wants */
};

/* 0, or -1 with *ret_refusal and nothing to free. */
MUST_USE int admit(const struct submission *submission, struct settings *settings,
                   struct accepted *ret, struct refusal *ret_refusal);
void accepted_done(struct accepted *accepted);

#endif
