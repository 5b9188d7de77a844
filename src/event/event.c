#include "event/event.h"

#include <string.h>

#include "base/isotime.h"
#include "base/mem.h"
#include "event/members.h"

static const char *const type_names[] = {
    [EVENT_IDENTIFY] = "identify", [EVENT_GROUP] = "group",   [EVENT_TRACK] = "track",
    [EVENT_PAGE] = "page",         [EVENT_SCREEN] = "screen", [EVENT_ALIAS] = "alias",
    [EVENT_NONE] = "none",
};

const char *event_type_name(enum event_type type)
{
    return type_names[type];
}

enum event_type event_type_parse(const char *name, size_t len)
{
    for (unsigned i = 0; i < EVENT_TYPES; i++) {
        const char *full = type_names[i];
        if ((len == 1 && name[0] == full[0]) ||
            (len == strlen(full) && memcmp(name, full, len) == 0))
            return (enum event_type)i;
    }
    return EVENT_NONE;
}

enum event_type event_type_of(const struct json_doc *doc, const struct json_node *node)
{
    if (node != NULL)
        for (unsigned i = 0; i < EVENT_TYPES; i++)
            if (json_is_text(doc, node, type_names[i]))
                return (enum event_type)i;
    return EVENT_NONE;
}

/* Leaves *ret NULL when node is no id.  NUL characters, which no system at either end can
   hold in an id, are left out. */
static int read_id(const struct json_doc *doc, const struct json_node *node, char **ret,
                   struct err *err)
{
    size_t len, used = 0;
    char *text;

    if (!members_is_id(doc, node))
        return 0;
    text = json_text(doc, node, &len);
    if (text == NULL)
        return err_memory(err);
    for (size_t i = 0; i < len; i++)
        if (text[i] != '\0')
            text[used++] = text[i];
    text[used] = '\0';
    if (used == 0) {
        mem_free(text);
        text = NULL;
    }
    *ret = text;
    return 0;
}

/* ISO 8601 text; or whole seconds, or milliseconds when there are too many of them for
   seconds, as a number or its text (Segment's libraries draw the line at 31557600000). */
static bool read_time(const struct json_doc *doc, const struct json_node *node, int64_t *ret_ms)
{
    enum isotime_kind kind;
    char text[64];
    int64_t value = 0;

    if (node == NULL || (node->type != JSON_STRING && node->type != JSON_NUMBER) ||
        !json_text_into(doc, node, text, sizeof text))
        return false;
    if (isotime_parse(text, strlen(text), ret_ms, &kind) == 0)
        return true;
    if (text[0] == '\0' || strlen(text) > 14)
        return false;
    for (const char *p = text; *p != '\0'; p++) {
        if (*p < '0' || *p > '9')
            return false;
        value = value * 10 + (*p - '0');
    }
    *ret_ms = value < 31557600000 ? value * 1000 : value;
    return true;
}

static void read_times(struct event *event, const struct members *m)
{
    const struct json_doc *doc = &event->doc;
    bool received = read_time(doc, m->of[MEMBER_RECEIVED_AT], &event->received_ms);
    int64_t original, sent;

    event->timestamp_ms = event->received_ms;
    if (!read_time(doc, m->of[MEMBER_TIMESTAMP], &original) &&
        !read_time(doc, m->of[MEMBER_ORIGINAL_TIMESTAMP], &original))
        return;
    if (!received) {
        event->received_ms = event->timestamp_ms = original;
        return;
    }
    if (read_time(doc, m->of[MEMBER_SENT_AT], &sent))
        original += event->received_ms - sent;
    if (original < event->received_ms)
        event->timestamp_ms = original;
}

/* first if it has members, else second if that has, else whichever there is. */
static const struct json_node *filled(const struct json_node *first, const struct json_node *second)
{
    bool use_second = second != NULL && (first == NULL || first->count == 0);

    return use_second ? second : first;
}

static void read_traits(struct event *event, const struct members *m)
{
    const struct json_node *context_traits = json_get(&event->doc, event->context, "traits");

    event->traits = members_object(m, MEMBER_TRAITS);
    if (event->type == EVENT_IDENTIFY && context_traits != NULL &&
        context_traits->type == JSON_OBJECT)
        event->traits = filled(event->traits, context_traits);
    else if (event->type == EVENT_GROUP)
        event->traits = filled(event->traits, members_object(m, MEMBER_PROPERTIES));
}

int event_read(struct event *event, const char *text, size_t len, struct err *err)
{
    struct event made = {0};
    struct members m;

    if (json_parse(&made.doc, text, len, err) < 0)
        return err_wrap(err, "read the event");
    if (json_root(&made.doc)->type != JSON_OBJECT) {
        err_set(err, ERR_INVALID, "an event must be a JSON object");
        goto out;
    }
    m = members_read(&made.doc, json_root(&made.doc));
    made.type = event_type_of(&made.doc, m.of[MEMBER_TYPE]);
    if (made.type == EVENT_NONE) {
        err_set(err, ERR_INVALID, "the event's type is missing or not known");
        goto out;
    }
    if (read_id(&made.doc, m.of[MEMBER_MESSAGE_ID], &made.message_id, err) < 0 ||
        read_id(&made.doc, m.of[MEMBER_USER_ID], &made.user_id, err) < 0 ||
        read_id(&made.doc, m.of[MEMBER_ANONYMOUS_ID], &made.anonymous_id, err) < 0 ||
        read_id(&made.doc, m.of[MEMBER_GROUP_ID], &made.group_id, err) < 0)
        goto out;
    if (made.message_id == NULL) {
        err_set(err, ERR_INVALID, "the event has no messageId");
        goto out;
    }
    made.context = members_object(&m, members_context(&m));
    made.integrations = members_object(&m, MEMBER_INTEGRATIONS);
    read_traits(&made, &m);
    read_times(&made, &m);
    *event = made;
    return 0;
out:
    event_done(&made);
    return -1;
}

void event_done(struct event *event)
{
    json_done(&event->doc);
    mem_free(event->message_id);
    mem_free(event->user_id);
    mem_free(event->anonymous_id);
    mem_free(event->group_id);
    *event = (struct event){0};
}
