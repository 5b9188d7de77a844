#include "fakeorg/access/admission.h"

#include "fakeorg/soap/call.h"

#define CONCURRENT "ConcurrentRequests (Concurrent API Requests) Limit exceeded."

void admission_begin(struct admission *admission, struct running *running, int64_t now_ms)
{
    *running = (struct running){.before = admission->newest, .began_ms = now_ms};
    if (admission->newest == NULL)
        admission->oldest = running;
    else
        admission->newest->after = running;
    admission->newest = running;
    admission->count++;
}

void admission_end(struct admission *admission, struct running *running)
{
    if (running->began_ms == 0)
        return;
    if (running->before == NULL)
        admission->oldest = running->after;
    else
        running->before->after = running->after;
    if (running->after == NULL)
        admission->newest = running->before;
    else
        running->after->before = running->before;
    running->began_ms = 0;
    admission->count--;
}

static int64_t count_long(const struct admission *admission, int64_t before_ms)
{
    int64_t count = 0;

    for (const struct running *at = admission->oldest; at != NULL && at->began_ms <= before_ms;
         at = at->after)
        count++;
    return count;
}

static int check_concurrency(struct call *call, int64_t now_ms)
{
    const struct admission *admission = &call->service->admission;
    const int64_t *limits = call->service->limits.at;

    if (limits[LIMIT_CONCURRENT_CALLS] > 0 &&
        (int64_t)admission->count > limits[LIMIT_CONCURRENT_CALLS])
        return api_error_set(call->error, API_ERROR_UNEXPECTED, "REQUEST_LIMIT_EXCEEDED",
                             CONCURRENT);
    if (limits[LIMIT_LONG_CALLS] > 0 &&
        count_long(admission, now_ms - limits[LIMIT_LONG_CALL_SECONDS] * 1000) >=
            limits[LIMIT_LONG_CALLS])
        return api_error_set(call->error, API_ERROR_UNEXPECTED, "REQUEST_LIMIT_EXCEEDED",
                             CONCURRENT);
    return 0;
}

/* Documented for "all calls except login"; for these two it is not confirmed. */
static bool is_counted(const struct call *call)
{
    return switch_is(&call->switches, SWITCH_COUNTED, "all") ||
           (call->operation != OPERATION_LOGOUT && call->operation != OPERATION_TIMESTAMP);
}

static int check_daily(struct call *call, int64_t now_ms)
{
    const int64_t *limits = call->service->limits.at;
    struct window *day = &call->service->quota.day;

    if (!is_counted(call))
        return 0;
    if ((int64_t)window_used(day, now_ms) >= limits[LIMIT_DAILY_CALLS] + limits[LIMIT_DAILY_GRACE])
        return api_error_set(call->error, API_ERROR_UNEXPECTED, "REQUEST_LIMIT_EXCEEDED",
                             "TotalRequests Limit exceeded.");
    window_add(day, now_ms, 1);
    return 0;
}

static int check_session(struct call *call, int64_t now_ms)
{
    static const char *const lives[] = {"use", "second-half", "login"};
    struct service *service = call->service;
    enum session_life life = SESSION_ANY_USE;

    while (!switch_is(&call->switches, SWITCH_SESSION_LIFE, lives[life]))
        life++;
    if (call->headers.session_id != NULL &&
        session_use(&service->session, call->headers.session_id, now_ms,
                    service->limits.at[LIMIT_SESSION_MINUTES] * 60000, life))
        return 0;
    return api_error_set(call->error, API_ERROR_UNEXPECTED, "INVALID_SESSION_ID",
                         "Invalid Session ID found in SessionHeader: Illegal Session%s",
                         switch_is(&call->switches, SWITCH_SESSION_TEXT, "short")
                             ? ""
                             : ". Session not found, missing session hash: "
                               "c2Vzc2lvbiBoYXNoIG9mIGZha2VvcmcgZm9yIHRlc3Rz\nThis error usually "
                               "occurs after a session expires or a user logs out. ");
}

/* With an expired password a session is good for setting a new one, and for leaving. */
static int check_password(struct call *call)
{
    if (call->service->limits.at[LIMIT_PASSWORD_EXPIRED] == 0 ||
        call->operation == OPERATION_LOGOUT)
        return 0;
    return api_error_set(call->error, API_ERROR_UNEXPECTED,
                         "INVALID_OPERATION_WITH_EXPIRED_PASSWORD", "%s",
                         switch_is(&call->switches, SWITCH_EXPIRED_TEXT, "set")
                             ? "The users password has expired, you must call SetPassword before "
                               "attempting any other API operations"
                             : "Your password has expired. Please reset your password.");
}

int admission_check(struct call *call)
{
    int64_t now_ms = orgclock_now(&call->service->org->clock);

    if (call->operation == OPERATION_LOGIN)
        return 0;
    if (check_session(call, now_ms) < 0 || check_password(call) < 0 ||
        check_concurrency(call, now_ms) < 0)
        return -1;
    return check_daily(call, now_ms);
}
