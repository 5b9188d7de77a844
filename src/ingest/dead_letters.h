/*
 * dead_letters: logs events that became dead letters on arrival, because no key can be found for
 * them: at most one line a second for each destination and code, with the messageId of one.
 *
 * Threads: each list belongs to one thread.  Memory: a plain value, zeroed at the start; the codes
 * are static texts.
 * Limits: DEAD_LETTERS_KINDS destinations and codes; further ones are counted together.
 */
#ifndef INGEST_DEAD_LETTERS_H
#define INGEST_DEAD_LETTERS_H

#include "base/log.h"
#include "store/store.h"

#define DEAD_LETTERS_KINDS    32
#define DEAD_LETTERS_EVERY_MS 1000
#define DEAD_LETTERS_NAME     65 /* settings allow 64 bytes */

struct dead_letters {
    struct dead_letters_kind {
        char destination[DEAD_LETTERS_NAME];
        const char *code;
        struct log_pace pace;
        size_t count;           /* of this call */
        const char *message_id; /* the first of this call */
    } kinds[DEAD_LETTERS_KINDS + 1];
    size_t count;
};

/* Logs what the store has just stored; duplicates are not logged again. */
void dead_letters_log(struct dead_letters *dead, const struct store_event *events, size_t count);

#endif
