/*
 * answer: the exact words that the SDKs understand.
 *
 * 200 with {"success": true}, as JSON, and nothing else, is success to all of them; a
 * refusal has code and message, or some send it again.  Images and scripts are for
 * browsers that could not send anything else.
 *
 * Threads: any.
 */
#ifndef INGEST_ANSWER_H
#define INGEST_ANSWER_H

#include "http/http.h"

enum answer_form {
    ANSWER_JSON,
    ANSWER_SCRIPT, /* JSONP: a call of the page's function; refusals are JSON */
    ANSWER_IMAGE   /* a transparent GIF, on refusals too */
};

/* True when callback can be called in a script without harm: one plain name. */
bool answer_callback_valid(const char *callback);

/* callback: of ANSWER_SCRIPT only. */
void answer_success(struct http_request *request, enum answer_form form, const char *callback);
void answer_refusal(struct http_request *request, enum answer_form form, int status,
                    const char *code, const char *message);

/* A browser's question before it sends, answered for every path. */
void answer_preflight(struct http_request *request);

/* The http_decorator: what a page of another origin needs to read any answer. */
void answer_cors(void *arg, struct http_request *request);

/* What an SDK asks first: where to send to.  public_host NULL: where it asked.  0, or -1 with
   ERR_INVALID (no host can be told) or ERR_MEMORY, and the request is not answered. */
MUST_USE int answer_sdk_settings(struct http_request *request, const char *write_key,
                                 const char *public_host, struct err *err);

#endif
