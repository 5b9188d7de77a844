/* One line of "leadline map". */
#include "mapping/mapping.h"

#include <string.h>

#include "base/buf_json.h"

static void member(struct buf *out, const char *name, const char *text)
{
    buf_json_key(out, name);
    buf_json_string(out, text, strlen(text));
}

static void print_value(struct buf *out, const struct mapping_value *value)
{
    switch (value->kind) {
    case VALUE_TEXT:
        buf_json_string(out, value->text, strlen(value->text));
        break;
    case VALUE_NUMBER:
    case VALUE_BOOLEAN:
        buf_text(out, value->text);
        break;
    case VALUE_NULL:
        buf_text(out, "null");
        break;
    }
}

static void print_writes(struct buf *out, const char *name, const struct mapping_result *result,
                         bool create_only)
{
    buf_json_key(out, name);
    buf_char(out, '{');
    for (size_t i = 0; i < result->write_count; i++) {
        if (result->writes[i].create_only != create_only)
            continue;
        buf_json_key(out, result->writes[i].field);
        print_value(out, &result->writes[i].value);
    }
    buf_char(out, '}');
}

static void print_write(struct buf *out, const struct mapping_result *result)
{
    member(out, "object", result->object);
    buf_json_key(out, "lookup");
    buf_char(out, '{');
    for (size_t i = 0; i < result->lookup_count; i++) {
        buf_json_key(out, result->lookups[i].field);
        print_value(out, &result->lookups[i].value);
    }
    buf_char(out, '}');
    print_writes(out, "fields", result, false);
    print_writes(out, "create_only", result, true);
    buf_json_key(out, "notes");
    buf_char(out, '[');
    for (size_t i = 0; i < result->note_count; i++) {
        buf_json_comma(out);
        buf_char(out, '{');
        member(out, "trait", result->notes[i].trait);
        member(out, "code", result->notes[i].code);
        member(out, "detail", result->notes[i].detail);
        buf_char(out, '}');
    }
    buf_char(out, ']');
}

void mapping_print(const struct event *event, const struct mapping_result *result, struct buf *out)
{
    static const char *const outcomes[] = {
        [MAPPING_WRITE] = "write",
        [MAPPING_SKIP] = "skip",
        [MAPPING_REJECT] = "reject",
    };

    buf_char(out, '{');
    member(out, "messageId", event->message_id);
    member(out, "outcome", outcomes[result->outcome]);
    if (result->outcome == MAPPING_WRITE) {
        print_write(out, result);
    } else {
        member(out, "reason", result->reason);
        if (result->detail != NULL)
            member(out, "detail", result->detail);
    }
    buf_char(out, '}');
}
