/* The steps of a delivery: what each decides, without a store, an org or a thread. */
#include "built_in.h"
#include "check.h"

#include <string.h>

#include <utlist.h>

#include "base/clock.h"
#include "base/mem.h"
#include "delivery/answer_fault.h"
#include "delivery/answer_lookup.h"
#include "delivery/answer_save.h"
#include "delivery/claim.h"
#include "delivery/next_step.h"
#include "delivery/refusal.h"

static struct destination_settings settings;
static struct destination destination;
static struct err err;
static char x[] = "X", no[] = "no"; /* as the org gives them */

/* A destination that knows nothing yet; frees what an earlier test left. */
static struct destination *fresh(void)
{
    groups_done(&destination.groups);
    intents_done(&destination.intents);
    poison_done(&destination.poisons);
    tries_done(&destination.tries);
    settings = (struct destination_settings){
        .unknown_outcome_wait_ms = 60000, .retry_first_ms = 10, .retry_longest_ms = 1000};
    destination = (struct destination){.settings = &settings};
    destination.poisons.window_ms = 3600000;
    hold_init(&destination.hold, 1);
    return &destination;
}

static struct group *group_of(const char *key, int events)
{
    struct group *group = groups_get(&destination.groups, key, built_in("Lead"));

    for (int i = 0; i < events; i++) {
        struct item *item = mem_zero(1, sizeof *item);
        item->row.seq = i + 1;
        item->mapped.key = mem_text(key);
        group_add(group, item);
    }
    return group;
}

/* A call with that group alone, as it comes back. */
static struct call *call_of(enum call_kind kind, struct group *group)
{
    struct call *call = call_new(kind, "Lead", 1);

    call_add(call, group);
    call->rows.keys_used = 1;
    if (kind == CALL_CREATE || kind == CALL_UPDATE) {
        call->results = mem_zero(1, sizeof *call->results);
        call->result_count = 1;
    }
    return call;
}

static struct decision after_look_up(struct group *group, struct match match)
{
    struct call *call = call_of(CALL_FIND, group);
    struct decision decision = answer_lookup(&destination, call, 0, &match);

    call_free(call);
    return decision;
}

static struct decision after_save(enum call_kind kind, struct group *group,
                                  struct org_result result)
{
    struct call *call = call_of(kind, group);
    struct decision decision;

    call->results[0] = result;
    decision = answer_save(&destination, call, 0);
    call->results[0] = (struct org_result){0}; /* its texts are the test's */
    call_free(call);
    return decision;
}

TEST(a_group_takes_the_steps_that_are_drawn_and_no_other)
{
    static const enum group_state steps[][2] = {
        {GROUP_DECIDING, GROUP_UNRESOLVED}, {GROUP_DECIDING, GROUP_RESOLVED},
        {GROUP_DECIDING, GROUP_QUEUED},     {GROUP_DECIDING, GROUP_ENDED},
        {GROUP_UNRESOLVED, GROUP_DECIDING}, {GROUP_RESOLVED, GROUP_DECIDING},
        {GROUP_QUEUED, GROUP_IN_FLIGHT},    {GROUP_QUEUED, GROUP_DECIDING},
        {GROUP_IN_FLIGHT, GROUP_DECIDING},  {GROUP_IN_FLIGHT, GROUP_QUEUED},
        {GROUP_DECIDING, GROUP_WAITING},    {GROUP_WAITING, GROUP_DECIDING},
        {GROUP_ENDED, GROUP_DECIDING},
    };

    for (enum group_state from = 0; from < GROUP_STATES; from++)
        for (enum group_state to = 0; to < GROUP_STATES; to++) {
            bool drawn = false;
            for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
                drawn |= steps[i][0] == from && steps[i][1] == to;
            CHECK_INT(group_may_change(from, to), drawn);
        }
}

TEST(a_group_that_accumulates_is_on_the_list_of_its_state_and_off_it_afterwards)
{
    struct groups *groups = &fresh()->groups;
    struct group *a = group_of("a", 1), *b = group_of("b", 1);

    CHECK_INT(group_resolve(b, "Lead", "00Q000000000001AAA", &err), 0);
    groups_accumulate(groups, a);
    groups_accumulate(groups, b);
    CHECK(groups->unresolved.first == a && groups->unresolved.count == 1);
    CHECK(groups->resolved.first == b && groups->resolved.count == 1);
    group_change_state(groups, a, GROUP_DECIDING);
    CHECK(groups->unresolved.first == NULL && groups->unresolved.count == 0);
    CHECK_INT(b->state, GROUP_RESOLVED);
}

TEST(what_comes_while_a_group_is_in_flight_is_kept_for_later)
{
    struct groups *groups = &fresh()->groups;
    struct group *group = group_of("a", 1);

    group_change_state(groups, group, GROUP_QUEUED);
    group_of("a", 1);
    CHECK_INT(group_size(group), 2);
    group_change_state(groups, group, GROUP_IN_FLIGHT);
    group_of("a", 1);
    CHECK_INT(group_size(group), 2);
    group_change_state(groups, group, GROUP_DECIDING);
    CHECK(group_promote(group));
    CHECK_INT(group_size(group), 3);
}

TEST(what_comes_next_goes_by_what_is_known_of_the_record)
{
    struct destination *d = fresh();
    struct group *group = group_of("a", 1);

    CHECK_INT(next_step(d, group).kind, DECIDE_LOOK_UP);
    group->absent_until_ms = clock_mono() + 60000;
    CHECK_INT(next_step(d, group).kind, DECIDE_CREATE);
    CHECK_INT(intents_add(&d->intents, "a", "a", &err), 0);
    CHECK_INT(next_step(d, group).kind, DECIDE_LOOK_UP); /* a create may still come through */
    CHECK_INT(group_resolve(group, "Lead", "00Q000000000001AAA", &err), 0);
    CHECK_INT(next_step(d, group).kind, DECIDE_UPDATE);
    for (int i = 0; i < POISON_WRITES; i++)
        poison_count(&d->poisons, "a", "X");
    struct decision decision = next_step(d, group);
    CHECK_INT(decision.kind, DECIDE_WAIT);
    CHECK_STR(decision.reason.code, "X");
    CHECK(decision.wait_ms > 0);
}

TEST(a_look_up_decides_by_what_it_found)
{
    struct destination *d = fresh();
    struct group *group = group_of("a", 1);
    struct decision decision = after_look_up(group, (struct match){0});

    CHECK_INT(decision.kind, DECIDE_CREATE);
    CHECK_INT(decision.intent, INTENT_KEPT);
    decision = after_look_up(group, (struct match){.count = 1, .live = 1, .id = "00Q1"});
    CHECK_INT(decision.kind, DECIDE_UPDATE);
    CHECK_STR(decision.record_id, "00Q1");
    CHECK_INT(decision.intent, INTENT_ANSWERED);
    CHECK_INT(intents_add(&d->intents, "a", "a", &err), 0);
    decision = after_look_up(group, (struct match){0});
    CHECK_INT(decision.kind, DECIDE_WAIT);
    CHECK_STR(decision.reason.code, "OUTCOME_UNKNOWN");
}

/* The Lead that was perhaps made is not the converted one that was there before. */
TEST(a_create_that_may_come_through_is_waited_for_where_only_a_converted_lead_is_found)
{
    struct destination *d = fresh();
    struct group *group = group_of("a", 1);
    struct match converted = {.count = 1, .id = "00Q1", .replaced = true};

    settings.converted_lead = CONVERTED_CREATE;
    CHECK_INT(after_look_up(group, converted).kind, DECIDE_CREATE);
    CHECK_INT(intents_add(&d->intents, "a", "a", &err), 0);
    struct decision decision = after_look_up(group, converted);
    CHECK_INT(decision.kind, DECIDE_WAIT);
    CHECK_INT(decision.intent, INTENT_KEPT);
}

TEST(a_refused_write_is_halved_and_a_refused_event_alone_is_a_dead_letter)
{
    fresh();
    struct group *group = group_of("a", 4);
    struct org_result refused = {.class = ORG_RECORD_DEAD, .code = x, .message = no};
    struct decision decision;

    CHECK_INT(group_resolve(group, "Lead", "00Q000000000001AAA", &err), 0);
    CHECK_INT(after_save(CALL_UPDATE, group, refused).kind, DECIDE_UPDATE);
    CHECK_INT(group_size(group), 2);
    CHECK_INT(after_save(CALL_UPDATE, group, refused).kind, DECIDE_UPDATE);
    CHECK_INT(group_size(group), 1);
    decision = after_save(CALL_UPDATE, group, refused);
    CHECK_INT(decision.kind, DECIDE_DEAD);
    CHECK_INT(decision.refusal, REFUSAL_ALONE);
    CHECK_STR(decision.reason.code, "X");
}

TEST(a_create_that_is_answered_ends_its_intent_whatever_the_answer)
{
    for (enum org_record_class class = 0; class <= ORG_RECORD_STOP; class ++) {
        fresh();
        struct group *group = group_of("a", 1);
        struct org_result result = {.class = class, .code = x, .message = no, .advice = ""};
        CHECK_INT(after_save(CALL_CREATE, group, result).intent, INTENT_ANSWERED);
    }
}

TEST(a_call_that_failed_is_halved_only_when_one_of_its_records_is_at_fault)
{
    struct destination *d = fresh();
    struct call *call = call_new(CALL_UPDATE, "Lead", 2);

    call_add(call, group_of("a", 1));
    call_add(call, group_of("b", 1));
    call->fault = (struct org_fault){.class = ORG_BISECT, .code = "X"};
    CHECK_INT(answer_fault(d, call), FAULT_HALVE);
    call->fault.class = ORG_RETRY;
    CHECK_INT(answer_fault(d, call), FAULT_WAIT);
    call->count = 1;
    call->fault.class = ORG_BISECT;
    CHECK_INT(answer_fault(d, call), FAULT_SINGLE);
    call->kind = CALL_CREATE;
    call->fault.outcome_unknown = true;
    CHECK_INT(answer_fault(d, call), FAULT_WAIT);
    CHECK_INT(answer_fault_wait(d, call, 0).intent, INTENT_UNKNOWN);
    call_free(call);
}

/* Between two calls everything is mapped with the schema of then. */
static enum fault_decision after_unknown_field(struct call *call, int mapped_with, int schema_now)
{
    call->groups[0]->items->schema_number = mapped_with;
    destination.schema_number = schema_now;
    call->fault = (struct org_fault){.class = ORG_STALE_SCHEMA, .code = "INVALID_FIELD"};
    return answer_fault(&destination, call);
}

TEST(an_unknown_field_is_at_fault_only_when_a_describe_from_after_it_knows_it_too)
{
    struct destination *d = fresh();
    struct call *call = call_of(CALL_UPDATE, group_of("a", 1));

    CHECK_INT(after_unknown_field(call, 1, 2), FAULT_REPEAT); /* 2 may have been asked for before */
    CHECK_INT(d->schema_needed, 0);
    CHECK_INT(after_unknown_field(call, 2, 2), FAULT_REPEAT);
    CHECK_INT(d->schema_needed, 3);
    CHECK_INT(after_unknown_field(call, 3, 3), FAULT_SINGLE);
    call_free(call);
    fresh();
}

TEST(a_look_up_that_found_nothing_after_the_wait_lets_the_record_be_made)
{
    struct destination *d = fresh();
    struct group *group = group_of("a", 1);

    clock_freeze(1795428468000);
    CHECK_INT(intents_add(&d->intents, "a", "a", &err), 0);
    CHECK_INT(after_look_up(group, (struct match){0}).kind, DECIDE_WAIT);
    clock_advance(settings.unknown_outcome_wait_ms);
    CHECK_INT(after_look_up(group, (struct match){0}).kind, DECIDE_CREATE);
    clock_thaw();
    fresh();
}

/* ---- the search for the one at fault ---- */

static bool has_item(const struct group *group, int64_t seq)
{
    const struct item *item;

    DL_FOREACH(group->items, item) {
        if (item->row.seq == seq)
            return true;
    }
    return false;
}

/* They are written, or dead letters. */
static void end_items(struct group *group)
{
    while (group->items != NULL) {
        struct item *item = group->items;
        DL_DELETE(group->items, item);
        item_free(item);
    }
}

/* One write of what the group has, which is refused when the bad event is in it.  True: that one
   is a dead letter. */
static bool write_once(struct group *group, int64_t bad)
{
    struct org_result refused = {.class = ORG_RECORD_DEAD, .code = x, .message = no};
    struct decision decision;

    CHECK(group->items != NULL);
    if (!has_item(group, bad)) {
        refusal_clear(group);
        end_items(group);
        return false;
    }
    decision = after_save(CALL_UPDATE, group, refused);
    if (decision.kind == DECIDE_UPDATE)
        return false;
    CHECK_INT(decision.kind, DECIDE_DEAD);
    CHECK_INT(group_size(group), 1);
    refusal_note(group, decision.refusal);
    end_items(group);
    return true;
}

static void search(int events, int64_t bad)
{
    struct destination *d = fresh();
    struct group *group = group_of("a", events);
    int writes = 0, most = events > 1 ? 2 : 1; /* all together, and at the end it alone */

    for (int left = events; left > 1; left = (left + 1) / 2)
        most++;
    CHECK_INT(group_resolve(group, "Lead", "00Q000000000001AAA", &err), 0);
    while (++writes <= most && !write_once(group, bad)) {
        CHECK(group_promote(group));
        CHECK_INT(next_step(d, group).kind, DECIDE_UPDATE);
    }
    if (writes > most)
        fail_msg("event %d of %d is not found by %d writes", (int)bad, events, most);
    if (group_promote(group)) { /* all the rest goes together */
        CHECK(!write_once(group, bad));
        CHECK(!group_promote(group));
    }
}

TEST(the_one_bad_event_of_many_is_found_by_a_write_more_for_each_doubling)
{
    static const int sizes[] = {1, 2, 3, 4, 5, 7, 8, 100, 1000};

    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        int n = sizes[s], step = n > 10 ? n / 9 : 1;
        for (int bad = 1; bad <= n; bad += step)
            search(n, bad);
        search(n, n);
    }
    fresh();
}

/* ---- two groups of one record ---- */

#define RECORD "00Q000000000001AAA"

/* An event in flight, and one that came meanwhile. */
static struct group *back_from_flight(const char *key)
{
    struct groups *groups = &destination.groups;
    struct group *group = group_of(key, 1);

    group_change_state(groups, group, GROUP_QUEUED);
    group_change_state(groups, group, GROUP_IN_FLIGHT);
    group_of(key, 1);
    group_change_state(groups, group, GROUP_DECIDING);
    CHECK_INT(group_size(group), 1);
    CHECK(group->later != NULL);
    return group;
}

TEST(a_group_that_joins_another_takes_along_what_came_while_it_was_in_flight)
{
    struct groups *groups = &fresh()->groups;
    struct group *a = group_of("a", 1), *b = back_from_flight("b");
    bool joined;

    CHECK_INT(claim_record(groups, a, "Lead", RECORD, &joined, &err), 0);
    CHECK(!joined);
    CHECK_INT(claim_record(groups, b, "Lead", RECORD, &joined, &err), 0);
    CHECK(joined);
    CHECK_INT(group_size(a), 3);
    CHECK(b->items == NULL && b->later == NULL);
    fresh();
}

TEST(a_group_that_has_ended_leaves_what_came_meanwhile_to_the_next_of_its_record)
{
    struct groups *groups = &fresh()->groups;
    struct group *a = back_from_flight("a"), *b = group_of("b", 1);
    bool joined;

    CHECK_INT(claim_record(groups, a, "Lead", RECORD, &joined, &err), 0);
    end_items(a);
    CHECK_INT(claim_record(groups, b, "Lead", RECORD, &joined, &err), 0);
    CHECK(!joined);
    CHECK_INT(group_size(b), 2);
    CHECK_STR(b->record_id, RECORD);
    CHECK(a->later == NULL && a->record_id == NULL);
    fresh();
}

TEST_MAIN(
    TEST_CASE(a_group_takes_the_steps_that_are_drawn_and_no_other),
    TEST_CASE(a_group_that_accumulates_is_on_the_list_of_its_state_and_off_it_afterwards),
    TEST_CASE(what_comes_while_a_group_is_in_flight_is_kept_for_later),
    TEST_CASE(what_comes_next_goes_by_what_is_known_of_the_record),
    TEST_CASE(a_look_up_decides_by_what_it_found),
    TEST_CASE(a_create_that_may_come_through_is_waited_for_where_only_a_converted_lead_is_found),
    TEST_CASE(a_refused_write_is_halved_and_a_refused_event_alone_is_a_dead_letter),
    TEST_CASE(a_create_that_is_answered_ends_its_intent_whatever_the_answer),
    TEST_CASE(a_call_that_failed_is_halved_only_when_one_of_its_records_is_at_fault),
    TEST_CASE(an_unknown_field_is_at_fault_only_when_a_describe_from_after_it_knows_it_too),
    TEST_CASE(a_look_up_that_found_nothing_after_the_wait_lets_the_record_be_made),
    TEST_CASE(the_one_bad_event_of_many_is_found_by_a_write_more_for_each_doubling),
    TEST_CASE(a_group_that_joins_another_takes_along_what_came_while_it_was_in_flight),
    TEST_CASE(a_group_that_has_ended_leaves_what_came_meanwhile_to_the_next_of_its_record))
