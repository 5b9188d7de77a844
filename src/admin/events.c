/* events: which events came in and what became of them, for the page and for "leadline events". */
#include <stdio.h>
#include <string.h>

#include "admin/views.h"
#include "base/clock.h"

/* How much is read from the store at once, and how many pages back are searched for lines. */
#define PAGE      200
#define PAGES_MAX 50

json_t *view_event(const char *body)
{
    json_t *event = body != NULL ? json_loads(body, JSON_ALLOW_NUL, NULL) : NULL;

    if (json_is_object(event))
        return event;
    json_decref(event);
    return NULL;
}

/* The id as text, or NULL: "", 0 and other types are not ids. */
static json_t *id_of(const json_t *object, const char *member)
{
    const json_t *value = json_object_get(object, member);

    if (json_is_string(value) && json_string_length(value) > 0)
        return json_stringn(json_string_value(value), strlen(json_string_value(value)));
    if (json_is_integer(value) && json_integer_value(value) != 0)
        return json_sprintf("%lld", (long long)json_integer_value(value));
    return NULL;
}

json_t *view_user(const json_t *event)
{
    const json_t *traits = json_object_get(event, "traits");
    const json_t *earlier = json_object_get(json_object_get(event, "context"), "traits");
    const char *type = json_string_value(json_object_get(event, "type"));
    bool is_group = type != NULL && strcmp(type, "group") == 0;
    const struct {
        const json_t *object;
        const char *member;
    } names[] = {{is_group ? event : NULL, "groupId"},
                 {event, "userId"},
                 {traits, "email"},
                 {earlier, "email"},
                 {event, "anonymousId"}};
    json_t *user = NULL;

    for (size_t i = 0; user == NULL && i < sizeof names / sizeof names[0]; i++)
        user = id_of(names[i].object, names[i].member);
    return user != NULL ? user : json_null();
}

/* ---- which are wanted ---- */

static bool is_wanted(const struct view_events *wanted, const char *source, const char *destination,
                      const char *outcome)
{
    return (wanted->source == NULL || strcmp(wanted->source, source) == 0) &&
           (wanted->destination == NULL || strcmp(wanted->destination, destination) == 0) &&
           (wanted->outcome == NULL || strcmp(wanted->outcome, outcome) == 0);
}

static bool is_receipt_wanted(const struct view_events *wanted, const struct store_receipt *one)
{
    return is_wanted(wanted, one->source, one->destination, store_state_name(one->state));
}

static bool is_skipped_wanted(const struct view_events *wanted, const struct store_skipped *one)
{
    return is_wanted(wanted, one->source, one->destination, VIEW_SKIPPED);
}

static bool only(const struct view_events *wanted, bool skipped)
{
    return wanted->outcome != NULL && (strcmp(wanted->outcome, VIEW_SKIPPED) == 0) == skipped;
}

static json_t *event(const struct store_receipt *receipt)
{
    json_t *body = view_event(receipt->body);
    json_t *shown = view_receipt(receipt);

    json_object_set_new(shown, "user", view_user(body));
    json_decref(body);
    return shown;
}

/* It never changes: it was skipped when it came in. */
static json_t *skipped(const struct store_skipped *one)
{
    json_t *shown = view_skipped(one, one->message_id);

    json_object_set_new(shown, "seq", json_null());
    json_object_set_new(shown, "user", json_null());
    json_object_set_new(shown, "changed", view_time(one->received_ms));
    return shown;
}

/* Both kinds of cursor: over the receipts, and over the ids of skipped events. */
struct cursor {
    struct store_feed feed;
    int64_t skipped;
};

static json_t *answer(json_t *events, const struct cursor *next, bool more, struct err *err)
{
    json_t *shown =
        json_pack("{s:o, s:o, s:b}", "events", events, "next",
                  json_sprintf("%lld.%lld.%lld.%lld", (long long)next->feed.seq,
                               (long long)next->feed.changed_ms, (long long)next->feed.changed_seq,
                               (long long)next->skipped),
                  "more", (int)more);

    if (shown == NULL)
        err_memory(err);
    return shown;
}

/* The text sorts like the time. */
static const char *received(const json_t *list, size_t at)
{
    const char *text = json_string_value(json_object_get(json_array_get(list, at), "received"));

    return text != NULL ? text : "";
}

/* Merges two lists by the time they came in; takes ownership of both. */
static json_t *merge(json_t *events, json_t *skips)
{
    json_t *merged = json_array();
    size_t event = 0, skip = 0;

    while (event < json_array_size(events) || skip < json_array_size(skips)) {
        bool take_skip = event == json_array_size(events) ||
                         (skip < json_array_size(skips) &&
                          strcmp(received(skips, skip), received(events, event)) < 0);
        json_array_append(merged, take_skip ? json_array_get(skips, skip++)
                                            : json_array_get(events, event++));
    }
    json_decref(events);
    json_decref(skips);
    return merged;
}

/* ---- the newest ---- */

/* Puts the matching events of one page before those already in events.  Returns the seq to continue
   below, 0 when there is no other page, or -1. */
static int64_t add_recent(struct store *store, const struct view_events *wanted, int64_t before,
                          struct store_feed *feed, json_t *events, struct err *err)
{
    struct store_receipt *list = NULL;
    size_t count = 0;
    int64_t next;

    if (store->api->recent(store, before, PAGE, clock_steady(), feed, &list, &count, err) < 0)
        return -1;
    for (size_t i = 0; i < count && json_array_size(events) < wanted->lines; i++)
        if (is_receipt_wanted(wanted, &list[i]))
            json_array_insert_new(events, 0, event(&list[i]));
    next = count == PAGE && list[count - 1].seq > 1 ? list[count - 1].seq : 0;
    store_receipts_free(list, count);
    return next;
}

/* The same for skipped events; *newest becomes the id of the newest. */
static int64_t add_recent_skipped(struct store *store, const struct view_events *wanted,
                                  int64_t before, int64_t *newest, json_t *skips, struct err *err)
{
    struct store_skipped *list = NULL;
    size_t count = 0;
    int64_t next;

    if (store->api->recent_skipped(store, before, PAGE, &list, &count, err) < 0)
        return -1;
    if (newest != NULL)
        *newest = count > 0 ? list[0].id : 0;
    for (size_t i = 0; i < count && json_array_size(skips) < wanted->lines; i++)
        if (is_skipped_wanted(wanted, &list[i]))
            json_array_insert_new(skips, 0, skipped(&list[i]));
    next = count == PAGE && list[count - 1].id > 1 ? list[count - 1].id : 0;
    store_skipped_free(list, count);
    return next;
}

static int read_recent(struct store *store, const struct view_events *wanted, struct cursor *next,
                       json_t *events, json_t *skips, struct err *err)
{
    int64_t before = add_recent(store, wanted, 0, &next->feed, events, err);

    for (int i = 1; i < PAGES_MAX && before > 0 && !only(wanted, true) &&
                    json_array_size(events) < wanted->lines;
         i++)
        before = add_recent(store, wanted, before, NULL, events, err);
    if (before < 0)
        return -1;
    before = add_recent_skipped(store, wanted, 0, &next->skipped, skips, err);
    for (int i = 1; i < PAGES_MAX && before > 0 && !only(wanted, false) &&
                    json_array_size(skips) < wanted->lines;
         i++)
        before = add_recent_skipped(store, wanted, before, NULL, skips, err);
    return before < 0 ? -1 : 0;
}

json_t *view_recent_events(struct store *store, const struct view_events *wanted, struct err *err)
{
    json_t *events = json_array(), *skips = json_array();
    struct cursor next = {0};

    if (read_recent(store, wanted, &next, events, skips, err) < 0) {
        json_decref(events);
        json_decref(skips);
        return NULL;
    }
    events = merge(events, skips);
    while (json_array_size(events) > wanted->lines)
        json_array_remove(events, 0);
    return answer(events, &next, false, err);
}

/* ---- what is new ---- */

/* The four numbers of a cursor; an earlier version had three: then it covers no skipped events. */
static int read_cursor(const char *text, struct cursor *ret, struct err *err)
{
    int64_t *const numbers[] = {&ret->feed.seq, &ret->feed.changed_ms, &ret->feed.changed_seq,
                                &ret->skipped};

    ret->skipped = INT64_MAX;
    for (size_t i = 0; i < 4; i++) {
        const char *end;
        if (!view_number(text, &end, numbers[i]))
            return err_set(err, ERR_INVALID, "the parameter after is no cursor");
        if (*end == '\0' && i >= 2)
            return 0;
        if (*end != '.' || i == 3)
            return err_set(err, ERR_INVALID, "the parameter after is no cursor");
        text = end + 1;
    }
    return 0;
}

/* 1: there may be more, 0, -1. */
static int add_new(struct store *store, const struct view_events *wanted, struct store_feed *feed,
                   json_t *events, struct err *err)
{
    int64_t now_ms = clock_steady();
    struct store_receipt *list = NULL;
    size_t count = 0;

    /* The clock of an earlier run may have been ahead. */
    if (feed->changed_ms > now_ms)
        feed->changed_ms = now_ms;
    if (store->api->since(store, feed, now_ms, PAGE, &list, &count, err) < 0)
        return -1;
    for (size_t i = 0; i < count; i++)
        if (is_receipt_wanted(wanted, &list[i]))
            json_array_append_new(events, event(&list[i]));
    store_receipts_free(list, count);
    return count >= PAGE;
}

static int add_new_skipped(struct store *store, const struct view_events *wanted, int64_t *id,
                           json_t *skips, struct err *err)
{
    struct store_skipped *list = NULL;
    size_t count = 0;

    if (*id == INT64_MAX)
        return add_recent_skipped(store, &(struct view_events){0}, 0, id, skips, err) < 0 ? -1 : 0;
    if (store->api->skipped_since(store, id, PAGE, &list, &count, err) < 0)
        return -1;
    for (size_t i = 0; i < count; i++)
        if (is_skipped_wanted(wanted, &list[i]))
            json_array_append_new(skips, skipped(&list[i]));
    store_skipped_free(list, count);
    return count >= PAGE;
}

json_t *view_events_since(struct store *store, const struct view_events *wanted, struct err *err)
{
    json_t *events = json_array(), *skips = json_array();
    struct cursor next = {0};
    int more = -1, more_skipped = -1;

    if (read_cursor(wanted->after, &next, err) == 0 &&
        (more = add_new(store, wanted, &next.feed, events, err)) >= 0)
        more_skipped = add_new_skipped(store, wanted, &next.skipped, skips, err);
    if (more_skipped >= 0)
        return answer(merge(events, skips), &next, more > 0 || more_skipped > 0, err);
    json_decref(events);
    json_decref(skips);
    return NULL;
}
