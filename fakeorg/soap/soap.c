/* Reads the envelope, runs the operation, writes the answer. */
#include "fakeorg/soap/soap.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "fakeorg/soap/arrange.h"
#include "fakeorg/soap/calls.h"
#include "fakeorg/soap/fault_write.h"
#include "fakeorg/soap/rewrite.h"
#include "fakeorg/soap/soap_view.h"

#define FIRST_VERSION 31
#define LAST_VERSION  68

/* The number in "/services/Soap/u/64.0" or "/services/Soap/u/64.0/00D..."; 0 if
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
static int read_envelope(struct soap_call *call, const struct soap_request *request)
{
    struct err err = {0};
    struct xml_node *root = xml_read(request->body, request->len, call->request.arena, &err);

    if (root == NULL && err.kind == ERR_MEMORY)
        return api_error_memory(call->request.error);
    if (root == NULL)
        return api_error_set(call->request.error, API_ERROR_CLIENT, NULL, "%s", err.text);
    if (!xml_is(root, NS_ENVELOPE, "Envelope"))
        return api_error_set(call->request.error, API_ERROR_CLIENT, NULL,
                             "the root is not a SOAP 1.1 Envelope");
    struct xml_node *header = xml_child(root, NS_ENVELOPE, "Header");
    struct xml_node *body = xml_child(root, NS_ENVELOPE, "Body");
    if (body == NULL || body->first == NULL || body->first->next != NULL)
        return api_error_set(call->request.error, API_ERROR_CLIENT, NULL,
                             "Body must contain exactly one element");
    call->body = body->first;
    call->request.operation_text = call->body->name;
    call->request.operation = strcmp(body->first->space, NS_PARTNER) == 0
                                  ? operation_named(body->first->name)
                                  : OPERATIONS;
    bool lax = quirk_is(&call->request.quirks, QUIRK_REQUESTS, "lax");
    unsigned declared = call->request.operation == OPERATIONS
                            ? 0
                            : soap_operation(call->request.operation)->headers;
    if (headers_read(header, declared, lax ? call->request.arena : NULL, &call->headers,
                     call->request.error) < 0)
        return -1;
    call->request.session_id = call->headers.session_id;
    call->request.client = call->headers.client;
    return 0;
}

/* With the lock held.  space declares the namespace if the envelope does not. */
static void write_limits(const struct soap_call *call, const char *space, struct buf *out)
{
    buf_format(out,
               "<soapenv:Header><LimitInfoHeader%s><limitInfo><current>%" PRIu64
               "</current><limit>%" PRId64 "</limit><type>API REQUESTS</type></limitInfo>"
               "</LimitInfoHeader></soapenv:Header>",
               space, call->request.service->access.quota.day.used,
               call->request.service->access.limits.at[LIMIT_DAILY_CALLS]);
}

static void write_opening(const struct soap_call *call, struct buf *out)
{
    buf_text(out, XML_DECLARATION "<soapenv:Envelope xmlns:soapenv=\"" NS_ENVELOPE
                                  "\" xmlns=\"" NS_PARTNER "\" xmlns:sf=\"" NS_SOBJECT
                                  "\" xmlns:xsi=\"" NS_XSI "\">");
    if (call->request.operation != OPERATION_LOGIN)
        write_limits(call, "", out);
    buf_format(out, "<soapenv:Body><%sResponse>", operation_name(call->request.operation));
}

/* Checks only the form of a request, whose operation is known. */
static int check_form(struct soap_call *call, const struct soap_operation *operation)
{
    struct request *request = &call->request;

    if (call->headers.undeclared != NULL && quirk_is(&request->quirks, QUIRK_HEADERS, "strict"))
        return api_error_set(request->error, API_ERROR_UNEXPECTED, "INVALID_SOAP_HEADER",
                             "header %s is not declared for %s", call->headers.undeclared,
                             operation_name(request->operation));
    if (quirk_is(&request->quirks, QUIRK_REQUESTS, "lax")) {
        arrange_children(call->body, operation->children, SEQUENCE_MAX);
        arrange_records(call->body);
    }
    return 0;
}

/* Runs the call and writes the whole answer, or sets the error.  With the lock held. */
static int run(void *context)
{
    struct soap_call *call = context;
    struct request *request = &call->request;
    const struct request_view view = soap_view(call->body, request->operation);

    if (!call->has_action && quirk_is(&request->quirks, QUIRK_ACTION, "needed"))
        return api_error_set(request->error, API_ERROR_CLIENT, NULL,
                             "SOAPAction HTTP header missing");
    if (request_inject(request, &view) < 0)
        return -1;
    if (request->operation == OPERATIONS)
        return api_error_set(
            request->error, API_ERROR_CLIENT, NULL,
            "No operation available for request {%s}%s, please check the WSDL for the "
            "service.",
            call->body->space, call->body->name);
    const struct soap_operation *operation = soap_operation(request->operation);
    if (check_form(call, operation) < 0 || request_accept(request) < 0 ||
        sequence_check(call->body, operation->children, request->error) < 0)
        return -1;
    write_opening(call, call->out);
    if (operation->run(call) < 0)
        return -1;
    buf_format(call->out, "</%sResponse></soapenv:Body></soapenv:Envelope>",
               operation_name(request->operation));
    return buf_failed(call->out) ? api_error_memory(request->error) : 0;
}

static int answer(struct soap_call *call, const struct soap_request *request)
{
    if (check_http(request, call->request.error) < 0)
        return -1;
    call->request.version = version_of(request->path);
    if (call->request.version == 0)
        return api_error_set(call->request.error, API_ERROR_UNEXPECTED, "UNSUPPORTED_API_VERSION",
                             "Invalid Api version specified on URL");
    if (read_envelope(call, request) < 0)
        return -1;
    return request_do(&call->request, run, call);
}

/* Recorded faults have no LimitInfoHeader. */
static void write_fault(const struct soap_call *call, struct buf *out)
{
    struct buf header;

    buf_init(&header, 1024);
    if (quirk_is(&call->request.quirks, QUIRK_FAULTS_LIMIT, "yes")) {
        pthread_mutex_lock(&call->request.service->lock);
        write_limits(call, " xmlns=\"" NS_PARTNER "\"", &header);
        pthread_mutex_unlock(&call->request.service->lock);
    }
    fault_write(call->request.error, buf_peek(&header), out);
    buf_done(&header);
}

unsigned soap_answer(struct service *service, const struct soap_request *request, struct buf *out)
{
    struct arena arena;
    struct api_error error = {.kind = API_ERROR_UNEXPECTED};
    struct soap_call call = {.request = {.service = service,
                                         .arena = &arena,
                                         .error = &error,
                                         .bytes = request->len,
                                         .socket = request->socket,
                                         .operation = OPERATIONS},
                             .host = request->host,
                             .has_action = request->has_action,
                             .out = out};
    unsigned status = 200;

    /* A tree takes several times the bytes of its text. */
    arena_init(&arena, 20 * request->len + (1 << 20));
    request_begin(&call.request);
    if (answer(&call, request) < 0) {
        status = 500;
        buf_clear(out);
        if (request_is_answered(&call.request))
            write_fault(&call, out);
    }
    rewrite(&call.request.quirks, out);
    request_wait(&call.request);
    request_end(&call.request, status, request->body, out);
    if (request->mode != NULL)
        *request->mode = request_response_mode(&call.request);
    arena_done(&arena);
    return status;
}
