/* What is kept with a receipt is bounded, and what is left out of it is said. */
#include "built_in.h"
#include "delivery_rig.h"

#include "delivery/outcome_batch.h"

/* The one event of the rig, as the delivery has it in hand, in a group of its own. */
static struct group *take_group(struct rig *rig)
{
    struct store_cursor cursor = {0};
    struct store_delivery *rows = NULL;
    struct group *group = group_new("Lead 5:email 6:a@x.io", built_in("Lead"));
    struct item *item = mem_zero(1, sizeof *item);
    size_t count = 0;
    struct err err;

    identify(rig, "\"email\":\"a@x.io\"");
    CHECK(group != NULL && item != NULL);
    CHECK_INT(rig->store->api->take(rig->store, "Salesforce", &cursor, clock_steady(), 1, 1 << 20,
                                    &rows, &count, &err),
              0);
    CHECK_INT(count, 1);
    item->row = rows[0];
    rows[0] = (struct store_delivery){0};
    store_deliveries_free(rows, count);
    group_add(group, item);
    return group;
}

/* The receipt of the event, once the store has the batch. */
static struct store_receipt commit(struct rig *rig, struct outcome_batch *batch,
                                   struct store_receipt **ret_list)
{
    struct err err;

    CHECK_INT(outcome_batch_commit(batch, rig->writer, "Salesforce", &err), 0);
    outcome_batch_done(batch);
    return receipt_of(rig, "m1", ret_list);
}

TEST(the_fields_sent_are_kept_up_to_16_KiB_and_those_left_out_counted)
{
    static const struct {
        size_t description, street; /* bytes */
        bool keeps_description, keeps_street;
    } cases[] = {
        {100, 100, true, true},     {10000, 5000, true, true}, /* an escape might have made it
                                                                  longer, and did not */
        {10000, 8000, true, false}, {16384, 100, false, true}, {20000, 20000, false, false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct rig rig;
        struct outcome_batch batch = {0};
        struct store_receipt *list, receipt;
        struct err err;

        rig_open(&rig, "");
        struct group *group = take_group(&rig);
        char *description = mem_zero(cases[i].description + 1, 1);
        char *street = mem_zero(cases[i].street + 1, 1);
        memset(description, 'd', cases[i].description);
        memset(street, 's', cases[i].street);
        struct org_field fields[] = {
            {"Description", description}, {"Street", street}, {"Fax", NULL}, {"City", "Rome"}};
        group->merged.fields = fields;
        group->merged.field_count = 4;
        CHECK_INT(outcome_written(&batch, group, group->items, "00Q000000000001AAA", true, &err),
                  0);
        receipt = commit(&rig, &batch, &list);
        CHECK(strlen(receipt.sent) <= 16 * 1024);
        CHECK((strstr(receipt.sent, "\"Description\":\"dd") != NULL) == cases[i].keeps_description);
        CHECK((strstr(receipt.sent, "\"Street\":\"ss") != NULL) == cases[i].keeps_street);
        CHECK(strstr(receipt.sent, "\"Fax\":null,\"City\":\"Rome\"}") != NULL);
        int left_out = !cases[i].keeps_description + !cases[i].keeps_street;
        char text[20];
        snprintf(text, sizeof text, "\"%d fields", left_out);
        CHECK((receipt.notes != NULL && strstr(receipt.notes, text) != NULL) == (left_out > 0));
        CHECK((receipt.notes != NULL) == (left_out > 0));
        store_receipts_free(list, 1);
        group->merged.fields = NULL;
        group->merged.field_count = 0;
        group_free(group);
        mem_free(description);
        mem_free(street);
        rig_close(&rig);
    }
}

/* Notes of that many bytes, each of which is six when it is escaped. */
static void add_notes(struct item *item, size_t count, size_t len)
{
    item->mapped.notes = mem_zero(count, sizeof *item->mapped.notes);
    item->mapped.note_count = count;
    for (size_t i = 0; i < count; i++) {
        char *detail = mem_zero(len + 1, 1);
        memset(detail, 1, len);
        item->mapped.notes[i] =
            (struct mapping_note){mem_format("trait %zu", i), "unknown_field", detail};
    }
}

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;

    while ((text = strstr(text, part)) != NULL) {
        count++;
        text += strlen(part);
    }
    return count;
}

TEST(notes_are_kept_up_to_256_KiB_and_those_left_out_counted)
{
    for (size_t len = 100; len <= 400; len += 300) {
        struct rig rig;
        struct outcome_batch batch = {0};
        struct store_receipt *list, receipt;
        struct err err;
        size_t kept;

        rig_open(&rig, "");
        struct group *group = take_group(&rig);
        add_notes(group->items, 200, len);
        group->matches = 2;
        CHECK_INT(
            outcome_dead(&batch, group, group->items, (struct reason){"X", "refused", ""}, &err),
            0);
        receipt = commit(&rig, &batch, &list);
        CHECK(receipt.notes != NULL);
        CHECK(strlen(receipt.notes) <= 256 * 1024);
        CHECK(strncmp(receipt.notes, "[{\"trait\":\"trait 0\"", 19) == 0);
        CHECK(strstr(receipt.notes, "several_matches") != NULL); /* what the delivery has to say */
        kept = count_of(receipt.notes, "unknown_field");
        CHECK_INT(count_of(receipt.notes, "{"), kept + 1 + (kept < 200));
        if (len == 100) {
            CHECK_INT(kept, 200);
        } else {
            char last[120];
            CHECK(kept > 90 && kept < 200);
            snprintf(last, sizeof last,
                     "\"notes_left_out\",\"detail\":\"%zu more notes are too long to be kept.\"}]",
                     200 - kept);
            CHECK_STR(receipt.notes + strlen(receipt.notes) - strlen(last), last);
        }
        store_receipts_free(list, 1);
        group_free(group);
        rig_close(&rig);
    }
}

static atomic_bool disk_is_full;

/* The store cannot set aside what it needs. */
static bool keep_no_reserve(struct store *store, int64_t waiting)
{
    (void)store;
    (void)waiting;
    return !disk_is_full;
}

static void watch_disk(struct store *store)
{
    static struct store_api api;

    api = *store->api;
    api.keep_reserve = keep_no_reserve;
    store->api = &api;
}

static void fill_disk(struct rig *rig)
{
    int64_t deadline = clock_mono() + PATIENCE_MS;

    disk_is_full = true;
    writer_set_bounds(rig->writer, (struct writer_bounds){.max_waiting = 100});
    while (writer_full(rig->writer) != WRITER_DISK_FULL) {
        CHECK(clock_mono() < deadline);
        usleep(1000);
    }
}

/* What a receipt takes then is a reserve's, which counts with 512 bytes for each. */
TEST(on_a_full_disk_a_receipt_keeps_its_code_and_the_first_notes_and_counts_the_rest)
{
    static const struct {
        size_t notes, len, kept;
    } cases[] = {{0, 0, 0}, {2, 3, 2}, {50, 3, 2}, {3, 400, 0}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct rig rig;
        struct outcome_batch batch = {0};
        struct store_receipt *list, receipt;
        struct err err;
        char more[80];

        disk_is_full = false;
        rig_wraps_store = watch_disk;
        rig_open(&rig, "");
        rig_wraps_store = NULL;
        struct group *group = take_group(&rig);
        add_notes(group->items, cases[i].notes, cases[i].len);
        fill_disk(&rig);
        CHECK_INT(
            outcome_dead(&batch, group, group->items, (struct reason){"X", "refused", ""}, &err),
            0);
        receipt = commit(&rig, &batch, &list);
        CHECK_STR(receipt.code, "X");
        CHECK_STR(receipt.message, "refused");
        CHECK(receipt.sent == NULL);
        if (cases[i].notes > 0) {
            CHECK(strlen(receipt.notes) <= 300);
            CHECK_INT(count_of(receipt.notes, "unknown_field"), cases[i].kept);
            snprintf(more, sizeof more, "\"%zu more notes", cases[i].notes - cases[i].kept);
            CHECK((strstr(receipt.notes, more) != NULL) == (cases[i].kept < cases[i].notes));
            CHECK_INT(receipt.notes[strlen(receipt.notes) - 1], ']');
        } else {
            CHECK(receipt.notes == NULL);
        }
        store_receipts_free(list, 1);
        group_free(group);
        rig_close(&rig);
    }
}

TEST_MAIN(
    TEST_CASE(the_fields_sent_are_kept_up_to_16_KiB_and_those_left_out_counted),
    TEST_CASE(notes_are_kept_up_to_256_KiB_and_those_left_out_counted),
    TEST_CASE(on_a_full_disk_a_receipt_keeps_its_code_and_the_first_notes_and_counts_the_rest))
