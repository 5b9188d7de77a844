/*
 * answer: the exact responses that the SDKs understand.
 *
 * All of them accept 200 with {"success": true}, as JSON, and nothing else as success; a refusal
 * needs code and message, or some SDKs retry it.  Images and scripts are for browsers that cannot
 * send anything else.
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

/* True when callback can safely be called in a script: one plain name. */
bool answer_callback_valid(const char *callback);

/* callback: of ANSWER_SCRIPT only. */
void answer_success(struct http_request *request, enum answer_form form, const char *callback);
void answer_refusal(struct http_request *request, enum answer_form form, int status,
                    const char *code, const char *message);

/* Answers a browser's preflight request, for every path. */
void answer_preflight(struct http_request *request);

/* The http_decorator: what a page of another origin needs to read any answer. */
void answer_cors(void *arg, struct http_request *request);

/* Answers an SDK's first request: where to send to. public_host NULL: the host that was asked. 0,
   or -1 with ERR_INVALID (the host is unknown) or ERR_MEMORY, and the request is not answered. */
MUST_USE int answer_sdk_settings(struct http_request *request, const char *write_key,
                                 const char *public_host, struct err *err);

#endif
