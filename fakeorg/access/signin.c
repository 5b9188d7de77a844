#include "fakeorg/access/signin.h"

#include <string.h>

#include "fakeorg/soap/call.h"

#define HOUR_MINUTES 60
#define WRONG        "Invalid username, password, security token; or user locked out."
#define NO_TOKEN                                                                                   \
    WRONG " Are you at a new location? When accessing Salesforce--either via a desktop client or " \
          "the API--from outside of your company's trusted networks, you must add a security "     \
          "token to your password to log in."

void signin_reset(struct signin *signin)
{
    *signin = (struct signin){.hour = {.minutes = HOUR_MINUTES}};
}

static int count_wrong(struct call *call, int64_t now_ms)
{
    const struct limits *limits = &call->service->limits;
    struct signin *signin = &call->service->signin;

    if (++signin->wrong == limits->at[LIMIT_WRONG_PASSWORDS]) {
        signin->wrong = 0;
        signin->locked_until_ms = now_ms + limits->at[LIMIT_LOCKOUT_MINUTES] * 60000;
    }
    return api_error_set(call->error, API_ERROR_LOGIN, "INVALID_LOGIN", WRONG);
}

static int check_state(struct call *call, int64_t now_ms)
{
    const struct limits *limits = &call->service->limits;
    struct signin *signin = &call->service->signin;

    if (limits->at[LIMIT_SIGN_IN] == 0)
        return api_error_set(call->error, API_ERROR_LOGIN, "INVALID_OPERATION",
                             "SOAP API login() is disabled by default in this org. Contact the org "
                             "administrator to enable SOAP API login().");
    uint64_t used = window_used(&signin->hour, now_ms);
    if (limits->at[LIMIT_LOGINS_PER_HOUR] > 0 &&
        used >= (uint64_t)limits->at[LIMIT_LOGINS_PER_HOUR])
        return api_error_set(
            call->error, API_ERROR_LOGIN, switch_value(&call->switches, SWITCH_LOGIN_RATE),
            switch_is(&call->switches, SWITCH_LOGIN_RATE, "INVALID_LOGIN") ? WRONG
                                                                           : "login rate exceeded");
    window_add(&signin->hour, now_ms, 1);
    return 0;
}

/* The password on the wire is the password with the security token behind it. */
int signin_check(struct call *call, const char *username, const char *password)
{
    const struct fakeorg_options *options = &call->service->options;
    int64_t now_ms = orgclock_now(&call->service->org->clock);
    struct signin *signin = &call->service->signin;
    size_t len = strlen(options->password);

    if (check_state(call, now_ms) < 0)
        return -1;
    if (strcmp(username, options->username) != 0)
        return api_error_set(call->error, API_ERROR_LOGIN, "INVALID_LOGIN", WRONG);
    if (now_ms < signin->locked_until_ms)
        return api_error_set(call->error, API_ERROR_LOGIN,
                             switch_value(&call->switches, SWITCH_LOCKOUT), WRONG);
    if (strncmp(password, options->password, len) != 0)
        return count_wrong(call, now_ms);
    const char *token = password + len;
    bool demanded = call->service->limits.at[LIMIT_TOKEN] != 0 && options->token[0] != '\0';
    if (*token == '\0' && demanded)
        return api_error_set(call->error, API_ERROR_LOGIN, "LOGIN_MUST_USE_SECURITY_TOKEN",
                             NO_TOKEN);
    if (*token != '\0' && strcmp(token, options->token) != 0)
        return count_wrong(call, now_ms);
    signin->wrong = 0;
    signin->locked_until_ms = 0;
    return 0;
}
