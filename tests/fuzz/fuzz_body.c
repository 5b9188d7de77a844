/*
 * fuzz_body: any bytes as what a client sends, from the wire to what the store is asked.
 *
 * The first byte chooses: the body as it is, gzip, or a query; and the path.  Whatever
 * comes in, each message ends as an event with targets, unwanted, or bad, and nothing else.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "http/body.h"
#include "ingest/admit.h"
#include "ingest/query.h"
#include "ingest/routes.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

static const char configuration[] =
    "sources:\n"
    "  - {name: website, write_key: WK, destinations: [Salesforce, All, Resting]}\n"
    "destinations:\n"
    "  - {name: Salesforce, account_email: a@example.com, account_password: p}\n"
    "  - {name: All, account_email: b@example.com, account_password: p, always_enabled: true,\n"
    "     custom_lead_lookup_fields: {email: Email, userId: User_Id__c}}\n"
    "  - {name: Resting, account_email: c@example.com, account_password: p, enabled: false}\n";

static const char *const paths[] = {"/v1/batch", "/v1/identify", "/v1/g", "/v1/t",
                                    "/v1",       "/v1/a",        "/p",    "/screen"};

static void check_that(bool holds)
{
    if (!holds)
        abort();
}

static void check_event(const struct store_event *event)
{
    check_that(event->target_count > 0 && event->message_id[0] != '\0' && event->body_len > 0);
    for (size_t i = 0; i < event->target_count; i++) {
        const struct store_target *target = &event->targets[i];
        check_that((target->dead_code == NULL) == (target->key[0] != '\0'));
        check_that((target->dead_code == NULL) == (target->dead_advice == NULL));
        check_that(target->object[0] != '\0' && strcmp(target->destination, "Resting") != 0);
    }
}

static void check_admission(const struct accepted *accepted)
{
    size_t targets = 0;

    for (size_t i = 0; i < accepted->event_count; i++) {
        check_event(&accepted->events[i]);
        targets += accepted->events[i].target_count;
    }
    for (size_t i = 0; i < accepted->skip_count; i++)
        check_that(accepted->skips[i].count > 0 && accepted->skips[i].reason[0] != '\0');
    check_that(targets == accepted->target_count);
    check_that(accepted->event_count + (size_t)accepted->bad + (size_t)accepted->unwanted ==
               accepted->intake.count);
}

static void take_in(const struct route *route, const char *key, const char *body, size_t len)
{
    static struct settings *settings;
    const struct submission submission = {
        .authorization = key,
        .body = body,
        .len = len,
        .type = route->type,
        .must_be_batch = route->action == ROUTE_BATCH,
        .received_ms = 1795435200000,
    };
    struct accepted accepted;
    struct refusal refusal = {0};
    struct err err = {0};

    if (settings == NULL)
        settings = settings_parse(configuration, strlen(configuration), "fuzz", "/tmp", &err);
    check_that(settings != NULL);
    if (admit(&submission, settings, &accepted, &refusal) == 0) {
        check_admission(&accepted);
        accepted_done(&accepted);
    } else {
        check_that(refusal.status == 400 || refusal.status == 401);
        check_that(refusal.code != NULL && refusal.message[0] != '\0');
    }
}

/* "a=b&c=d", as the server would hand it over. */
static bool read_query(const char *text, struct buf *message)
{
    struct err err = {0};
    struct query *query = query_new(&err);
    char *copy = mem_text(text), *rest = copy, *pair;
    bool good;

    check_that(query != NULL && copy != NULL);
    while ((pair = strsep(&rest, "&")) != NULL) {
        char *value = strchr(pair, '=');
        if (value != NULL)
            *value++ = '\0';
        query_add(query, pair, value == NULL ? "" : value);
    }
    good = query_message(query, message, &err) == 0;
    check_that(good || err.kind == ERR_INVALID);
    mem_free(copy);
    query_free(query);
    return good;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
    struct err err = {0};
    struct route route;
    struct buf body, message;
    unsigned how = len > 0 ? data[0] : 0;

    if (len == 0)
        return 0;
    route = route_find("POST", paths[how & 7]);
    check_that(route.action == ROUTE_BATCH || route.action == ROUTE_MESSAGE);
    buf_init(&body, INTAKE_MAX_BODY);
    buf_init(&message, INTAKE_MAX_BODY);
    buf_put(&body, data + 1, len - 1);
    if (how & 8) {
        if (read_query(buf_peek(&body), &message))
            take_in(&route, NULL, buf_peek(&message), message.len);
    } else if (body_decode(&body, (how & 16) != 0, &err) == 0) {
        take_in(&route, how & 32 ? "Basic V0s6" : NULL, buf_peek(&body), body.len);
    } else {
        check_that(body.len == 0 && (err.kind == ERR_INVALID || err.kind == ERR_FULL));
    }
    buf_done(&message);
    buf_done(&body);
    return 0;
}
