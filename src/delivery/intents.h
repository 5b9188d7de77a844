/*
 * intents: the creates whose outcome is not known, by key.
 *
 * A create is recorded in the store as an intent before it is sent.  When its answer is lost it is
 * kept here until a look-up finds its record, or until so much time has passed that it can no
 * longer take effect: until then nothing else is created for its key.
 *
 * Threads: the scheduler's.  Memory: intents_done frees them.  Time: mono.
 * Errors:  ERR_MEMORY, or the store's; what was known before is still known.
 */
#ifndef DELIVERY_INTENTS_H
#define DELIVERY_INTENTS_H

#include "delivery/outcome_batch.h"

/* The longest interval between look-ups of a create that may have been executed. */
#define LOOK_AGAIN_LONGEST_MS 60000

struct intent;
struct cut_off;

struct intents {
    struct intent *by_key;    /* uthash */
    struct cut_off *by_loose; /* uthash */
};

/* Those that an earlier run left in the store.  The downtime is unknown, so each waits in full. */
MUST_USE int intents_load(struct intents *intents, struct store *store, const char *destination,
                          struct err *err);

/* Writes the intents of groups that are about to be created into the store. */
MUST_USE int intents_write(struct writer *writer, const char *destination,
                           struct group *const *groups, size_t count, struct err *err);

/* The create of key was sent and has no answer: unknown from now on.  loose: its loose key; others
   with the same one wait too. */
MUST_USE int intents_add(struct intents *intents, const char *key, const char *loose,
                         struct err *err);

/* It is answered, or its record was found: forgotten here, and in the store with batch. */
MUST_USE int intents_remove(struct intents *intents, const char *key, struct outcome_batch *batch,
                            struct err *err);

bool intents_has(const struct intents *intents, const char *key);

/* After a look-up that found no record: how long to wait before the next one, because a create of
   its key, or of one that the org may treat as equal, may still take effect; 0: create it. */
int64_t intents_wait_ms(struct intents *intents, const char *loose,
                        const struct destination_settings *to);

/* Renames the keys to those that schema gives, here and, with batch, in the store, so that new
   events find keys made with an earlier schema. */
MUST_USE int intents_rekey(struct intents *intents, const struct schema *schema,
                           struct writer *writer, const char *destination,
                           struct outcome_batch *batch, struct err *err);

void intents_done(struct intents *intents);

#endif
