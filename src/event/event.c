/* From the members of a message to a struct event, with defaults where they are missing. */
#include "event/event.h"

#include <string.h>

#include "base/isotime.h"
#include "base/mem.h"
#include "event/members.h"
#include "event/parse.h"

static const char *const type_names[] = {
    [EVENT_IDENTIFY] = "identify", [EVENT_GROUP] = "group",   [EVENT_TRACK] = "track",
    [EVENT_PAGE] = "page",         [EVENT_SCREEN] = "screen", [EVENT_ALIAS] = "alias",
    [EVENT_NONE] = "none",
};

const char *event_type_name(enum event_type type)
{
    return type_names[type];
}

enum event_type event_type_of(const struct doc *doc, const struct doc_node *node)
{
    if (node != NULL)
        for (unsigned i = 0; i < EVENT_TYPES; i++)
            if (doc_is_text(doc, node, type_names[i]))
                return (enum event_type)i;
    return EVENT_NONE;
}

/* Leaves *ret NULL when node is not an id.  NUL characters, which no system at either end
   can store in an id, are removed. */
static int read_id(const struct doc *doc, const struct doc_node *node, char **ret, struct err *err)
{
    size_t len, used = 0;
    char *text;

    if (!members_is_id(doc, node))
        return 0;
    text = doc_text(doc, node, &len);
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
static bool read_time(const struct doc *doc, const struct doc_node *node, int64_t *ret_ms)
{
    enum isotime_kind kind;
    char text[64];
    int64_t value = 0;

    if (node == NULL || (node->type != DOC_STRING && node->type != DOC_NUMBER) ||
        !doc_text_into(doc, node, text, sizeof text))
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

/* received: received_ms is known. */
static void read_times(struct event *event, const struct members *m, bool received)
{
    const struct doc *doc = &event->doc;
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
static const struct doc_node *filled(const struct doc_node *first, const struct doc_node *second)
{
    bool use_second = second != NULL && (first == NULL || first->count == 0);

    return use_second ? second : first;
}

static void read_traits(struct event *event, const struct members *m)
{
    const struct doc_node *context_traits = doc_get(&event->doc, event->context, "traits");

    event->traits = members_object(m, MEMBER_TRAITS);
    if (event->type == EVENT_IDENTIFY && context_traits != NULL &&
        context_traits->type == DOC_OBJECT)
        event->traits = filled(event->traits, context_traits);
    else if (event->type == EVENT_GROUP)
        event->traits = filled(event->traits, members_object(m, MEMBER_PROPERTIES));
}

/* All but the messageId, the type and when it was received. */
static int read_members(struct event *event, const struct members *m, bool received,
                        struct err *err)
{
    if (read_id(&event->doc, m->of[MEMBER_USER_ID], &event->user_id, err) < 0 ||
        read_id(&event->doc, m->of[MEMBER_ANONYMOUS_ID], &event->anonymous_id, err) < 0 ||
        read_id(&event->doc, m->of[MEMBER_GROUP_ID], &event->group_id, err) < 0)
        return -1;
    event->context = members_object(m, members_context(m));
    event->integrations = members_object(m, MEMBER_INTEGRATIONS);
    read_traits(event, m);
    read_times(event, m, received);
    return 0;
}

static int read_object(struct event *event, struct err *err)
{
    struct members m;
    bool received;

    if (doc_root(&event->doc)->type != DOC_OBJECT)
        return err_set(err, ERR_INVALID, "an event must be a JSON object");
    m = members_read(&event->doc, doc_root(&event->doc));
    event->type = event_type_of(&event->doc, m.of[MEMBER_TYPE]);
    if (event->type == EVENT_NONE)
        return err_set(err, ERR_INVALID, "the event's type is missing or not known");
    if (read_id(&event->doc, m.of[MEMBER_MESSAGE_ID], &event->message_id, err) < 0)
        return -1;
    if (event->message_id == NULL)
        return err_set(err, ERR_INVALID, "the event has no messageId");
    received = read_time(&event->doc, m.of[MEMBER_RECEIVED_AT], &event->received_ms);
    return read_members(event, &m, received, err);
}

int event_read(struct event *event, const char *text, size_t len, struct err *err)
{
    struct event made = {0};

    if (doc_parse(&made.doc, text, len, err) < 0)
        return err_wrap(err, "read the event");
    if (read_object(&made, err) < 0) {
        event_done(&made);
        return -1;
    }
    *event = made;
    return 0;
}

int event_read_part(struct event *event, const struct event_part *part, struct err *err)
{
    struct event made = {.doc = *part->doc,
                         .doc_borrowed = true,
                         .type = part->type,
                         .message_id = mem_text(part->message_id),
                         .received_ms = part->received_ms};
    struct members m = members_read(&made.doc, part->message);

    if (part->sent_at != NULL)
        m.of[MEMBER_SENT_AT] = part->sent_at;
    if (made.message_id == NULL)
        err_memory(err);
    if (made.message_id == NULL || read_members(&made, &m, true, err) < 0) {
        event_done(&made);
        return -1;
    }
    *event = made;
    return 0;
}

void event_done(struct event *event)
{
    if (!event->doc_borrowed)
        doc_done(&event->doc);
    mem_free(event->message_id);
    mem_free(event->user_id);
    mem_free(event->anonymous_id);
    mem_free(event->group_id);
    *event = (struct event){0};
}
