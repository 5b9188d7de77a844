#include "built_in.h"
#include "check.h"

#include <utlist.h>

#include "base/mem.h"
#include "delivery/backoff.h"
#include "delivery/match.h"
#include "delivery/merge.h"
#include "delivery/times.h"

/* An item said at ms that writes field=value pairs; "" as trait makes it a default on create. */
static struct item *item_of(int64_t seq, int64_t ms, size_t count, const char *const (*writes)[3])
{
    struct item *item = mem_zero(1, sizeof *item);

    item->row.seq = seq;
    item->row.timestamp_ms = ms;
    item->mapped.object = "Lead";
    item->mapped.lookups = mem_zero(1, sizeof *item->mapped.lookups);
    item->mapped.lookups[0].field = mem_text("Email");
    item->mapped.lookups[0].value = (struct mapping_value){VALUE_TEXT, mem_text("a@x.io")};
    item->mapped.lookups[0].type = FIELD_EMAIL;
    item->mapped.lookup_count = 1;
    item->mapped.writes = mem_zero(count, sizeof *item->mapped.writes);
    item->mapped.write_count = count;
    for (size_t i = 0; i < count; i++)
        item->mapped.writes[i] = (struct mapping_write){
            .field = mem_text(writes[i][0]),
            .value = {writes[i][1] != NULL ? VALUE_TEXT : VALUE_NULL,
                      writes[i][1] != NULL ? mem_text(writes[i][1]) : NULL},
            .trait = mem_text(writes[i][2]),
            .create_only = writes[i][2][0] == '\0',
        };
    return item;
}

#define ITEM(seq, ms, ...)                                                                         \
    item_of(seq, ms, sizeof((const char *const[][3]){__VA_ARGS__}) / (3 * sizeof(char *)),         \
            (const char *const[][3]){__VA_ARGS__})

static const char *sent(const struct group *group, const char *field)
{
    for (size_t i = 0; i < group->merged.field_count; i++)
        if (strcmp(group->merged.fields[i].name, field) == 0)
            return group->merged.fields[i].value != NULL ? group->merged.fields[i].value : "(null)";
    return NULL;
}

static struct group *two_events(void)
{
    struct group *group = group_new("k", built_in("Lead"));

    group_add(group, ITEM(2, 200, {"Email", "a@x.io", "email"}, {"Title", "new", "title"},
                          {"Company", "n/a", ""}));
    group_add(group, ITEM(1, 100, {"Email", "a@x.io", "email"}, {"Title", "old", "title"},
                          {"Company", "Initech", "company"}, {"Phone", NULL, "phone"}));
    return group;
}

TEST(a_create_takes_the_later_value_and_no_default_where_one_is_known)
{
    struct group *group = two_events();
    struct err err;

    CHECK_INT(merge_group(group, true, NULL, &err), 0);
    CHECK_STR(sent(group, "Title"), "new");
    CHECK_STR(sent(group, "Company"), "Initech");
    CHECK_STR(sent(group, "Email"), "a@x.io");
    CHECK(sent(group, "Phone") == NULL); /* there is nothing to clear yet */
    group_free(group);
}

TEST(an_update_leaves_out_defaults_look_up_values_and_what_is_older_than_the_record)
{
    struct group *group = two_events();
    struct err err;

    CHECK_INT(group_resolve(group, "Lead", "00Q000000000001AAA", &err), 0);
    CHECK_INT(times_raise(&group->times, "Company", 150, &err), 0);
    CHECK_INT(merge_group(group, false, NULL, &err), 0);
    CHECK_STR(sent(group, "Title"), "new");
    CHECK(sent(group, "Company") == NULL);
    CHECK(sent(group, "Email") == NULL);
    CHECK_STR(sent(group, "Phone"), "(null)");
    group_free(group);
}

TEST(a_refused_field_stays_out)
{
    struct group *group = two_events();
    struct err err;

    CHECK_INT(group_drop_field(group, "Title", &err), 0);
    CHECK_INT(merge_group(group, true, NULL, &err), 0);
    CHECK(sent(group, "Title") == NULL);
    group_free(group);
}

TEST(events_of_one_moment_keep_the_order_of_their_arrival)
{
    struct group *group = group_new("k", built_in("Lead"));
    struct err err;

    for (int i = 5; i > 0; i--) {
        char title[8];
        snprintf(title, sizeof title, "%d", i);
        group_add(group, ITEM(i, 100, {"Title", title, "title"}));
    }
    CHECK_INT(merge_group(group, true, NULL, &err), 0);
    CHECK_STR(sent(group, "Title"), "5");
    CHECK_INT(group->items->row.seq, 1);
    group_free(group);
}

static void check_seqs(const struct item *list, const char *expected)
{
    char seqs[40] = "";
    const struct item *item;

    DL_FOREACH(list, item) {
        size_t len = strlen(seqs);
        snprintf(seqs + len, sizeof seqs - len, "%d ", (int)item->row.seq);
    }
    CHECK_STR(seqs, expected);
}

TEST(what_is_kept_back_comes_forward_when_the_part_before_it_has_ended)
{
    for (int newest = 0; newest < 2; newest++) {
        struct group *group = group_new("k", built_in("Lead"));
        for (int i = 1; i <= 5; i++)
            group_add(group, ITEM(i, i * 100, {"Title", "t", "title"}));
        group_split(group, 2, newest != 0);
        CHECK_INT(group_size(group), 2);
        check_seqs(group->items, newest ? "4 5 " : "1 2 ");
        group_add(group, ITEM(6, 50, {"Title", "t", "title"})); /* comes while it is written */
        CHECK(group_promote(group));                            /* not yet */
        check_seqs(group->items, newest ? "4 5 " : "1 2 ");
        check_seqs(group->later, newest ? "6 1 2 3 " : "6 3 4 5 ");
        while (group->items != NULL) {
            struct item *first = group->items;
            DL_DELETE(group->items, first);
            item_free(first);
        }
        CHECK(group_promote(group));
        check_seqs(group->items, newest ? "6 1 2 3 " : "6 3 4 5 ");
        CHECK(group->later == NULL && !group->search.split);
        group_free(group);
    }
}

TEST(a_merge_survives_every_failing_allocation)
{
    for (size_t nth = 1; nth < 50; nth++) {
        struct group *group = two_events();
        struct err err = {0};
        mem_fail_at(nth);
        int rc = merge_group(group, true, NULL, &err);
        mem_fail_at(0);
        CHECK(rc == 0 || err.kind == ERR_MEMORY);
        CHECK_INT(merge_group(group, true, NULL, &err), 0);
        CHECK_STR(sent(group, "Title"), "new");
        group_free(group);
    }
}

TEST(times_remember_the_latest_and_read_back_what_they_print)
{
    struct times times = {0}, again = {0};
    struct err err;
    struct buf json;

    CHECK_INT(times_raise(&times, "Title", 200, &err), 0);
    CHECK_INT(times_raise(&times, "Title", 100, &err), 0);
    CHECK_INT(times_raise(&times, "Phone", -5, &err), 0);
    CHECK_INT(times_get(&times, "Title"), 200);
    CHECK(times_get(&times, "City") == INT64_MIN);
    buf_init(&json, 1000);
    times_print(&times, &json);
    CHECK_STR(buf_peek(&json), "{\"Title\":200,\"Phone\":-5}");
    CHECK_INT(times_parse(&again, buf_peek(&json), &err), 0);
    CHECK_INT(times_get(&again, "Title"), 200);
    CHECK_INT(times_get(&again, "Phone"), -5);
    CHECK_INT(times_parse(&again, "[1,{", &err), 0); /* damaged: only a memory */
    CHECK_INT(times_parse(&again, "{\"A\":\"x\"}", &err), 0);
    CHECK(times_get(&again, "A") == INT64_MIN);
    buf_done(&json);
    times_done(&times);
    times_done(&again);
}

TEST(waits_double_up_to_their_bound)
{
    for (int i = 0; i < 1000; i++) {
        CHECK(backoff_ms(1, 1000, 600000) <= 1000);
        CHECK(backoff_ms(3, 1000, 600000) <= 4000);
        CHECK(backoff_ms(1000000, 1000, 600000) <= 600000);
        CHECK(backoff_ms(1, 1000, 600000) >= 1);
    }
}

/* ---- match ---- */

struct found {
    const char *id, *email;
    bool live;
    int64_t modified_ms, created_ms;
};

/* Of a find for one key. */
static struct match match_of(const struct found *rows, size_t count, enum several_matches choice)
{
    struct group *group = group_new("k", built_in("Lead"));
    struct call *call = call_new(CALL_FIND, "Lead", 1);
    struct match match, *list;
    struct err err;

    group_add(group, ITEM(1, 1, {"Title", "x", "title"}));
    struct mapping_result *mapped = &group->items->mapped;
    mapped->key = mapping_key("Lead", mapped->lookups, mapped->lookup_count);
    CHECK(mapped->key != NULL);
    call_add(call, group);
    call->rows = (struct org_rows){.rows = mem_zero(count, sizeof *call->rows.rows),
                                   .count = count,
                                   .value_count = 1,
                                   .keys_used = 1};
    for (size_t i = 0; i < count; i++) {
        struct org_row *row = &call->rows.rows[i];
        row->id = mem_text(rows[i].id);
        row->values = mem_zero(1, sizeof(char *));
        row->values[0] = mem_text(rows[i].email);
        row->live = rows[i].live;
        row->modified_ms = rows[i].modified_ms;
        row->created_ms = rows[i].created_ms;
    }
    list = match_rows(call, choice, &err);
    CHECK(list != NULL);
    match = list[0];
    for (size_t i = 0; i < count; i++) /* the id outlives the call as a row of the table */
        if (match.id != NULL && strcmp(match.id, rows[i].id) == 0)
            match.id = rows[i].id;
    mem_free(list);
    call_free(call);
    group_free(group);
    return match;
}

TEST(rows_match_without_regard_to_case_and_the_living_go_first)
{
    static const struct found rows[] = {
        {"00Q1", "A@X.io", false, 30, 1},
        {"00Q2", "a@x.IO", true, 10, 3},
        {"00Q3", "a@x.io", true, 20, 2},
    };
    struct match newest = match_of(rows, 3, SEVERAL_NEWEST);

    CHECK_STR(newest.id, "00Q3");
    CHECK_INT(newest.count, 3);
    CHECK_INT(newest.live, 2);
    CHECK(!newest.replaced);
    CHECK_STR(match_of(rows, 3, SEVERAL_OLDEST).id, "00Q3");
    CHECK_STR(match_of(rows, 2, SEVERAL_NEWEST).id, "00Q2");
    CHECK(match_of(rows, 1, SEVERAL_NEWEST).replaced);
    CHECK(match_of(rows, 0, SEVERAL_NEWEST).id == NULL);
}

TEST_MAIN(TEST_CASE(a_create_takes_the_later_value_and_no_default_where_one_is_known),
          TEST_CASE(an_update_leaves_out_defaults_look_up_values_and_what_is_older_than_the_record),
          TEST_CASE(a_refused_field_stays_out),
          TEST_CASE(events_of_one_moment_keep_the_order_of_their_arrival),
          TEST_CASE(what_is_kept_back_comes_forward_when_the_part_before_it_has_ended),
          TEST_CASE(a_merge_survives_every_failing_allocation),
          TEST_CASE(times_remember_the_latest_and_read_back_what_they_print),
          TEST_CASE(waits_double_up_to_their_bound),
          TEST_CASE(rows_match_without_regard_to_case_and_the_living_go_first))
