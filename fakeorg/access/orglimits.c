/* The table of limits. */
#include "fakeorg/access/orglimits.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf_json.h"

/* Sources: the limits sheet ("API Request Limits"), help 000381578 on logins, the
   session settings; defaults are those of a new org where one is documented. */
static const struct {
    const char *name;
    int64_t fallback, most;
    const char *help;
} rows[LIMITS] = {
    [LIMIT_DAILY_CALLS] = {"daily-calls", 100000, 1000000000000,
                           "calls in a rolling 24 hours; sign-ins do not count"},
    [LIMIT_DAILY_GRACE] = {"daily-grace", 0, 1000000000000,
                           "extra calls allowed beyond the daily limit"},
    [LIMIT_CONCURRENT_CALLS] =
        {"concurrent-calls", 0, 1000000,
         "concurrent calls, however short; 0: any number, as the real service"},
    [LIMIT_LONG_CALLS] =
        {"long-calls", 25, 1000000,
         "concurrent long-running calls; beyond that every call is refused; 0: any number"},
    [LIMIT_LONG_CALL_SECONDS] = {"long-call-seconds", 20, 86400,
                                 "after how long a call counts as long-running"},
    [LIMIT_SESSION_MINUTES] = {"session-minutes", 120, 1440, "life of a session"},
    [LIMIT_LOGINS_PER_HOUR] = {"logins-per-hour", 3600, 1000000000,
                               "sign-ins in a rolling hour; 0: any number"},
    [LIMIT_WRONG_PASSWORDS] = {"wrong-passwords", 10, 1000000,
                               "consecutive ones until the user is locked out; 0: never"},
    [LIMIT_LOCKOUT_MINUTES] = {"lockout-minutes", 15, 1000000, "how long a lockout lasts"},
    [LIMIT_SIGN_IN] = {"sign-in", 1, 1, "0: login() is switched off in this org"},
    [LIMIT_TOKEN] = {"token", 1, 1,
                     "whether the security token must follow the password; 0: it may"},
    [LIMIT_PASSWORD_EXPIRED] = {"password-expired", 0, 1,
                                "1: sign-ins work and say so, later calls are refused"},
};

void limits_init(struct limits *limits)
{
    for (enum limit_id id = 0; id < LIMITS; id++)
        limits->at[id] = rows[id].fallback;
}

enum limit_id limit_named(const char *name, size_t len)
{
    enum limit_id id = 0;

    while (id < LIMITS && (strlen(rows[id].name) != len || memcmp(rows[id].name, name, len) != 0))
        id++;
    return id;
}

int limit_set(struct limits *limits, enum limit_id id, int64_t value, struct err *err)
{
    int64_t least = id == LIMIT_SESSION_MINUTES ? 1 : 0;

    if (value < least || value > rows[id].most)
        return err_set(err, ERR_INVALID, "limit %s: expected a number from %" PRId64 " to %" PRId64,
                       rows[id].name, least, rows[id].most);
    limits->at[id] = value;
    return 0;
}

int limits_set(struct limits *limits, const char *text, struct err *err)
{
    size_t len = strcspn(text, "=");
    enum limit_id id = limit_named(text, len);
    const char *value = text[len] == '=' ? text + len + 1 : "";
    size_t digits = strspn(value, "0123456789");

    if (id == LIMITS)
        return err_set(err, ERR_INVALID, "there is no limit %.*s", (int)len, text);
    bool is_number = digits > 0 && digits <= 18 && value[digits] == '\0';
    return limit_set(limits, id, is_number ? strtoll(value, NULL, 10) : -1, err);
}

void limits_show(const struct limits *limits, struct buf *out)
{
    for (enum limit_id id = 0; id < LIMITS; id++) {
        buf_json_key(out, rows[id].name);
        buf_format(out, "{\"value\":%" PRId64 ",\"default\":%" PRId64 ",\"help\":", limits->at[id],
                   rows[id].fallback);
        buf_json_string(out, rows[id].help, strlen(rows[id].help));
        buf_char(out, '}');
    }
}
