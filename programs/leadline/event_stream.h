/*
 * event_stream: JSON values from a file, one after another: one a line, over several
 * lines, or as the elements of an array.
 *
 * Only finds where values end; whoever reads a value finds out whether it is JSON.  A value without
 * its end stops before a line that begins the next one, so that one bad event spoils no other.
 *
 * Threads: any, one stream in one thread.  Memory: event_stream_done frees it.
 * Limits:  a value longer than max bytes leaves `value` failed; only one value is held, however
 *          long the array.
 */
#ifndef PROGRAMS_LEADLINE_EVENT_STREAM_H
#define PROGRAMS_LEADLINE_EVENT_STREAM_H

#include <stdio.h>

#include "base/buf.h"

#define EVENT_STREAM_DEPTH 128 /* more than any event has; deeper ones are refused anyway */

struct event_stream {
    FILE *in;
    struct buf value;
    size_t first_line; /* where value begins, from 1 */

    size_t line; /* of the next character */
    bool in_array;
    bool fresh; /* nothing but white space yet on this line */
    char open[EVENT_STREAM_DEPTH];
    size_t depth;
    char last; /* significant character */
};

void event_stream_init(struct event_stream *stream, FILE *in, size_t max);

/* The next value, into stream->value.  False at the end of the file. */
bool event_stream_next(struct event_stream *stream);

void event_stream_done(struct event_stream *stream);

#endif
