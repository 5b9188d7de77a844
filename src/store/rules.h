/*
 * rules: what every back end decides the same way: which events are accepted, which changes of
 * state a delivery may make, and what each does to the counters.  Private to the folder.
 *
 * Threads: any; these functions keep nothing.  Errors: ERR_INVALID.
 */
#ifndef STORE_RULES_H
#define STORE_RULES_H

#include "store/store.h"

/* Largest body and largest other text of an event, in bytes.  The limits on input are narrower;
   these keep one row from harming the store. */
#define STORE_BODY_MAX (16 * 1024 * 1024)
#define STORE_TEXT_MAX (64 * 1024)

/* 0 when the event can be stored: named, bounded, at least one target, none twice.
   Else ERR_INVALID. */
MUST_USE int rules_event(const struct store_event *event, struct err *err);

/* The form in which a name, or the messageId of a skipped event, is kept: 64 bits of its BLAKE2b
   hash, too expensive to make collide on purpose. */
int64_t rules_hash(const char *text);

/* Detects that an event has changed on the disk: 64 bits of SipHash over its body, with both times
   as the key. */
int64_t rules_checksum(const char *body, size_t len, int64_t received_ms, int64_t timestamp_ms);

/* The characters of a record Id that both its forms share. */
#define STORE_RECORD_ID 15

/* 0 when an outcome may take a delivery from one state to the other. */
MUST_USE int rules_move(int64_t seq, enum store_state from, enum store_state to, struct err *err);

/* Takes one delivery from one state to the other in its destination's counters.  created:
   it is (or was) written as new. */
void counters_move(struct store_counters *counters, enum store_state from, enum store_state to,
                   bool created);

/* A dead letter is discarded: it stays dead, but no longer waits for a person. */
void counters_discard(struct store_counters *counters);

/* Counts one accepted delivery. */
void counters_accept(struct store_counters *counters, enum store_state state);

#endif
