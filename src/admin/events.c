/* events: which events came in and what became of them, for the page and for "leadline events". */
#include <stdio.h>
#include <string.h>

#include "admin/views.h"
#include "base/clock.h"

/* Read from the store at once; and so many pages back at most are looked through for lines. */
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

/* The id as text, or NULL: "", 0 and other types are none. */
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

static bool is_wanted(const struct view_events *wanted, const struct store_receipt *receipt)
{
    return (wanted->source == NULL || strcmp(wanted->source, receipt->source) == 0) &&
           (wanted->destination == NULL ||
            strcmp(wanted->destination, receipt->destination) == 0) &&
           (wanted->outcome == NULL ||
            strcmp(wanted->outcome, store_state_name(receipt->state)) == 0);
}

static json_t *event(const struct store_receipt *receipt)
{
    json_t *body = view_event(receipt->body);
    json_t *shown = view_receipt(receipt);

    json_object_set_new(shown, "user", view_user(body));
    json_decref(body);
    return shown;
}

static json_t *answer(json_t *events, const struct store_feed *feed, bool more)
{
    return json_pack("{s:o, s:o, s:b}", "events", events, "next",
                     json_sprintf("%lld.%lld.%lld", (long long)feed->seq,
                                  (long long)feed->changed_ms, (long long)feed->changed_seq),
                     "more", (int)more);
}

/* ---- the newest ---- */

/* Puts what is wanted of one page before what stands in events.  The seq the next page is
   before, 0 when there is none, or -1. */
static int64_t add_recent(struct store *store, const struct view_events *wanted, int64_t before,
                          struct store_feed *feed, json_t *events, struct err *err)
{
    struct store_receipt *list = NULL;
    size_t count = 0;
    int64_t next;

    if (store->api->recent(store, before, PAGE, clock_steady(), feed, &list, &count, err) < 0)
        return -1;
    for (size_t i = 0; i < count && json_array_size(events) < wanted->lines; i++)
        if (is_wanted(wanted, &list[i]))
            json_array_insert_new(events, 0, event(&list[i]));
    next = count == PAGE && list[count - 1].seq > 1 ? list[count - 1].seq : 0;
    store_receipts_free(list, count);
    return next;
}

json_t *view_recent_events(struct store *store, const struct view_events *wanted, struct err *err)
{
    struct store_feed feed = {0};
    json_t *events = json_array(), *shown;
    int64_t before = add_recent(store, wanted, 0, &feed, events, err);

    for (int i = 1; i < PAGES_MAX && before > 0 && json_array_size(events) < wanted->lines; i++)
        before = add_recent(store, wanted, before, NULL, events, err);
    if (before < 0) {
        json_decref(events);
        return NULL;
    }
    shown = answer(events, &feed, false);
    if (shown == NULL)
        err_memory(err);
    return shown;
}

/* ---- what is new ---- */

/* The three numbers of a cursor. */
static int read_feed(const char *text, struct store_feed *ret, struct err *err)
{
    int64_t *const numbers[] = {&ret->seq, &ret->changed_ms, &ret->changed_seq};

    for (size_t i = 0; i < 3; i++) {
        const char *end;
        if (!view_number(text, &end, numbers[i]) || *end != (i < 2 ? '.' : '\0'))
            return err_set(err, ERR_INVALID, "the parameter after is no cursor");
        text = end + 1;
    }
    return 0;
}

json_t *view_events_since(struct store *store, const struct view_events *wanted, struct err *err)
{
    int64_t now_ms = clock_steady();
    struct store_receipt *list = NULL;
    struct store_feed feed;
    size_t count = 0;
    json_t *events, *shown;

    if (read_feed(wanted->after, &feed, err) < 0)
        return NULL;
    /* The clock of an earlier run may have been ahead. */
    if (feed.changed_ms > now_ms)
        feed.changed_ms = now_ms;
    if (store->api->since(store, &feed, now_ms, PAGE, &list, &count, err) < 0)
        return NULL;
    events = json_array();
    for (size_t i = 0; i < count; i++)
        if (is_wanted(wanted, &list[i]))
            json_array_append_new(events, event(&list[i]));
    store_receipts_free(list, count);
    shown = answer(events, &feed, count >= PAGE);
    if (shown == NULL)
        err_memory(err);
    return shown;
}
