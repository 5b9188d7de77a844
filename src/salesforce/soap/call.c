/* call: one SOAP request and its answer, whatever it asks for. */
#include "salesforce/soap/call.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "salesforce/execute.h"
#include "salesforce/soap/fault.h"

#define MAX_REQUEST_BYTES 50000000 /* Salesforce takes 50 MB */

bool soap_call_limits(const struct soap_doc *doc, int64_t *ret_used, int64_t *ret_max)
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

static bool saves(const struct soap_call *call)
{
    return call->kind == REQUEST_CREATE || call->kind == REQUEST_UPDATE;
}

static enum fault_from from(const struct soap_call *call)
{
    return call->kind == REQUEST_SIGN_IN ? FAULT_FROM_SIGN_IN : FAULT_FROM_CALL;
}

/* The status of an answer that is not what was asked for. */
static int wrong_answer(const struct soap_call *call, long status, const char *why,
                        struct org_fault *fault)
{
    char code[32];

    snprintf(code, sizeof code, "HTTP_%ld", status);
    fault_set(fault, from(call), status == 200 ? FAULT_NOT_API : code, "HTTP status %ld: %s",
              status, why);
    /* A gateway may give up on what the org continues to do; a redirect or a refusal (3xx,
       4xx) never got that far. */
    fault->outcome_unknown = saves(call) && (status < 300 || status >= 500);
    return -1;
}

static struct soap_doc *read_answer(const struct soap_call *call,
                                    const struct transport_answer *answer, struct org_fault *fault)
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

/* One request and the bytes of its answer. */
static int post(struct org_connection *connection, const char *url, const struct soap_call *call,
                struct transport_answer *answer, struct org_fault *fault)
{
    static const char *const headers[] = {"Content-Type: text/xml; charset=UTF-8",
                                          "SOAPAction: \"\""};
    struct transport_request request = {
        .url = url, .headers = headers, .header_count = sizeof headers / sizeof headers[0]};
    struct buf body;
    struct err err;
    int rc;

    buf_init_secret(&body, MAX_REQUEST_BYTES); /* a session or a password */
    call->write(&body, connection, call->what);
    rc = buf_check(&body, "request", &err);
    if (rc < 0) {
        fault_from_err(fault, &err);
    } else {
        request.body = buf_peek(&body);
        request.len = body.len;
        rc = transport_post(&connection->transport, &request, answer, fault);
        if (rc < 0)
            fault->outcome_unknown = answer->sent && saves(call);
        if (answer->sent)
            counts_request(connection->org, call->kind);
    }
    buf_done(&body);
    return rc;
}

struct soap_doc *soap_call_once(struct org_connection *connection, const char *url,
                                const struct soap_call *call, struct org_fault *fault)
{
    struct transport_answer answer = {0};
    struct soap_doc *doc = NULL;
    int64_t used, max;

    buf_init(&answer.body, connection->org->config.max_answer_bytes);
    if (post(connection, url, call, &answer, fault) == 0)
        doc = read_answer(call, &answer, fault);
    buf_done(&answer.body);
    if (doc != NULL && soap_call_limits(doc, &used, &max))
        counts_limits(connection->org, used, max);
    return doc;
}

/* ---- with a session ---- */

/* Where calls go on a session: what the sign-in named, when it named a path; else SOAP_PATH on
   that server.  NULL: no memory. */
static char *call_url(const struct session *session)
{
    size_t instance = session_instance_length(session->server_url);

    if (strstr(session->server_url + instance, "/services/Soap/") != NULL)
        return mem_text(session->server_url);
    return mem_format("%.*s" SOAP_PATH, (int)instance, session->server_url);
}

/* A call on a session, and its answer. */
struct running {
    const struct soap_call *call;
    struct soap_doc *doc;
};

static int run_once(struct org_connection *connection, void *request, struct org_fault *fault)
{
    struct running *running = request;
    char *url = call_url(&connection->session);

    if (url == NULL)
        return fault_set(fault, FAULT_FROM_CALL, FAULT_MEMORY, "no memory for an address");
    running->doc = soap_call_once(connection, url, running->call, fault);
    mem_free(url);
    return running->doc != NULL ? 0 : -1;
}

struct soap_doc *soap_call_run(struct org_connection *connection, const struct soap_call *call,
                               struct org_fault *fault)
{
    struct running running = {.call = call};

    return execute(connection, run_once, &running, fault) == 0 ? running.doc : NULL;
}

int soap_call_unreadable(struct org_connection *connection, const struct soap_call *call,
                         const struct err *err, struct org_fault *fault)
{
    fault_from_reading(fault,
                       saves(call)                  ? FAULT_READING_SAVE
                       : call->kind == REQUEST_FIND ? FAULT_READING_FIND
                                                    : FAULT_READING_OTHER,
                       err);
    counts_fault(connection->org, fault);
    return -1;
}
