/* An org against a server that behaves badly on purpose. */
#include "check.h"

#include <pthread.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "salesforce/org.h"
#include "soap_server.h"

#define CONNECTIONS 6

/* ---- what the server says ---- */

#define OPEN                                                                                       \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soapenv:Envelope xmlns:soapenv=\"http://"          \
    "schemas.xmlsoap.org/soap/envelope/\" xmlns=\"urn:partner.soap.sforce.com\""                   \
    " xmlns:sf=\"urn:sobject.partner.soap.sforce.com\""                                            \
    " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">"
#define LIMITS                                                                                     \
    "<soapenv:Header><LimitInfoHeader><limitInfo><current>%d</current><limit>15000</limit>"        \
    "<type>API REQUESTS</type></limitInfo></LimitInfoHeader></soapenv:Header>"
#define CLOSE "</soapenv:Envelope>"

static char *format(const char *text, ...) __attribute__((format(printf, 1, 2)));
static char *format(const char *text, ...)
{
    char *ret = NULL;
    va_list args;

    va_start(args, text);
    if (vasprintf(&ret, text, args) < 0)
        abort();
    va_end(args);
    return ret;
}

static void reply_login(struct soap_reply *reply, const char *server_url, const char *session)
{
    reply->body = format(OPEN "<soapenv:Body><loginResponse><result><passwordExpired>false"
                              "</passwordExpired><serverUrl>%s/services/Soap/u/64.0/00D</serverUrl>"
                              "<sessionId>%s</sessionId><userId>005000000000001AAA</userId>"
                              "<userInfo><organizationId>00D000000000001MAA</organizationId>"
                              "<organizationName>Initech</organizationName></userInfo></result>"
                              "</loginResponse></soapenv:Body>" CLOSE,
                         server_url, session);
}

static void reply_fault(struct soap_reply *reply, const char *code, const char *message)
{
    reply->status = 500;
    reply->body = format(OPEN "<soapenv:Body><soapenv:Fault><faultcode>%s</faultcode><faultstring>"
                              "%s: %s</faultstring></soapenv:Fault></soapenv:Body>" CLOSE,
                         code, code, message);
}

static void reply_saved(struct soap_reply *reply, const char *operation, int results)
{
    char list[1000] = "";

    for (int i = 0; i < results; i++)
        strcat(list, "<result><id>00Q000000000001AAA</id><success>true</success></result>");
    reply->body =
        format(OPEN LIMITS "<soapenv:Body><%sResponse>%s</%sResponse></soapenv:Body>" CLOSE, 17,
               operation, list, operation);
}

/* What a test's script is made of; it changes only between two calls. */
struct play {
    const char *login_fault; /* the first login_faults sign-ins are refused so */
    int login_faults, login_status;
    const char *session; /* instead of S1, S2, ... */
    int expired_before;  /* sessions below S<n> are unknown */
    bool all_expired;
    int await_creates;          /* an expired one is answered when so many have come */
    int results;                /* of a save; 0 means one */
    struct soap_reply save;     /* manner, status, headers, body of a save */
    int spoil_from;             /* the save from which .save counts; 0 means 1 */
    const char *server_url;     /* of a second server */
    int gone_status;            /* of every call but the sign-in */
    const char *unseen;         /* text in a describe that faults it */
    const char *failing;        /* ... text in one that fails for a reason that may pass */
    int slow_ms;                /* what the frozen clock moves by with every call but the sign-in */
    int await_logins;           /* a gone server answers when so many have come */
    const char *lost, *instead; /* a text in the query's answers, and what stands there then */
    char last_session[64], last_path[64];
    bool last_gzipped;
};

static void read_session(struct play *play, const char *body)
{
    const char *at = strstr(body, "sessionId>");

    play->last_session[0] = '\0';
    if (at != NULL)
        snprintf(play->last_session, sizeof play->last_session, "%.*s", (int)strcspn(at + 10, "<"),
                 at + 10);
}

static void on_login(struct soap_server *server, struct play *play,
                     const struct soap_request *request, struct soap_reply *reply)
{
    char session[16];

    snprintf(session, sizeof session, "S%d", request->number);
    if (request->number > play->login_faults) {
        reply_login(reply, play->server_url != NULL ? play->server_url : soap_server_url(server),
                    play->session != NULL ? play->session : session);
    } else if (play->login_fault != NULL) {
        reply_fault(reply, play->login_fault, "no entry");
    } else {
        reply->status = play->login_status;
        reply->body = format("<html>down</html>");
    }
}

static void on_save(struct play *play, const struct soap_request *request, struct soap_reply *reply)
{
    if (request->number >= play->spoil_from) {
        *reply = play->save;
        reply->status = play->save.status != 0 ? play->save.status : 200;
        reply->body = play->save.body != NULL ? format("%s", play->save.body) : NULL;
    }
    if (reply->body == NULL)
        reply_saved(reply, request->operation, play->results > 0 ? play->results : 1);
}

/* As something on the way might. */
static void spoil_rows(const struct play *play, struct soap_reply *reply)
{
    const char *at = play->lost != NULL ? strstr(reply->body, play->lost) : NULL;
    char *spoilt;

    if (at == NULL)
        return;
    spoilt = format("%.*s%s%s", (int)(at - reply->body), reply->body, play->instead,
                    at + strlen(play->lost));
    free(reply->body);
    reply->body = spoilt;
}

static void answer(struct soap_server *server, void *user, const struct soap_request *request,
                   struct soap_reply *reply)
{
    struct play *play = user;

    if (strcmp(request->operation, "login") == 0) {
        on_login(server, play, request, reply);
        return;
    }
    clock_advance(play->slow_ms);
    if (play->gone_status != 0) {
        soap_server_await(server, "login", play->await_logins);
        reply->status = play->gone_status;
        reply->headers = "Location: http://127.0.0.1:1/elsewhere\r\n";
        reply->body = format("<html>gone</html>");
        return;
    }
    read_session(play, request->body);
    snprintf(play->last_path, sizeof play->last_path, "%s", request->path);
    play->last_gzipped = request->gzipped;
    if (play->all_expired ||
        (play->last_session[0] == 'S' && atoi(play->last_session + 1) < play->expired_before)) {
        soap_server_await(server, request->operation, play->await_creates);
        reply_fault(reply, "sf:INVALID_SESSION_ID", "Illegal Session");
    } else if (strcmp(request->operation, "query") == 0) {
        reply->body = format(
            OPEN "<soapenv:Body><queryResponse><result><done>false</done><queryLocator>0r8-1"
                 "</queryLocator><records><sf:type>Lead</sf:type><sf:Id>00Q000000000001AAA</sf:Id>"
                 "<sf:Id>00Q000000000001AAA</sf:Id><sf:Email>a@x.io</sf:Email></records>"
                 "<size>2</size></result></queryResponse></soapenv:Body>" CLOSE);
    } else if (strcmp(request->operation, "queryMore") == 0 &&
               strstr(request->body, "<p:queryLocator>0r8-1</p:queryLocator>") != NULL) {
        reply->body = format(
            OPEN "<soapenv:Body><queryMoreResponse><result><done>true</done><queryLocator"
                 " xsi:nil=\"true\"/><records><sf:type>Lead</sf:type><sf:Id>00Q000000000002AAA"
                 "</sf:Id><sf:Email>b@x.io</sf:Email></records><size>2</size></result>"
                 "</queryMoreResponse></soapenv:Body>" CLOSE);
    } else if (strcmp(request->operation, "describeSObjects") == 0 && play->failing != NULL &&
               strstr(request->body, play->failing) != NULL &&
               strstr(request->body, play->unseen) == NULL) {
        reply_fault(reply, "sf:UNKNOWN_EXCEPTION", "An unexpected error occurred.");
    } else if (strcmp(request->operation, "describeSObjects") == 0 && play->unseen != NULL &&
               strstr(request->body, play->unseen) != NULL) {
        reply_fault(reply, "sf:INVALID_TYPE", "sObject type is not supported.");
    } else if (strcmp(request->operation, "describeSObjects") == 0) {
        reply->body =
            format(OPEN "<soapenv:Body><describeSObjectsResponse><result><fields><name>Email</name>"
                        "<type>email</type></fields><name>Lead</name></result>"
                        "</describeSObjectsResponse></soapenv:Body>" CLOSE);
    } else {
        on_save(play, request, reply);
    }
}

static void script(struct soap_server *server, void *user, const struct soap_request *request,
                   struct soap_reply *reply)
{
    answer(server, user, request, reply);
    if (strncmp(request->operation, "query", 5) == 0)
        spoil_rows(user, reply);
}

/* ---- the stage ---- */

struct stage {
    struct play play;
    struct soap_server *server;
    struct org *org;
    struct org_connection *connection;
};

static struct org *new_org(const char *url, int64_t timeout_ms)
{
    struct org_config config = {.login_url = url,
                                .username = "u@example.com",
                                .password = "pw",
                                .security_token = "token",
                                .client_name = "Leadline/test",
                                .call_timeout_ms = timeout_ms,
                                .renew_every_ms = 1800000,
                                .max_answer_bytes = 100000};
    struct err err = {0};
    struct org *org = org_new(&config, &err);

    CHECK(org != NULL);
    return org;
}

static struct org_connection *new_connection(struct org *org)
{
    struct err err = {0};
    struct org_connection *connection = org_connection_open(org, &err);

    CHECK(connection != NULL);
    return connection;
}

static void set_stage(struct stage *stage, int64_t timeout_ms)
{
    stage->server = soap_server_start(script, &stage->play);
    stage->org = new_org(soap_server_url(stage->server), timeout_ms);
    stage->connection = new_connection(stage->org);
}

static void strike_stage(struct stage *stage)
{
    org_connection_close(stage->connection);
    org_free(stage->org);
    soap_server_stop(stage->server);
}

static int create_lead(struct org_connection *connection, struct org_fault *fault)
{
    static const struct org_field fields[] = {{"LastName", "Gibbons"}, {"Company", "Initech"}};
    static const struct org_record record = {.fields = fields, .field_count = 2};
    static const struct org_save save = {
        .operation = ORG_CREATE, .object = "Lead", .records = &record, .count = 1};
    struct org_result result;
    int rc = org_save(connection, &save, &result, fault);

    if (rc == 0) {
        CHECK_INT(result.class, ORG_SAVED);
        CHECK_STR(result.id, "00Q000000000001AAA");
        org_results_done(&result, 1);
    }
    return rc;
}

static int find_leads(struct org_connection *connection, struct org_rows *rows,
                      struct org_fault *fault)
{
    static const struct org_lookup by[] = {{"Email", FIELD_EMAIL}};
    static const char *const values[] = {"a@x.io", "b@x.io"};
    static const struct org_find what = {
        .object = "Lead", .by = by, .by_count = 1, .values = values, .key_count = 2};

    return org_find(connection, &what, rows, fault);
}

static void check_failing_create(struct stage *stage, const char *code, enum org_class class,
                                 bool outcome_unknown)
{
    struct org_fault fault = {0};
    struct org_counts counts;

    CHECK_INT(create_lead(stage->connection, &fault), -1);
    CHECK_STR(fault.code, code);
    CHECK_INT(fault.class, class);
    CHECK(fault.outcome_unknown == outcome_unknown);
    CHECK(fault.advice != NULL);
    org_read_counts(stage->org, &counts);
    CHECK_STR(counts.last_fault.code, code);
    CHECK_INT(counts.records_created, 0);
}

/* One create that fails as the play says. */
static void play_failing_create(const struct play *play, const char *code, enum org_class class,
                                bool outcome_unknown)
{
    struct stage stage = {.play = *play};

    set_stage(&stage, 20000);
    check_failing_create(&stage, code, class, outcome_unknown);
    CHECK_INT(soap_server_count(stage.server, "create"), 1);
    strike_stage(&stage);
}

/* ---- the good way ---- */

TEST(calls_sign_in_by_themselves_and_are_counted)
{
    static const char *const objects[] = {"Lead"};
    struct stage stage = {0};
    struct org_fault fault = {0};
    struct org_counts counts;
    struct org_rows rows;
    struct schema *schema;

    set_stage(&stage, 20000);
    org_read_counts(stage.org, &counts);
    CHECK(!counts.signed_in);
    CHECK_INT(counts.limit_max, -1);
    CHECK_INT(org_describe(stage.connection, objects, 1, &schema, &fault), 0);
    CHECK_INT(schema_field(schema_object(schema, "Lead"), "Email")->type, FIELD_EMAIL);
    schema_unref(schema);
    CHECK_INT(find_leads(stage.connection, &rows, &fault), 0);
    CHECK_INT(rows.count, 2);
    CHECK_INT(rows.keys_used, 2);
    CHECK_STR(rows.rows[1].values[0], "b@x.io");
    org_rows_done(&rows);
    CHECK_INT(create_lead(stage.connection, &fault), 0);
    CHECK_STR(stage.play.last_session, "S1");
    CHECK_STR(stage.play.last_path, "/services/Soap/u/64.0/00D");
    CHECK_INT(soap_server_connections(stage.server), 1);
    org_read_counts(stage.org, &counts);
    CHECK_INT(counts.calls, 5);
    CHECK_INT(counts.sign_ins, 1);
    CHECK_INT(counts.describes, 1);
    CHECK_INT(counts.finds, 2);
    CHECK_INT(counts.creates, 1);
    CHECK_INT(counts.records_created, 1);
    CHECK_INT(counts.limit_used, 17);
    CHECK_INT(counts.limit_max, 15000);
    CHECK(counts.limit_seen_ms > 0 && counts.signed_in && !counts.stopped);
    CHECK_STR(counts.user_id, "005000000000001AAA");
    CHECK_STR(counts.organization, "Initech");
    strike_stage(&stage);
}

TEST(an_object_that_the_user_cannot_see_does_not_hide_the_others)
{
    struct stage stage = {.play = {.unseen = ">Account<"}};
    const char *objects[] = {"Lead", "Account"};
    struct org_fault fault = {0};
    struct schema *schema;

    set_stage(&stage, 20000);
    CHECK_INT(org_describe(stage.connection, objects, 2, &schema, &fault), 0);
    CHECK(schema_object(schema, "Lead") != NULL);
    CHECK(schema_object(schema, "Account") == NULL);
    CHECK(schema_knows(schema, "Account"));
    CHECK(schema->described_ms > 0);
    schema_unref(schema);
    CHECK_INT(soap_server_count(stage.server, "describeSObjects"), 3);
    stage.play.unseen = "sObjectType"; /* none of them */
    CHECK_INT(org_describe(stage.connection, objects, 2, &schema, &fault), -1);
    CHECK_STR(fault.code, "INVALID_TYPE");
    strike_stage(&stage);
}

/* Contact is unseen, so each is asked for alone; a trouble that may pass hides none. */
TEST(a_describe_that_fails_for_another_reason_hides_no_object)
{
    struct stage stage = {.play = {.unseen = ">Contact<", .failing = ">Account<"}};
    const char *objects[][3] = {{"Lead", "Account", "Contact"}, {"Lead", "Contact", "Account"}};

    set_stage(&stage, 20000);
    for (int i = 0; i < 2; i++) {
        struct org_fault fault = {0};
        struct schema *schema = NULL;
        CHECK_INT(org_describe(stage.connection, objects[i], 3, &schema, &fault), -1);
        CHECK_STR(fault.code, "UNKNOWN_EXCEPTION");
        CHECK_INT(fault.class, ORG_RETRY_FEW);
        CHECK(schema == NULL);
    }
    strike_stage(&stage);
}

TEST(answers_may_come_gzipped_or_chunked_and_large_requests_go_out_gzipped)
{
    struct stage stage = {.play = {.save = {.manner = SOAP_GZIPPED}}};
    struct org_fault fault = {0};
    static char text[5000];
    const struct org_field field = {"Description", text};
    const struct org_record record = {
        .id = "00Q000000000001AAA", .fields = &field, .field_count = 1};
    const struct org_save save = {
        .operation = ORG_UPDATE, .object = "Lead", .records = &record, .count = 1};
    struct org_result result;

    memset(text, 'x', sizeof text - 1);
    set_stage(&stage, 20000);
    CHECK_INT(create_lead(stage.connection, &fault), 0);
    stage.play.save.manner = SOAP_CHUNKED;
    CHECK_INT(org_save(stage.connection, &save, &result, &fault), 0);
    CHECK(stage.play.last_gzipped);
    org_results_done(&result, 1);
    strike_stage(&stage);
}

TEST(calls_go_to_the_address_that_the_sign_in_names)
{
    struct stage stage = {0};
    struct play elsewhere = {0};
    struct soap_server *second = soap_server_start(script, &elsewhere);
    struct org_fault fault = {0};

    stage.play.server_url = soap_server_url(second);
    set_stage(&stage, 20000);
    CHECK_INT(create_lead(stage.connection, &fault), 0);
    CHECK_INT(soap_server_count(stage.server, NULL), 1);
    CHECK_INT(soap_server_count(second, "create"), 1);
    strike_stage(&stage);
    soap_server_stop(second);
}

/* ---- sessions ---- */

struct worker {
    struct stage *stage;
    pthread_t thread;
    struct org_fault fault;
    int rc;
};

static void *work(void *user)
{
    struct worker *worker = user;
    struct org_connection *connection = new_connection(worker->stage->org);

    worker->rc = create_lead(connection, &worker->fault);
    org_connection_close(connection);
    return NULL;
}

static void work_together(struct stage *stage, struct worker workers[CONNECTIONS])
{
    for (int i = 0; i < CONNECTIONS; i++) {
        workers[i] = (struct worker){.stage = stage};
        pthread_create(&workers[i].thread, NULL, work, &workers[i]);
    }
    for (int i = 0; i < CONNECTIONS; i++)
        pthread_join(workers[i].thread, NULL);
}

TEST(an_expired_session_seen_by_several_connections_leads_to_one_sign_in)
{
    struct stage stage = {.play = {.expired_before = 2, .await_creates = CONNECTIONS}};
    struct worker workers[CONNECTIONS];
    struct org_fault fault = {0};

    set_stage(&stage, 20000);
    CHECK_INT(org_sign_in(stage.connection, &fault), 0);
    work_together(&stage, workers);
    for (int i = 0; i < CONNECTIONS; i++)
        CHECK_INT(workers[i].rc, 0);
    CHECK_INT(soap_server_count(stage.server, "login"), 2);
    CHECK_INT(soap_server_count(stage.server, "create"), 2 * CONNECTIONS);
    strike_stage(&stage);
}

TEST(connections_that_need_a_session_at_once_all_hear_why_there_is_none)
{
    struct stage stage = {.play = {.login_faults = 1000, .login_status = 503}};
    struct worker workers[CONNECTIONS];
    struct org_counts counts;
    int logins;

    set_stage(&stage, 20000);
    work_together(&stage, workers);
    for (int i = 0; i < CONNECTIONS; i++) {
        CHECK_INT(workers[i].rc, -1);
        CHECK_STR(workers[i].fault.code, "HTTP_503");
        CHECK_INT(workers[i].fault.class, ORG_RETRY);
        CHECK(!workers[i].fault.outcome_unknown);
    }
    logins = soap_server_count(stage.server, "login");
    CHECK(logins >= 1 && logins <= CONNECTIONS);
    CHECK_INT(soap_server_count(stage.server, "create"), 0);
    org_read_counts(stage.org, &counts);
    CHECK(!counts.stopped && !counts.signed_in);
    strike_stage(&stage);
}

TEST(a_second_refusal_straight_after_the_renewal_stops_the_org)
{
    struct stage stage = {.play = {.all_expired = true}};
    struct org_counts counts;

    set_stage(&stage, 20000);
    check_failing_create(&stage, "INVALID_SESSION_ID", ORG_STOP, false);
    check_failing_create(&stage, "INVALID_SESSION_ID", ORG_STOP, false);
    CHECK_INT(soap_server_count(stage.server, "login"), 2);
    CHECK_INT(soap_server_count(stage.server, "create"), 2);
    org_read_counts(stage.org, &counts);
    CHECK(counts.stopped && !counts.signed_in);
    strike_stage(&stage);
}

TEST(a_refused_sign_in_stops_every_connection_until_a_reset)
{
    struct stage stage = {.play = {.login_fault = "INVALID_LOGIN", .login_faults = 1}};
    struct worker workers[CONNECTIONS];
    struct org_fault fault = {0};

    set_stage(&stage, 20000);
    work_together(&stage, workers);
    for (int i = 0; i < CONNECTIONS; i++) {
        CHECK_INT(workers[i].rc, -1);
        CHECK_STR(workers[i].fault.code, "INVALID_LOGIN");
        CHECK_INT(workers[i].fault.class, ORG_STOP);
        CHECK(workers[i].fault.advice[0] != '\0');
    }
    CHECK_INT(soap_server_count(stage.server, NULL), 1);
    org_reset(stage.org);
    CHECK_INT(create_lead(stage.connection, &fault), 0);
    CHECK_INT(soap_server_count(stage.server, "login"), 2);
    strike_stage(&stage);
}

TEST(an_expired_password_stops_the_org_at_the_call_that_meets_it)
{
    struct stage stage = {.play = {.save = {.status = 500}}};
    struct soap_reply reply = {0};

    reply_fault(&reply, "sf:INVALID_OPERATION_WITH_EXPIRED_PASSWORD", "has expired");
    stage.play.save.body = reply.body;
    set_stage(&stage, 20000);
    check_failing_create(&stage, "INVALID_OPERATION_WITH_EXPIRED_PASSWORD", ORG_STOP, false);
    check_failing_create(&stage, "INVALID_OPERATION_WITH_EXPIRED_PASSWORD", ORG_STOP, false);
    CHECK_INT(soap_server_count(stage.server, NULL), 2);
    free(reply.body);
    strike_stage(&stage);
}

TEST(a_token_in_jwt_format_is_not_renewed_but_explained)
{
    struct stage stage = {.play = {.all_expired = true, .session = "eyJhbGci.eyJzdWIi.c2ln"}};
    struct org_fault fault = {0};

    set_stage(&stage, 20000);
    CHECK_INT(create_lead(stage.connection, &fault), -1);
    CHECK_INT(fault.class, ORG_STOP);
    CHECK(strstr(fault.advice, "JWT") != NULL);
    CHECK_INT(soap_server_count(stage.server, "login"), 1);
    strike_stage(&stage);
}

TEST(a_session_is_renewed_ahead_of_need_and_outlives_a_failing_renewal)
{
    struct stage stage = {0};
    struct org_fault fault = {0};

    clock_freeze(1000000);
    set_stage(&stage, 20000);
    CHECK_INT(create_lead(stage.connection, &fault), 0);
    clock_advance(1799999);
    CHECK_INT(create_lead(stage.connection, &fault), 0);
    CHECK_INT(soap_server_count(stage.server, "login"), 1);
    clock_advance(1);
    CHECK_INT(create_lead(stage.connection, &fault), 0);
    CHECK_INT(soap_server_count(stage.server, "login"), 2);
    CHECK_STR(stage.play.last_session, "S2");
    stage.play.login_faults = 3;
    stage.play.login_status = 503;
    clock_advance(1800000);
    CHECK_INT(create_lead(stage.connection, &fault), 0);
    CHECK_INT(create_lead(stage.connection, &fault), 0);
    CHECK_INT(soap_server_count(stage.server, "login"), 3);
    CHECK_STR(stage.play.last_session, "S2");
    clock_advance(60000);
    CHECK_INT(create_lead(stage.connection, &fault), 0);
    CHECK_STR(stage.play.last_session, "S4");
    stage.play.login_faults = 5;
    stage.play.login_fault = "INVALID_LOGIN";
    clock_advance(1800000);
    CHECK_INT(create_lead(stage.connection, &fault), -1);
    CHECK_STR(fault.code, "INVALID_LOGIN");
    CHECK_INT(fault.class, ORG_STOP);
    CHECK_INT(soap_server_count(stage.server, "create"), 6);
    strike_stage(&stage);
    clock_thaw();
}

/* ---- bad answers ---- */

TEST(a_connection_cut_after_the_request_leaves_a_save_unknown_and_sends_it_once)
{
    play_failing_create(&(struct play){.save = {.manner = SOAP_CUT}}, "CONNECTION", ORG_RETRY,
                        true);
    play_failing_create(&(struct play){.save = {.manner = SOAP_HALF}}, "CONNECTION", ORG_RETRY,
                        true);
}

TEST(a_kept_connection_that_breaks_does_not_send_a_save_again)
{
    struct stage stage = {.play = {.spoil_from = 2, .save = {.manner = SOAP_CUT}}};
    struct org_fault fault = {0};

    set_stage(&stage, 20000);
    CHECK_INT(create_lead(stage.connection, &fault), 0);
    CHECK_INT(create_lead(stage.connection, &fault), -1);
    CHECK_STR(fault.code, "CONNECTION");
    CHECK(fault.outcome_unknown);
    CHECK_INT(soap_server_count(stage.server, "create"), 2);
    strike_stage(&stage);
}

TEST(a_server_that_is_not_there_leaves_nothing_unknown)
{
    struct stage stage = {0};
    struct org_fault fault = {0};
    struct org_counts counts;

    set_stage(&stage, 20000);
    CHECK_INT(org_sign_in(stage.connection, &fault), 0);
    soap_server_stop(stage.server);
    CHECK_INT(create_lead(stage.connection, &fault), -1);
    CHECK_STR(fault.code, "CONNECTION");
    CHECK_INT(fault.class, ORG_RETRY);
    CHECK(!fault.outcome_unknown);
    org_read_counts(stage.org, &counts);
    CHECK_INT(counts.calls, 1);
    CHECK_INT(counts.creates, 0);
    org_connection_close(stage.connection);
    org_free(stage.org);
}

TEST(a_look_up_never_leaves_an_outcome_unknown)
{
    struct stage stage = {.play = {.save = {.manner = SOAP_CUT}}};
    struct org_fault fault = {0};
    struct org_rows rows;
    static const struct org_lookup by[] = {{"Email; DROP", FIELD_EMAIL}};
    static const char *const value = "x";
    const struct org_find what = {
        .object = "Lead", .by = by, .by_count = 1, .values = &value, .key_count = 1};

    set_stage(&stage, 20000);
    CHECK_INT(org_sign_in(stage.connection, &fault), 0);
    CHECK_INT(org_find(stage.connection, &what, &rows, &fault), -1);
    CHECK_STR(fault.code, "BAD_NAME");
    soap_server_stop(stage.server);
    CHECK_INT(find_leads(stage.connection, &rows, &fault), -1);
    CHECK(!fault.outcome_unknown);
    org_connection_close(stage.connection);
    org_free(stage.org);
}

TEST(an_answer_that_is_cut_inside_its_xml_leaves_a_save_unknown)
{
    struct soap_reply reply = {0};

    reply_saved(&reply, "create", 1);
    reply.body[strlen(reply.body) - 30] = '\0';
    play_failing_create(&(struct play){.save = {.body = reply.body}}, "NOT_API", ORG_RETRY, true);
    free(reply.body);
    play_failing_create(&(struct play){.save = {.body = (char *)"<html>ok</html>"}}, "NOT_API",
                        ORG_RETRY, true);
    play_failing_create(&(struct play){.save = {.body = (char *)"<!DOCTYPE x><x/>"}}, "NOT_API",
                        ORG_RETRY, true);
}

TEST(results_that_are_not_as_many_as_the_records_leave_a_save_unknown)
{
    play_failing_create(&(struct play){.results = 2}, "RESULT_COUNT", ORG_RETRY, true);
}

TEST(results_that_cannot_be_true_leave_a_save_unknown)
{
    static const char *const results[] = {
        "<id>00Q000000000001AAA</id><success>false</success>",
        "<id>001000000000001AAA</id><success>true</success>",
        "<success>true</success>",
    };

    for (size_t i = 0; i < sizeof results / sizeof results[0]; i++) {
        char *body = format(OPEN "<soapenv:Body><createResponse><result>%s</result>"
                                 "</createResponse></soapenv:Body>" CLOSE,
                            results[i]);
        play_failing_create(&(struct play){.save = {.body = body}}, "UNTRUE_ANSWER", ORG_RETRY,
                            true);
        free(body);
    }
}

TEST(a_look_up_whose_pages_cannot_be_true_is_a_fault_and_no_rows)
{
    static const struct {
        const char *lost, *instead;
    } spoilt[] = {
        {"<size>2</size>", "<size>3</size>"},
        {"<done>false</done>", "<done>true</done>"},
        {"<done>true</done>", "<done>false</done>"},
        {"<sf:Email>b@x.io</sf:Email>", ""},
        {"<sf:type>Lead</sf:type><sf:Id>00Q000000000002AAA",
         "<sf:type>Account</sf:type><sf:Id>00Q000000000002AAA"},
        {"00Q000000000002AAA", "00Q000000000001AAA"},
        {"00Q000000000002AAA", "001000000000002AAA"},
        {"<records>", "<records xsi:nil=\"true\">"},
    };

    for (size_t i = 0; i < sizeof spoilt / sizeof spoilt[0]; i++) {
        struct stage stage = {.play = {.lost = spoilt[i].lost, .instead = spoilt[i].instead}};
        struct org_fault fault = {0};
        struct org_counts counts;
        struct org_rows rows;

        set_stage(&stage, 20000);
        if (find_leads(stage.connection, &rows, &fault) == 0)
            fail_msg("%s for %s was believed", spoilt[i].instead, spoilt[i].lost);
        CHECK_STR(fault.code, "UNTRUE_ANSWER");
        CHECK_INT(fault.class, ORG_RETRY);
        CHECK(!fault.outcome_unknown);
        CHECK(fault.advice[0] != '\0');
        org_read_counts(stage.org, &counts);
        CHECK_STR(counts.last_fault.code, "UNTRUE_ANSWER");
        strike_stage(&stage);
    }
}

TEST(a_status_without_soap_is_told_by_its_number)
{
    char page[] = "<html>Service unavailable</html>";

    play_failing_create(&(struct play){.save = {.status = 503, .body = page}}, "HTTP_503",
                        ORG_RETRY, true);
    play_failing_create(&(struct play){.save = {.status = 500, .body = page}}, "HTTP_500",
                        ORG_RETRY, true);
    play_failing_create(&(struct play){.save = {.status = 404, .body = page}}, "HTTP_404", ORG_STOP,
                        false);
}

/* The org has moved to a second server; the first says so in one of many ways, or (status 0) is
   not there any more. */
static void move(int status)
{
    struct stage stage = {0};
    struct soap_server *first = soap_server_start(script, &stage.play);
    struct play elsewhere = {0};
    struct soap_server *second = soap_server_start(script, &elsewhere);
    struct org_fault fault = {0};

    clock_freeze(1000000);
    stage.play.server_url = soap_server_url(first);
    set_stage(&stage, 20000);
    CHECK_INT(create_lead(stage.connection, &fault), 0);
    clock_advance(61000);
    CHECK_INT(create_lead(stage.connection, &fault), 0);
    stage.play.server_url = soap_server_url(second);
    stage.play.gone_status = status;
    if (status == 0) {
        soap_server_stop(first);
        first = NULL;
    }
    for (int second_of = 0; second_of < 60; second_of += 20) {
        CHECK_INT(create_lead(stage.connection, &fault), -1);
        CHECK_INT(fault.class, ORG_RETRY); /* it may come back, and nobody is stopped for it */
        clock_advance(20000);
    }
    CHECK_INT(soap_server_count(stage.server, "login"), 1);
    /* A create of unknown outcome is not repeated here. */
    CHECK_INT(create_lead(stage.connection, &fault), status == 503 ? -1 : 0);
    if (status == 503) {
        CHECK(fault.outcome_unknown);
        CHECK_INT(create_lead(stage.connection, &fault), 0);
    }
    CHECK_INT(soap_server_count(stage.server, "login"), 2);
    CHECK_INT(soap_server_count(second, "create"), 1);
    strike_stage(&stage);
    soap_server_stop(second);
    if (first != NULL)
        soap_server_stop(first);
    clock_thaw();
}

TEST(an_org_that_has_moved_is_found_by_one_sign_in_after_a_minute)
{
    static const int statuses[] = {301, 302, 303, 307, 308, 404, 410, 503, 0};

    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++)
        move(statuses[i]);
}

TEST(a_server_that_is_away_now_and_then_is_not_taken_for_one_that_has_moved)
{
    struct stage stage = {0};
    struct org_fault fault = {0};

    clock_freeze(1000000);
    set_stage(&stage, 20000);
    CHECK_INT(create_lead(stage.connection, &fault), 0);
    clock_advance(61000);
    for (int i = 0; i < 12; i++, clock_advance(25000)) {
        stage.play.gone_status = i % 3 == 2 ? 0 : 503; /* away for half a minute, and back */
        CHECK_INT(create_lead(stage.connection, &fault), i % 3 == 2 ? 0 : -1);
    }
    CHECK_INT(soap_server_count(stage.server, "login"), 1);
    strike_stage(&stage);
    clock_thaw();
}

TEST(an_org_whose_sign_in_is_away_too_is_asked_twice_a_minute_at_the_most)
{
    struct stage stage = {0};
    struct org_fault fault = {0};

    clock_freeze(1000000);
    set_stage(&stage, 20000);
    CHECK_INT(create_lead(stage.connection, &fault), 0);
    clock_advance(61000);
    stage.play.gone_status = 404;
    stage.play.login_faults = 999;
    stage.play.login_status = 503;
    for (int i = 0; i < 100; i++, clock_advance(6000)) { /* ten minutes */
        CHECK_INT(create_lead(stage.connection, &fault), -1);
        CHECK_INT(fault.class, ORG_RETRY);
    }
    CHECK(soap_server_count(stage.server, "login") > 5);
    CHECK(soap_server_count(stage.server, "login") <= 21);
    strike_stage(&stage);
    clock_thaw();
}

TEST(an_org_that_stays_away_is_asked_for_its_server_seldom_and_then_stops)
{
    struct stage stage = {0};
    struct org_fault fault = {0};

    clock_freeze(1000000);
    set_stage(&stage, 20000);
    CHECK_INT(create_lead(stage.connection, &fault), 0);
    clock_advance(61000);
    stage.play.gone_status = 503;
    for (int minute = 0; minute < 60; minute++, clock_advance(6000))
        for (int i = 0; i < 9; i++, clock_advance(6000))
            CHECK_INT(create_lead(stage.connection, &fault), -1);
    CHECK_INT(fault.class, ORG_RETRY);
    CHECK(soap_server_count(stage.server, "login") > 1);
    CHECK(soap_server_count(stage.server, "login") <= 31);
    stage.play.gone_status = 404; /* and the sign-in goes on naming that server */
    for (int i = 0; i < 40 && fault.class == ORG_RETRY; i++, clock_advance(6000))
        CHECK_INT(create_lead(stage.connection, &fault), -1);
    CHECK_STR(fault.code, "HTTP_404");
    CHECK_INT(fault.class, ORG_STOP);
    strike_stage(&stage);
    clock_thaw();
}

TEST(a_sign_in_that_is_refused_after_a_move_is_not_tried_again)
{
    struct stage stage = {0};
    struct org_fault fault = {0};

    clock_freeze(1000000);
    set_stage(&stage, 20000);
    CHECK_INT(create_lead(stage.connection, &fault), 0);
    clock_advance(61000);
    stage.play.gone_status = 404;
    stage.play.login_faults = 99;
    stage.play.login_fault = "INVALID_LOGIN";
    for (int i = 0; i < 60; i++, clock_advance(6000))
        CHECK_INT(create_lead(stage.connection, &fault), -1);
    CHECK_STR(fault.code, "INVALID_LOGIN");
    CHECK_INT(fault.class, ORG_STOP);
    CHECK_INT(soap_server_count(stage.server, "login"), 2);
    strike_stage(&stage);
    clock_thaw();
}

/* Each answer takes so long that the server is given up with each of them. */
TEST(a_call_to_a_server_that_is_gone_asks_for_another_once_however_slow_it_is)
{
    struct stage stage = {0};
    struct org_fault fault = {0};

    clock_freeze(1000000);
    set_stage(&stage, 20000);
    CHECK_INT(create_lead(stage.connection, &fault), 0);
    clock_advance(61000);
    stage.play.gone_status = 404;
    stage.play.login_faults = 9;
    stage.play.login_status = 503;
    CHECK_INT(create_lead(stage.connection, &fault), -1);
    stage.play.slow_ms = 61000;
    for (int i = 1; i <= 2; i++) {
        CHECK_INT(create_lead(stage.connection, &fault), -1);
        CHECK_STR(fault.code, "HTTP_404");
        CHECK_INT(fault.class, ORG_RETRY);
        CHECK_INT(soap_server_count(stage.server, "create"), 2 + 2 * i);
    }
    strike_stage(&stage);
    clock_thaw();
}

/* A call is on its way to a server that is gone; meanwhile another one signs in anew. */
TEST(a_server_that_has_been_replaced_meanwhile_stops_nobody)
{
    struct stage stage = {.play = {.gone_status = 404, .await_logins = 2}};
    struct play elsewhere = {0};
    struct soap_server *second = soap_server_start(script, &elsewhere);
    struct worker worker = {.stage = &stage};
    struct org_fault fault = {0};
    struct org_counts counts;

    clock_freeze(1000000);
    set_stage(&stage, 20000);
    CHECK_INT(org_sign_in(stage.connection, &fault), 0);
    pthread_create(&worker.thread, NULL, work, &worker);
    soap_server_wait_for(stage.server, "create", 1);
    stage.play.server_url = soap_server_url(second);
    clock_advance(1800000); /* the session is renewed */
    CHECK_INT(create_lead(stage.connection, &fault), 0);
    pthread_join(worker.thread, NULL);
    CHECK_INT(worker.rc, -1);
    CHECK_STR(worker.fault.code, "HTTP_404");
    CHECK_INT(worker.fault.class, ORG_RETRY);
    CHECK(!worker.fault.outcome_unknown);
    org_read_counts(stage.org, &counts);
    CHECK(counts.signed_in && !counts.stopped);
    CHECK_INT(create_lead(stage.connection, &fault), 0);
    CHECK_INT(soap_server_count(stage.server, "login"), 2);
    CHECK_INT(soap_server_count(second, "create"), 2);
    strike_stage(&stage);
    soap_server_stop(second);
    clock_thaw();
}

TEST(a_session_is_not_sent_to_a_server_outside_salesforce)
{
    struct stage stage = {.play = {.server_url = "https://salesforce.com.evil.example"}};
    struct org_fault fault = {0};
    struct org_counts counts;

    set_stage(&stage, 20000);
    CHECK_INT(create_lead(stage.connection, &fault), -1);
    CHECK_STR(fault.code, "FOREIGN_ADDRESS");
    CHECK_INT(fault.class, ORG_STOP);
    CHECK_INT(create_lead(stage.connection, &fault), -1);
    org_read_counts(stage.org, &counts);
    CHECK(counts.stopped);
    CHECK_INT(counts.calls, 1);
    strike_stage(&stage);
}

TEST(a_redirect_is_not_followed)
{
    struct stage stage = {.play = {.save = {.status = 302,
                                            .headers = "Location: /elsewhere\r\n",
                                            .body = (char *)"moved"}}};

    set_stage(&stage, 20000);
    check_failing_create(&stage, "HTTP_302", ORG_STOP, false);
    CHECK_INT(soap_server_count(stage.server, NULL), 2);
    strike_stage(&stage);
}

TEST(a_fault_of_the_call_saves_nothing_and_keeps_the_session)
{
    struct stage stage = {.play = {.save = {.status = 500}}};
    struct soap_reply reply = {0};
    struct org_counts counts;

    reply_fault(&reply, "sf:INVALID_FIELD", "No such column 'X' on entity 'Lead'.");
    stage.play.save.body = reply.body;
    set_stage(&stage, 20000);
    check_failing_create(&stage, "INVALID_FIELD", ORG_STALE_SCHEMA, false);
    org_read_counts(stage.org, &counts);
    CHECK(counts.signed_in && !counts.stopped);
    CHECK(counts.last_fault_ms > 0);
    free(reply.body);
    strike_stage(&stage);
}

TEST(an_answer_past_its_bound_is_refused_packed_or_not)
{
    char *large = malloc(200001);

    memset(large, ' ', 200000);
    large[200000] = '\0';
    play_failing_create(&(struct play){.save = {.body = large}}, "ANSWER_TOO_LARGE", ORG_SPLIT,
                        true);
    play_failing_create(&(struct play){.save = {.body = large, .manner = SOAP_GZIPPED}},
                        "ANSWER_TOO_LARGE", ORG_SPLIT, true);
    play_failing_create(&(struct play){.save = {.manner = SOAP_BABBLE}}, "ANSWER_TOO_LARGE",
                        ORG_SPLIT, true);
    free(large);
}

TEST(a_call_without_an_answer_times_out_with_its_outcome_unknown)
{
    struct stage stage = {.play = {.save = {.manner = SOAP_SILENT}}};

    set_stage(&stage, 300);
    check_failing_create(&stage, "TIMEOUT", ORG_RETRY, true);
    strike_stage(&stage);
}

TEST(an_interruption_ends_calls_in_flight_and_refuses_later_ones_until_a_reset)
{
    struct stage stage = {.play = {.save = {.manner = SOAP_SILENT}}};
    struct worker worker = {.stage = &stage};
    struct org_fault fault = {0};

    set_stage(&stage, 60000);
    pthread_create(&worker.thread, NULL, work, &worker);
    soap_server_wait_for(stage.server, "create", 1);
    org_interrupt(stage.org);
    pthread_join(worker.thread, NULL);
    CHECK_INT(worker.rc, -1);
    CHECK_STR(worker.fault.code, "INTERRUPTED");
    CHECK(worker.fault.outcome_unknown);
    CHECK_INT(create_lead(stage.connection, &fault), -1);
    CHECK_STR(fault.code, "INTERRUPTED");
    CHECK(!fault.outcome_unknown);
    CHECK_INT(soap_server_count(stage.server, "create"), 1);
    org_reset(stage.org);
    CHECK_INT(org_sign_in(stage.connection, &fault), 0);
    strike_stage(&stage);
}

TEST(plain_http_is_for_this_machine_alone)
{
    static const struct {
        const char *url;
        bool good;
    } urls[] = {
        {"https://login.salesforce.com", true},
        {"https://login.salesforce.com/", true},
        {"http://localhost:1234", true},
        {"http://127.0.0.1:1", true},
        {"http://[::1]:1", true},
        {"http://login.salesforce.com", false},
        {"http://127.0.0.1.example.com", false},
        {"http://127.0.0.1@example.com", false},
        {"https://user@login.salesforce.com", false},
        {"ftp://127.0.0.1", false},
        {"login.salesforce.com", false},
        {"", false},
    };

    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        struct org_config config = {
            .login_url = urls[i].url, .username = "u", .password = "p", .client_name = "c"};
        struct err err = {0};
        struct org *org = org_new(&config, &err);

        if ((org != NULL) != urls[i].good)
            print_message("%s\n", urls[i].url);
        CHECK((org != NULL) == urls[i].good);
        CHECK(urls[i].good || err.kind == ERR_INVALID);
        org_free(org);
    }
}

TEST(a_record_whose_field_has_no_api_name_is_not_sent)
{
    struct stage stage = {0};
    const struct org_field field = {"a><x", "1"};
    const struct org_record record = {.fields = &field, .field_count = 1};
    const struct org_save save = {
        .operation = ORG_CREATE, .object = "Lead", .records = &record, .count = 1};
    struct org_result result;
    struct org_fault fault = {0};

    set_stage(&stage, 20000);
    CHECK_INT(org_save(stage.connection, &save, &result, &fault), -1);
    CHECK_STR(fault.code, "BAD_NAME");
    CHECK_INT(soap_server_count(stage.server, NULL), 0);
    strike_stage(&stage);
}

TEST(whichever_allocation_fails_a_save_that_went_out_is_known_to_be_unknown)
{
    struct stage stage = {0};
    bool done = false;

    set_stage(&stage, 20000);
    for (size_t nth = 1; !done; nth++) {
        struct org_fault fault = {0};
        int before = soap_server_count(stage.server, "create");

        mem_fail_at(nth);
        done = create_lead(stage.connection, &fault) == 0;
        mem_fail_at(0);
        if (done)
            break;
        CHECK_STR(fault.code, "MEMORY");
        CHECK_INT(fault.class, ORG_RETRY);
        CHECK(fault.outcome_unknown == (soap_server_count(stage.server, "create") > before));
    }
    strike_stage(&stage);
}

TEST(whichever_allocation_fails_a_look_up_gives_all_rows_or_none)
{
    struct stage stage = {0};
    bool done = false;

    set_stage(&stage, 20000);
    for (size_t nth = 1; !done; nth++) {
        struct org_fault fault = {0};
        struct org_rows rows;

        mem_fail_at(nth);
        done = find_leads(stage.connection, &rows, &fault) == 0;
        mem_fail_at(0);
        if (!done) {
            CHECK_STR(fault.code, "MEMORY");
            continue;
        }
        CHECK_INT(rows.count, 2);
        CHECK_INT(rows.keys_used, 2);
        for (int i = 0; i < 2; i++)
            CHECK(rows.rows[i].id != NULL && rows.rows[i].values[0] != NULL);
        org_rows_done(&rows);
    }
    strike_stage(&stage);
}

TEST_MAIN(TEST_CASE(calls_sign_in_by_themselves_and_are_counted),
          TEST_CASE(an_object_that_the_user_cannot_see_does_not_hide_the_others),
          TEST_CASE(a_describe_that_fails_for_another_reason_hides_no_object),
          TEST_CASE(answers_may_come_gzipped_or_chunked_and_large_requests_go_out_gzipped),
          TEST_CASE(calls_go_to_the_address_that_the_sign_in_names),
          TEST_CASE(an_expired_session_seen_by_several_connections_leads_to_one_sign_in),
          TEST_CASE(connections_that_need_a_session_at_once_all_hear_why_there_is_none),
          TEST_CASE(a_second_refusal_straight_after_the_renewal_stops_the_org),
          TEST_CASE(a_refused_sign_in_stops_every_connection_until_a_reset),
          TEST_CASE(an_expired_password_stops_the_org_at_the_call_that_meets_it),
          TEST_CASE(a_token_in_jwt_format_is_not_renewed_but_explained),
          TEST_CASE(a_session_is_renewed_ahead_of_need_and_outlives_a_failing_renewal),
          TEST_CASE(a_connection_cut_after_the_request_leaves_a_save_unknown_and_sends_it_once),
          TEST_CASE(a_kept_connection_that_breaks_does_not_send_a_save_again),
          TEST_CASE(a_server_that_is_not_there_leaves_nothing_unknown),
          TEST_CASE(a_look_up_never_leaves_an_outcome_unknown),
          TEST_CASE(an_answer_that_is_cut_inside_its_xml_leaves_a_save_unknown),
          TEST_CASE(results_that_are_not_as_many_as_the_records_leave_a_save_unknown),
          TEST_CASE(results_that_cannot_be_true_leave_a_save_unknown),
          TEST_CASE(a_look_up_whose_pages_cannot_be_true_is_a_fault_and_no_rows),
          TEST_CASE(a_status_without_soap_is_told_by_its_number),
          TEST_CASE(an_org_that_has_moved_is_found_by_one_sign_in_after_a_minute),
          TEST_CASE(a_server_that_is_away_now_and_then_is_not_taken_for_one_that_has_moved),
          TEST_CASE(an_org_whose_sign_in_is_away_too_is_asked_twice_a_minute_at_the_most),
          TEST_CASE(an_org_that_stays_away_is_asked_for_its_server_seldom_and_then_stops),
          TEST_CASE(a_sign_in_that_is_refused_after_a_move_is_not_tried_again),
          TEST_CASE(a_call_to_a_server_that_is_gone_asks_for_another_once_however_slow_it_is),
          TEST_CASE(a_server_that_has_been_replaced_meanwhile_stops_nobody),
          TEST_CASE(a_session_is_not_sent_to_a_server_outside_salesforce),
          TEST_CASE(a_redirect_is_not_followed),
          TEST_CASE(a_fault_of_the_call_saves_nothing_and_keeps_the_session),
          TEST_CASE(an_answer_past_its_bound_is_refused_packed_or_not),
          TEST_CASE(a_call_without_an_answer_times_out_with_its_outcome_unknown),
          TEST_CASE(an_interruption_ends_calls_in_flight_and_refuses_later_ones_until_a_reset),
          TEST_CASE(plain_http_is_for_this_machine_alone),
          TEST_CASE(a_record_whose_field_has_no_api_name_is_not_sent),
          TEST_CASE(whichever_allocation_fails_a_save_that_went_out_is_known_to_be_unknown),
          TEST_CASE(whichever_allocation_fails_a_look_up_gives_all_rows_or_none))
