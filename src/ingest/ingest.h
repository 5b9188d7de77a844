/*
 * ingest: the tracking API that Segment SDKs send to.
 *
 * For each request: find the path, the source of the write key, the messages (event/intake.h) and
 * the destinations that want them (mapping_route); then hand it to the store thread.  The answer is
 * sent after the commit.
 *
 * Threads: its HTTP server's loop thread, and the store thread for answers.
 */
#ifndef INGEST_INGEST_H
#define INGEST_INGEST_H

#include "ingest/refusals.h"
#include "settings/settings.h"
#include "store/writer.h"

struct ingest;

/* Takes its own reference of settings. */
MUST_USE struct ingest *ingest_start(struct settings *settings, struct writer *writer,
                                     struct err *err);
const char *ingest_address(const struct ingest *ingest);

/* New requests use these settings from now on (listen is not changed). */
void ingest_reload(struct ingest *ingest, struct settings *settings);

/* Stops accepting, answers what is committed, frees.  The writer must still be running.  NULL is
   allowed. */
void ingest_stop(struct ingest *ingest);

struct ingest_counts {
    int64_t requests, refused; /* refused: answered 4xx or 5xx */
    int64_t messages, accepted, duplicates, skipped, bad;
};
struct ingest_counts ingest_counts(struct ingest *ingest);

/* The refused requests by reason; returns how many reasons. */
size_t ingest_refusals(struct ingest *ingest, struct refusal_count ret[REFUSALS_REASONS]);

#endif
