/* The steps of every request, in any protocol. */
#include "fakeorg/org/request.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "fakeorg/data/journal.h"

void request_begin(struct request *request)
{
    struct service *service = request->service;

    pthread_mutex_lock(&service->lock);
    int64_t now_ms = orgclock_now(&service->org->clock);
    request->quirks = service->quirks;
    request->number = calllog_begin(&service->log, now_ms);
    running_begin(&service->access.running, &request->running, now_ms);
    pthread_mutex_unlock(&service->lock);
}

int request_do(struct request *request, int (*work)(void *context), void *context)
{
    struct service *service = request->service;
    struct err err = {0};

    pthread_mutex_lock(&service->lock);
    request->quirks = service->quirks;
    service->access.quota.calls[request->operation]++;
    int rc = work(context);
    service->org->history.writer = (struct writer){0, "by hand"};
    if (journal_commit(service->journal, &err) < 0)
        rc = api_error_set(request->error, API_ERROR_UNEXPECTED, "UNKNOWN_EXCEPTION", "%s",
                           err.text);
    if (rc < 0) /* a refused request does not count as running */
        running_end(&service->access.running, &request->running);
    pthread_mutex_unlock(&service->lock);
    return rc;
}

/* The client sees the end of the connection now; the request is carried out afterwards. */
static void cut_first(struct request *request)
{
    struct service *service = request->service;

    pthread_mutex_unlock(&service->lock);
    if (request->socket > 0)
        shutdown(request->socket, SHUT_RDWR);
    latency_wait(&service->latency, request->fault.after_ms * 1000);
    request->fault.after_ms = 0;
    pthread_mutex_lock(&service->lock);
}

int request_inject(struct request *request, const struct request_view *view)
{
    const struct fault_target target = {.request = view,
                                        .org = request->service->org,
                                        .arena = request->arena,
                                        .quirks = &request->quirks,
                                        .error = request->error};

    if (faults_inject(&request->service->faults, &target, &request->fault) < 0)
        return -1;
    if (request->fault.kind != NULL && request->fault.kind->cut_first)
        cut_first(request);
    return 0;
}

int request_accept(struct request *request)
{
    struct service *service = request->service;
    const struct access_request asked = {.operation = request->operation,
                                         .session_id = request->session_id,
                                         .quirks = &request->quirks,
                                         .now_ms = orgclock_now(&service->org->clock),
                                         .error = request->error};

    if (access_check(&service->access, &asked) < 0)
        return -1;
    service->org->history.writer =
        (struct writer){request->number, operation_name(request->operation)};
    return 0;
}

struct save_context request_save_context(const struct request *request)
{
    return (struct save_context){.org = request->service->org,
                                 .rules = request->service->rules,
                                 .arena = request->arena,
                                 .quirks = &request->quirks,
                                 .error = request->error,
                                 .injected = request->fault.errors};
}

/* Absent when out of memory. */
static const char *describe_refusal(struct arena *arena, const struct save_error *error)
{
    char text[CALLLOG_MESSAGE];

    snprintf(text, sizeof text, "%s: %s", error->code, error->message);
    return arena_text(arena, text, strlen(text));
}

void request_note_saved(struct request *request, const struct save *save)
{
    request->failed += save->errors != NULL;
    if (request->refusal == NULL && save->errors != NULL)
        request->refusal = describe_refusal(request->arena, save->errors);
}

void request_wait(struct request *request)
{
    struct service *service = request->service;
    const struct latency_shape shape = {service->options.latency_ms,
                                        service->options.latency_per_record_us,
                                        service->options.latency_jitter_percent};

    latency_wait(&service->latency, latency_of(&service->latency, &shape, request->records) +
                                        request->fault.after_ms * 1000);
}

bool request_is_answered(const struct request *request)
{
    return request->fault.kind == NULL || request->fault.done;
}

struct response_mode request_response_mode(const struct request *request)
{
    const struct fault_kind *kind = request->fault.kind;
    struct response_mode mode = {.chunked = quirk_is(&request->quirks, QUIRK_CHUNKED, "yes")};

    if (kind != NULL) {
        mode.form = kind->form;
        mode.status = kind->status;
    }
    if (quirk_is(&request->quirks, QUIRK_GZIP, "always"))
        mode.packing = PACK_ALWAYS;
    else if (quirk_is(&request->quirks, QUIRK_GZIP, "never"))
        mode.packing = PACK_NEVER;
    return mode;
}

static void complete(struct logged_call *logged, const struct request *request, unsigned status,
                     size_t answer_bytes)
{
    const struct api_error *error = request->error;

    logged->took_ms = clock_mono() - logged->began_ms;
    logged->version = request->version;
    logged->status = status;
    logged->records = request->records;
    logged->failed = request->failed;
    logged->request_bytes = request->bytes;
    logged->answer_bytes = answer_bytes;
    calllog_text(logged->operation, sizeof logged->operation, request->operation_text);
    calllog_text(logged->client, sizeof logged->client, request->client);
    calllog_text(logged->refusal, sizeof logged->refusal, request->refusal);
    if (request->fault.kind != NULL)
        calllog_text(logged->injected, sizeof logged->injected, request->fault.kind->name);
    if (error->message[0] != '\0') {
        calllog_text(logged->error, sizeof logged->error,
                     error->code == NULL ? "soapenv:Client" : error->code);
        calllog_text(logged->message, sizeof logged->message, error->message);
    }
}

void request_end(struct request *request, unsigned status, const char *body,
                 const struct buf *answer)
{
    struct service *service = request->service;

    pthread_mutex_lock(&service->lock);
    running_end(&service->access.running, &request->running);
    transcript_keep(&service->transcript, request->number, body, request->bytes, buf_peek(answer),
                    answer->len);
    struct logged_call *logged = calllog_find(&service->log, request->number);
    if (logged != NULL)
        complete(logged, request, status, answer->len);
    pthread_mutex_unlock(&service->lock);
}
