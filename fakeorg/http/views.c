/* views: records, their history and the calls as JSON. */
#include "fakeorg/http/views.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf_json.h"
#include "fakeorg/data/record_history.h"

static void write_value(struct buf *out, const struct field *field, const char *value)
{
    enum field_kind kind = field_type_info(field->fact.type)->kind;

    buf_json_key(out, field->fact.name);
    if (kind == KIND_BOOLEAN || kind == KIND_NUMBER)
        buf_text(out, value);
    else
        buf_json_string(out, value, strlen(value));
}

static void write_record(struct buf *out, const struct record *record)
{
    buf_json_comma(out);
    buf_char(out, '{');
    for (size_t i = 0; i < record->object->field_count; i++) {
        const char *value = record_value(record, record->object->fields[i]);
        if (value != NULL)
            write_value(out, record->object->fields[i], value);
    }
    buf_char(out, '}');
}

static unsigned nothing(struct buf *out, const char *what)
{
    buf_format(out, "{\"error\":\"there is no such %s\"}", what);
    return 404;
}

/* value may be NULL. */
static void write_text(struct buf *out, const char *name, const char *value)
{
    buf_json_key(out, name);
    if (value == NULL)
        buf_text(out, "null");
    else
        buf_json_string(out, value, strlen(value));
}

static void write_time(struct buf *out, const char *name, int64_t ms)
{
    char text[ISOTIME_MAX];

    isotime_format(ms, text);
    write_text(out, name, text);
}

static void write_written(struct buf *out, const struct written *written)
{
    buf_json_key(out, "call");
    buf_format(out, "%" PRIu64, written->by.call);
    write_text(out, "operation", written->by.operation);
    write_time(out, "at", written->at_ms);
}

static void write_change(struct buf *out, const struct history_entry *entry)
{
    buf_json_comma(out);
    buf_char(out, '{');
    write_written(out, &entry->change->written);
    write_text(out, "field", entry->change->field->fact.name);
    write_text(out, "old", entry->change->old);
    write_text(out, "new", entry->now);
    buf_char(out, '}');
}

/* {"created":{...,"values":{...}},"changes":[newest first],"forgotten":false} */
static unsigned write_history(const struct service *service, const struct record *record,
                              struct buf *out)
{
    struct record_history history;

    if (record_history_read(record, &history) < 0)
        return 500;
    write_text(out, "id", record->id);
    buf_json_key(out, "created");
    if (record->trail.made.at_ms != 0) {
        buf_char(out, '{');
        write_written(out, &record->trail.made);
        buf_json_key(out, "values");
        buf_char(out, '{');
        for (size_t i = 0; i < record->object->field_count; i++)
            if (history.first[i] != NULL)
                write_value(out, record->object->fields[i], history.first[i]);
        buf_text(out, "}}");
    } else {
        buf_text(out, "null");
    }
    buf_json_key(out, "changes");
    buf_char(out, '[');
    for (size_t i = 0; i < history.count; i++)
        write_change(out, &history.changes[i]);
    buf_char(out, ']');
    buf_json_key(out, "forgotten");
    buf_text(out, history.forgotten ? "true" : "false");
    record_history_done(&history);
    return 200;
}

static void write_records(const struct object *object, struct buf *out)
{
    buf_char(out, '[');
    for (size_t i = 0; i < object->record_count; i++)
        if (!object->records[i]->deleted)
            write_record(out, object->records[i]);
    buf_char(out, ']');
}

/* "Lead", "Lead/00Q..." or "Lead/00Q.../history" */
static unsigned write_records_of(struct service *service, const char *rest, struct buf *out)
{
    size_t name_len = strcspn(rest, "/");
    char name[64], id[ID_MAX];

    snprintf(name, sizeof name, "%.*s", (int)name_len, rest);
    const struct object *object = orgdata_any_object(service->org, name);
    if (object == NULL)
        return nothing(out, "object");
    if (rest[name_len] == '\0') {
        write_records(object, out);
        return 200;
    }
    const char *id_text = rest + name_len + 1;
    size_t id_len = strcspn(id_text, "/");
    const struct record *record =
        id_read(id_text, id_len, id) ? orgdata_record(service->org, id) : NULL;
    if (record == NULL || record->object != object)
        return nothing(out, "record");
    if (id_text[id_len] == '\0') {
        write_record(out, record);
        return 200;
    }
    if (strcmp(id_text + id_len, "/history") != 0)
        return nothing(out, "view");
    buf_char(out, '{');
    unsigned status = write_history(service, record, out);
    buf_char(out, '}');
    return status;
}

unsigned view_records(struct service *service, const char *rest, const char *body, struct buf *out)
{
    pthread_mutex_lock(&service->lock);
    unsigned status = write_records_of(service, rest, out);
    pthread_mutex_unlock(&service->lock);
    return status;
}

static void write_logged(struct buf *out, const struct logged_call *call)
{
    buf_json_comma(out);
    buf_format(out,
               "{\"number\":%" PRIu64 ",\"version\":%d,\"status\":%u,\"records\":%zu,"
               "\"failed\":%zu,\"requestBytes\":%zu,\"answerBytes\":%zu",
               call->number, call->version, call->status, call->records, call->failed,
               call->request_bytes, call->answer_bytes);
    buf_json_key(out, "tookMs");
    if (call->took_ms < 0)
        buf_text(out, "null");
    else
        buf_format(out, "%" PRId64, call->took_ms);
    write_time(out, "at", call->at_ms);
    write_text(out, "operation", call->operation);
    write_text(out, "client", call->client);
    write_text(out, "fault", call->error[0] == '\0' ? NULL : call->error);
    write_text(out, "message", call->message[0] == '\0' ? NULL : call->message);
    write_text(out, "refusal", call->refusal[0] == '\0' ? NULL : call->refusal);
    write_text(out, "injected", call->injected[0] == '\0' ? NULL : call->injected);
    /* The old name, to be removed after 0.2. */
    write_text(out, "mishap", call->injected[0] == '\0' ? NULL : call->injected);
    buf_char(out, '}');
}

/* The calls of the last day, oldest first. */
unsigned view_calls_log(struct service *service, const char *rest, const char *body,
                        struct buf *out)
{
    pthread_mutex_lock(&service->lock);
    const struct calllog *log = &service->log;
    int64_t since = orgclock_now(&service->org->clock) - ORGCLOCK_DAY_MS;
    buf_char(out, '[');
    for (uint64_t number = calllog_since(log, since); number <= log->newest; number++)
        write_logged(out, calllog_find(log, number));
    buf_char(out, ']');
    pthread_mutex_unlock(&service->lock);
    return 200;
}

unsigned view_calls(struct service *service, const char *rest, const char *body, struct buf *out)
{
    uint64_t total = 0;

    pthread_mutex_lock(&service->lock);
    const uint64_t *calls = service->access.quota.calls;
    for (enum operation i = 0; i <= OPERATIONS; i++)
        total += calls[i];
    buf_format(out, "{\"total\":%" PRIu64 ",\"by_operation\":{", total);
    for (enum operation i = 0; i <= OPERATIONS; i++) {
        if (calls[i] == 0)
            continue;
        buf_json_key(out, operation_name(i));
        buf_format(out, "%" PRIu64, calls[i]);
    }
    buf_text(out, "}}");
    pthread_mutex_unlock(&service->lock);
    return 200;
}
