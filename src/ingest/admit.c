/* Finds the source, reads the messages and asks the mapping about each for every destination. */
#include "ingest/admit.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "ingest/write_key.h"

/* Advice about events that can never be delivered as they are. */
static const struct {
    const char *reason, *advice;
} advices[] = {
    {"missing_lookup_value",
     "Send the missing trait with every such call (email for identify unless "
     "custom_lead_lookup_fields says otherwise, groupId for group) and send the event again; "
     "or change custom_lead_lookup_fields and retry this one."},
    {"lookup_value_too_long",
     "Shorten the trait at its source so that it fits the look-up field and send the event "
     "again; or choose another field in custom_lead_lookup_fields and retry this one."},
};
static const char other_advice[] =
    "Correct the event at its source and send it again; or change the destination's settings "
    "and retry this one.";

/* ---- counting what is not stored ---- */

static struct store_skip *skip_of(struct accepted *accepted, const char *destination,
                                  const char *reason)
{
    struct store_skip *skips = accepted->skips;

    for (size_t i = 0; i < accepted->skip_count; i++)
        if (strcmp(skips[i].destination, destination) == 0 && strcmp(skips[i].reason, reason) == 0)
            return &skips[i];
    skips = mem_resize(skips, accepted->skip_count + 1, sizeof *skips);
    if (skips == NULL)
        return NULL;
    accepted->skips = skips;
    skips += accepted->skip_count++;
    *skips = (struct store_skip){
        .source = accepted->source->name,
        .destination = destination,
        .reason = reason,
    };
    return skips;
}

static int count_bad(struct accepted *accepted, const char *problem)
{
    struct store_skip *skip = skip_of(accepted, "", problem);

    if (skip == NULL)
        return -1;
    accepted->bad++;
    skip->count++;
    return 0;
}

/* A skip with the event that was skipped, which is remembered. */
static int add_skip(struct accepted *accepted, const struct event *event, const char *destination,
                    const char *reason)
{
    struct store_skip *skip = skip_of(accepted, destination, reason);
    struct store_skip_event *events;

    if (skip == NULL)
        return -1;
    /* Capacity grows by doubling. */
    if ((skip->event_count & (skip->event_count - 1)) == 0) {
        size_t capacity = skip->event_count == 0 ? 1 : skip->event_count * 2;
        events = mem_resize((void *)(uintptr_t)skip->events, capacity, sizeof *events);
        if (events == NULL)
            return -1;
        skip->events = events;
    }
    events = (struct store_skip_event *)(uintptr_t)&skip->events[skip->event_count];
    events->message_id = mem_text(event->message_id);
    if (events->message_id == NULL)
        return -1;
    events->type = event_type_name(event->type);
    events->received_ms = event->received_ms;
    skip->event_count++;
    skip->count++;
    return 0;
}

/* ---- one message ---- */

static const char *advice_for(const char *reason)
{
    for (size_t i = 0; i < sizeof advices / sizeof advices[0]; i++)
        if (strcmp(advices[i].reason, reason) == 0)
            return advices[i].advice;
    return other_advice;
}

/* The next target, from its route, which stays in routes for its texts. */
static void add_target(struct accepted *accepted, const char *destination)
{
    const struct mapping_route *route = &accepted->routes[accepted->target_count];
    struct store_target *target = &accepted->targets[accepted->target_count++];

    target->destination = destination;
    target->key = route->key == NULL ? "" : route->key;
    target->object = route->object == NULL ? "" : route->object;
    if (route->outcome == MAPPING_REJECT) {
        target->dead_code = route->reason;
        target->dead_message = route->detail == NULL ? route->reason : route->detail;
        target->dead_advice = advice_for(route->reason);
    }
}

/* Asks one destination.  -1: out of memory. */
static int ask_destination(struct accepted *accepted, const struct event *event, const char *name)
{
    const struct destination_settings *to = settings_destination(accepted->settings, name);
    struct mapping_route route;
    struct err err = {0};
    int rc;

    if (to == NULL || !to->enabled)
        return add_skip(accepted, event, name, "destination_disabled");
    if (mapping_route(event, to, &route, &err) < 0)
        return -1;
    if (route.outcome == MAPPING_SKIP) {
        rc = add_skip(accepted, event, name, route.reason);
        mapping_route_done(&route);
        return rc;
    }
    accepted->routes[accepted->target_count] = route;
    add_target(accepted, name);
    return 0;
}

static int add_event(struct accepted *accepted, const struct event *event,
                     const struct intake_message *message, size_t first_target)
{
    struct event_names *names = &accepted->names[accepted->event_count];
    struct err err;
    char *id;

    if (event_names(event, names, &err) < 0)
        return -1;
    id = mem_text(event->message_id);
    if (id == NULL) {
        event_names_done(names);
        return -1;
    }
    accepted->events[accepted->event_count++] = (struct store_event){
        .source = accepted->source->name,
        .message_id = id,
        .type = event_type_name(event->type),
        .received_ms = event->received_ms,
        .timestamp_ms = event->timestamp_ms,
        .body = message->text,
        .body_len = message->len,
        .targets = accepted->targets + first_target,
        .target_count = accepted->target_count - first_target,
        .names = (const char *const *)names->list,
        .name_count = names->count,
    };
    return 0;
}

static int ask_destinations(struct accepted *accepted, const struct event *event,
                            const struct intake_message *message)
{
    const struct source_settings *source = accepted->source;
    size_t first_target = accepted->target_count;

    if (source->destination_count == 0 && add_skip(accepted, event, "", "no_destination") < 0)
        return -1;
    for (size_t i = 0; i < source->destination_count; i++)
        if (ask_destination(accepted, event, source->destinations[i]) < 0)
            return -1;
    if (accepted->target_count == first_target) {
        accepted->unwanted++;
        return 0;
    }
    return add_event(accepted, event, message, first_target);
}

/* -1: out of memory.  A bad message is counted and is no failure. */
static int admit_message(struct accepted *accepted, const struct intake_message *message)
{
    struct event event;
    struct err err = {0};
    int rc;

    if (message->problem != NULL)
        return count_bad(accepted, message->problem);
    if (intake_event(&accepted->intake, message, &event, &err) < 0)
        return err.kind == ERR_MEMORY ? -1 : count_bad(accepted, "unreadable");
    rc = ask_destinations(accepted, &event, message);
    event_done(&event);
    return rc;
}

/* ---- the whole submission ---- */

static int read_messages(struct accepted *accepted, const struct submission *submission,
                         struct refusal *refusal)
{
    struct err err = {0};

    if (intake_read(&accepted->intake, submission->body, submission->len, submission->type,
                    submission->must_be_batch, submission->received_ms, &err) == 0)
        return 0;
    if (err.kind == ERR_MEMORY)
        return refuse_memory(refusal);
    return refuse(refusal, 400, err.kind == ERR_FULL ? "too_large" : "invalid_body", "%s",
                  err.text);
}

/* An invalid key in the header makes reading the body unnecessary. */
static int find_source(struct accepted *accepted, const struct submission *submission,
                       struct refusal *refusal)
{
    const char *keys[3] = {NULL, submission->query_key, NULL};
    char *header_key;
    int rc = write_key_of_header(submission->authorization, &header_key, refusal);

    keys[0] = header_key;
    if (rc == 0 && header_key != NULL &&
        write_key_source(accepted->settings, keys, 2, refusal) == NULL)
        rc = -1;
    if (rc == 0)
        rc = read_messages(accepted, submission, refusal);
    if (rc == 0) {
        keys[2] = accepted->intake.write_key;
        accepted->source = write_key_source(accepted->settings, keys, 3, refusal);
        rc = accepted->source == NULL ? -1 : 0;
    }
    mem_free(header_key);
    return rc;
}

static int admit_messages(struct accepted *accepted)
{
    size_t count = accepted->intake.count;
    size_t most = count * accepted->source->destination_count;

    accepted->events = mem_zero(count, sizeof *accepted->events);
    accepted->names = mem_zero(count, sizeof *accepted->names);
    accepted->targets = mem_zero(most, sizeof *accepted->targets);
    accepted->routes = mem_zero(most, sizeof *accepted->routes);
    if (accepted->events == NULL || accepted->names == NULL || accepted->targets == NULL ||
        accepted->routes == NULL)
        return -1;
    for (size_t i = 0; i < count; i++)
        if (admit_message(accepted, &accepted->intake.messages[i]) < 0)
            return -1;
    return 0;
}

static int check_limits(const struct accepted *accepted, const struct submission *submission,
                        struct refusal *refusal)
{
    const struct limits_ask ask = {accepted->source, submission->address, accepted->intake.count,
                                   submission->len};
    struct limits_broken broken;

    if (submission->limits == NULL || limits_take(submission->limits, &ask, &broken))
        return 0;
    refuse(refusal, 429, broken.code,
           "this is more than %s (%lld) of the source allows; send it again in %d s",
           broken.setting, (long long)broken.value, broken.wait_s);
    refusal->retry_after_s = broken.wait_s;
    snprintf(refusal->source, sizeof refusal->source, "%s", accepted->source->name);
    return -1;
}

int admit(const struct submission *submission, struct settings *settings, struct accepted *ret,
          struct refusal *ret_refusal)
{
    *ret = (struct accepted){.settings = settings_ref(settings)};
    if (find_source(ret, submission, ret_refusal) < 0 ||
        check_limits(ret, submission, ret_refusal) < 0)
        goto fail;
    if (admit_messages(ret) < 0) {
        refuse_memory(ret_refusal);
        goto fail;
    }
    intake_forget_body(&ret->intake);
    return 0;
fail:
    accepted_done(ret);
    return -1;
}

static void skip_done(struct store_skip *skip)
{
    for (size_t i = 0; i < skip->event_count; i++)
        mem_free((void *)(uintptr_t)skip->events[i].message_id);
    mem_free((void *)(uintptr_t)skip->events);
}

void accepted_done(struct accepted *accepted)
{
    for (size_t i = 0; i < accepted->event_count; i++) {
        mem_free((void *)(uintptr_t)accepted->events[i].message_id);
        event_names_done(&accepted->names[i]);
    }
    for (size_t i = 0; i < accepted->skip_count; i++)
        skip_done(&accepted->skips[i]);
    for (size_t i = 0; i < accepted->target_count; i++)
        mapping_route_done(&accepted->routes[i]);
    mem_free(accepted->events);
    mem_free(accepted->names);
    mem_free(accepted->targets);
    mem_free(accepted->routes);
    mem_free(accepted->skips);
    intake_done(&accepted->intake);
    settings_unref(accepted->settings);
    *accepted = (struct accepted){0};
}
