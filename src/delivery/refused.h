/*
 * refused: tells the log what was refused, one line a code: how many, and the messageId of
 * one of them to trace.  Never a message of the org, which may quote a value.
 *
 * Threads: any; each list is one thread's.  Memory: lends the texts it is given.
 * Limits: REFUSED_CODES codes a list; further ones are counted together.
 */
#ifndef DELIVERY_REFUSED_H
#define DELIVERY_REFUSED_H

#include <stddef.h>

#include "base/err.h"

#define REFUSED_CODES 8

struct refused {
    struct refused_code {
        const char *code; /* NULL: further ones */
        size_t count;
        const char *message_id;
    } list[REFUSED_CODES + 1];
    size_t count;
};

void refused_add(struct refused *refused, const char *code, const char *message_id);

/* A line of level warn for each code.  format: what all of them have in common. */
void refused_log(const struct refused *refused, const char *event, const char *format, ...)
    PRINTF_LIKE(3, 4);

#endif
