#include "fakeorg/soap/soap.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "fakeorg/soap/arrange.h"
#include "fakeorg/soap/call.h"
#include "fakeorg/data/journal.h"
#include "fakeorg/soap/fault_write.h"
#include "fakeorg/soap/restyle.h"
#include "fakeorg/soap/soap_view.h"

#define FIRST_VERSION 31
#define LAST_VERSION  68

/* The number in "/services/Soap/u/64.0" or "/services/Soap/u/64.0/00D..."; 0 when
   there is none. */
static int version_of(const char *path)
{
    char *end;

    if (strncmp(path, SOAP_PATH, strlen(SOAP_PATH)) != 0)
        return 0;
    long version = strtol(path + strlen(SOAP_PATH), &end, 10);
    if (strncmp(end, ".0", 2) != 0 || (end[2] != '\0' && end[2] != '/'))
        return 0;
    return version < FIRST_VERSION || version > LAST_VERSION ? 0 : (int)version;
}

static int check_http(const struct soap_request *request, struct api_error *error)
{
    if (request->content_type == NULL || strncasecmp(request->content_type, "text/xml", 8) != 0)
        return api_error_set(error, API_ERROR_CLIENT, NULL,
                             "content-type of the request should be text/xml");
    return 0;
}

/* The body's only element, and the headers read into call. */
static int read_envelope(struct call *call, const struct soap_request *request)
{
    struct err err = {0};
    struct xml_node *root = xml_read(request->body, request->len, call->arena, &err);

    if (root == NULL && err.kind == ERR_MEMORY)
        return api_error_memory(call->error);
    if (root == NULL)
        return api_error_set(call->error, API_ERROR_CLIENT, NULL, "%s", err.text);
    if (!xml_is(root, NS_ENVELOPE, "Envelope"))
        return api_error_set(call->error, API_ERROR_CLIENT, NULL,
                             "the root is no SOAP 1.1 Envelope");
    struct xml_node *header = xml_child(root, NS_ENVELOPE, "Header");
    struct xml_node *body = xml_child(root, NS_ENVELOPE, "Body");
    if (body == NULL || body->first == NULL || body->first->next != NULL)
        return api_error_set(call->error, API_ERROR_CLIENT, NULL,
                             "Body must hold exactly one element");
    call->request = body->first;
    call->operation = strcmp(body->first->space, NS_PARTNER) == 0
                          ? operation_named(body->first->name)
                          : OPERATIONS;
    bool lax = switch_is(&call->switches, SWITCH_REQUESTS, "lax");
    return headers_read(
        header, call->operation == OPERATIONS ? 0 : soap_operation(call->operation)->headers,
        lax ? call->arena : NULL, &call->headers, call->error);
}

/* With the lock held.  space: what declares the namespace where the envelope does not. */
static void write_limits(const struct call *call, const char *space, struct buf *out)
{
    buf_format(out,
               "<soapenv:Header><LimitInfoHeader%s><limitInfo><current>%" PRIu64
               "</current><limit>%" PRId64 "</limit><type>API REQUESTS</type></limitInfo>"
               "</LimitInfoHeader></soapenv:Header>",
               space, call->service->quota.day.used, call->service->limits.at[LIMIT_DAILY_CALLS]);
}

static void write_opening(const struct call *call, struct buf *out)
{
    buf_text(out, XML_DECLARATION "<soapenv:Envelope xmlns:soapenv=\"" NS_ENVELOPE
                                  "\" xmlns=\"" NS_PARTNER "\" xmlns:sf=\"" NS_SOBJECT
                                  "\" xmlns:xsi=\"" NS_XSI "\">");
    if (call->operation != OPERATION_LOGIN)
        write_limits(call, "", out);
    buf_format(out, "<soapenv:Body><%sResponse>", operation_name(call->operation));
}

/* The client sees the end of the connection now; the call is done afterwards.  The lock is
   given back meanwhile. */
static void cut_first(struct call *call)
{
    struct service *service = call->service;

    pthread_mutex_unlock(&service->lock);
    if (call->socket > 0)
        shutdown(call->socket, SHUT_RDWR);
    latency_wait(&service->latency, call->fault.after_ms * 1000);
    call->fault.after_ms = 0;
    pthread_mutex_lock(&service->lock);
}

static int inject(struct call *call)
{
    const struct request_view view = soap_view(call->request, call->operation);
    const struct fault_target target = {.request = &view,
                                        .org = call->service->org,
                                        .arena = call->arena,
                                        .switches = &call->switches,
                                        .error = call->error};

    if (faults_inject(&call->service->faults, &target, &call->fault) < 0)
        return -1;
    if (call->fault.kind != NULL && call->fault.kind->cut_first)
        cut_first(call);
    return 0;
}

/* Runs the call and writes the whole answer, or sets the fault.  With the lock held. */
static int run(struct call *call, struct buf *out)
{
    struct xml_node *request = call->request;

    call->switches = call->service->switches;
    call->service->quota.calls[call->operation]++;
    if (!call->has_action && switch_is(&call->switches, SWITCH_ACTION, "needed"))
        return api_error_set(call->error, API_ERROR_CLIENT, NULL, "SOAPAction HTTP header missing");
    if (inject(call) < 0)
        return -1;
    if (call->operation == OPERATIONS)
        return api_error_set(
            call->error, API_ERROR_CLIENT, NULL,
            "No operation available for request {%s}%s, please check the WSDL for the "
            "service.",
            request->space, request->name);
    const struct soap_operation *operation = soap_operation(call->operation);
    const char *name = operation_name(call->operation);
    if (call->headers.undeclared != NULL && switch_is(&call->switches, SWITCH_HEADERS, "strict"))
        return api_error_set(call->error, API_ERROR_UNEXPECTED, "INVALID_SOAP_HEADER",
                             "header %s is not declared for %s", call->headers.undeclared, name);
    if (switch_is(&call->switches, SWITCH_REQUESTS, "lax")) {
        arrange_children(request, operation->children, SEQUENCE_MAX);
        arrange_records(request);
    }
    if (admission_check(call) < 0 || sequence_check(request, operation->children, call->error) < 0)
        return -1;
    write_opening(call, out);
    call->out = out;
    call->service->org->history.writer = (struct writer){call->number, name};
    int rc = operation->run(call);
    call->service->org->history.writer = (struct writer){0, "by hand"};
    if (rc < 0)
        return -1;
    buf_format(out, "</%sResponse></soapenv:Body></soapenv:Envelope>", name);
    return buf_failed(out) ? api_error_memory(call->error) : 0;
}

static int answer(struct call *call, const struct soap_request *request, struct buf *out)
{
    struct err err = {0};

    if (check_http(request, call->error) < 0)
        return -1;
    call->version = version_of(request->path);
    if (call->version == 0)
        return api_error_set(call->error, API_ERROR_UNEXPECTED, "UNSUPPORTED_API_VERSION",
                             "Invalid Api version specified on URL");
    if (read_envelope(call, request) < 0)
        return -1;
    pthread_mutex_lock(&call->service->lock);
    int rc = run(call, out);
    if (journal_commit(call->service->journal, &err) < 0)
        rc = api_error_set(call->error, API_ERROR_UNEXPECTED, "UNKNOWN_EXCEPTION", "%s", err.text);
    if (rc < 0) /* a refused call keeps no other one out */
        admission_end(&call->service->admission, &call->running);
    pthread_mutex_unlock(&call->service->lock);
    return rc;
}

static void log_begin(struct call *call)
{
    struct service *service = call->service;

    pthread_mutex_lock(&service->lock);
    int64_t now_ms = orgclock_now(&service->org->clock);
    call->switches = service->switches;
    call->number = calllog_begin(&service->log, now_ms);
    admission_begin(&service->admission, &call->running, now_ms);
    pthread_mutex_unlock(&service->lock);
}

/* status 0: no HTTP answer. */
static void log_end(struct call *call, const struct soap_request *request, unsigned status,
                    const struct buf *out)
{
    struct service *service = call->service;

    pthread_mutex_lock(&service->lock);
    admission_end(&service->admission, &call->running);
    transcript_keep(&service->transcript, call->number, request->body, request->len, buf_peek(out),
                    out->len);
    struct logged_call *logged = calllog_find(&service->log, call->number);
    if (logged != NULL) {
        logged->took_ms = clock_mono() - logged->began_ms;
        logged->version = call->version;
        logged->status = status;
        logged->records = call->records;
        logged->failed = call->failed;
        logged->request_bytes = call->request_bytes;
        logged->answer_bytes = out->len;
        calllog_text(logged->operation, sizeof logged->operation,
                     call->request == NULL ? NULL : call->request->name);
        calllog_text(logged->client, sizeof logged->client, call->headers.client);
        calllog_text(logged->refusal, sizeof logged->refusal, call->refusal);
        if (call->fault.kind != NULL)
            calllog_text(logged->injected, sizeof logged->injected, call->fault.kind->name);
        if (call->error->message[0] != '\0') {
            calllog_text(logged->error, sizeof logged->error,
                         call->error->code == NULL ? "soapenv:Client" : call->error->code);
            calllog_text(logged->message, sizeof logged->message, call->error->message);
        }
    }
    pthread_mutex_unlock(&service->lock);
}

/* Recorded faults carry no LimitInfoHeader. */
static void write_fault(const struct call *call, struct buf *out)
{
    struct buf header;

    buf_init(&header, 1024);
    if (switch_is(&call->switches, SWITCH_FAULTS_LIMIT, "yes")) {
        pthread_mutex_lock(&call->service->lock);
        write_limits(call, " xmlns=\"" NS_PARTNER "\"", &header);
        pthread_mutex_unlock(&call->service->lock);
    }
    fault_write(call->error, buf_peek(&header), out);
    buf_done(&header);
}

static struct response_mode response_mode_of(const struct call *call)
{
    const struct fault_kind *kind = call->fault.kind;
    struct response_mode mode = {.chunked = switch_is(&call->switches, SWITCH_CHUNKED, "yes")};

    if (kind != NULL) {
        mode.form = kind->form;
        mode.status = kind->status;
    }
    if (switch_is(&call->switches, SWITCH_GZIP, "always"))
        mode.packing = PACK_ALWAYS;
    else if (switch_is(&call->switches, SWITCH_GZIP, "never"))
        mode.packing = PACK_NEVER;
    return mode;
}

unsigned soap_answer(struct service *service, const struct soap_request *request, struct buf *out)
{
    struct arena arena;
    struct api_error error = {.kind = API_ERROR_UNEXPECTED};
    struct call call = {.service = service,
                        .arena = &arena,
                        .host = request->host,
                        .request_bytes = request->len,
                        .has_action = request->has_action,
                        .socket = request->socket,
                        .error = &error};
    unsigned status = 200;

    /* A tree takes several times the bytes of its text. */
    arena_init(&arena, 20 * request->len + (1 << 20));
    log_begin(&call);
    if (answer(&call, request, out) < 0) {
        status = 500;
        buf_clear(out);
        if (call.fault.kind == NULL || call.fault.done)
            write_fault(&call, out);
    }
    restyle(&call.switches, out);
    const struct latency_shape shape = {service->options.latency_ms,
                                        service->options.latency_per_record_us,
                                        service->options.latency_jitter_percent};
    latency_wait(&service->latency,
                 latency_of(&service->latency, &shape, call.records) + call.fault.after_ms * 1000);
    log_end(&call, request, status, out);
    if (request->mode != NULL)
        *request->mode = response_mode_of(&call);
    arena_done(&arena);
    return status;
}
