/* Checks a sign-in in the order that recorded refusals show. */
#include "fakeorg/access/signin.h"

#include <stdbool.h>
#include <string.h>

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

static int count_wrong(struct signin *signin, const struct limits *limits,
                       const struct signin_attempt *attempt)
{
    if (++signin->wrong == limits->at[LIMIT_WRONG_PASSWORDS]) {
        signin->wrong = 0;
        signin->locked_until_ms = attempt->now_ms + limits->at[LIMIT_LOCKOUT_MINUTES] * 60000;
    }
    return api_error_set(attempt->error, API_ERROR_LOGIN, "INVALID_LOGIN", WRONG);
}

static int check_rate(struct signin *signin, const struct limits *limits,
                      const struct signin_attempt *attempt)
{
    uint64_t used = window_used(&signin->hour, attempt->now_ms);

    if (limits->at[LIMIT_LOGINS_PER_HOUR] > 0 &&
        used >= (uint64_t)limits->at[LIMIT_LOGINS_PER_HOUR])
        return api_error_set(
            attempt->error, API_ERROR_LOGIN, quirk_value(attempt->quirks, QUIRK_LOGIN_RATE),
            quirk_is(attempt->quirks, QUIRK_LOGIN_RATE, "INVALID_LOGIN") ? WRONG
                                                                         : "login rate exceeded");
    window_add(&signin->hour, attempt->now_ms, 1);
    return 0;
}

int signin_check(struct signin *signin, const struct limits *limits, const struct credentials *user,
                 const struct signin_attempt *attempt)
{
    struct api_error *error = attempt->error;
    size_t len = strlen(user->password);

    if (check_rate(signin, limits, attempt) < 0)
        return -1;
    if (strcmp(attempt->username, user->username) != 0)
        return api_error_set(error, API_ERROR_LOGIN, "INVALID_LOGIN", WRONG);
    if (attempt->now_ms < signin->locked_until_ms)
        return api_error_set(error, API_ERROR_LOGIN, quirk_value(attempt->quirks, QUIRK_LOCKOUT),
                             WRONG);
    if (strncmp(attempt->password, user->password, len) != 0)
        return count_wrong(signin, limits, attempt);
    const char *token = attempt->password + len;
    bool demanded = limits->at[LIMIT_TOKEN] != 0 && user->token[0] != '\0';
    if (*token == '\0' && demanded)
        return api_error_set(error, API_ERROR_LOGIN, "LOGIN_MUST_USE_SECURITY_TOKEN", NO_TOKEN);
    if (*token != '\0' && strcmp(token, user->token) != 0)
        return count_wrong(signin, limits, attempt);
    signin->wrong = 0;
    signin->locked_until_ms = 0;
    return 0;
}
