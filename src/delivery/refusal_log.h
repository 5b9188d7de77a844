/*
 * refusal_log: logs what was refused, one line for each code: how many, and the messageId of one of
 * them to trace.  Never a message of the org, which may quote a value.
 *
 * Threads: any; each list belongs to one thread.  Memory: borrows the texts it is given.
 * Limits: REFUSAL_LOG_CODES codes in a list; further ones are counted together.
 */
#ifndef DELIVERY_REFUSAL_LOG_H
#define DELIVERY_REFUSAL_LOG_H

#include <stddef.h>

#include "base/err.h"

#define REFUSAL_LOG_CODES 8

struct refusal_log {
    struct refusal_log_code {
        const char *code; /* NULL: further ones */
        size_t count;
        const char *message_id;
    } list[REFUSAL_LOG_CODES + 1];
    size_t count;
};

void refusal_log_add(struct refusal_log *refused, const char *code, const char *message_id);

/* A line of level warn for each code.  format: what all of them have in common. */
void refusal_log_write(const struct refusal_log *refused, const char *event, const char *format,
                       ...) PRINTF_LIKE(3, 4);

#endif
