/*
 * refusal: why a request to the tracking API is refused as a whole.
 *
 * Threads: any.  Memory: a plain value that owns nothing.
 */
#ifndef INGEST_REFUSAL_H
#define INGEST_REFUSAL_H

#include "base/err.h"

/* For its sender. */
struct refusal {
    int status;
    const char *code; /* static */
    char message[256];
    int retry_after_s; /* 0: not sent */
    char source[80];   /* whose it was; "": not known */
};

/* Fills one; returns -1. */
int refuse(struct refusal *refusal, int status, const char *code, const char *format, ...)
    PRINTF_LIKE(4, 5);

/* The refusal of a request when out of memory; returns -1. */
int refuse_memory(struct refusal *refusal);

#endif
