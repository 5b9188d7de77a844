/*
 * request: one client call as the org processes it, in any protocol.
 *
 * A protocol fills in the first members, then calls in this order:
 *
 *   request_begin    the call is in the log and counts as running
 *   request_do       with the lock held, runs the protocol's function, which calls
 *                      request_inject   faults on demand
 *                      request_accept   session, limits
 *                    and carries out the operation: org/login.h, org/paging.h, rules/save_order.h;
 *                    its changes are in the journal before the answer is sent
 *   request_end      after the latency, the answer is in the log
 *
 * Threads: that of the connection; between begin and end only request_do takes the lock.
 * Memory:  what must live as long as the request comes from its arena.
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
    int version;                /* of the API: 64 for 64.0; 0 if none was given */
    enum operation operation;   /* OPERATIONS if unknown */
    const char *operation_text; /* as the client named it; NULL if unreadable */
    const char *session_id;     /* NULL without */
    const char *client;         /* its name for itself, or NULL */

    struct quirks quirks; /* the org's, with a fault's changes for this request */
    struct fault fault;   /* what a fault on demand does to it */
    struct running running;
    size_t records;      /* written or read, for the latency */
    size_t failed;       /* how many of them were refused */
    const char *refusal; /* "CODE: message" of the first of them, or NULL */
    uint64_t number;     /* in the log of calls */
};

void request_begin(struct request *request);

/* Does the work, with the lock held: 0, or -1 with the error. */
MUST_USE int request_do(struct request *request, int (*work)(void *context), void *context);

/* -1: the request must not be carried out; the error or the fault says how it ends.
   Releases the lock while a late commit waits. */
MUST_USE int request_inject(struct request *request, const struct request_view *view);

/* Counts the request and returns 0, or -1 with the error that refuses it. */
MUST_USE int request_accept(struct request *request);

/* How its records are saved; the protocol adds the client's options. */
struct save_context request_save_context(const struct request *request);

/* Counts a record that was read or saved, for the log. */
void request_note_saved(struct request *request, const struct save *save);

/* Waits for the request's latency. */
void request_wait(struct request *request);

/* Whether to write an answer: a fault may end the connection without one. */
bool request_is_answered(const struct request *request);

struct response_mode request_response_mode(const struct request *request);

/* status is HTTP's; body is the client's. */
void request_end(struct request *request, unsigned status, const char *body,
                 const struct buf *answer);

#endif
