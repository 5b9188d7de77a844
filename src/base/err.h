/*
 * err: why something failed, for the caller and for people.
 *
 * A function that can fail takes a struct err last and returns 0 or -1 (or a
 * pointer or NULL).  The lowest level says what failed; each caller that knows
 * more wraps it, so the text grows outwards:
 * "deliver to Salesforce: sign in: timed out after 30 s".
 *
 * Threads:  a struct err belongs to its caller.
 * Memory:   plain value, nothing to free.  Longer texts are cut, never overrun.
 * Contents: never a secret, never the value of a trait.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdarg.h>

#define MUST_USE          __attribute__((warn_unused_result))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))

/* What the caller should do about it. */
enum err_kind {
    ERR_NONE = 0,
    ERR_INVALID,   /* the input is wrong and will stay wrong: reject it */
    ERR_RETRY,     /* may go away by itself: try again later */
    ERR_FULL,      /* a limit is reached: free some space, or ask the sender to wait */
    ERR_NOT_FOUND, /* what was asked for does not exist */
    ERR_AUTH,      /* the key or the password is wrong */
    ERR_SYSTEM,    /* the operating system or a library failed */
    ERR_MEMORY     /* out of memory */
};

struct err {
    enum err_kind kind;
    char text[512];
};

/* Sets kind and text.  Returns -1, so that failing is one line. */
int err_set(struct err *err, enum err_kind kind, const char *format, ...) PRINTF_LIKE(3, 4);

/* Puts "text: " in front of err's text, keeping its kind.  Returns -1. */
int err_wrap(struct err *err, const char *format, ...) PRINTF_LIKE(2, 3);

/* ERR_MEMORY with the usual text.  Returns -1. */
int err_memory(struct err *err);

/* The kind's name in lower case, for logs and JSON: "invalid", "retry", ... */
const char *err_kind_name(enum err_kind kind);

#endif
