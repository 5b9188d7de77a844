/* What is checked before a request is carried out: session, password, concurrency, daily limit. */
#include "fakeorg/access/access.h"

#define CONCURRENT "ConcurrentRequests (Concurrent API Requests) Limit exceeded."

static int check_concurrency(const struct access *access, const struct access_request *request)
{
    const struct running_calls *running = &access->running;
    const int64_t *limits = access->limits.at;
    int64_t long_before_ms = request->now_ms - limits[LIMIT_LONG_CALL_SECONDS] * 1000;

    if (limits[LIMIT_CONCURRENT_CALLS] > 0 &&
        (int64_t)running->count > limits[LIMIT_CONCURRENT_CALLS])
        return api_error_set(request->error, API_ERROR_UNEXPECTED, "REQUEST_LIMIT_EXCEEDED",
                             CONCURRENT);
    if (limits[LIMIT_LONG_CALLS] > 0 &&
        running_since(running, long_before_ms) >= limits[LIMIT_LONG_CALLS])
        return api_error_set(request->error, API_ERROR_UNEXPECTED, "REQUEST_LIMIT_EXCEEDED",
                             CONCURRENT);
    return 0;
}

/* Documented for "all calls except login"; for these two it is not confirmed. */
static bool is_counted(const struct access_request *request)
{
    return quirk_is(request->quirks, QUIRK_COUNTED, "all") ||
           (request->operation != OPERATION_LOGOUT && request->operation != OPERATION_TIMESTAMP);
}

static int check_daily(struct access *access, const struct access_request *request)
{
    const int64_t *limits = access->limits.at;
    struct window *day = &access->quota.day;

    if (!is_counted(request))
        return 0;
    if ((int64_t)window_used(day, request->now_ms) >=
        limits[LIMIT_DAILY_CALLS] + limits[LIMIT_DAILY_GRACE])
        return api_error_set(request->error, API_ERROR_UNEXPECTED, "REQUEST_LIMIT_EXCEEDED",
                             "TotalRequests Limit exceeded.");
    window_add(day, request->now_ms, 1);
    return 0;
}

static int check_session(struct access *access, const struct access_request *request)
{
    static const char *const lives[] = {"use", "second-half", "login"};
    enum session_life life = SESSION_ANY_USE;

    while (!quirk_is(request->quirks, QUIRK_SESSION_LIFE, lives[life]))
        life++;
    if (request->session_id != NULL &&
        session_use(&access->session, request->session_id, request->now_ms,
                    access->limits.at[LIMIT_SESSION_MINUTES] * 60000, life))
        return 0;
    return api_error_set(request->error, API_ERROR_UNEXPECTED, "INVALID_SESSION_ID",
                         "Invalid Session ID found in SessionHeader: Illegal Session%s",
                         quirk_is(request->quirks, QUIRK_SESSION_TEXT, "short")
                             ? ""
                             : ". Session not found, missing session hash: "
                               "c2Vzc2lvbiBoYXNoIG9mIGZha2VvcmcgZm9yIHRlc3Rz\nThis error usually "
                               "occurs after a session expires or a user logs out. ");
}

/* With an expired password a session can only set a new one, or log out. */
static int check_password(const struct access *access, const struct access_request *request)
{
    if (access->limits.at[LIMIT_PASSWORD_EXPIRED] == 0 || request->operation == OPERATION_LOGOUT)
        return 0;
    return api_error_set(request->error, API_ERROR_UNEXPECTED,
                         "INVALID_OPERATION_WITH_EXPIRED_PASSWORD", "%s",
                         quirk_is(request->quirks, QUIRK_EXPIRED_TEXT, "set")
                             ? "The users password has expired, you must call SetPassword before "
                               "attempting any other API operations"
                             : "Your password has expired. Please reset your password.");
}

int access_check(struct access *access, const struct access_request *request)
{
    if (request->operation == OPERATION_LOGIN)
        return 0;
    if (check_session(access, request) < 0 || check_password(access, request) < 0 ||
        check_concurrency(access, request) < 0)
        return -1;
    return check_daily(access, request);
}

const char *access_open_session(struct access *access, const char *org_id, int64_t now_ms)
{
    return session_open(&access->session, org_id, now_ms,
                        access->limits.at[LIMIT_SESSION_MINUTES] * 60000);
}

void access_reset_limits(struct access *access)
{
    access->limits = access->first_limits;
}
