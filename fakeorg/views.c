#include "fakeorg/views.h"

#include <inttypes.h>
#include <string.h>

#include "base/json_text.h"
#include "fakeorg/call.h"

static void write_value(struct buf *out, const struct field *field, const char *value)
{
    enum field_kind kind = field_type_info(field->fact.type)->kind;

    json_text_key(out, field->fact.name);
    if (kind == KIND_BOOLEAN || kind == KIND_NUMBER)
        buf_text(out, value);
    else
        json_text_string(out, value, strlen(value));
}

static void write_record(struct buf *out, const struct record *record)
{
    json_text_comma(out);
    buf_char(out, '{');
    for (size_t i = 0; i < record->object->field_count; i++) {
        const char *value = record_value(record, record->object->fields[i]);
        if (value != NULL)
            write_value(out, record->object->fields[i], value);
    }
    buf_char(out, '}');
}

unsigned view_records(struct service *service, const char *rest, const char *body, struct buf *out)
{
    pthread_mutex_lock(&service->lock);
    const struct object *object = orgdata_object(service->org, rest);
    if (object == NULL) {
        buf_text(out, "{\"error\":\"there is no such object\"}");
    } else {
        buf_char(out, '[');
        for (size_t i = 0; i < object->record_count; i++)
            if (!object->records[i]->deleted)
                write_record(out, object->records[i]);
        buf_char(out, ']');
    }
    pthread_mutex_unlock(&service->lock);
    return object == NULL ? 404 : 200;
}

unsigned view_calls(struct service *service, const char *rest, const char *body, struct buf *out)
{
    uint64_t total = 0;

    pthread_mutex_lock(&service->lock);
    const uint64_t *calls = service->quota.calls;
    for (size_t i = 0; i <= operations_count(); i++)
        total += calls[i];
    buf_format(out, "{\"total\":%" PRIu64 ",\"by_operation\":{", total);
    for (size_t i = 0; i <= operations_count(); i++) {
        if (calls[i] == 0)
            continue;
        json_text_key(out, operation_name(i));
        buf_format(out, "%" PRIu64, calls[i]);
    }
    buf_text(out, "}}");
    pthread_mutex_unlock(&service->lock);
    return 200;
}
