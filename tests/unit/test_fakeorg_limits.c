#include "fakeorg_answers.h"

#include "base/clock.h"
#include "fakeorg/http/views.h"

#define START_MS 1700000000000 /* 2023-11-14T22:13:20Z */
#define TIME     "<p:getServerTimestamp/>"

/* An org whose clock only the test moves. */
static void begin(struct org_under_test *org)
{
    clock_freeze(START_MS);
    org_begin(org);
}

static void end(struct org_under_test *org)
{
    clock_thaw();
    org_end(org);
}

typedef unsigned (*control)(struct service *, const char *, const char *, struct buf *);

static const char *post(struct org_under_test *org, control answer, const char *body)
{
    static char text[8192];
    struct buf out;

    buf_init(&out, 1 << 20);
    org->status = answer(org->service, "", body, &out);
    snprintf(text, sizeof text, "%s", buf_peek(&out));
    buf_done(&out);
    return text;
}

static void set_limits(struct org_under_test *org, const char *body)
{
    const char *answer = post(org, control_limits, body);

    if (org->status != 200)
        fail_msg("%s", answer);
}

static void turn(struct org_under_test *org, const char *body)
{
    const char *answer = post(org, control_clock, body);

    if (org->status != 200)
        fail_msg("%s", answer);
}

static void set_quirk(struct org_under_test *org, const char *text)
{
    struct err err = {0};

    CHECK_INT(quirks_set(&org->service->quirks, text, &err), 0);
}

/* The fault code of a sign-in with that password, or "". */
static const char *sign_in(struct org_under_test *org, const char *password)
{
    char *body = mem_format("<p:login><p:username>integration@example.com</p:username>"
                            "<p:password>%s</p:password></p:login>",
                            password);
    char session[SESSION_ID_MAX];

    CHECK(body != NULL);
    strcpy(session, org->session);
    org->session[0] = '\0';
    const char *answer = org_call(org, "64.0", body);
    strcpy(org->session, session);
    mem_free(body);
    return text_in(answer, "sf:exceptionCode");
}

/* The fault code of a call, or "". */
static const char *code_of(struct org_under_test *org, const char *body)
{
    return text_in(org_call(org, "64.0", body), "sf:exceptionCode");
}

TEST(the_clock_is_moved_by_spans_and_set_to_a_time)
{
    struct org_under_test org;

    begin(&org);
    CHECK(holds(org_call(&org, "64.0", TIME), "2023-11-14T22:13:20.000Z"));
    turn(&org, "{\"advance\":\"1h30m\"}");
    CHECK(holds(org_call(&org, "64.0", TIME), "2023-11-14T23:43:20.000Z"));
    turn(&org, "{\"advance\":\"-30m\"}");
    turn(&org, "{\"advance\":\"250ms\"}");
    CHECK(holds(org_call(&org, "64.0", TIME), "2023-11-14T23:13:20.250Z"));
    CHECK(holds(post(&org, view_clock, ""), "{\"now\":\"2023-11-14T23:13:20.250Z\""));
    turn(&org, "{\"reset\":true}");
    turn(&org, "{\"set\":\"2026-11-23T10:00:00+02:00\"}");
    org_sign_in(&org);
    CHECK(holds(org_create(&org, LEAD(DOE)), "<success>true</success>"));
    CHECK(holds(org_query(&org, "SELECT CreatedDate FROM Lead"), "2026-11-23T08:00:00.000Z"));
    static const char *const bad[] = {
        "",
        "[]",
        "{}",
        "{\"advance\":\"\"}",
        "{\"advance\":\"24\"}",
        "{\"advance\":\"h\"}",
        "{\"advance\":\"1y\"}",
        "{\"advance\":\"999999999999w\"}",
        "{\"advance\":\"9000w9000w9000w999999w\"}",
        "{\"advance\":24}",
        "{\"set\":\"tomorrow\"}",
        "{\"set\":\"2026-01-01\",\"advance\":\"1h\"}",
        "{\"reset\":false}",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        post(&org, control_clock, bad[i]);
        CHECK_INT(org.status, 400);
    }
    end(&org);
}

TEST(the_daily_limit_counts_what_the_last_24_hours_brought)
{
    struct org_under_test org;

    begin(&org);
    set_limits(&org, "{\"daily-calls\":3,\"calls-used\":1}");
    CHECK_STR(text_in(org_call(&org, "64.0", TIME), "current"), "2");
    turn(&org, "{\"advance\":\"1h\"}");
    CHECK_STR(text_in(org_call(&org, "64.0", TIME), "current"), "3");
    CHECK_STR(code_of(&org, TIME), "REQUEST_LIMIT_EXCEEDED");
    CHECK(holds(buf_peek(&org.answer), "TotalRequests Limit exceeded."));
    CHECK_STR(sign_in(&org, "secrettoken"), "");
    turn(&org, "{\"advance\":\"22h\"}");
    org_sign_in(&org);
    CHECK_STR(code_of(&org, TIME), "REQUEST_LIMIT_EXCEEDED");
    turn(&org, "{\"advance\":\"1h\"}");
    CHECK_STR(text_in(org_call(&org, "64.0", TIME), "current"), "2");
    end(&org);
}

TEST(a_grace_lets_some_calls_pass_and_two_calls_may_count_for_nothing)
{
    struct org_under_test org;

    begin(&org);
    set_limits(&org, "{\"daily-calls\":1,\"daily-grace\":1}");
    CHECK_STR(code_of(&org, TIME), "");
    CHECK_STR(text_in(org_call(&org, "64.0", TIME), "current"), "2");
    CHECK_STR(text_in(buf_peek(&org.answer), "limit"), "1");
    CHECK_STR(code_of(&org, TIME), "REQUEST_LIMIT_EXCEEDED");
    set_quirk(&org, "counted=work");
    CHECK_STR(code_of(&org, TIME), "");
    CHECK_STR(code_of(&org, "<p:getUserInfo/>"), "REQUEST_LIMIT_EXCEEDED");
    CHECK_STR(code_of(&org, "<p:logout/>"), "");
    end(&org);
}

TEST(a_session_lives_as_long_as_the_quirk_says)
{
    struct org_under_test org;

    begin(&org);
    set_limits(&org, "{\"session-minutes\":15}");
    org_sign_in(&org);
    CHECK_STR(text_in(org_call(&org, "64.0", "<p:getUserInfo/>"), "sessionSecondsValid"), "900");
    turn(&org, "{\"advance\":\"14m\"}");
    CHECK_STR(code_of(&org, TIME), "");
    turn(&org, "{\"advance\":\"15m\"}");
    CHECK_STR(code_of(&org, TIME), "INVALID_SESSION_ID");

    set_quirk(&org, "session-life=second-half");
    org_sign_in(&org);
    turn(&org, "{\"advance\":\"7m\"}");
    CHECK_STR(code_of(&org, TIME), "");
    turn(&org, "{\"advance\":\"7m\"}");
    CHECK_STR(code_of(&org, TIME), "");
    turn(&org, "{\"advance\":\"14m\"}");
    CHECK_STR(code_of(&org, TIME), "");

    set_quirk(&org, "session-life=login");
    org_sign_in(&org);
    turn(&org, "{\"advance\":\"10m\"}");
    CHECK_STR(code_of(&org, TIME), "");
    turn(&org, "{\"advance\":\"5m\"}");
    set_quirk(&org, "session-text=hash");
    CHECK_STR(code_of(&org, TIME), "INVALID_SESSION_ID");
    CHECK(holds(buf_peek(&org.answer), "Session not found, missing session hash: "));
    end(&org);
}

TEST(clients_share_a_session_and_one_logout_ends_it_for_all)
{
    struct org_under_test org;
    char first[SESSION_ID_MAX];

    begin(&org);
    strcpy(first, org.session);
    org_sign_in(&org);
    CHECK_STR(org.session, first);
    CHECK_STR(code_of(&org, "<p:logout/>"), "");
    CHECK_STR(code_of(&org, TIME), "INVALID_SESSION_ID");
    org_sign_in(&org);
    CHECK(strcmp(org.session, first) != 0);
    end(&org);
}

TEST(a_missing_token_and_a_wrong_password_are_different_errors)
{
    struct org_under_test org;

    begin(&org);
    CHECK_STR(sign_in(&org, "secret"), "LOGIN_MUST_USE_SECURITY_TOKEN");
    CHECK(holds(buf_peek(&org.answer), "Are you at a new location?"));
    CHECK_STR(sign_in(&org, "secretother"), "INVALID_LOGIN");
    set_limits(&org, "{\"token\":false}");
    CHECK_STR(sign_in(&org, "secret"), "");
    CHECK_STR(sign_in(&org, "secrettoken"), "");
    CHECK_STR(sign_in(&org, "secretother"), "INVALID_LOGIN");
    end(&org);
}

TEST(wrong_passwords_lock_the_user_out_for_a_while)
{
    struct org_under_test org;

    begin(&org);
    set_limits(&org, "{\"wrong-passwords\":3,\"lockout-minutes\":15}");
    for (int i = 0; i < 2; i++)
        CHECK_STR(sign_in(&org, "no"), "INVALID_LOGIN");
    CHECK_STR(sign_in(&org, "secrettoken"), "");
    for (int i = 0; i < 3; i++)
        CHECK_STR(sign_in(&org, "no"), "INVALID_LOGIN");
    CHECK_STR(sign_in(&org, "secrettoken"), "INVALID_LOGIN");
    CHECK(holds(post(&org, view_limits, ""), "\"locked-out\":true"));
    set_quirk(&org, "lockout=PASSWORD_LOCKOUT");
    CHECK_STR(sign_in(&org, "secrettoken"), "PASSWORD_LOCKOUT");
    CHECK_STR(code_of(&org, TIME), ""); /* the session is still valid */
    turn(&org, "{\"advance\":\"15m\"}");
    CHECK_STR(sign_in(&org, "secrettoken"), "");
    set_limits(&org, "{\"locked-out\":true}");
    CHECK_STR(sign_in(&org, "secrettoken"), "PASSWORD_LOCKOUT");
    set_limits(&org, "{\"locked-out\":false,\"wrong-passwords\":0}");
    for (int i = 0; i < 20; i++)
        CHECK_STR(sign_in(&org, "no"), "INVALID_LOGIN");
    CHECK_STR(sign_in(&org, "secrettoken"), "");
    end(&org);
}

TEST(sign_ins_beyond_the_hourly_number_are_refused_until_the_hour_is_over)
{
    struct org_under_test org;

    begin(&org);
    set_limits(&org, "{\"logins-per-hour\":3}");
    for (int i = 0; i < 2; i++)
        CHECK_STR(sign_in(&org, "secrettoken"), "");
    CHECK_STR(sign_in(&org, "secrettoken"), "INVALID_LOGIN");
    set_quirk(&org, "login-rate=REQUEST_LIMIT_EXCEEDED");
    CHECK_STR(sign_in(&org, "secrettoken"), "REQUEST_LIMIT_EXCEEDED");
    turn(&org, "{\"advance\":\"1h\"}");
    CHECK_STR(sign_in(&org, "secrettoken"), "");
    set_limits(&org, "{\"logins-per-hour\":3600,\"logins-used\":3600}");
    CHECK_STR(sign_in(&org, "secrettoken"), "REQUEST_LIMIT_EXCEEDED");
    end(&org);
}

TEST(an_expired_password_can_sign_in_but_not_call)
{
    struct org_under_test org;

    begin(&org);
    set_limits(&org, "{\"password-expired\":true}");
    CHECK_STR(sign_in(&org, "secrettoken"), "");
    CHECK_STR(text_in(buf_peek(&org.answer), "passwordExpired"), "true");
    CHECK_STR(code_of(&org, TIME), "INVALID_OPERATION_WITH_EXPIRED_PASSWORD");
    CHECK(holds(buf_peek(&org.answer), "The users password has expired, you must call"));
    set_quirk(&org, "expired-text=reset");
    CHECK_STR(code_of(&org, TIME), "INVALID_OPERATION_WITH_EXPIRED_PASSWORD");
    CHECK(holds(buf_peek(&org.answer), "Your password has expired. Please reset your password."));
    CHECK_STR(code_of(&org, "<p:logout/>"), "");
    end(&org);
}

TEST(login_can_be_switched_off)
{
    struct org_under_test org;

    begin(&org);
    set_limits(&org, "{\"sign-in\":false}");
    CHECK_STR(sign_in(&org, "secrettoken"), "INVALID_OPERATION");
    CHECK(holds(buf_peek(&org.answer), "SOAP API login() is disabled by default in this org. "
                                       "Contact the org administrator to enable"));
    CHECK_STR(code_of(&org, TIME), "");
    end(&org);
}

TEST(only_calls_that_last_long_keep_others_out)
{
    struct org_under_test org;
    struct running slow;

    begin(&org);
    set_limits(&org, "{\"long-calls\":1,\"long-call-seconds\":20}");
    running_begin(&org.service->access.running, &slow, START_MS);
    CHECK_STR(code_of(&org, TIME), "");
    turn(&org, "{\"advance\":\"19s\"}");
    CHECK_STR(code_of(&org, TIME), "");
    turn(&org, "{\"advance\":\"1s\"}");
    CHECK_STR(code_of(&org, TIME), "REQUEST_LIMIT_EXCEEDED");
    CHECK(holds(buf_peek(&org.answer),
                "ConcurrentRequests (Concurrent API Requests) Limit exceeded."));
    CHECK(holds(post(&org, view_limits, ""), "\"calls-running\":1,"));
    CHECK_STR(sign_in(&org, "secrettoken"), "");
    set_limits(&org, "{\"long-calls\":2}");
    CHECK_STR(code_of(&org, TIME), "");
    set_limits(&org, "{\"concurrent-calls\":1}");
    CHECK_STR(code_of(&org, TIME), "REQUEST_LIMIT_EXCEEDED");
    running_end(&org.service->access.running, &slow);
    running_end(&org.service->access.running, &slow);
    CHECK_STR(code_of(&org, TIME), "");
    CHECK(holds(post(&org, view_limits, ""), "\"calls-running\":0,"));
    end(&org);
}

TEST(limits_are_shown_set_and_put_back)
{
    struct org_under_test org;

    begin(&org);
    CHECK(holds(post(&org, view_limits, ""),
                "{\"daily-calls\":{\"value\":100000,\"default\":100000,\"help\":\"calls in "));
    set_limits(&org, "{\"daily-calls\":7}");
    CHECK(holds(post(&org, view_limits, ""), "{\"daily-calls\":{\"value\":7,"));
    CHECK(holds(post(&org, control_clear_limits, ""), "{\"daily-calls\":{\"value\":100000,"));
    static const char *const bad[] = {"",
                                      "[]",
                                      "{\"daily\":1}",
                                      "{\"daily-calls\":-1}",
                                      "{\"daily-calls\":\"1\"}",
                                      "{\"session-minutes\":0}",
                                      "{\"session-minutes\":1441}",
                                      "{\"calls-used\":-1}",
                                      "{\"token\":2}"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        CHECK(holds(post(&org, control_limits, bad[i]), "\"error\""));
        CHECK_INT(org.status, 400);
    }
    end(&org);
}

TEST(usage_is_set_and_not_added_to)
{
    struct org_under_test org;

    begin(&org);
    set_limits(&org, "{\"calls-used\":5,\"logins-used\":6}");
    set_limits(&org, "{\"calls-used\":3,\"logins-used\":2}");
    CHECK(holds(post(&org, view_limits, ""), "\"calls-used\":3,\"logins-used\":2,"));
    set_limits(&org, "{\"calls-used\":0}");
    CHECK(holds(post(&org, view_limits, ""), "\"calls-used\":0,\"logins-used\":2,"));
    end(&org);
}

TEST(a_reset_forgets_what_was_used_and_lets_a_locked_user_in)
{
    struct org_under_test org;

    begin(&org);
    set_quirk(&org, "lockout=PASSWORD_LOCKOUT");
    set_limits(&org, "{\"calls-used\":5,\"logins-used\":6,\"locked-out\":true}");
    CHECK_STR(sign_in(&org, "secrettoken"), "PASSWORD_LOCKOUT");
    post(&org, control_reset, "");
    CHECK(holds(post(&org, view_limits, ""),
                "\"calls-used\":0,\"logins-used\":0,\"calls-running\":0,\"locked-out\":false"));
    CHECK_STR(sign_in(&org, "secrettoken"), "");
    end(&org);
}

TEST(nothing_after_a_wrong_limit_is_set)
{
    struct org_under_test org;

    begin(&org);
    CHECK(holds(post(&org, control_limits, "{\"nonsense\":1,\"daily-calls\":7}"),
                "there is no limit nonsense"));
    CHECK_INT(org.status, 400);
    CHECK(holds(post(&org, view_limits, ""), "{\"daily-calls\":{\"value\":100000,"));
    end(&org);
}

TEST(an_unlocked_user_has_all_tries_again)
{
    struct org_under_test org;

    begin(&org);
    set_quirk(&org, "lockout=PASSWORD_LOCKOUT");
    set_limits(&org, "{\"wrong-passwords\":3}");
    for (int i = 0; i < 2; i++)
        CHECK_STR(sign_in(&org, "no"), "INVALID_LOGIN");
    set_limits(&org, "{\"locked-out\":false}");
    for (int i = 0; i < 2; i++)
        CHECK_STR(sign_in(&org, "no"), "INVALID_LOGIN");
    CHECK_STR(sign_in(&org, "secrettoken"), "");
    end(&org);
}

TEST(limits_can_be_set_by_options)
{
    static const char *const good[] = {"session-minutes=30", "token=0"};
    static const char *const bad[] = {"nothing=1", "token", "token=x", "token=2", "token=1x"};
    struct fakeorg_options options = fakeorg_defaults();
    struct err err = {0};

    options.limits = good;
    options.limit_count = 2;
    struct service *service = service_new(&options, &err);
    CHECK(service != NULL);
    CHECK_INT(service->access.limits.at[LIMIT_SESSION_MINUTES], 30);
    CHECK_INT(service->access.limits.at[LIMIT_TOKEN], 0);
    CHECK_INT(service->access.limits.at[LIMIT_DAILY_CALLS], 100000);
    service_free(service);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        options.limits = &bad[i];
        options.limit_count = 1;
        CHECK(service_new(&options, &err) == NULL);
        CHECK_INT(err.kind, ERR_INVALID);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_CASE(the_clock_is_moved_by_spans_and_set_to_a_time),
        TEST_CASE(the_daily_limit_counts_what_the_last_24_hours_brought),
        TEST_CASE(a_grace_lets_some_calls_pass_and_two_calls_may_count_for_nothing),
        TEST_CASE(a_session_lives_as_long_as_the_quirk_says),
        TEST_CASE(clients_share_a_session_and_one_logout_ends_it_for_all),
        TEST_CASE(a_missing_token_and_a_wrong_password_are_different_errors),
        TEST_CASE(wrong_passwords_lock_the_user_out_for_a_while),
        TEST_CASE(sign_ins_beyond_the_hourly_number_are_refused_until_the_hour_is_over),
        TEST_CASE(an_expired_password_can_sign_in_but_not_call),
        TEST_CASE(login_can_be_switched_off),
        TEST_CASE(only_calls_that_last_long_keep_others_out),
        TEST_CASE(limits_are_shown_set_and_put_back),
        TEST_CASE(usage_is_set_and_not_added_to),
        TEST_CASE(a_reset_forgets_what_was_used_and_lets_a_locked_user_in),
        TEST_CASE(nothing_after_a_wrong_limit_is_set),
        TEST_CASE(an_unlocked_user_has_all_tries_again),
        TEST_CASE(limits_can_be_set_by_options),
        TEST_CASE(every_answer_fits_the_wsdl),
    };

    return cmocka_run_group_tests(tests, answers_begin, answers_drop);
}
