/* Keeps what is known of the org's objects true: what an event is mapped with. */
#include <stdio.h>
#include <string.h>

#include <utlist.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "delivery/destination.h"

/* An object is described anew because of a single field at most this often. */
#define FIELD_PAUSE_MS 60000

#define OBJECTS 3

static const char *const objects[OBJECTS] = {"Lead", "Account", "Contact"};

static bool wants(const struct destination_settings *to, size_t object)
{
    return object == 0 ||
           (object == 1 ? to->version >= 2 : to->converted_lead == CONVERTED_CONTACT);
}

/* ---- how old it is ---- */

static int64_t age(const struct destination *d)
{
    return clock_steady() - d->schema->described_ms;
}

bool renew_stale(const struct destination *d)
{
    if (d->schema == NULL || d->schema_number < d->schema_needed)
        return true;
    return age(d) < 0 || age(d) >= d->settings->renew_every_ms;
}

/* With work in hand it is renewed before it is stale, so that nothing waits for it. */
static int64_t ahead_ms(const struct destination *d)
{
    return d->settings->renew_every_ms / 5 * 4;
}

int64_t renew_at(const struct destination *d)
{
    if (d->describing || d->in_hand == NULL || d->hold.mood == DELIVERY_HOLDING ||
        d->hold.mood == DELIVERY_STOPPED)
        return INT64_MAX;
    return renew_stale(d) ? 0 : clock_mono() + ahead_ms(d) - age(d);
}

void renew_distrust(struct destination *d)
{
    if (d->schema_needed > d->schema_number)
        return; /* asked for, and nothing has been sent since */
    /* What is being told at this moment may be from before the change. */
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
    struct call *call = call_new(kind, "", 0);

    if (call == NULL) {
        hold_for(&d->hold, STORE_RETRY_MS, "NO_MEMORY", "out of memory",
                 "give the machine more memory"); /* asked for again when that is over */
        return false;
    }
    for (size_t i = 0; kind == CALL_DESCRIBE && i < OBJECTS; i++)
        if (wants(d->settings, i))
            call->describe[call->describe_count++] = objects[i];
    DL_PREPEND(d->queue, call);
    *ret_under_way = true;
    return true;
}

void renew_due(struct destination *d)
{
    bool stale = renew_stale(d);

    if (d->describing)
        return;
    if (d->schema == NULL || (stale && (d->in_hand != NULL || gather_waits(d))) ||
        (!stale && d->in_hand != NULL && age(d) >= ahead_ms(d)))
        enqueue(d, CALL_DESCRIBE, &d->describing);
    else if (!d->hold.connected && !d->signing_in)
        enqueue(d, CALL_SIGN_IN, &d->signing_in);
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

static void adopt(struct destination *d, struct call *call)
{
    struct err err;

    schema_unref(d->schema);
    d->schema = call->schema;
    call->schema = NULL;
    d->schema_number++;
    d->more = true;
    warn_of_hidden(d);
    if (schema_save(d->schema, d->schema_dir, &err) < 0)
        log_line(LOG_WARN, "delivery.schema_not_kept", "destination=%s error=%s", d->settings->name,
                 LOG_TEXT(err.text));
    while (gather_rekey(d, &err) < 0) {
        log_line(LOG_ERROR, "delivery.cannot_read", "destination=%s error=%s", d->settings->name,
                 LOG_TEXT(err.text));
        if (!mail_pause(d, STORE_RETRY_MS))
            return;
    }
}

/* Whether anything can be written at all. */
static bool is_of_use(const struct schema *schema)
{
    return schema_object(schema, objects[0]) != NULL || schema_object(schema, objects[1]) != NULL;
}

static void stop(struct destination *d, struct org_fault *fault)
{
    fault->class = ORG_STOP;
    fault->advice = d->settings->version >= 2
                        ? "the integration user sees neither Lead nor Account: give its profile "
                          "access"
                        : "the integration user cannot see Lead: give its profile access";
    hold_after_fault(&d->hold, fault, d->settings);
}

void renew_answer(struct destination *d, struct call *call)
{
    if (call->kind == CALL_SIGN_IN) {
        d->signing_in = false;
        return;
    }
    d->describing = false;
    if (call->rc == 0 && is_of_use(call->schema)) {
        adopt(d, call);
    } else if (call->rc == 0) {
        snprintf(call->fault.code, sizeof call->fault.code, "object_not_visible");
        stop(d, &call->fault);
    } else if (call->fault.class == ORG_STALE_SCHEMA) {
        stop(d, &call->fault);
    }
}

/* ---- of an earlier run ---- */

/* False when the settings ask for more objects than when it was kept. */
static bool is_whole(const struct destination *d, const struct schema *schema)
{
    for (size_t i = 0; i < OBJECTS; i++)
        if (wants(d->settings, i) && !schema_knows(schema, objects[i]))
            return false;
    return is_of_use(schema);
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

/* ---- what was mapped with an older one ---- */

static int remap(struct destination *d, struct group *group, struct item *item, struct settling *s,
                 struct err *err)
{
    struct mapping_result again = {0};
    struct reason why;
    int rc = 0;

    if (gather_map(d, &item->row, &again, err) < 0)
        return -1;
    item->schema_number = d->schema_number;
    if (gather_refuses(d, &again, &why)) {
        rc = settle_dead(s, group, item, why, err);
    } else if (strcmp(again.key, item->mapped.key) == 0) {
        struct mapping_result old = item->mapped;
        item->mapped = again;
        again = old;
    } /* keyed otherwise it belongs to another group: it keeps what it has till it is read again */
    mapping_result_done(&again);
    return rc;
}

bool renew_outdated(const struct destination *d, const struct group *group)
{
    const struct item *item;

    DL_FOREACH(group->items, item) {
        if (item->schema_number != d->schema_number)
            return true;
    }
    return false;
}

int renew_group(struct destination *d, struct group *group, struct settling *s, struct err *err)
{
    struct item *item, *next;

    DL_FOREACH_SAFE(group->items, item, next) {
        if (item->schema_number != d->schema_number && remap(d, group, item, s, err) < 0)
            return -1;
    }
    return 0;
}
