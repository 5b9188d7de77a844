/*
 * request: one call of a client on its way through the org, whatever its protocol.
 *
 * A protocol fills in the first part, then calls in this order:
 *
 *   request_begin    the call is in the log and counts as running
 *   request_do       with the lock held, the protocol's own function, which calls
 *                      request_inject   faults on demand
 *                      request_accept   session, limits
 *                    and does the operation: org/login.h, org/paging.h, rules/save_order.h;
 *                    what it changed is in the journal before the answer goes out
 *   request_end      after the latency, the answer is in the log
 *
 * Threads: that of the connection; between begin and end only request_do takes the lock.
 * Memory:  what lives as long as the request is taken from its arena.
 */
#ifndef FAKEORG_ORG_REQUEST_H
#define FAKEORG_ORG_REQUEST_H

#include "base/arena.h"
#include "base/buf.h"
#include "fakeorg/api/error.h"
#include "fakeorg/api/operation.h"
#include "fakeorg/faults/request_view.h"
#include "fakeorg/faults/response_mode.h"
#include "fakeorg/org/service.h"
#include "fakeorg/rules/save.h"

struct request {
    struct service *service;
    struct arena *arena;
    struct api_error *error;
    size_t bytes;               /* of its body */
    int socket;                 /* of the client's connection; 0: none */
    int version;                /* of the API: 64 for 64.0; 0 where none was named */
    enum operation operation;   /* OPERATIONS for none known */
    const char *operation_text; /* as the client named it; NULL where nothing could be read */
    const char *session_id;     /* NULL without */
    const char *client;         /* how it calls itself; NULL without */

    struct quirks quirks; /* the org's, and what a fault changed for this request */
    struct fault fault;   /* what a fault on demand does to it */
    struct running running;
    size_t records;      /* written or read, for the latency */
    size_t failed;       /* of those, refused */
    const char *refusal; /* "CODE: message" of the first of them; NULL without */
    uint64_t number;     /* in the log of calls */
};

void request_begin(struct request *request);

/* Does the work with the lock held: 0, or -1 with the error. */
MUST_USE int request_do(struct request *request, int (*work)(void *context), void *context);

/* -1: the request is not to be done, and the error or the fault says how it ends.  Gives
   the lock back for as long as a late commit waits. */
MUST_USE int request_inject(struct request *request, const struct request_view *view);

/* 0, and the request counted; or -1 with the error that refuses it. */
MUST_USE int request_accept(struct request *request);

/* What its records are saved with; the protocol adds what the client asks for. */
struct save_context request_save_context(const struct request *request);

/* Counts a record that was read or saved, for the log. */
void request_note_saved(struct request *request, const struct save *save);

/* Waits for as long as such a request takes. */
void request_wait(struct request *request);

/* Whether there is an answer to write: a fault may want the connection to end without. */
bool request_is_answered(const struct request *request);

struct response_mode request_response_mode(const struct request *request);

/* status is that of HTTP; body is what the client sent. */
void request_end(struct request *request, unsigned status, const char *body,
                 const struct buf *answer);

#endif
