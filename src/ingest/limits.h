/*
 * limits: how much a source may send, and how much each address may send to it.
 *
 * A write key is in every page that uses it, so anybody can send with it.  Each limit is a token
 * bucket: for events a second it holds one second's worth, for bytes a day one day's worth.  A
 * request passes while every bucket holds at least one token, and takes all it needs: a batch
 * larger than a bucket passes too, and the bucket goes into debt, which must be repaid before the
 * next one.
 *
 * Threads: one, the HTTP server's.  Time: mono.  Ownership: limits_free frees all.
 * Limits: LIMITS_ENTRIES sources and addresses; beyond that the one that sent longest ago is
 *         forgotten, which only means that its buckets are full again.  Out of memory, a request
 * passes.
 */
#ifndef INGEST_LIMITS_H
#define INGEST_LIMITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "settings/settings.h"

#define LIMITS_ENTRIES    50000
#define LIMITS_ADDRESS    64  /* bytes of an address as text */
#define LIMITS_MAX_WAIT_S 300 /* no SDK waits longer */

struct limits;

/* What one request wants to send.  All borrowed. */
struct limits_ask {
    const struct source_settings *source;
    const char *address; /* as client_address gives it; NULL: not known, not limited */
    size_t events, bytes;
};

MUST_USE struct limits *limits_new(struct err *err);
void limits_free(struct limits *limits); /* NULL is allowed */

/* Which limit a request would break. */
struct limits_broken {
    const char *setting, *code; /* static */
    int64_t value;              /* of the setting */
    int wait_s;                 /* when to ask again: 1 to LIMITS_MAX_WAIT_S */
};

/* True: within all limits, and counted.  Else *ret says why not, and nothing is counted. */
bool limits_take(struct limits *limits, const struct limits_ask *ask, struct limits_broken *ret);

/* The address a request came from, for limits: peer, or with trusted proxies in front the one
   that the outermost of them saw, counted from the end of X-Forwarded-For (forwarded, may be
   NULL).  Of an IPv6 address only the first 64 bits, which is what one client gets. */
void client_address(const char *peer, const char *forwarded, int trusted_proxies,
                    char ret[LIMITS_ADDRESS]);

#endif
