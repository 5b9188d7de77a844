/* receipts: a receipt as JSON, with why it waits. */
#include "admin/views.h"

#include <string.h>

#include "base/clock.h"

static json_t *text_or_null(const char *text)
{
    return text != NULL ? json_string(text) : json_null();
}

/* Notes are JSON written by us, but read back from a file: anything but an array is left out. */
static json_t *notes(const char *text)
{
    json_t *read = text != NULL ? json_loads(text, 0, NULL) : NULL;

    if (json_is_array(read))
        return read;
    json_decref(read);
    return json_array();
}

/* What was sent, likewise. */
static json_t *fields(const char *text)
{
    json_t *read = text != NULL ? json_loads(text, 0, NULL) : NULL;

    if (json_is_object(read))
        return read;
    json_decref(read);
    return json_null();
}

/* Why an event waits, and until when. */
struct wait {
    const char *code, *message, *advice;
    int64_t next_ms; /* 0: not known */
};

static const struct wait not_running = {
    "DISABLED", "nothing is delivered to this destination",
    "enable it in the configuration, or put it back, and reload it", 0};

static const char resume_advice[] = "fix the cause, then run \"leadline resume\"";

/* A reason that stops the whole destination comes before that of the event. */
static struct wait wait_of(const struct store_receipt *r, const struct delivery_status *place)
{
    struct wait own = {r->code, r->message, r->advice, r->next_attempt_ms}, its;

    if (place == NULL)
        return not_running;
    its = (struct wait){place->code, place->message, place->advice, place->until_ms};
    switch (place->state) {
    case DELIVERY_STOPPED:
        if (its.advice == NULL || its.advice[0] == '\0')
            its.advice = resume_advice;
        its.next_ms = 0;
        return its;
    case DELIVERY_PAUSED:
        its.next_ms = 0;
        return its;
    case DELIVERY_STARTING:
        its = (struct wait){"STARTING", "the destination is signing in to its org",
                            "wait a moment; \"leadline status\" says how far it is", 0};
        break;
    default:
        break;
    }
    if (own.code == NULL && place->state != DELIVERY_RUNNING)
        own = (struct wait){its.code, its.message, its.advice, own.next_ms};
    if (own.next_ms < its.next_ms)
        own.next_ms = its.next_ms;
    if (own.next_ms <= clock_wall()) /* in hand, or about to be */
        own.next_ms = 0;
    return own;
}

static json_t *record_url(const struct store_receipt *r, const struct delivery_status *place)
{
    if (r->record_id == NULL || place == NULL || place->org.instance[0] == '\0')
        return json_null();
    return json_sprintf("%s/%s", place->org.instance, r->record_id);
}

static json_t *receipt(const struct store_receipt *r, struct wait why)
{
    const struct {
        const char *name;
        const char *text;
    } texts[] = {
        {"source", r->source},
        {"messageId", r->message_id},
        {"type", r->type},
        {"destination", r->destination},
        {"object", r->object},
        {"key", r->key},
        {"state", store_state_name(r->state)},
        {"record_id", r->record_id},
        {"into", r->into},
        {"code", why.code},
        {"message", why.message},
        {"advice", why.advice},
    };
    json_t *shown = json_pack("{s:I}", "seq", (json_int_t)r->seq);

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        json_object_set_new(shown, texts[i].name, text_or_null(texts[i].text));
    json_object_set_new(shown, "record_url", json_null());
    json_object_set_new(shown, "created", json_boolean(r->created));
    json_object_set_new(shown, "discarded", json_boolean(r->discarded));
    json_object_set_new(shown, "attempts", json_integer(r->attempts));
    json_object_set_new(shown, "received", view_time(r->received_ms));
    json_object_set_new(shown, "changed", view_time(r->changed_ms));
    json_object_set_new(shown, "next_attempt", view_time(why.next_ms));
    json_object_set_new(shown, "fields", fields(r->sent));
    json_object_set_new(shown, "notes", notes(r->notes));
    json_object_set_new(shown, "damaged", json_boolean(r->damaged));
    return shown;
}

json_t *view_receipt(const struct store_receipt *r)
{
    struct wait own = {r->code, r->message, r->advice,
                       r->state == STORE_WAITING ? r->next_attempt_ms : 0};

    return receipt(r, own);
}

json_t *view_receipt_at(const struct store_receipt *r, const struct delivery_status *place)
{
    json_t *shown = r->state == STORE_WAITING ? receipt(r, wait_of(r, place)) : view_receipt(r);

    json_object_set_new(shown, "record_url", record_url(r, place));
    return shown;
}
