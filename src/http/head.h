/*
 * head: a request's first line and headers, read from their bytes (RFC 9112, sections 2 to 6).
 *
 * Strict, as nginx is, where two servers in a row may read differently: no NUL, no CR but before
 * LF, no folded line, no line that begins with a blank, no blank before the colon, one usable Host,
 * an unambiguous end of the body (framing.h).  A line may end in a bare LF.  A target may be
 * absolute; its host then replaces the Host header.
 *
 * An error is remembered and reading continues, so that the answer can carry what later headers ask
 * for (CORS).
 *
 * Threads: any.  Memory: everything points into the text, which is rewritten in place.
 */
#ifndef HTTP_HEAD_H
#define HTTP_HEAD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "http/framing.h"

struct head {
    const char *method; /* "" when unreadable; "GET" for HEAD */
    const char *path;   /* decoded, without the query; "" when unreadable */
    const char *query;  /* as sent, after the ?; "" */
    const char *host;   /* of an absolute target, else the Host header's; NULL: none */
    const char *fields; /* name NUL value NUL ... up to fields_end */
    const char *fields_end;
    bool no_body;    /* HEAD: the answer has only headers */
    bool http_1_0;   /* the client's version; else 1.1 */
    bool keep_alive; /* the connection may be used again */
    bool expects;    /* Expect: 100-continue */
    struct framing framing;
    int status;                 /* 0: valid.  Else what to refuse it with, */
    const char *code, *problem; /* static texts */
};

/* The length of the head at the start of text, with its empty line; 0: not there yet.  Set
   *scanned to 0 at first: it remembers how far was scanned, so that bytes that arrive one by one
   cost no more than all at once. */
size_t head_length(const char *text, size_t len, size_t *scanned);

/* Rewrites text, which is a head or, to be refused anyway, the beginning of one. */
void head_read(struct head *ret, char *text, size_t len);

/* Before or after head_read: the first refusal wins. */
void head_refuse(struct head *head, int status, const char *code, const char *problem);

/* NULL when absent; the first of several. */
const char *head_field(const struct head *head, const char *name);

/* Appends a decoded query: name NUL value NUL ...; + means a space.  A part with %00, which
   head_read refuses, becomes "". */
void head_arguments(const char *query, struct buf *to);

#endif
