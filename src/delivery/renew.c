/* When the org's objects are described, and what is done with the answer. */
#include "delivery/renew.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "delivery/call_queue.h"
#include "delivery/commit.h"
#include "delivery/due.h"

/* An object is described again because of a single field at most this often. */
#define FIELD_PAUSE_MS 60000

/* ---- how old it is ---- */

static int64_t age(const struct destination *d)
{
    return clock_steady() - d->schema->described_ms;
}

bool renew_stale(const struct destination *d)
{
    if (d->schema == NULL || d->next_schema != NULL || d->schema_number < d->schema_needed)
        return true;
    return age(d) < 0 || age(d) >= d->settings->renew_every_ms;
}

/* While there is work it is renewed before it is stale, so that nothing waits for it. */
static int64_t ahead_ms(const struct destination *d)
{
    return d->settings->renew_every_ms / 5 * 4;
}

int64_t renew_at(const struct destination *d)
{
    if (d->describing || d->next_schema != NULL || in_hand_count(&d->in_hand) == 0 ||
        d->hold.state == DELIVERY_HOLDING || d->hold.state == DELIVERY_STOPPED)
        return INT64_MAX;
    return renew_stale(d) ? 0 : clock_mono() + ahead_ms(d) - age(d);
}

void renew_distrust(struct destination *d)
{
    if (d->schema_needed > d->schema_number)
        return; /* requested, and nothing has been sent since */
    /* The answer in flight may predate the change. */
    d->schema_needed = d->schema_number + (d->describing ? 2 : 1);
}

void renew_distrust_field(struct destination *d)
{
    if (d->schema != NULL && age(d) >= FIELD_PAUSE_MS)
        renew_distrust(d);
}

/* ---- asking ---- */

static bool enqueue(struct destination *d, enum call_kind kind, bool *ret_under_way)
{
    const struct bound_objects objects = bindings_objects(d->settings);
    struct call *call = call_new(kind, "", 0);

    if (call == NULL) {
        hold_for(&d->hold, STORE_RETRY_MS, "NO_MEMORY", "out of memory",
                 "give the machine more memory"); /* requested again after the wait */
        return false;
    }
    for (size_t i = 0; kind == CALL_DESCRIBE && i < objects.count; i++)
        call->describe[call->describe_count++] = objects.list[i].object;
    call_queue_prepend(d, call);
    *ret_under_way = true;
    return true;
}

/* ---- the answer ---- */

static void warn_of_hidden(const struct destination *d)
{
    for (size_t i = 0; i < d->schema->count; i++)
        if (d->schema->objects[i].hidden)
            log_line(LOG_WARN, "delivery.object_not_visible", "destination=%s object=%s advice=%s",
                     d->settings->name, d->schema->objects[i].name,
                     "\"give the user access to it, or see what it costs: leadline check\"");
}

int renew_intents(struct destination *d, struct err *err)
{
    struct outcome_batch batch = {0};

    if (intents_rekey(&d->intents, d->schema, d->writer, d->settings->name, &batch, err) < 0) {
        outcome_batch_done(&batch); /* the old keys stay, and are renamed next time */
        return -1;
    }
    commit_batch(d, &batch);
    return 0;
}

/* What is in memory has keys that are no longer valid: all of it is read from the store again, as
   at the start. */
static void start_over(struct destination *d)
{
    log_line(LOG_INFO, "delivery.look_up_field_changed", "destination=%s", d->settings->name);
    call_queue_done(d);
    d->signing_in = d->describing = false;
    in_hand_done(&d->in_hand);
    alike_done(&d->alikes);
    groups_done(&d->groups);
    d->cursor = (struct store_cursor){0};
}

static void adopt(struct destination *d)
{
    struct err err;

    if (d->schema != NULL && groups_keys_change(&d->groups, d->schema, d->next_schema))
        start_over(d);
    schema_unref(d->schema);
    d->schema = d->next_schema;
    d->next_schema = NULL;
    d->schema_number++;
    d->more = true;
    warn_of_hidden(d);
    if (schema_save(d->schema, d->schema_dir, &err) < 0)
        log_line(LOG_WARN, "delivery.schema_not_kept", "destination=%s error=%s", d->settings->name,
                 LOG_TEXT(err.text));
    while (renew_intents(d, &err) < 0) {
        log_line(LOG_ERROR, "delivery.cannot_read", "destination=%s error=%s", d->settings->name,
                 LOG_TEXT(err.text));
        if (!inbox_sleep(&d->inbox, STORE_RETRY_MS))
            return;
    }
}

/* What was sent with the old keys must be answered before anything is looked up by the new ones:
   neither would know of the other. */
static void adopt_when_answered(struct destination *d)
{
    if (d->next_schema == NULL || (d->calls_in_flight > 0 && d->schema != NULL &&
                                   groups_keys_change(&d->groups, d->schema, d->next_schema)))
        return;
    adopt(d);
}

/* Whether anything can be written at all. */
static bool is_of_use(const struct destination *d, const struct schema *schema)
{
    const struct bound_objects objects = bindings_objects(d->settings);

    for (size_t i = 0; i < objects.count; i++)
        if (!objects.list[i].successor && schema_object(schema, objects.list[i].object) != NULL)
            return true;
    return false;
}

static void name_objects(const struct destination *d, struct org_fault *fault)
{
    const struct bound_objects objects = bindings_objects(d->settings);
    struct buf out;

    buf_init(&out, sizeof fault->message);
    buf_text(&out, "the integration user sees none of");
    for (size_t i = 0; i < objects.count && !objects.list[i].successor; i++)
        buf_format(&out, "%s %s", i > 0 ? "," : "", objects.list[i].object);
    snprintf(fault->message, sizeof fault->message, "%s", buf_peek(&out));
    buf_done(&out);
}

static void stop(struct destination *d, struct org_fault *fault)
{
    fault->class = ORG_STOP;
    fault->advice = "give the integration user's profile access to what events make records of";
    if (fault->message[0] == '\0')
        name_objects(d, fault);
    hold_after_fault(&d->hold, fault, d->settings);
}

void renew_answer(struct destination *d, struct call *call)
{
    if (call->kind == CALL_SIGN_IN) {
        d->signing_in = false;
        return;
    }
    d->describing = false;
    if (call->rc == 0 && is_of_use(d, call->schema)) {
        schema_unref(d->next_schema);
        d->next_schema = call->schema;
        call->schema = NULL;
        adopt_when_answered(d);
    } else if (call->rc == 0) {
        snprintf(call->fault.code, sizeof call->fault.code, "object_not_visible");
        stop(d, &call->fault);
    } else if (call->fault.class == ORG_STALE_SCHEMA) {
        stop(d, &call->fault);
    }
}

void renew_due(struct destination *d)
{
    bool stale;

    adopt_when_answered(d);
    stale = renew_stale(d);
    if (d->describing || d->next_schema != NULL)
        return;
    if (d->schema == NULL || (stale && (in_hand_count(&d->in_hand) > 0 || due_waits(d))) ||
        (!stale && in_hand_count(&d->in_hand) > 0 && age(d) >= ahead_ms(d)))
        enqueue(d, CALL_DESCRIBE, &d->describing);
    else if (!d->hold.connected && !d->signing_in)
        enqueue(d, CALL_SIGN_IN, &d->signing_in);
}

/* ---- of an earlier run ---- */

/* False when the settings need more objects than when it was saved. */
static bool is_whole(const struct destination *d, const struct schema *schema)
{
    const struct bound_objects objects = bindings_objects(d->settings);

    for (size_t i = 0; i < objects.count; i++)
        if (!schema_knows(schema, objects.list[i].object))
            return false;
    return is_of_use(d, schema);
}

void renew_begin(struct destination *d)
{
    struct err err;

    d->schema = schema_load(d->schema_dir, &err);
    if (d->schema == NULL || is_whole(d, d->schema))
        return;
    schema_unref(d->schema);
    d->schema = NULL;
}
