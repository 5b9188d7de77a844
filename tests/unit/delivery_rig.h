/*
 * delivery_rig: a destination on the scripted org, with a store in memory, and events that
 * come in as they do from clients.
 */
#ifndef TESTS_DELIVERY_RIG_H
#define TESTS_DELIVERY_RIG_H

#include "check.h"

#include <ftw.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/isotime.h"
#include "base/mem.h"
#include "delivery/delivery.h"
#include "event/intake.h"
#include "mapping/mapping.h"
#include "scripted_org.h"

#define PATIENCE_MS 20000

struct rig {
    char dir[40]; /* data_dir */
    struct settings *settings;
    struct store *store;
    struct writer *writer;
    struct delivery *delivery;
    int sent;
};

static inline void on_waiting(void *arg)
{
    struct rig *rig = arg;

    if (rig->delivery != NULL)
        delivery_wake(rig->delivery);
}

static inline void rig_deliver(struct rig *rig)
{
    struct err err;

    rig->delivery = delivery_start(rig->settings, rig->store, rig->writer, &scripted_backend, &err);
    CHECK(rig->delivery != NULL);
}

/* In memory where that can be: the schemas kept there are fsynced, at each start of hundreds. */
static inline void make_data_dir(struct rig *rig)
{
    snprintf(rig->dir, sizeof rig->dir, "/dev/shm/leadline-delivery-XXXXXX");
    if (mkdtemp(rig->dir) != NULL)
        return;
    snprintf(rig->dir, sizeof rig->dir, "/tmp/leadline-delivery-XXXXXX");
    CHECK(mkdtemp(rig->dir) != NULL);
}

static inline int remove_entry(const char *path, const struct stat *stat, int kind,
                               struct FTW *where)
{
    (void)stat;
    (void)kind;
    (void)where;
    return remove(path);
}

/* A test that plays tricks with the store's functions sets it before rig_open: once the store's
   thread runs they stay as they are. */
static void (*rig_wraps_store)(struct store *store);

/* data_dir, further lines of the file, and twice of the destination. */
static const char rig_file[] = "data_dir: %s\n"
                               "%s"
                               "sources:\n"
                               "  - {name: site, write_key: K, destinations: [Salesforce]}\n"
                               "destinations:\n"
                               "  - name: Salesforce\n"
                               "    login_url: http://127.0.0.1:9\n"
                               "    account_email: a@b.c\n"
                               "    account_password: secret\n"
                               "    retry_first: 10ms\n"
                               "    retry_longest: 20ms\n"
                               "%s%s";

/* top: further lines of the file; extra: of the destination, each indented by four spaces. */
static inline void rig_open_top(struct rig *rig, const char *top, const char *extra)
{
    struct err err = {0};
    char yaml[4096];
    int len;

    scripted_reset();
    *rig = (struct rig){0};
    make_data_dir(rig);
    len = snprintf(yaml, sizeof yaml, rig_file, rig->dir, top,
                   strstr(extra, "linger") == NULL ? "    linger: 20ms\n" : "", extra);
    rig->settings = settings_parse(yaml, (size_t)len, "test", "/tmp", &err);
    if (rig->settings == NULL)
        fail_msg("%s", err.text);
    rig->store = store_open("memory", NULL, &err);
    CHECK(rig->store != NULL);
    if (rig_wraps_store != NULL)
        rig_wraps_store(rig->store);
    rig->writer = writer_start(
        rig->store, (struct writer_limits){.max_requests = 10000, .max_bytes = 1 << 28}, &err);
    CHECK(rig->writer != NULL);
    writer_on_waiting(rig->writer, on_waiting, rig);
}

static inline void rig_open(struct rig *rig, const char *extra)
{
    rig_open_top(rig, "", extra);
}

static inline void rig_stop_delivery(struct rig *rig)
{
    struct delivery *delivery = rig->delivery;

    delivery_stop(delivery, 5000);
    rig->delivery = NULL;
}

static inline void rig_close(struct rig *rig)
{
    if (rig->delivery != NULL)
        rig_stop_delivery(rig);
    writer_stop(rig->writer);
    store_close(rig->store);
    CHECK_INT(nftw(rig->dir, remove_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
    settings_unref(rig->settings);
}

struct commit {
    pthread_mutex_t mutex;
    pthread_cond_t cond;
    bool done;
};

static inline void committed(void *arg, const struct err *err)
{
    struct commit *commit = arg;

    pthread_mutex_lock(&commit->mutex);
    commit->done = err == NULL;
    pthread_cond_signal(&commit->cond);
    pthread_mutex_unlock(&commit->mutex);
}

static inline void append(struct rig *rig, struct store_event *event)
{
    struct commit commit = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false};

    CHECK(writer_append(rig->writer, event, 1, NULL, 0, committed, &commit));
    pthread_mutex_lock(&commit.mutex);
    while (!commit.done)
        pthread_cond_wait(&commit.cond, &commit.mutex);
    pthread_mutex_unlock(&commit.mutex);
}

/* A message as a client sends it, said seconds_ago: through intake, route and store. */
static inline void send_at(struct rig *rig, const char *message, int seconds_ago)
{
    struct err err = {0};
    struct intake intake;
    struct event event;
    struct mapping_route route;
    char stamp[ISOTIME_MAX], now[ISOTIME_MAX];
    char *body;

    isotime_format(clock_steady() - seconds_ago * 1000LL, stamp);
    isotime_format(clock_steady(), now);
    body = mem_format("{\"messageId\":\"m%d\",\"timestamp\":\"%s\",\"sentAt\":\"%s\","
                      "\"userId\":\"u\",\"integrations\":{\"Salesforce\":true},%s}",
                      ++rig->sent, stamp, now, message);
    if (intake_read(&intake, body, strlen(body), EVENT_NONE, false, clock_steady(), &err) < 0)
        fail_msg("%s", err.text);
    CHECK(intake.messages[0].problem == NULL);
    CHECK_INT(intake_event(&intake, &intake.messages[0], &event, &err), 0);
    CHECK_INT(mapping_route(&event, &rig->settings->destinations[0], &route, &err), 0);
    CHECK_INT(route.outcome, MAPPING_WRITE);
    append(rig, &(struct store_event){
                    .source = "site",
                    .message_id = event.message_id,
                    .type = event_type_name(event.type),
                    .received_ms = event.received_ms,
                    .timestamp_ms = event.timestamp_ms,
                    .body = intake.messages[0].text,
                    .body_len = intake.messages[0].len,
                    .targets = &(struct store_target){.destination = "Salesforce",
                                                      .key = route.key,
                                                      .object = route.object},
                    .target_count = 1,
                });
    mapping_route_done(&route);
    event_done(&event);
    intake_done(&intake);
    mem_free(body);
}

/* traits is the inside of the object. */
static inline void identify_at(struct rig *rig, const char *traits, int seconds_ago)
{
    char *message = mem_format("\"type\":\"identify\",\"traits\":{%s}", traits);

    send_at(rig, message, seconds_ago);
    mem_free(message);
}

static inline void identify(struct rig *rig, const char *traits)
{
    identify_at(rig, traits, 0);
}

static inline struct store_counters counters_of(struct rig *rig)
{
    struct store_counters *list = NULL, counters = {0};
    size_t count = 0;
    struct err err = {0};

    while (rig->store->api->counters(rig->store, &list, &count, &err) < 0)
        CHECK_INT(err.kind, ERR_MEMORY); /* the one failure of a test may strike here */
    if (count > 0)
        counters = list[0];
    counters.destination = NULL;
    store_counters_free(list, count);
    return counters;
}

/* Waits until so many have ended, and checks that the sums add up all the while. */
static inline struct store_counters await_ended(struct rig *rig, int64_t ended)
{
    int64_t deadline = clock_mono() + PATIENCE_MS;

    for (;;) {
        struct store_counters t = counters_of(rig);
        int64_t done = t.by_state[STORE_WRITTEN] + t.by_state[STORE_MERGED] +
                       t.by_state[STORE_UNCHANGED] + t.by_state[STORE_DEAD];
        CHECK(t.accepted == done + t.by_state[STORE_WAITING]);
        if (done >= ended)
            return t;
        if (clock_mono() > deadline)
            fail_msg("only %d of %d ended", (int)done, (int)ended);
        usleep(1000);
    }
}

/* Likewise with a frozen clock, which runs ahead so that no wait takes long. */
static inline struct store_counters await_ended_soon(struct rig *rig, int64_t ended, size_t nth)
{
    int64_t turns = PATIENCE_MS;

    for (;; turns--) {
        struct store_counters t = counters_of(rig);
        int64_t done = t.by_state[STORE_WRITTEN] + t.by_state[STORE_MERGED] +
                       t.by_state[STORE_UNCHANGED] + t.by_state[STORE_DEAD];
        CHECK(t.accepted == done + t.by_state[STORE_WAITING]);
        if (done >= ended)
            return t;
        if (turns == 0)
            fail_msg("allocation %zu: only %d of %d ended", nth, (int)done, (int)ended);
        clock_advance(500);
        usleep(500);
    }
}

static inline struct store_receipt receipt_of(struct rig *rig, const char *message_id,
                                              struct store_receipt **ret_list)
{
    size_t count = 0;
    struct err err;

    CHECK_INT(rig->store->api->trace(rig->store, message_id, ret_list, &count, &err), 0);
    CHECK_INT(count, 1);
    return (*ret_list)[0];
}

static inline void check_receipt(struct rig *rig, const char *message_id, enum store_state state,
                                 const char *code)
{
    struct store_receipt *list, receipt = receipt_of(rig, message_id, &list);

    CHECK_STR(store_state_name(receipt.state), store_state_name(state));
    if (code != NULL)
        CHECK_STR(receipt.code, code);
    if (state == STORE_WRITTEN || state == STORE_MERGED)
        CHECK(receipt.record_id != NULL);
    store_receipts_free(list, 1);
}

static inline void check_note(struct rig *rig, const char *message_id, const char *code)
{
    struct store_receipt *list, receipt = receipt_of(rig, message_id, &list);

    CHECK_INT(receipt.state, STORE_WRITTEN);
    if (receipt.notes == NULL || strstr(receipt.notes, code) == NULL)
        fail_msg("%s: no note %s in %s", message_id, code, receipt.notes ? receipt.notes : "none");
    store_receipts_free(list, 1);
}

static inline const char *lead(const char *email, const char *field)
{
    const char *value = scripted_value(scripted_find("Lead", "Email", email), field);

    return value != NULL ? value : "(none)";
}

static inline struct delivery_status status_of(struct rig *rig)
{
    struct delivery_status *list, status;
    size_t count;
    struct err err;

    CHECK_INT(delivery_status(rig->delivery, &list, &count, &err), 0);
    CHECK_INT(count, 1);
    status = list[0];
    status.destination = NULL;
    delivery_status_free(list, count);
    return status;
}

static inline struct delivery_status await_delivery_state(struct rig *rig,
                                                          enum delivery_state state)
{
    int64_t deadline = clock_mono() + PATIENCE_MS;
    struct delivery_status status;

    while ((status = status_of(rig)).state != state) {
        if (clock_mono() > deadline)
            fail_msg("the state stays %d", (int)status.state);
        usleep(1000);
    }
    return status;
}

static inline size_t intents_in_store(struct rig *rig)
{
    struct store_intent *list = NULL;
    size_t count = 0;
    struct err err;

    CHECK_INT(rig->store->api->intents(rig->store, "Salesforce", &list, &count, &err), 0);
    store_intents_free(list, count);
    return count;
}

#endif
