/*
 * What every back end of the store must do.  Each test below runs against each of them;
 * a new one is a row of src/store/back_ends.c.
 */
#include "scratch_dir.h"

#include <ftw.h>
#include <pthread.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/store.h"

/* ---- a store for each test ---- */

static const char *back_end;
static char dir[64];
static struct store *store;
static const struct store_api *api;
static struct err err;

static int remove_entry(const char *path, const struct stat *info, int type, struct FTW *ftw)
{
    (void)info, (void)type, (void)ftw;
    return remove(path);
}

static int set_up(void **state)
{
    (void)state;
    err = (struct err){0};
    if (scratch_dir(dir, sizeof dir, "test_store") < 0)
        return -1;
    store = store_open(back_end, dir, &err);
    api = store == NULL ? NULL : store->api;
    return store == NULL ? -1 : 0;
}

static int tear_down(void **state)
{
    (void)state;
    mem_fail_at(0);
    store_close(store);
    return nftw(dir, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

/* ---- words the tests are written in ---- */

#define OK(call) CHECK_INT((call), 0)
#define NOW      1795428000000

static struct store_target to(const char *destination, const char *key)
{
    return (struct store_target){.destination = destination, .key = key, .object = "Lead"};
}

static struct store_event event_of(const char *id, const struct store_target *targets, size_t count)
{
    return (struct store_event){.source = "website",
                                .message_id = id,
                                .type = "identify",
                                .received_ms = NOW,
                                .timestamp_ms = NOW - 5,
                                .body = "{\"a\":1}",
                                .body_len = 7,
                                .targets = targets,
                                .target_count = count};
}

static struct store_known known_of(const char *key, const char *record_id, int64_t written_ms)
{
    return (struct store_known){(char *)key, (char *)"Lead", (char *)record_id, (char *)"{\"x\":1}",
                                written_ms};
}

static void append(struct store_event *events, size_t count)
{
    OK(api->begin(store, &err));
    OK(api->append(store, events, count, NULL, 0, &err));
    OK(api->commit(store, &err));
}

/* One event for the destination "org"; its messageId is also its key. */
static void put(const char *id)
{
    struct store_target target = to("org", id);
    struct store_event event = event_of(id, &target, 1);

    append(&event, 1);
}

static void put_many(int from, int count)
{
    for (int i = from; i < from + count; i++) {
        char id[16];
        snprintf(id, sizeof id, "m%d", i);
        put(id);
    }
}

static int try_apply(const struct store_outcome_batch *what)
{
    OK(api->begin(store, &err));
    if (api->apply(store, what, &err) < 0) {
        api->rollback(store);
        return -1;
    }
    return api->commit(store, &err);
}

static void apply(struct store_outcome outcome)
{
    OK(try_apply(&(struct store_outcome_batch){
        .destination = "org", .outcomes = &outcome, .outcome_count = 1, .now_ms = NOW + 10}));
}

static void wait_until(int64_t seq, int64_t ms)
{
    apply((struct store_outcome){
        .seq = seq, .state = STORE_WAITING, .attempts = 1, .code = "X", .next_attempt_ms = ms});
}

/* Of "org": one by its seq, or with 0 all. */
static struct store_dead_letters letters_of(int64_t seq, const char *code)
{
    return (struct store_dead_letters){.destination = "org",
                                       .code = code,
                                       .first = seq == 0 ? 1 : seq,
                                       .last = seq == 0 ? INT64_MAX - 1 : seq,
                                       .max = 1000};
}

typedef int letters_act(struct store *store, struct store_dead_letters *which, int64_t now_ms,
                        struct err *err);

static int64_t act(letters_act *what, struct store_dead_letters which, int64_t now_ms)
{
    OK(api->begin(store, &err));
    OK(what(store, &which, now_ms, &err));
    OK(api->commit(store, &err));
    CHECK(which.done);
    return which.count;
}

static int64_t redrive(int64_t seq, int64_t now_ms)
{
    return act(api->redrive, letters_of(seq, NULL), now_ms);
}

/* Lets a purge look at so many rows more. */
static bool count_down(void *arg)
{
    return (*(int *)arg)-- > 0;
}

/* A step of a round over at most so many rows; returns how many were forgotten. */
static int64_t purge_step(struct store_purge *round, int rows)
{
    int64_t before = round->count;

    round->go_on = count_down;
    round->arg = &rows;
    OK(api->begin(store, &err));
    OK(api->purge(store, round, &err));
    OK(api->commit(store, &err));
    return round->count - before;
}

/* A whole round for what ended or was written before that time. */
static int64_t purge(int64_t before_ms)
{
    struct store_purge round = {.ages = {.ended_ms = before_ms, .known_ms = before_ms}};

    purge_step(&round, 1000000);
    CHECK(round.done);
    return round.count;
}

/* The seqs that a take hands out, as text: "1 2 3". */
static const char *taken(struct store_cursor *cursor, int64_t now_ms, size_t max, size_t max_bytes)
{
    static char text[1000];
    struct store_delivery *list = NULL;
    size_t count = 0, len = 0;

    text[0] = '\0';
    OK(api->take(store, "org", cursor, now_ms, max, max_bytes, &list, &count, &err));
    for (size_t i = 0; i < count; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "%s%lld", i > 0 ? " " : "",
                                (long long)list[i].seq);
    store_deliveries_free(list, count);
    return text;
}

static const char *listed(enum store_state state, int64_t before_seq, size_t max)
{
    static char text[1000];
    struct store_receipt *list = NULL;
    size_t count = 0, len = 0;

    text[0] = '\0';
    OK(api->list(store, "org", state, before_seq, max, &list, &count, &err));
    for (size_t i = 0; i < count; i++) {
        CHECK_INT(list[i].state, state);
        CHECK(list[i].body == NULL);
        len += (size_t)snprintf(text + len, sizeof text - len, "%s%lld", i > 0 ? " " : "",
                                (long long)list[i].seq);
    }
    store_receipts_free(list, count);
    return text;
}

static struct store_counters counters_of(const char *destination)
{
    struct store_counters *list = NULL, found = {0};
    size_t count = 0;

    OK(api->counters(store, &list, &count, &err));
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].destination, destination) == 0)
            found = list[i];
    found.destination = NULL;
    store_counters_free(list, count);
    return found;
}

/* accepted waiting written merged unchanged dead / created updated */
static const char *sums(const char *destination)
{
    static char text[200];
    struct store_counters t = counters_of(destination);

    snprintf(text, sizeof text, "%d: %d %d %d %d %d / %d %d", (int)t.accepted, (int)t.by_state[0],
             (int)t.by_state[1], (int)t.by_state[2], (int)t.by_state[3], (int)t.by_state[4],
             (int)t.created, (int)t.updated);
    return text;
}

static struct store_receipt *trace(const char *id, size_t *ret_count)
{
    struct store_receipt *list = NULL;

    *ret_count = 0;
    OK(api->trace(store, id, &list, ret_count, &err));
    return list;
}

static size_t traced(const char *id)
{
    size_t count;
    struct store_receipt *list = trace(id, &count);

    store_receipts_free(list, count);
    return count;
}

/* ---- coming in ---- */

TEST(an_accepted_event_waits_for_each_of_its_destinations)
{
    struct store_target targets[] = {to("org", "k"), to("other", "k")};
    struct store_event event = event_of("m1", targets, 2);
    struct store_cursor cursor = {0};
    struct store_delivery *list = NULL;
    size_t count = 0;

    append(&event, 1);
    CHECK(!event.ret_duplicate);
    OK(api->take(store, "other", &cursor, NOW, 10, 1000, &list, &count, &err));
    CHECK_INT(count, 1);
    CHECK_STR(list[0].message_id, "m1");
    CHECK_STR(list[0].body, "{\"a\":1}");
    CHECK_INT(list[0].body_len, 7);
    CHECK_INT(list[0].timestamp_ms, NOW - 5);
    CHECK_INT(list[0].received_ms, NOW);
    CHECK_INT(list[0].attempts, 0);
    store_deliveries_free(list, count);
    CHECK_STR(sums("org"), "1: 1 0 0 0 0 / 0 0");
    CHECK_STR(sums("other"), "1: 1 0 0 0 0 / 0 0");
    CHECK_STR(sums("nobody"), "0: 0 0 0 0 0 / 0 0");
}

TEST(a_repeated_message_id_of_a_source_is_stored_once)
{
    struct store_target target = to("org", "k");
    struct store_event events[3];

    for (int i = 0; i < 3; i++)
        events[i] = event_of(i == 1 ? "m2" : "m1", &target, 1);
    append(events, 3);
    CHECK(!events[0].ret_duplicate && !events[1].ret_duplicate && events[2].ret_duplicate);
    events[0].source = "app";
    events[2].body = "another";
    append(events, 3);
    CHECK(!events[0].ret_duplicate && events[1].ret_duplicate && events[2].ret_duplicate);
    CHECK_STR(sums("org"), "3: 3 0 0 0 0 / 0 0");
}

TEST(a_message_id_is_compared_byte_by_byte)
{
    put("M1");
    put("m1");
    put("m1 ");
    put("m\xc3\xa9'\"\\%_\n");
    CHECK_STR(sums("org"), "4: 4 0 0 0 0 / 0 0");
}

TEST(an_event_that_cannot_be_routed_arrives_dead)
{
    struct store_target target = {.destination = "org",
                                  .key = "",
                                  .object = "",
                                  .dead_code = "missing_lookup_value",
                                  .dead_message = "no email",
                                  .dead_advice = "send one"};
    struct store_event event = event_of("m1", &target, 1);
    struct store_receipt *list;
    size_t count;

    append(&event, 1);
    CHECK_STR(sums("org"), "1: 0 0 0 0 1 / 0 0");
    CHECK_STR(taken(&(struct store_cursor){0}, NOW, 10, 1000), "");
    list = trace("m1", &count);
    CHECK_INT(count, 1);
    CHECK_INT(list[0].state, STORE_DEAD);
    CHECK_STR(list[0].code, "missing_lookup_value");
    CHECK_STR(list[0].message, "no email");
    CHECK_STR(list[0].advice, "send one");
    CHECK_STR(list[0].object, "");
    store_receipts_free(list, count);
}

TEST(an_unusable_event_is_refused)
{
    struct store_target twice[] = {to("org", "k"), to("org", "k")};
    struct store_target nameless = to("", "k");
    struct store_event events[] = {event_of("", twice, 1),   event_of("m1", twice, 0),
                                   event_of("m1", twice, 2), event_of("m1", &nameless, 1),
                                   event_of("m1", twice, 1), event_of("m1", twice, 1)};

    events[4].source = NULL;
    events[5].body_len = (size_t)1 << 40;
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
        OK(api->begin(store, &err));
        CHECK_INT(api->append(store, &events[i], 1, NULL, 0, &err), -1);
        CHECK_INT(err.kind, ERR_INVALID);
        api->rollback(store);
    }
    CHECK_STR(sums("org"), "0: 0 0 0 0 0 / 0 0");
}

TEST(skips_are_counted_by_source_destination_and_reason)
{
    struct store_skip skips[] = {
        {.source = "website", .destination = "org", .reason = "not_opted_in", .count = 2},
        {.source = "website", .destination = "org", .reason = "opted_out", .count = 1},
        {.source = "website", .destination = "org", .reason = "not_opted_in", .count = 3}};
    struct store_skip_count *list = NULL;
    size_t count = 0;
    int64_t sum = 0;

    for (int round = 0; round < 2; round++) {
        OK(api->begin(store, &err));
        OK(api->append(store, NULL, 0, skips, 3, &err));
        OK(api->commit(store, &err));
    }
    OK(api->skips(store, &list, &count, &err));
    CHECK_INT(count, 2);
    for (size_t i = 0; i < count; i++) {
        CHECK_INT(list[i].count, strcmp(list[i].reason, "opted_out") == 0 ? 2 : 10);
        CHECK_STR(list[i].source, "website");
        CHECK_STR(list[i].destination, "org");
        sum += list[i].count;
    }
    CHECK_INT(sum, 12);
    store_skip_counts_free(list, count);
}

/* Skips events of that id by "org" at that time. */
static void put_skipped(const char *id, const char *reason, int64_t received_ms)
{
    const struct store_skip_event event = {id, "track", received_ms};
    const struct store_skip what = {.source = "website",
                                    .destination = "org",
                                    .reason = reason,
                                    .count = 1,
                                    .events = &event,
                                    .event_count = 1};

    OK(api->begin(store, &err));
    OK(api->append(store, NULL, 0, &what, 1, &err));
    OK(api->commit(store, &err));
}

/* "source destination type reason received" of each who did not want it. */
static const char *skipped(const char *id)
{
    static char text[400];
    struct store_skipped *list = NULL;
    size_t count = 0, len = 0;

    text[0] = '\0';
    OK(api->skipped(store, id, &list, &count, &err));
    for (size_t i = 0; i < count; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "%s %s %s %s +%d;", list[i].source,
                                list[i].destination, list[i].type, list[i].reason,
                                (int)(list[i].received_ms - NOW));
    store_skipped_free(list, count);
    return text;
}

TEST(a_skipped_event_is_remembered_with_its_reason_and_once)
{
    CHECK_STR(skipped("m1"), "");
    put_skipped("m1", "not_opted_in", NOW);
    put_skipped("m2", "opted_out", NOW + 1);
    put_skipped("m1", "opted_out", NOW + 2);
    CHECK_STR(skipped("m1"), "website org track opted_out +2;");
    CHECK_STR(skipped("m2"), "website org track opted_out +1;");
    CHECK_STR(skipped("M1"), "");
    CHECK_STR(sums("org"), "0: 0 0 0 0 0 / 0 0");
}

/* "m1 opted_out;" for each. */
static const char *told_skipped(struct store_skipped *list, size_t count)
{
    static char text[4096];
    size_t len = 0;

    text[0] = '\0';
    for (size_t i = 0; i < count; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "%s %s;", list[i].message_id,
                                list[i].reason);
    store_skipped_free(list, count);
    return text;
}

static const char *recent_skipped(int64_t before_id, size_t max)
{
    struct store_skipped *list = NULL;
    size_t count = 0;

    OK(api->recent_skipped(store, before_id, max, &list, &count, &err));
    return told_skipped(list, count);
}

static const char *skipped_since(int64_t *id, size_t max)
{
    struct store_skipped *list = NULL;
    size_t count = 0;

    OK(api->skipped_since(store, id, max, &list, &count, &err));
    return told_skipped(list, count);
}

TEST(skipped_events_are_listed_in_order_each_time_they_came)
{
    int64_t id = 0;

    CHECK_STR(recent_skipped(0, 10), "");
    CHECK_STR(skipped_since(&id, 10), "");
    CHECK_INT(id, 0);
    put_skipped("m1", "not_opted_in", NOW);
    put_skipped("m2", "opted_out", NOW);
    put_skipped("m1", "opted_out", NOW);
    CHECK_STR(recent_skipped(0, 2), "m1 opted_out;m2 opted_out;");
    CHECK_STR(recent_skipped(2, 2), "m1 not_opted_in;");
    CHECK_STR(recent_skipped(1, 2), "");
    CHECK_STR(skipped_since(&id, 2), "m1 not_opted_in;m2 opted_out;");
    CHECK_INT(id, 2);
    CHECK_STR(skipped_since(&id, 2), "m1 opted_out;");
    CHECK_STR(skipped_since(&id, 2), "");
    CHECK_INT(id, 3);
}

TEST(a_cursor_over_skipped_events_outlives_a_purge_of_all_of_them)
{
    int64_t id = 0;

    put_skipped("m1", "opted_out", NOW);
    put_skipped("m2", "opted_out", NOW);
    CHECK_STR(skipped_since(&id, 10), "m1 opted_out;m2 opted_out;");
    purge(NOW + 1);
    CHECK_STR(recent_skipped(0, 10), "");
    put_skipped("m3", "opted_out", NOW + 2);
    CHECK_STR(skipped_since(&id, 10), "m3 opted_out;");
    CHECK_INT(id, 3);
}

#define STREAM 400

/* One event and two skipped ones in each transaction; every seventh is rolled back and made
   again. */
static void *stream(void *arg)
{
    struct err mine = {0};

    for (int i = 0; i < STREAM; i++) {
        char id[16];
        struct store_target target = to("org", "key");
        struct store_event event = event_of(id, &target, 1);
        struct store_skip_event skipped[2] = {{id, "track", NOW + i}, {id, "page", NOW + i}};
        struct store_skip skip = {"website", "org", "opted_out", 2, skipped, 2};
        snprintf(id, sizeof id, "m%d", i);
        for (int again = i % 7 == 0; again >= 0; again--) {
            if (api->begin(store, &mine) < 0 || api->append(store, &event, 1, &skip, 1, &mine) < 0)
                return arg;
            if (again > 0)
                api->rollback(store);
            else if (api->commit(store, &mine) < 0)
                return arg;
        }
    }
    return NULL;
}

/* What was listed in answer to one question, counted by the number in its messageId. */
static int count_stream(int *seen)
{
    static struct store_feed feed;
    static int64_t id;
    struct store_receipt *receipts = NULL;
    struct store_skipped *skipped = NULL;
    size_t count = 0;
    int found = 0;

    if (seen[0] == 0) {
        feed = (struct store_feed){0};
        id = 0;
    }
    OK(api->since(store, &feed, NOW + 1000, 3, &receipts, &count, &err));
    for (size_t i = 0; i < count; i++, found++)
        seen[atoi(receipts[i].message_id + 1)] += 1;
    store_receipts_free(receipts, count);
    OK(api->skipped_since(store, &id, 5, &skipped, &count, &err));
    for (size_t i = 0; i < count; i++, found++)
        seen[atoi(skipped[i].message_id + 1)] += 100;
    store_skipped_free(skipped, count);
    return found;
}

TEST(who_follows_while_events_and_skips_come_in_misses_none_and_sees_none_twice)
{
    int seen[STREAM] = {0};
    int left = 3 * STREAM;
    pthread_t thread;
    void *failed = NULL;

    CHECK_INT(pthread_create(&thread, NULL, stream, seen), 0);
    while (left > 0)
        left -= count_stream(seen);
    pthread_join(thread, &failed);
    CHECK(failed == NULL);
    CHECK_INT(count_stream(seen), 0);
    for (int i = 0; i < STREAM; i++)
        CHECK_INT(seen[i], 201);
}

TEST(skipped_events_are_forgotten_by_age)
{
    put_skipped("m1", "opted_out", NOW);
    put_skipped("m2", "opted_out", NOW + 5);
    CHECK_INT(purge(NOW + 5), 1);
    CHECK_STR(skipped("m1"), "");
    CHECK_STR(skipped("m2"), "website org track opted_out +5;");
}

/* ---- searching ---- */

static void put_named(const char *id, const char *const *names, size_t count)
{
    const struct store_target targets[] = {to("org", id), to("other", id)};
    struct store_event event = event_of(id, targets, 2);

    event.names = names;
    event.name_count = count;
    append(&event, 1);
}

/* The messageIds found, the destination behind each: "m2 org, m1 org, ". */
static const char *found(enum store_search by, const char *what, size_t max)
{
    static char text[1000];
    struct store_receipt *list = NULL;
    size_t count = 0, len = 0;

    text[0] = '\0';
    OK(api->search(store, by, what, max, &list, &count, &err));
    for (size_t i = 0; i < count; i++) {
        CHECK(list[i].body != NULL);
        if (strcmp(list[i].destination, "org") == 0 || max < 4)
            len += (size_t)snprintf(text + len, sizeof text - len, "%s ", list[i].message_id);
    }
    store_receipts_free(list, count);
    return text;
}

TEST(events_are_found_by_each_of_their_names_the_newest_first)
{
    const char *const one[] = {"user-1", "peter@initech.example", "peter@initech.example"};
    const char *const two[] = {"user-2", "peter@initech.example"};
    struct store_event again;

    put_named("m1", one, 3);
    put_named("m2", two, 2);
    put_named("m3", NULL, 0);
    CHECK_STR(found(STORE_BY_NAME, "user-1", 100), "m1 ");
    CHECK_STR(found(STORE_BY_NAME, "peter@initech.example", 100), "m2 m1 ");
    CHECK_STR(found(STORE_BY_NAME, "peter@initech.example", 2), "m2 m2 ");
    CHECK_STR(found(STORE_BY_NAME, "user-", 100), "");
    CHECK_STR(found(STORE_BY_NAME, "", 100), "");
    again =
        event_of("m1", &(struct store_target){.destination = "org", .key = "k", .object = ""}, 1);
    again.names = two;
    again.name_count = 1;
    append(&again, 1);
    CHECK_STR(found(STORE_BY_NAME, "user-2", 100), "m2 ");
}

/* More events than share a part of the table of names, with gaps where some were forgotten. */
TEST(events_far_apart_are_found_by_one_name)
{
    static struct store_event events[5000];
    static char ids[5000][12];
    const struct store_target target = to("org", "k");
    const char *const name = "user-1";

    for (int i = 0; i < 5000; i++) {
        snprintf(ids[i], sizeof ids[i], "m%d", i);
        events[i] = event_of(ids[i], &target, 1);
        events[i].names = &name;
        events[i].name_count = i % 2499 == 0;
    }
    append(events, 5000);
    CHECK_STR(found(STORE_BY_NAME, "user-1", 100), "m4998 m2499 m0 ");
}

TEST(a_forgotten_event_is_found_by_no_name)
{
    const char *const name = "user-1";

    put_named("m1", &name, 1);
    apply((struct store_outcome){
        .seq = 1, .state = STORE_WRITTEN, .record_id = "00Q000000000001AAA"});
    OK(try_apply(&(struct store_outcome_batch){
        .destination = "other",
        .outcomes = &(struct store_outcome){.seq = 2, .state = STORE_UNCHANGED},
        .outcome_count = 1,
        .now_ms = NOW}));
    CHECK_STR(found(STORE_BY_RECORD, "00Q000000000001", 100), "m1 ");
    purge(NOW + 100);
    CHECK_STR(found(STORE_BY_NAME, "user-1", 100), "");
    CHECK_STR(found(STORE_BY_RECORD, "00Q000000000001", 100), "");
}

TEST(events_are_found_by_their_record_in_both_forms_of_its_id)
{
    put_many(1, 4);
    apply((struct store_outcome){
        .seq = 1, .state = STORE_WRITTEN, .record_id = "00Q000000000001AAA"});
    apply((struct store_outcome){
        .seq = 2, .state = STORE_MERGED, .record_id = "00Q000000000001AAA", .into = "m1"});
    apply((struct store_outcome){
        .seq = 3, .state = STORE_WRITTEN, .record_id = "00Q00000000000bAAA"});
    CHECK_STR(found(STORE_BY_RECORD, "00Q000000000001AAA", 100), "m2 m1 ");
    CHECK_STR(found(STORE_BY_RECORD, "00Q000000000001", 100), "m2 m1 ");
    CHECK_STR(found(STORE_BY_RECORD, "00Q000000000001", 1), "m2 ");
    CHECK_STR(found(STORE_BY_RECORD, "00Q00000000000B", 100), "");
    CHECK_STR(found(STORE_BY_RECORD, "00Q", 100), "");
}

/* ---- transactions ---- */

TEST(nothing_is_seen_before_the_commit)
{
    struct store_target target = to("org", "k");
    struct store_event event = event_of("m1", &target, 1);
    const char *key = "k";
    struct store_intent *intents = NULL;
    size_t count = 9;

    OK(api->begin(store, &err));
    OK(api->append(store, &event, 1, NULL, 0, &err));
    OK(api->intend(store, "org", &key, 1, NOW, &err));
    CHECK_STR(taken(&(struct store_cursor){0}, NOW, 10, 1000), "");
    CHECK_STR(sums("org"), "0: 0 0 0 0 0 / 0 0");
    OK(api->intents(store, "org", &intents, &count, &err));
    CHECK_INT(count, 0);
    store_intents_free(intents, count);
    OK(api->commit(store, &err));
    CHECK_STR(taken(&(struct store_cursor){0}, NOW, 10, 1000), "1");
    CHECK_STR(sums("org"), "1: 1 0 0 0 0 / 0 0");
}

TEST(nothing_of_a_rolled_back_transaction_stands)
{
    struct store_target target = to("org", "k"), elsewhere = to("nowhere", "k");
    struct store_event events[] = {event_of("m2", &target, 1), event_of("m3", &elsewhere, 1)};
    struct store_skip skip = {
        .source = "website", .destination = "org", .reason = "opted_out", .count = 1};
    struct store_outcome outcome = {.seq = 1, .state = STORE_WRITTEN, .created = true};
    struct store_known memory = known_of("k", "00Q1", NOW), *known = NULL;
    struct store_skip_count *skips = NULL;
    const char *key = "k";
    size_t count = 9;

    put("m1");
    OK(api->begin(store, &err));
    OK(api->append(store, events, 2, &skip, 1, &err));
    OK(api->apply(store,
                  &(struct store_outcome_batch){.destination = "org",
                                                .outcomes = &outcome,
                                                .outcome_count = 1,
                                                .known = &memory,
                                                .known_count = 1,
                                                .now_ms = NOW},
                  &err));
    api->rollback(store);
    api->rollback(store); /* does no harm */

    CHECK_STR(sums("org"), "1: 1 0 0 0 0 / 0 0");
    CHECK_STR(sums("nowhere"), "0: 0 0 0 0 0 / 0 0");
    CHECK_STR(taken(&(struct store_cursor){0}, NOW, 10, 1000), "1");
    OK(api->find_known(store, "org", &key, 1, &known, &count, &err));
    CHECK_INT(count, 0);
    store_known_free(known, count);
    OK(api->skips(store, &skips, &count, &err));
    CHECK_INT(count, 0);
    store_skip_counts_free(skips, count);
    /* And the store goes on: the same event is new. */
    append(events, 2);
    CHECK(!events[0].ret_duplicate && !events[1].ret_duplicate);
    CHECK_STR(sums("nowhere"), "1: 1 0 0 0 0 / 0 0");
}

/* ---- take ---- */

TEST(take_hands_out_in_order_of_arrival_and_moves_the_cursor)
{
    struct store_cursor cursor = {0};

    put_many(1, 5);
    CHECK_STR(taken(&cursor, NOW, 2, 1000), "1 2");
    CHECK_STR(taken(&cursor, NOW, 2, 1000), "3 4");
    CHECK_STR(taken(&cursor, NOW, 2, 1000), "5");
    CHECK_STR(taken(&cursor, NOW, 2, 1000), "");
    CHECK_STR(taken(&cursor, NOW, 0, 1000), "");
    put("m6");
    CHECK_STR(taken(&cursor, NOW, 2, 1000), "6");
    CHECK_STR(taken(&(struct store_cursor){0}, NOW, 100, 1000), "1 2 3 4 5 6");
}

TEST(take_is_bounded_by_bytes_and_gives_at_least_one)
{
    struct store_cursor cursor = {0};

    put_many(1, 4); /* bodies of 7 bytes */
    CHECK_STR(taken(&cursor, NOW, 100, 14), "1 2");
    CHECK_STR(taken(&cursor, NOW, 100, 3), "3");
    CHECK_STR(taken(&cursor, NOW, 100, 0), "4");
}

TEST(a_delivery_that_waits_again_comes_when_it_is_due)
{
    struct store_cursor cursor = {0};
    struct store_delivery *list = NULL;
    size_t count = 0;
    int64_t due;

    put_many(1, 3);
    CHECK_STR(taken(&cursor, NOW, 100, 1000), "1 2 3");
    OK(api->next_due(store, "org", &cursor, &due, &err));
    CHECK(due == INT64_MAX);
    wait_until(1, NOW + 200);
    wait_until(3, NOW + 100);
    OK(api->next_due(store, "org", &cursor, &due, &err));
    CHECK_INT(due, NOW + 100);
    CHECK_STR(taken(&cursor, NOW + 99, 100, 1000), "");
    CHECK_STR(taken(&cursor, NOW + 100, 100, 1000), "3");
    CHECK_STR(taken(&cursor, NOW + 150, 100, 1000), "");
    OK(api->next_due(store, "org", &cursor, &due, &err));
    CHECK_INT(due, NOW + 200);
    OK(api->take(store, "org", &cursor, NOW + 200, 100, 1000, &list, &count, &err));
    CHECK_INT(count, 1);
    CHECK_INT(list[0].seq, 1);
    CHECK_INT(list[0].attempts, 1);
    store_deliveries_free(list, count);
}

TEST(take_merges_new_and_due_deliveries_by_age)
{
    struct store_cursor cursor = {0};

    put_many(1, 4);
    wait_until(2, NOW + 1);
    wait_until(3, NOW + 1);
    CHECK_STR(taken(&(struct store_cursor){0}, NOW + 1, 100, 1000), "1 2 3 4");
    CHECK_STR(taken(&(struct store_cursor){0}, NOW, 100, 1000), "1 4");
    put_many(5, 2);
    /* However small the pieces, each comes once. */
    CHECK_STR(taken(&cursor, NOW + 1, 2, 1000), "1 2");
    CHECK_STR(taken(&cursor, NOW + 1, 2, 1000), "3 4");
    CHECK_STR(taken(&cursor, NOW + 1, 3, 1000), "5 6");
    CHECK_STR(taken(&cursor, NOW + 1, 3, 1000), "");
}

TEST(a_delivery_never_lands_behind_a_cursor)
{
    struct store_cursor cursor = {0};

    put_many(1, 3);
    CHECK_STR(taken(&cursor, NOW, 100, 1000), "1 2 3");
    wait_until(1, NOW + 1000);
    CHECK_STR(taken(&cursor, NOW + 1000, 100, 1000), "1");
    /* The clock went back, or a retry is wanted at once. */
    wait_until(2, NOW - 5000);
    wait_until(3, 0);
    CHECK_STR(taken(&cursor, NOW + 1001, 100, 1000), "2 3");
    apply((struct store_outcome){.seq = 2, .state = STORE_DEAD, .code = "X"});
    CHECK_INT(redrive(2, NOW), 1);
    CHECK_STR(taken(&cursor, NOW + 1002, 100, 1000), "2");
}

TEST(a_take_during_a_transaction_does_not_pass_what_it_schedules)
{
    struct store_outcome outcome = {.seq = 1, .state = STORE_WAITING, .next_attempt_ms = NOW + 5};
    struct store_cursor cursor = {0};

    put_many(1, 2);
    CHECK_STR(taken(&cursor, NOW, 100, 1000), "1 2");
    wait_until(2, NOW + 10);
    OK(api->begin(store, &err));
    OK(api->apply(
        store,
        &(struct store_outcome_batch){
            .destination = "org", .outcomes = &outcome, .outcome_count = 1, .now_ms = NOW},
        &err));
    CHECK_STR(taken(&cursor, NOW + 20, 100, 1000), "");
    OK(api->commit(store, &err));
    CHECK_STR(taken(&cursor, NOW + 20, 100, 1000), "1 2");
}

TEST(a_sequence_number_is_never_used_twice)
{
    struct store_cursor cursor = {0};

    put_many(1, 2);
    CHECK_STR(taken(&cursor, NOW, 100, 1000), "1 2");
    for (int64_t seq = 1; seq <= 2; seq++)
        apply((struct store_outcome){.seq = seq, .state = STORE_UNCHANGED});
    CHECK_INT(purge(NOW + 1000), 2);
    put("m1");
    CHECK_STR(taken(&cursor, NOW, 100, 1000), "3");
}

/* ---- outcomes ---- */

TEST(a_receipt_keeps_what_became_of_the_event)
{
    struct store_receipt *list;
    size_t count;

    put_many(1, 2);
    apply((struct store_outcome){.seq = 1,
                                 .state = STORE_WRITTEN,
                                 .attempts = 3,
                                 .created = true,
                                 .record_id = "00Q000000000001",
                                 .notes = "[1]",
                                 .sent = "{\"a\":1}"});
    apply((struct store_outcome){
        .seq = 2, .state = STORE_MERGED, .record_id = "00Q1", .into = "m1", .created = true});
    list = trace("m1", &count);
    CHECK_INT(count, 1);
    CHECK_STR(list[0].source, "website");
    CHECK_STR(list[0].message_id, "m1");
    CHECK_STR(list[0].type, "identify");
    CHECK_STR(list[0].destination, "org");
    CHECK_STR(list[0].object, "Lead");
    CHECK_STR(list[0].key, "m1");
    CHECK_STR(list[0].body, "{\"a\":1}");
    CHECK_STR(list[0].record_id, "00Q000000000001");
    CHECK_STR(list[0].notes, "[1]");
    CHECK_STR(list[0].sent, "{\"a\":1}");
    CHECK(list[0].into == NULL && list[0].code == NULL && list[0].message == NULL);
    CHECK(list[0].created && list[0].state == STORE_WRITTEN);
    CHECK_INT(list[0].attempts, 3);
    CHECK_INT(list[0].received_ms, NOW);
    CHECK_INT(list[0].changed_ms, NOW + 10);
    CHECK_INT(list[0].next_attempt_ms, 0);
    store_receipts_free(list, count);
    list = trace("m2", &count);
    CHECK_INT(count, 1);
    CHECK_STR(list[0].into, "m1");
    CHECK(!list[0].created && list[0].sent == NULL);
    store_receipts_free(list, count);
    CHECK_INT(traced("m3"), 0);
}

TEST(a_waiting_receipt_says_why_and_when)
{
    struct store_receipt *list;
    size_t count;

    put("m1");
    apply((struct store_outcome){.seq = 1,
                                 .state = STORE_WAITING,
                                 .attempts = 1,
                                 .code = "UNABLE_TO_LOCK_ROW",
                                 .message = "locked",
                                 .advice = "none needed",
                                 .next_attempt_ms = NOW + 60});
    list = trace("m1", &count);
    CHECK_INT(count, 1);
    CHECK_STR(list[0].code, "UNABLE_TO_LOCK_ROW");
    CHECK_STR(list[0].message, "locked");
    CHECK_STR(list[0].advice, "none needed");
    CHECK_INT(list[0].next_attempt_ms, NOW + 60);
    store_receipts_free(list, count);
    CHECK_STR(sums("org"), "1: 1 0 0 0 0 / 0 0");
}

TEST(every_move_but_those_from_waiting_is_refused)
{
    static const char *const after[] = {"5: 5 0 0 0 0 / 0 0", "5: 4 1 0 0 0 / 1 0",
                                        "5: 3 1 1 0 0 / 1 0", "5: 2 1 1 1 0 / 1 0",
                                        "5: 1 1 1 1 1 / 1 0"};

    put_many(1, 5);
    for (int to = STORE_WAITING; to < STORE_STATES; to++) {
        apply((struct store_outcome){
            .seq = to + 1, .state = to, .created = true, .next_attempt_ms = NOW});
        CHECK_STR(sums("org"), after[to]);
    }
    for (int from = STORE_WRITTEN; from < STORE_STATES; from++)
        for (int to = STORE_WAITING; to < STORE_STATES; to++) {
            struct store_outcome outcome = {.seq = from + 1, .state = to, .next_attempt_ms = NOW};
            CHECK_INT(try_apply(&(struct store_outcome_batch){
                          .destination = "org", .outcomes = &outcome, .outcome_count = 1}),
                      -1);
            CHECK_INT(err.kind, ERR_INVALID);
        }
    CHECK_STR(sums("org"), "5: 1 1 1 1 1 / 1 0");
}

TEST(an_outcome_of_a_stranger_is_refused)
{
    struct store_outcome outcome = {.seq = 7, .state = STORE_WRITTEN};
    struct store_outcome_batch what = {
        .destination = "org", .outcomes = &outcome, .outcome_count = 1, .now_ms = NOW};

    put("m1");
    CHECK_INT(try_apply(&what), -1);
    CHECK_INT(err.kind, ERR_INVALID);
    CHECK_STR(err.text, "there is no delivery 7 to org");
    outcome.seq = 1;
    what.destination = "other";
    CHECK_INT(try_apply(&what), -1);
    CHECK_STR(err.text, "there is no delivery 1 to other");
    what.destination = "org";
    outcome.state = (enum store_state)STORE_STATES;
    CHECK_INT(try_apply(&what), -1);
    CHECK_STR(sums("org"), "1: 1 0 0 0 0 / 0 0");
    CHECK_STR(sums("other"), "0: 0 0 0 0 0 / 0 0");
}

TEST(dead_deliveries_wait_again_one_or_all)
{
    struct store_cursor cursor = {0};

    put_many(1, 4);
    CHECK_STR(taken(&cursor, NOW, 100, 1000), "1 2 3 4");
    for (int64_t seq = 1; seq <= 3; seq++)
        apply((struct store_outcome){
            .seq = seq, .state = STORE_DEAD, .attempts = 2, .code = "X", .message = "y"});
    CHECK_STR(listed(STORE_DEAD, 0, 10), "3 2 1");
    CHECK_INT(redrive(4, NOW + 50), 0); /* it waits */
    CHECK_INT(redrive(9, NOW + 50), 0);
    CHECK_INT(redrive(2, NOW + 50), 1);
    CHECK_STR(sums("org"), "4: 2 0 0 0 2 / 0 0");
    CHECK_STR(taken(&cursor, NOW + 51, 100, 1000), "2");
    CHECK_INT(redrive(0, NOW + 60), 2);
    CHECK_INT(redrive(0, NOW + 60), 0);
    CHECK_STR(taken(&cursor, NOW + 61, 100, 1000), "1 3");
    CHECK_STR(listed(STORE_DEAD, 0, 10), "");
    apply((struct store_outcome){.seq = 2, .state = STORE_WRITTEN, .attempts = 3});
    CHECK_STR(sums("org"), "4: 3 1 0 0 0 / 0 1");
}

static void die(int64_t seq, const char *code)
{
    apply((struct store_outcome){.seq = seq, .state = STORE_DEAD, .code = code});
}

/* The seqs of a page of dead letters of "org", as text. */
static const char *letters(const char *code, int64_t before_seq, size_t max)
{
    static char text[1000];
    struct store_receipt *list = NULL;
    size_t count = 0, len = 0;

    OK(api->dead_letters(store, "org", code, before_seq, max, &list, &count, &err));
    text[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        CHECK_STR(list[i].body, "{\"a\":1}");
        len += (size_t)snprintf(text + len, sizeof text - len, "%s%lld", i == 0 ? "" : " ",
                                (long long)list[i].seq);
    }
    store_receipts_free(list, count);
    return text;
}

TEST(dead_letters_are_found_by_code_and_by_pages)
{
    put_many(1, 6);
    for (int64_t seq = 1; seq <= 5; seq++)
        die(seq, seq % 2 == 0 ? "EVEN" : "ODD");
    CHECK_STR(letters(NULL, 0, 10), "5 4 3 2 1");
    CHECK_STR(letters(NULL, 4, 2), "3 2");
    CHECK_STR(letters("ODD", 0, 2), "5 3");
    CHECK_STR(letters("ODD", 3, 2), "1");
    CHECK_STR(letters("NONE", 0, 2), "");
    CHECK_INT(act(api->redrive, letters_of(0, "EVEN"), NOW + 50), 2);
    CHECK_STR(letters(NULL, 0, 10), "5 3 1");
    CHECK_STR(sums("org"), "6: 3 0 0 0 3 / 0 0");
    CHECK_INT(counters_of("org").dead_letters, 3);
}

TEST(a_discarded_letter_counts_as_dead_and_waits_for_nobody)
{
    struct store_outcome again = {.seq = 2, .state = STORE_WAITING};
    struct store_receipt *list;
    size_t count;

    put_many(1, 4);
    for (int64_t seq = 1; seq <= 3; seq++)
        die(seq, "X");
    CHECK_INT(counters_of("org").dead_letters, 3);
    CHECK_INT(act(api->discard, letters_of(2, NULL), NOW + 70), 1);
    CHECK_INT(act(api->discard, letters_of(2, NULL), NOW + 80), 0);
    CHECK_INT(act(api->discard, letters_of(4, NULL), NOW + 80), 0); /* it waits */
    CHECK_INT(act(api->discard, letters_of(0, "Y"), NOW + 80), 0);
    CHECK_INT(redrive(2, NOW + 80), 0);
    CHECK_INT(try_apply(&(struct store_outcome_batch){
                  .destination = "org", .outcomes = &again, .outcome_count = 1, .now_ms = NOW}),
              -1);
    CHECK_STR(sums("org"), "4: 1 0 0 0 3 / 0 0");
    CHECK_INT(counters_of("org").dead_letters, 2);
    CHECK_STR(letters(NULL, 0, 10), "3 1");
    CHECK_STR(letters("X", 0, 10), "3 1");
    CHECK_STR(listed(STORE_DEAD, 0, 10), "3 1");
    OK(api->trace(store, "m2", &list, &count, &err));
    CHECK_INT(count, 1);
    CHECK(list[0].state == STORE_DEAD && list[0].discarded);
    CHECK_STR(list[0].code, "X");
    CHECK_INT(list[0].changed_ms, NOW + 70);
    store_receipts_free(list, count);
    CHECK_INT(act(api->discard, letters_of(0, NULL), NOW + 90), 2);
    CHECK_INT(counters_of("org").dead_letters, 0);
    CHECK_STR(sums("org"), "4: 1 0 0 0 3 / 0 0");
}

TEST(letters_are_dealt_with_in_steps_and_a_rolled_back_step_is_none)
{
    struct store_dead_letters which = letters_of(0, NULL), before;

    put_many(1, 5);
    for (int64_t seq = 1; seq <= 5; seq++)
        die(seq, "X");
    which.max = 2;
    for (int round = 0; round < 6 && !which.done; round++) {
        before = which;
        OK(api->begin(store, &err));
        OK(api->discard(store, &which, NOW + 50, &err));
        if (round == 1) { /* the disk was full, say */
            api->rollback(store);
            which = before;
        } else {
            OK(api->commit(store, &err));
        }
        CHECK(which.count - before.count <= 2);
    }
    CHECK(which.done);
    CHECK_INT(which.count, 5);
    CHECK_INT(counters_of("org").dead_letters, 0);
}

TEST(a_discarded_letter_is_forgotten_like_a_receipt)
{
    struct store_purge round = {.ages = {.ended_ms = NOW + 100, .dead_ms = 0}};

    put_many(1, 3);
    die(1, "X");
    die(2, "X");
    CHECK_INT(act(api->discard, letters_of(1, NULL), NOW + 99), 1);
    purge_step(&round, 1000);
    CHECK_INT(round.count, 1);
    CHECK_STR(letters(NULL, 0, 10), "2");
    CHECK_INT(counters_of("org").dead_letters, 1);
    round = (struct store_purge){.ages = {.ended_ms = NOW + 100, .dead_ms = NOW + 100}};
    purge_step(&round, 1000);
    CHECK_INT(round.count, 1);
    CHECK_INT(counters_of("org").dead_letters, 0); /* nobody can act on it any more */
    CHECK_STR(sums("org"), "3: 1 0 0 0 2 / 0 0");
}

/* ---- watching ---- */

/* What a feed tells, as text: "1 waiting, 2 written". */
static const char *told(struct store_receipt *list, size_t count)
{
    static char text[2000];
    size_t len = 0;

    text[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        CHECK_STR(list[i].body, "{\"a\":1}");
        len += (size_t)snprintf(text + len, sizeof text - len, "%s%lld %s", i == 0 ? "" : ", ",
                                (long long)list[i].seq,
                                list[i].discarded ? "discarded" : store_state_name(list[i].state));
    }
    store_receipts_free(list, count);
    return text;
}

static const char *since(struct store_feed *feed, int64_t now_ms, size_t max)
{
    struct store_receipt *list = NULL;
    size_t count = 0;

    OK(api->since(store, feed, now_ms, max, &list, &count, &err));
    return told(list, count);
}

static const char *recent(int64_t before_seq, size_t max, int64_t now_ms, struct store_feed *feed)
{
    struct store_receipt *list = NULL;
    size_t count = 0;

    OK(api->recent(store, before_seq, max, now_ms, feed, &list, &count, &err));
    return told(list, count);
}

TEST(who_watches_is_told_of_each_arrival_and_each_outcome)
{
    struct store_feed feed = {0};

    put_many(1, 3);
    apply((struct store_outcome){.seq = 2, .state = STORE_WRITTEN});
    CHECK_STR(recent(0, 2, NOW + 20, &feed), "3 waiting, 2 written");
    CHECK_STR(recent(2, 2, NOW + 20, NULL), "1 waiting");
    CHECK_STR(since(&feed, NOW + 20, 10), "");
    /* Their clock says the same as when it was asked before: it is told all the same. */
    wait_until(1, NOW + 500);
    put("m4");
    CHECK_STR(since(&feed, NOW + 30, 10), "1 waiting, 4 waiting");
    apply((struct store_outcome){.seq = 3, .state = STORE_MERGED, .into = "m4"});
    apply((struct store_outcome){.seq = 4, .state = STORE_UNCHANGED});
    die(1, "X");
    CHECK_STR(since(&feed, NOW + 40, 10), "1 dead, 3 merged, 4 unchanged");
    CHECK_INT(redrive(1, NOW), 1);
    CHECK_STR(since(&feed, NOW + 50, 10), "1 waiting");
    die(1, "X");
    CHECK_STR(since(&feed, NOW + 60, 10), "1 dead");
    CHECK_INT(act(api->discard, letters_of(1, NULL), NOW), 1);
    CHECK_STR(since(&feed, NOW + 70, 10), "1 discarded");
    CHECK_STR(since(&feed, NOW + 80, 10), "");
}

TEST(an_event_that_arrives_dead_or_ends_before_it_is_told_is_told_once)
{
    struct store_target target = {
        .destination = "org", .key = "", .object = "", .dead_code = "no_key"};
    struct store_event event = event_of("dead", &target, 1);
    struct store_feed feed = {0};

    CHECK_STR(recent(0, 5, NOW, &feed), "");
    append(&event, 1);
    put("m2");
    apply((struct store_outcome){.seq = 2, .state = STORE_WRITTEN});
    CHECK_STR(since(&feed, NOW + 50, 10), "1 dead, 2 written");
    CHECK_STR(since(&feed, NOW + 60, 10), "");
}

TEST(a_watcher_far_behind_catches_up_by_bounded_pages)
{
    struct store_feed feed = {0};
    bool seen[41] = {0};
    int seen_count = 0, told_count = 0;

    put_many(1, 20);
    (void)recent(0, 1, NOW, &feed);
    put_many(21, 20);
    for (int64_t seq = 1; seq <= 40; seq++)
        apply((struct store_outcome){.seq = seq, .state = STORE_WRITTEN});
    for (int pages = 0; seen_count < 40 && pages < 40; pages++) {
        struct store_receipt *list = NULL;
        size_t count = 0;
        OK(api->since(store, &feed, NOW + 100, 3, &list, &count, &err));
        CHECK(count <= 6);
        for (size_t i = 0; i < count; i++) {
            CHECK(list[i].state == STORE_WRITTEN);
            seen_count += !seen[list[i].seq];
            seen[list[i].seq] = true;
            told_count++;
        }
        store_receipts_free(list, count);
    }
    CHECK_INT(seen_count, 40);
    CHECK(told_count <= 60); /* only those of the 20 that arrived meanwhile, once more */
}

TEST(an_outcome_that_is_written_while_somebody_looks_is_told_after_its_commit)
{
    struct store_outcome outcome = {.seq = 1, .state = STORE_WRITTEN};
    struct store_feed feed = {0};

    put_many(1, 2);
    (void)recent(0, 1, NOW, &feed);
    OK(api->begin(store, &err));
    OK(api->apply(
        store,
        &(struct store_outcome_batch){
            .destination = "org", .outcomes = &outcome, .outcome_count = 1, .now_ms = NOW + 5},
        &err));
    CHECK_STR(since(&feed, NOW + 100, 10), "");
    OK(api->commit(store, &err));
    CHECK_STR(since(&feed, NOW + 100, 10), "1 written");
}

/* ---- lists and sums ---- */

TEST(lists_are_newest_first_and_paged)
{
    put_many(1, 7);
    for (int64_t seq = 2; seq <= 6; seq += 2)
        apply((struct store_outcome){.seq = seq, .state = STORE_UNCHANGED});
    wait_until(3, NOW + 100);
    CHECK_STR(listed(STORE_UNCHANGED, 0, 2), "6 4");
    CHECK_STR(listed(STORE_UNCHANGED, 4, 2), "2");
    CHECK_STR(listed(STORE_UNCHANGED, 2, 2), "");
    CHECK_STR(listed(STORE_WAITING, 0, 3), "7 5 3");
    CHECK_STR(listed(STORE_WAITING, 3, 3), "1");
    CHECK_STR(listed(STORE_WRITTEN, 0, 3), "");
}

TEST(the_oldest_that_waits_is_told)
{
    struct store_target target = to("org", "k");
    struct store_event events[] = {event_of("m1", &target, 1), event_of("m2", &target, 1)};

    CHECK_INT(counters_of("org").oldest_waiting_ms, 0);
    events[1].received_ms = NOW + 7;
    append(events, 2);
    CHECK_INT(counters_of("org").oldest_waiting_ms, NOW);
    wait_until(1, NOW + 9);
    CHECK_INT(counters_of("org").oldest_waiting_ms, NOW);
    apply((struct store_outcome){.seq = 1, .state = STORE_MERGED, .into = "m2"});
    CHECK_INT(counters_of("org").oldest_waiting_ms, NOW + 7);
    apply((struct store_outcome){.seq = 2, .state = STORE_WRITTEN});
    CHECK_INT(counters_of("org").oldest_waiting_ms, 0);
}

static size_t count_listed(enum store_state state)
{
    struct store_receipt *list = NULL;
    size_t count = 0;

    OK(api->list(store, "org", state, 0, 5000, &list, &count, &err));
    store_receipts_free(list, count);
    return count;
}

TEST(the_sums_always_add_up)
{
    uint32_t dice = 1;
    int64_t discarded = 0;

    for (int round = 0; round < 150; round++) {
        struct store_counters counters;
        int64_t sum = 0;
        char id[16];

        dice = dice * 1664525 + 1013904223;
        snprintf(id, sizeof id, "m%u", (dice >> 16) % 100);
        put(id);
        struct store_outcome outcome = {.seq = (dice >> 8) % 100,
                                        .state = (enum store_state)((dice >> 24) % STORE_STATES),
                                        .created = dice % 2 == 0,
                                        .next_attempt_ms = NOW + round};
        (void)try_apply(&(struct store_outcome_batch){
            .destination = "org", .outcomes = &outcome, .outcome_count = 1, .now_ms = NOW});
        if (round % 20 == 19)
            (void)redrive((dice >> 12) % 100, NOW);
        if (round % 15 == 14)
            discarded += act(api->discard, letters_of((dice >> 12) % 40, NULL), NOW);
        counters = counters_of("org");
        CHECK_INT(counters.dead_letters, counters.by_state[STORE_DEAD] - discarded);
        for (int state = 0; state < STORE_STATES; state++) {
            CHECK_INT(count_listed(state),
                      state == STORE_DEAD ? counters.dead_letters : counters.by_state[state]);
            sum += counters.by_state[state];
        }
        CHECK_INT(sum, counters.accepted);
        CHECK_INT(counters.created + counters.updated, counters.by_state[STORE_WRITTEN]);
    }
    CHECK(counters_of("org").accepted > 30 && counters_of("org").by_state[STORE_WRITTEN] > 3);
}

/* ---- known and intents ---- */

TEST(known_records_are_added_replaced_and_found_by_key)
{
    struct store_known known[] = {known_of("a", "00Q1", NOW), known_of("b", "00Q2", NOW)};
    struct store_outcome_batch what = {
        .destination = "org", .known = known, .known_count = 2, .now_ms = NOW};
    const char *const keys[] = {"b", "missing", "a"};
    struct store_known *list = NULL;
    size_t count = 0;

    OK(try_apply(&what));
    known[0] = known_of("a", "00Q3", NOW + 1);
    what.known_count = 1;
    OK(try_apply(&what));
    OK(api->find_known(store, "org", keys, 3, &list, &count, &err));
    CHECK_INT(count, 2);
    for (size_t i = 0; i < count; i++) {
        bool a = strcmp(list[i].key, "a") == 0;
        CHECK_STR(list[i].record_id, a ? "00Q3" : "00Q2");
        CHECK_STR(list[i].fields, "{\"x\":1}");
        CHECK_STR(list[i].object, "Lead");
        CHECK_INT(list[i].written_ms, a ? NOW + 1 : NOW);
    }
    store_known_free(list, count);
    OK(api->find_known(store, "other", keys, 3, &list, &count, &err));
    CHECK_INT(count, 0);
    store_known_free(list, count);
}

TEST(an_intent_stands_until_it_is_answered)
{
    const char *const keys[] = {"a", "b", "c"};
    struct store_outcome_batch what = {
        .destination = "org", .answered_intents = keys, .answered_intent_count = 2, .now_ms = NOW};
    struct store_intent *list = NULL;
    size_t count = 0;

    OK(api->begin(store, &err));
    OK(api->intend(store, "org", keys, 3, NOW, &err));
    OK(api->intend(store, "org", &keys[2], 1, NOW + 5, &err)); /* sent again later */
    OK(api->intend(store, "other", keys, 1, NOW, &err));
    OK(api->commit(store, &err));
    OK(try_apply(&what));
    OK(try_apply(&what)); /* already answered: fine */
    OK(api->intents(store, "org", &list, &count, &err));
    CHECK_INT(count, 1);
    CHECK_STR(list[0].key, "c");
    CHECK_INT(list[0].since_ms, NOW + 5);
    store_intents_free(list, count);
    OK(api->intents(store, "other", &list, &count, &err));
    CHECK_INT(count, 1);
    store_intents_free(list, count);
}

/* ---- forgetting ---- */

TEST(purge_forgets_only_what_has_ended_everywhere_and_is_old)
{
    struct store_target both[] = {to("org", "k"), to("other", "k")};
    struct store_event event = event_of("both", both, 2);
    static const enum store_state ends[] = {STORE_WRITTEN, STORE_MERGED, STORE_UNCHANGED,
                                            STORE_DEAD};
    struct store_purge round = {.ages = {.ended_ms = NOW + 11}};

    put_many(1, 6);
    append(&event, 1);
    for (int64_t seq = 1; seq <= 4; seq++)
        apply((struct store_outcome){.seq = seq, .state = ends[seq - 1]});
    wait_until(5, NOW + 1);
    apply((struct store_outcome){.seq = 7, .state = STORE_WRITTEN}); /* still waits at other */
    CHECK_INT(purge(NOW), 0);
    CHECK_INT(purge(NOW + 10), 0); /* they ended at NOW + 10 */
    CHECK_INT(purge_step(&round, 1), 1);
    CHECK(!round.done);
    CHECK_INT(purge_step(&round, 1000), 2);
    CHECK(round.done);
    CHECK_INT(purge(NOW + 11), 0);
    CHECK_INT(traced("m1"), 0);
    CHECK_INT(traced("both"), 2);
    CHECK_STR(listed(STORE_DEAD, 0, 10), "4");
    CHECK_STR(listed(STORE_WAITING, 0, 10), "6 5");
    /* The counters count from the beginning; a forgotten messageId is new again. */
    CHECK_STR(sums("org"), "7: 2 2 1 1 1 / 0 2");
    put("m1");
    CHECK_STR(sums("org"), "8: 3 2 1 1 1 / 0 2");
}

TEST(dead_letters_are_forgotten_by_an_age_of_their_own)
{
    struct store_target both[] = {to("org", "k"), to("other", "k")};
    struct store_event event = event_of("both", both, 2);
    struct store_purge ended = {.ages = {.ended_ms = NOW + 11}};
    struct store_purge fresh = {.ages = {.ended_ms = NOW + 11, .dead_ms = NOW + 10}};
    struct store_purge old = {.ages = {.ended_ms = NOW + 11, .dead_ms = NOW + 11}};

    put_many(1, 2);
    append(&event, 1);
    for (int64_t seq = 1; seq <= 3; seq++)
        apply((struct store_outcome){.seq = seq, .state = STORE_DEAD, .code = "X"});
    CHECK_INT(purge_step(&ended, 1000), 0);
    CHECK_INT(purge_step(&fresh, 1000), 0);
    CHECK_INT(purge_step(&old, 1000), 2); /* the third still waits at other */
    CHECK_STR(listed(STORE_DEAD, 0, 10), "3");
    CHECK_STR(sums("org"), "3: 0 0 0 0 3 / 0 0");
}

/* A round that is cut into steps of any length, some of them rolled back, forgets what a
   round in one piece does, looks at no row that stays more than once, and at none that
   waits. */
TEST(a_dead_letter_is_kept_while_its_event_is_as_young_as_those_that_are_kept)
{
    struct store_purge young = {.ages = {.ended_ms = NOW, .dead_ms = NOW + 11}};
    struct store_purge old = {.ages = {.ended_ms = NOW + 1, .dead_ms = NOW + 11}};

    put("m1");
    die(1, "X");
    CHECK_INT(purge_step(&young, 1000), 0);
    CHECK_INT(purge_step(&old, 1000), 1);
}

TEST(a_purge_in_any_steps_forgets_the_same_and_walks_over_nothing_that_stays)
{
    enum { ALL = 60, ENDED = 30 };

    for (int rows = 1; rows <= ENDED + 1; rows += 3) {
        struct store_purge round = {.ages = {.ended_ms = NOW + 11, .known_ms = NOW}};
        int steps = 0;
        tear_down(NULL);
        CHECK_INT(set_up(NULL), 0);
        put_many(1, ALL);
        for (int64_t seq = 1; seq <= ENDED; seq++)
            apply((struct store_outcome){.seq = 2 * seq, .state = STORE_WRITTEN});
        for (int64_t seq = 1; seq <= 5; seq++)
            apply((struct store_outcome){.seq = 2 * seq + 1, .state = STORE_DEAD, .code = "X"});
        for (; !round.done; steps++) {
            struct store_purge lost = round;
            int left = rows;
            lost.go_on = count_down;
            lost.arg = &left;
            OK(api->begin(store, &err));
            OK(api->purge(store, &lost, &err));
            api->rollback(store);
            purge_step(&round, rows);
            CHECK(steps <= ENDED / rows + 8); /* a few for the ends of the round's parts */
        }
        CHECK_INT(round.count, ENDED);
        CHECK_STR(sums("org"), "60: 25 30 0 0 5 / 0 30");
    }
}

TEST(purge_forgets_old_known_records)
{
    struct store_known known[] = {known_of("old", "00Q1", NOW), known_of("new", "00Q2", NOW + 5)};
    const char *const keys[] = {"old", "new"};
    struct store_known *list = NULL;
    size_t count = 0;

    OK(try_apply(&(struct store_outcome_batch){
        .destination = "org", .known = known, .known_count = 2, .now_ms = NOW}));
    CHECK_INT(purge(NOW + 5), 1);
    OK(api->find_known(store, "org", keys, 2, &list, &count, &err));
    CHECK_INT(count, 1);
    CHECK_STR(list[0].key, "new");
    store_known_free(list, count);
}

/* ---- pauses ---- */

static void pause_at(const char *destination, int64_t since_ms)
{
    OK(api->begin(store, &err));
    OK(api->pause(store, destination, since_ms, &err));
    OK(api->commit(store, &err));
}

TEST(a_pause_stands_beside_the_sums_until_it_is_ended)
{
    CHECK_INT(counters_of("org").paused_ms, 0);
    pause_at("org", NOW);
    pause_at("other", NOW + 1);
    CHECK_INT(counters_of("org").paused_ms, NOW);
    put_many(1, 2);
    apply((struct store_outcome){.seq = 1, .state = STORE_UNCHANGED});
    CHECK_INT(counters_of("org").paused_ms, NOW);
    CHECK_INT(counters_of("other").paused_ms, NOW + 1);
    CHECK_STR(sums("org"), "2: 1 0 0 1 0 / 0 0");
    pause_at("org", 0);
    CHECK_INT(counters_of("org").paused_ms, 0);
    OK(api->begin(store, &err));
    OK(api->pause(store, "org", NOW, &err));
    api->rollback(store);
    CHECK_INT(counters_of("org").paused_ms, 0);
}

/* ---- out of memory ---- */

static int write_everything(struct store_event *event)
{
    static const char *const key = "k";
    static const struct store_skip_event skipped = {"m9", "track", NOW};
    struct store_skip skip = {.events = &skipped,
                              .event_count = 1,
                              .source = "website",
                              .destination = "org",
                              .reason = "opted_out",
                              .count = 1};
    struct store_known memory = known_of("k", "00Q1", NOW);
    struct store_outcome outcome = {.seq = 1, .state = STORE_WRITTEN, .record_id = "00Q1"};
    struct store_outcome_batch what = {.destination = "org",
                                       .outcomes = &outcome,
                                       .outcome_count = 1,
                                       .known = &memory,
                                       .known_count = 1,
                                       .now_ms = NOW};
    struct store_dead_letters letters = letters_of(2, NULL), gone = letters_of(4, NULL);

    if (api->begin(store, &err) < 0)
        return -1;
    if (api->append(store, event, 1, &skip, 1, &err) < 0 ||
        api->intend(store, "org", &key, 1, NOW, &err) < 0 || api->apply(store, &what, &err) < 0 ||
        api->redrive(store, &letters, NOW, &err) < 0 || api->discard(store, &gone, NOW, &err) < 0 ||
        api->pause(store, "org", NOW, &err) < 0 || api->commit(store, &err) < 0) {
        api->rollback(store);
        return -1;
    }
    return 0;
}

TEST(a_write_without_memory_fails_as_a_whole)
{
    struct store_target targets[] = {to("org", "k"), to("third", "k")};
    struct store_event event = event_of("m3", targets, 2);
    const char *const name = "user-1";

    event.names = &name;
    event.name_count = 1;
    put_many(1, 2);
    apply((struct store_outcome){.seq = 2, .state = STORE_DEAD, .code = "X"});
    for (size_t nth = 1; nth < 1000; nth++) {
        mem_fail_at(nth);
        int rc = write_everything(&event);
        mem_fail_at(0);
        if (rc == 0)
            break;
        CHECK_INT(err.kind, ERR_MEMORY);
        CHECK_STR(sums("org"), "2: 1 0 0 0 1 / 0 0");
        CHECK_STR(sums("third"), "0: 0 0 0 0 0 / 0 0");
        CHECK_INT(counters_of("org").paused_ms, 0);
    }
    CHECK(!event.ret_duplicate);
    CHECK_STR(sums("org"), "3: 2 1 0 0 0 / 0 1");
}

static int read_everything(void)
{
    static const char *const keys[] = {"k"};
    struct store_cursor cursor = {0};
    struct store_delivery *deliveries;
    struct store_known *known;
    struct store_intent *intents;
    struct store_receipt *receipts;
    struct store_counters *counters;
    struct store_skip_count *skips;
    struct store_skipped *remembered;
    int64_t behind = 0;
    struct store_feed feed = {0};
    size_t count;

    if (api->take(store, "org", &cursor, NOW + 99, 10, 1000, &deliveries, &count, &err) < 0) {
        CHECK(cursor.new_seq == 0 && cursor.due_ms == 0); /* and nothing is lost */
        return -1;
    }
    store_deliveries_free(deliveries, count);
    if (api->find_known(store, "org", keys, 1, &known, &count, &err) < 0)
        return -1;
    store_known_free(known, count);
    if (api->intents(store, "org", &intents, &count, &err) < 0)
        return -1;
    store_intents_free(intents, count);
    if (api->trace(store, "m3", &receipts, &count, &err) < 0)
        return -1;
    store_receipts_free(receipts, count);
    if (api->list(store, "org", STORE_WRITTEN, 0, 10, &receipts, &count, &err) < 0)
        return -1;
    store_receipts_free(receipts, count);
    if (api->dead_letters(store, "org", NULL, 0, 10, &receipts, &count, &err) < 0)
        return -1;
    store_receipts_free(receipts, count);
    if (api->recent(store, 0, 10, NOW + 99, NULL, &receipts, &count, &err) < 0)
        return -1;
    store_receipts_free(receipts, count);
    if (api->since(store, &feed, NOW + 99, 10, &receipts, &count, &err) < 0) {
        CHECK(feed.seq == 0 && feed.changed_ms == 0);
        return -1;
    }
    CHECK(count > 0);
    store_receipts_free(receipts, count);
    if (api->counters(store, &counters, &count, &err) < 0)
        return -1;
    store_counters_free(counters, count);
    if (api->skips(store, &skips, &count, &err) < 0)
        return -1;
    store_skip_counts_free(skips, count);
    if (api->search(store, STORE_BY_NAME, "user-1", 10, &receipts, &count, &err) < 0)
        return -1;
    store_receipts_free(receipts, count);
    if (api->skipped(store, "m9", &remembered, &count, &err) < 0)
        return -1;
    store_skipped_free(remembered, count);
    if (api->recent_skipped(store, 0, 10, &remembered, &count, &err) < 0)
        return -1;
    store_skipped_free(remembered, count);
    if (api->skipped_since(store, &behind, 10, &remembered, &count, &err) < 0)
        return -1;
    store_skipped_free(remembered, count);
    return 0;
}

TEST(a_read_without_memory_fails_cleanly)
{
    struct store_target target = to("org", "k");
    struct store_event event = event_of("m3", &target, 1);
    int rc = -1;

    put_many(1, 2);
    apply((struct store_outcome){.seq = 2, .state = STORE_DEAD, .code = "X"});
    OK(write_everything(&event));
    for (size_t nth = 1; nth < 1000 && rc < 0; nth++) {
        mem_fail_at(nth);
        rc = read_everything();
        mem_fail_at(0);
        if (rc < 0)
            CHECK_INT(err.kind, ERR_MEMORY);
    }
    CHECK_INT(rc, 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        CASE(an_accepted_event_waits_for_each_of_its_destinations),
        CASE(a_repeated_message_id_of_a_source_is_stored_once),
        CASE(a_message_id_is_compared_byte_by_byte),
        CASE(an_event_that_cannot_be_routed_arrives_dead),
        CASE(an_unusable_event_is_refused),
        CASE(skips_are_counted_by_source_destination_and_reason),
        CASE(a_skipped_event_is_remembered_with_its_reason_and_once),
        CASE(skipped_events_are_listed_in_order_each_time_they_came),
        CASE(a_cursor_over_skipped_events_outlives_a_purge_of_all_of_them),
        CASE(who_follows_while_events_and_skips_come_in_misses_none_and_sees_none_twice),
        CASE(skipped_events_are_forgotten_by_age),
        CASE(events_are_found_by_each_of_their_names_the_newest_first),
        CASE(events_far_apart_are_found_by_one_name),
        CASE(a_forgotten_event_is_found_by_no_name),
        CASE(events_are_found_by_their_record_in_both_forms_of_its_id),
        CASE(nothing_is_seen_before_the_commit),
        CASE(nothing_of_a_rolled_back_transaction_stands),
        CASE(take_hands_out_in_order_of_arrival_and_moves_the_cursor),
        CASE(take_is_bounded_by_bytes_and_gives_at_least_one),
        CASE(a_delivery_that_waits_again_comes_when_it_is_due),
        CASE(take_merges_new_and_due_deliveries_by_age),
        CASE(a_delivery_never_lands_behind_a_cursor),
        CASE(a_take_during_a_transaction_does_not_pass_what_it_schedules),
        CASE(a_sequence_number_is_never_used_twice),
        CASE(dead_letters_are_found_by_code_and_by_pages),
        CASE(a_discarded_letter_counts_as_dead_and_waits_for_nobody),
        CASE(letters_are_dealt_with_in_steps_and_a_rolled_back_step_is_none),
        CASE(a_discarded_letter_is_forgotten_like_a_receipt),
        CASE(who_watches_is_told_of_each_arrival_and_each_outcome),
        CASE(an_event_that_arrives_dead_or_ends_before_it_is_told_is_told_once),
        CASE(a_watcher_far_behind_catches_up_by_bounded_pages),
        CASE(an_outcome_that_is_written_while_somebody_looks_is_told_after_its_commit),
        CASE(a_receipt_keeps_what_became_of_the_event),
        CASE(a_waiting_receipt_says_why_and_when),
        CASE(every_move_but_those_from_waiting_is_refused),
        CASE(an_outcome_of_a_stranger_is_refused),
        CASE(dead_deliveries_wait_again_one_or_all),
        CASE(lists_are_newest_first_and_paged),
        CASE(the_oldest_that_waits_is_told),
        CASE(the_sums_always_add_up),
        CASE(known_records_are_added_replaced_and_found_by_key),
        CASE(an_intent_stands_until_it_is_answered),
        CASE(a_pause_stands_beside_the_sums_until_it_is_ended),
        CASE(purge_forgets_only_what_has_ended_everywhere_and_is_old),
        CASE(dead_letters_are_forgotten_by_an_age_of_their_own),
        CASE(a_dead_letter_is_kept_while_its_event_is_as_young_as_those_that_are_kept),
        CASE(a_purge_in_any_steps_forgets_the_same_and_walks_over_nothing_that_stays),
        CASE(purge_forgets_old_known_records),
        CASE(a_write_without_memory_fails_as_a_whole),
        CASE(a_read_without_memory_fails_cleanly),
    };
    int failed = 0;

    for (size_t i = 0; (back_end = store_back_end(i)) != NULL; i++) {
        failed +=
            _cmocka_run_group_tests(back_end, tests, sizeof tests / sizeof tests[0], NULL, NULL);
    }
    return failed;
}
