#include "salesforce/soap/call.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "salesforce/transport.h"
#include "salesforce/session.h"
#include "salesforce/soap/fault.h"

#define MAX_REQUEST_BYTES 50000000 /* Salesforce takes 50 MB */

/* ---- counting ---- */

static int64_t *counter(struct org_counts *counts, enum call_kind kind)
{
    switch (kind) {
    case CALL_SIGN_IN:
        return &counts->sign_ins;
    case CALL_DESCRIBE:
        return &counts->describes;
    case CALL_FIND:
        return &counts->finds;
    case CALL_CREATE:
        return &counts->creates;
    case CALL_UPDATE:
        return &counts->updates;
    default:
        return &counts->others;
    }
}

static void count_call(struct org *org, enum call_kind kind)
{
    pthread_mutex_lock(&org->mutex);
    org->counts.calls++;
    ++*counter(&org->counts, kind);
    pthread_mutex_unlock(&org->mutex);
}

static void count_fault(struct org *org, const struct org_fault *fault)
{
    pthread_mutex_lock(&org->mutex);
    org->counts.last_fault = *fault;
    org->counts.last_fault_ms = clock_wall();
    pthread_mutex_unlock(&org->mutex);
}

static void count_limits(struct org *org, const struct soap_doc *doc)
{
    int64_t used, max;

    if (!call_read_limits(doc, &used, &max))
        return;
    pthread_mutex_lock(&org->mutex);
    org->counts.limit_used = used;
    org->counts.limit_max = max;
    org->counts.limit_seen_ms = clock_steady();
    pthread_mutex_unlock(&org->mutex);
}

bool call_read_limits(const struct soap_doc *doc, int64_t *ret_used, int64_t *ret_max)
{
    const struct soap_node *info =
        soap_child(soap_doc_header(doc), SOAP_PARTNER, "LimitInfoHeader");

    for (info = soap_child(info, SOAP_PARTNER, "limitInfo"); info != NULL;
         info = soap_again(info)) {
        const char *type = soap_child_text(info, "type");
        int64_t used = soap_child_number(info, "current", INT64_MAX, -1);
        int64_t max = soap_child_number(info, "limit", INT64_MAX, -1);

        if (type == NULL || strcmp(type, "API REQUESTS") != 0 || used < 0 || max < 0)
            continue;
        *ret_used = used;
        *ret_max = max;
        return true;
    }
    return false;
}

/* ---- one request ---- */

static bool saves(const struct call *call)
{
    return call->kind == CALL_CREATE || call->kind == CALL_UPDATE;
}

static enum fault_from from(const struct call *call)
{
    return call->kind == CALL_SIGN_IN ? FAULT_FROM_SIGN_IN : FAULT_FROM_CALL;
}

/* The status of an answer that is not what was asked for. */
static int wrong_answer(const struct call *call, long status, const char *why,
                        struct org_fault *fault)
{
    char code[32];

    snprintf(code, sizeof code, "HTTP_%ld", status);
    fault_set(fault, from(call), status == 200 ? FAULT_NOT_SOAP : code, "HTTP status %ld: %s",
              status, why);
    /* A gateway may give up on what the org goes on to do; a redirect or a refusal (3xx,
       4xx) never got that far. */
    fault->outcome_unknown = saves(call) && (status < 300 || status >= 500);
    return -1;
}

static struct soap_doc *read_answer(const struct call *call, const struct transport_answer *answer,
                                    struct org_fault *fault)
{
    struct err err = {0};
    struct soap_doc *doc = soap_read(buf_peek(&answer->body), answer->body.len, &err);
    const struct soap_node *content = doc != NULL ? soap_doc_content(doc) : NULL;

    if (doc == NULL && err.kind == ERR_MEMORY) {
        fault_from_err(fault, &err);
        fault->outcome_unknown = saves(call);
    } else if (doc == NULL) {
        wrong_answer(call, answer->status, err.text, fault);
    } else if (content != NULL && content->space == SOAP_ENVELOPE &&
               strcmp(content->name, "Fault") == 0) {
        soap_fault_read(fault, from(call), content); /* nothing was saved */
    } else if (answer->status == 200 && content != NULL && content->space == SOAP_PARTNER &&
               strcmp(content->name, call->answer) == 0) {
        return doc;
    } else {
        wrong_answer(call, answer->status, "the envelope does not hold the answer", fault);
    }
    soap_doc_free(doc);
    return NULL;
}

struct soap_doc *call_once(struct org_connection *connection, const char *url,
                           const struct call *call, struct org_fault *fault)
{
    struct transport_answer answer = {0};
    struct soap_doc *doc = NULL;
    struct buf request;
    struct err err;
    int rc;

    buf_init(&answer.body, connection->org->config.max_answer_bytes);
    buf_init(&request, MAX_REQUEST_BYTES);
    call->write(&request, connection, call->what);
    rc = buf_check(&request, "request", &err);
    if (rc < 0) {
        fault_from_err(fault, &err);
    } else {
        rc = transport_post(connection, url, buf_peek(&request), request.len, &answer, fault);
        if (rc < 0)
            fault->outcome_unknown = answer.sent && saves(call);
        if (answer.sent)
            count_call(connection->org, call->kind);
    }
    if (request.data != NULL)
        explicit_bzero(request.data, request.len); /* a session or a password */
    buf_done(&request);
    if (rc == 0)
        doc = read_answer(call, &answer, fault);
    buf_done(&answer.body);
    if (doc != NULL)
        count_limits(connection->org, doc);
    else
        count_fault(connection->org, fault);
    return doc;
}

/* ---- with a session ---- */

/* Three parts in base64url, the first of them JSON: a token that SOAP refuses however
   fresh, so that signing in again would never end. */
static bool looks_like_jwt(const char *session_id)
{
    const char *dot = strncmp(session_id, "eyJ", 3) == 0 ? strchr(session_id, '.') : NULL;

    return dot != NULL && strchr(dot + 1, '.') != NULL;
}

static void stop(struct org_connection *connection, struct org_fault *fault)
{
    fault->class = ORG_STOP;
    if (looks_like_jwt(connection->session_id))
        fault->advice = "The org hands out tokens in JWT format, which its SOAP API refuses: turn "
                        "off \"Issue JSON Web Token (JWT)-based access tokens\" for this client.";
    session_stop(connection->org, fault);
}

struct soap_doc *call_run(struct org_connection *connection, const struct call *call,
                          struct org_fault *fault)
{
    for (bool renewed = false;; renewed = true) {
        struct soap_doc *doc;

        if (session_take(connection, fault) < 0)
            return NULL;
        doc = call_once(connection, connection->server_url, call, fault);
        if (session_ended(connection, doc != NULL ? NULL : fault) && !renewed &&
            !fault->outcome_unknown)
            continue;
        if (doc != NULL)
            return doc;
        if (strcmp(fault->code, "INVALID_OPERATION_WITH_EXPIRED_PASSWORD") == 0)
            stop(connection, fault);
        if (strcmp(fault->code, "INVALID_SESSION_ID") != 0)
            return NULL;
        if (renewed || looks_like_jwt(connection->session_id)) {
            stop(connection, fault);
            return NULL;
        }
        session_lost(connection);
    }
}

int call_unreadable(struct org_connection *connection, const struct call *call,
                    const struct err *err, struct org_fault *fault)
{
    const char *full = saves(call) ? FAULT_RESULT_COUNT : FAULT_ANSWER_TOO_LARGE;
    const char *invalid =
        saves(call) || call->kind == CALL_FIND ? FAULT_UNTRUE_ANSWER : FAULT_NOT_SOAP;

    if (err->kind == ERR_MEMORY)
        fault_from_err(fault, err);
    else
        fault_set(fault, from(call), err->kind == ERR_FULL ? full : invalid, "%s", err->text);
    fault->outcome_unknown = saves(call);
    count_fault(connection->org, fault);
    return -1;
}
