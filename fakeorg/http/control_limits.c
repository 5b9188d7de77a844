/* control_limits: shows, sets and resets limits, their usage, and the clock. */
#include "fakeorg/http/views.h"

#include <inttypes.h>
#include <string.h>

#include <jansson.h>

#include "fakeorg/http/control_answer.h"

unsigned view_limits(struct service *service, const char *rest, const char *body, struct buf *out)
{
    pthread_mutex_lock(&service->lock);
    int64_t now_ms = orgclock_now(&service->org->clock);
    buf_char(out, '{');
    limits_show(&service->access.limits, out);
    buf_format(out,
               ",\"calls-used\":%" PRIu64 ",\"logins-used\":%" PRIu64
               ",\"calls-running\":%zu,\"locked-out\":%s}",
               window_used(&service->access.quota.day, now_ms),
               window_used(&service->access.signin.hour, now_ms), service->access.running.count,
               now_ms < service->access.signin.locked_until_ms ? "true" : "false");
    pthread_mutex_unlock(&service->lock);
    return 200;
}

static int set_used(struct window *window, int64_t now_ms, int64_t value, struct err *err)
{
    if (value < 0)
        return err_set(err, ERR_INVALID, "expected how many were used");
    *window = (struct window){.minutes = window->minutes};
    window_add(window, now_ms, (uint64_t)value);
    return 0;
}

/* One member: a limit, or how much of one is used. */
static int set_one(struct service *service, const char *name, const json_t *value, struct err *err)
{
    enum limit_id id = limit_named(name, strlen(name));
    int64_t now_ms = orgclock_now(&service->org->clock);
    int64_t number = json_is_boolean(value)   ? json_is_true(value)
                     : json_is_integer(value) ? json_integer_value(value)
                                              : -1;

    if (strcmp(name, "calls-used") == 0)
        return set_used(&service->access.quota.day, now_ms, number, err);
    if (strcmp(name, "logins-used") == 0)
        return set_used(&service->access.signin.hour, now_ms, number, err);
    if (strcmp(name, "locked-out") == 0) {
        service->access.signin.wrong = 0;
        service->access.signin.locked_until_ms =
            number == 1 ? now_ms + service->access.limits.at[LIMIT_LOCKOUT_MINUTES] * 60000 : 0;
        return 0;
    }
    if (id == LIMITS)
        return err_set(err, ERR_INVALID, "there is no limit %.100s", name);
    return limit_set(&service->access.limits, id, number, err);
}

/* {"daily-calls":100,"calls-used":95,"token":false}; members before an error stay set. */
unsigned control_limits(struct service *service, const char *rest, const char *body,
                        struct buf *out)
{
    json_t *json = json_loads(body, JSON_REJECT_DUPLICATES, NULL), *value;
    struct err err = {0};
    const char *name;
    int rc = 0;

    if (!json_is_object(json))
        rc = err_set(&err, ERR_INVALID, "expected {\"NAME\":NUMBER}");
    pthread_mutex_lock(&service->lock);
    json_object_foreach(json, name, value) {
        if (rc == 0)
            rc = set_one(service, name, value, &err);
    }
    pthread_mutex_unlock(&service->lock);
    json_decref(json);
    return rc < 0 ? control_refuse(out, err.text) : view_limits(service, rest, body, out);
}

unsigned control_clear_limits(struct service *service, const char *rest, const char *body,
                              struct buf *out)
{
    pthread_mutex_lock(&service->lock);
    access_reset_limits(&service->access);
    pthread_mutex_unlock(&service->lock);
    return view_limits(service, rest, body, out);
}

unsigned view_clock(struct service *service, const char *rest, const char *body, struct buf *out)
{
    char now[ISOTIME_MAX];

    isotime_format(orgclock_now(&service->org->clock), now);
    buf_format(out, "{\"now\":\"%s\",\"offset_ms\":%lld}", now,
               atomic_load(&service->org->clock.offset_ms));
    return 200;
}

/* {"advance":"24h"}, {"set":"2026-11-23T10:05:00Z"} or {"reset":true} */
unsigned control_clock(struct service *service, const char *rest, const char *body, struct buf *out)
{
    json_t *json = json_loads(body, 0, NULL);
    const char *by = json_string_value(json_object_get(json, "advance"));
    const char *to = json_string_value(json_object_get(json, "set"));
    struct orgclock *clock = &service->org->clock;
    struct err err = {0};
    int rc = 0;

    pthread_mutex_lock(&service->lock);
    if (json_object_size(json) != 1)
        rc = err_set(&err, ERR_INVALID, "expected one of advance, set and reset");
    else if (by != NULL)
        rc = orgclock_advance(clock, by, &err);
    else if (to != NULL)
        rc = orgclock_set(clock, to, &err);
    else if (json_is_true(json_object_get(json, "reset")))
        orgclock_reset(clock);
    else
        rc = err_set(&err, ERR_INVALID, "expected advance or set with a text, or reset with true");
    pthread_mutex_unlock(&service->lock);
    json_decref(json);
    return rc < 0 ? control_refuse(out, err.text) : view_clock(service, rest, body, out);
}
