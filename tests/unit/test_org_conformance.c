/*
 * What every way into an org promises: the same cases against each back end.
 *
 * Another back end is one more row of `rows`: how it starts an org that holds the records of
 * tests/data/conformance-org.yml, and how each kind of trouble is caused there.
 */
#include "check.h"

#include <unistd.h>

#include "base/mem.h"
#include "salesforce/org.h"
#include "scripted_org.h"
#include "spawned_fakeorg.h"

/* ---- the rows ---- */

enum trouble {
    NO_TROUBLE,
    SIGN_IN_REFUSED,       /* every one */
    SESSION_EXPIRES_ONCE,  /* seen by the next create */
    SESSION_EXPIRES_TWICE, /* straight after the renewal too */
    CREATE_CUT_OFF,        /* the next create is done and not answered */
    ACCOUNT_HIDDEN,        /* the user cannot see Accounts */
    TROUBLES
};

struct stage {
    struct org *org;
    struct org_connection *connection;
    struct spawned_fakeorg fakeorg;
};

struct row {
    const char *name;
    const struct org_backend *backend;
    const char *(*start)(struct stage *stage, enum trouble trouble); /* gives the login_url */
    void (*stop)(struct stage *stage);
};

static const char *start_fakeorg(struct stage *stage, enum trouble trouble)
{
    static const char *const faults[TROUBLES] = {
        [SIGN_IN_REFUSED] = "login:INVALID_LOGIN",
        [SESSION_EXPIRES_ONCE] = "create:INVALID_SESSION_ID,times=1",
        [SESSION_EXPIRES_TWICE] = "create:INVALID_SESSION_ID,times=2",
        [CREATE_CUT_OFF] = "create:cut-after-save,times=1",
    };
    const char *options[] = {"--org", TEST_DATA "/conformance-org.yml", NULL, NULL, NULL};

    if (trouble == ACCOUNT_HIDDEN) {
        options[1] = TEST_DATA "/conformance-org-hidden.yml";
    } else if (faults[trouble] != NULL) {
        options[2] = "--fault";
        options[3] = faults[trouble];
    }
    spawned_fakeorg_start(&stage->fakeorg, options);
    return stage->fakeorg.url;
}

static void stop_fakeorg(struct stage *stage)
{
    spawned_fakeorg_stop(&stage->fakeorg);
}

/* Of each record of the file what the cases ask for. */
static void fill_scripted(void)
{
    static const struct {
        const char *field, *value;
    } single[] = {
        {"Email", "one@x.io"},
        {"Email", "two@x.io"},
        {"Email", "two@x.io"},
        {"LastName", "O'Hara \\ S\xC3\xB6hne"},
        {"Phone", "+41 44 000"},
        {"Text__c", "it's"},
        {"Pick__c", "green"},
        {"Many__c", "chess;running"},
        {"Whole__c", "42"},
        {"Size__c", "9.5"},
        {"Budget__c", "12.5"},
        {"Share__c", "33"},
        {"Yes__c", "true"},
        {"Day__c", "2026-02-03"},
        {"Email", "both@x.io"},
        {"Moment__c", "2026-02-03T04:05:06.000Z"},
        {"Link__c", "https://x.io/a?b=c"},
    };
    static const char *const converted[] = {"both@x.io", "converted@x.io"};

    for (size_t i = 0; i < sizeof single / sizeof single[0]; i++)
        scripted_add("Lead", single[i].field, single[i].value);
    for (int i = 0; i < 2; i++) {
        struct scripted_record *contact = scripted_add("Contact", "Email", converted[i]);
        struct scripted_record *lead = scripted_add("Lead", "Email", converted[i]);

        lead->converted = true;
        snprintf(lead->contact_id, sizeof lead->contact_id, "%s", contact->id);
    }
}

static const char *start_scripted(struct stage *stage, enum trouble trouble)
{
    struct scripted_org *org = scripted();

    scripted_reset();
    fill_scripted();
    org->refusals[0] = (struct scripted_refusal){
        9, "Email", "no address", ORG_RECORD_DROP_FIELD, "INVALID_EMAIL_ADDRESS", "Email", NULL};
    if (trouble == SIGN_IN_REFUSED)
        org->faults[STEP_SIGN_IN] =
            (struct scripted_fault){99, ORG_STOP, "INVALID_LOGIN", false, false};
    if (trouble == SESSION_EXPIRES_ONCE || trouble == SESSION_EXPIRES_TWICE)
        org->faults[STEP_CREATE] = (struct scripted_fault){
            trouble == SESSION_EXPIRES_ONCE ? 1 : 2, ORG_STOP, "INVALID_SESSION_ID", false, false};
    if (trouble == CREATE_CUT_OFF)
        org->faults[STEP_CREATE] = (struct scripted_fault){1, ORG_RETRY, "CONNECTION", true, true};
    if (trouble == ACCOUNT_HIDDEN)
        org->gone_object = "Account";
    return "https://login.salesforce.com";
}

static void stop_scripted(struct stage *stage)
{
}

/* Several saves may share a call, as in a composite request. */
static struct org_backend sharing_backend;

static const struct row rows[] = {
    {"soap", NULL, start_fakeorg, stop_fakeorg},
    {"scripted", &scripted_backend, start_scripted, stop_scripted},
    {"sharing", &sharing_backend, start_scripted, stop_scripted},
};

static void set_stage(struct stage *stage, const struct row *row, enum trouble trouble)
{
    struct org_config config = {.username = "integration@example.com",
                                .password = "secret",
                                .security_token = "token",
                                .client_name = "Leadline/test",
                                .call_timeout_ms = 20000,
                                .renew_every_ms = 1800000,
                                .max_answer_bytes = 64 * 1024 * 1024,
                                .backend = row->backend};
    struct err err = {0};

    print_message("  %s\n", row->name);
    sharing_backend = scripted_backend;
    sharing_backend.capacity.saves_a_call = 5;
    sharing_backend.capacity.records_a_save = 100;
    *stage = (struct stage){0};
    config.login_url = row->start(stage, trouble);
    stage->org = org_new(&config, &err);
    CHECK(stage->org != NULL);
    stage->connection = org_connection_open(stage->org, &err);
    CHECK(stage->connection != NULL);
}

static void strike_stage(struct stage *stage, const struct row *row)
{
    org_connection_close(stage->connection);
    org_free(stage->org);
    row->stop(stage);
}

/* Runs the block that follows for each row, on a stage with that trouble. */
#define FOR_EACH_BACKEND(trouble)                                                                  \
    for (const struct row *row = rows; row < rows + sizeof rows / sizeof rows[0]; row++)           \
        for (bool again = (set_stage(&stage, row, (trouble)), true); again;                        \
             strike_stage(&stage, row), again = false)

static struct org_counts counts_of(struct stage *stage)
{
    struct org_counts counts;

    org_read_counts(stage->org, &counts);
    return counts;
}

/* ---- requests ---- */

static struct schema *describe(struct stage *stage)
{
    static const char *const objects[] = {"Lead", "Account"};
    struct org_fault fault = {0};
    struct schema *schema;

    CHECK_INT(org_describe(stage->connection, objects, 2, &schema, &fault), 0);
    return schema;
}

/* Looks Leads up by one field. */
static struct org_rows find_by(struct stage *stage, struct org_lookup by, const char *value)
{
    struct schema *schema = describe(stage);
    const struct org_find what = {.object = "Lead",
                                  .by = &by,
                                  .by_count = 1,
                                  .values = &value,
                                  .key_count = 1,
                                  .described = schema_object(schema, "Lead"),
                                  .successor = "Contact"};
    struct org_fault fault = {0};
    struct org_rows found = {0};

    if (org_find(stage->connection, &what, &found, &fault) < 0)
        fail_msg("%s: %s %s", by.field, fault.code, fault.message);
    CHECK_INT(found.keys_used, 1);
    CHECK_INT(found.value_count, 1);
    for (size_t i = 0; i < found.count; i++) {
        CHECK(found.rows[i].values[0] != NULL);
        CHECK(found.rows[i].modified_ms > 0 && found.rows[i].created_ms > 0);
    }
    schema_unref(schema);
    return found;
}

static struct org_rows find_email(struct stage *stage, const char *email)
{
    return find_by(stage, (struct org_lookup){"Email", FIELD_EMAIL}, email);
}

static size_t count_email(struct stage *stage, const char *email)
{
    struct org_rows found = find_email(stage, email);
    size_t count = found.count;

    org_rows_done(&found);
    return count;
}

#define LEAD(email)                                                                                \
    (const struct org_field[])                                                                     \
    {                                                                                              \
        {"LastName", "New"}, {"Company", "Initech"},                                               \
        {                                                                                          \
            "Email", (email)                                                                       \
        }                                                                                          \
    }

static int create(struct stage *stage, const char *email, struct org_fault *fault)
{
    const struct org_record record = {.fields = LEAD(email), .field_count = 3};
    const struct org_save save = {
        .operation = ORG_CREATE, .object = "Lead", .records = &record, .count = 1};
    struct org_result result = {0};
    int rc = org_save(stage->connection, &save, &result, fault);

    if (rc == 0) {
        CHECK_INT(result.class, ORG_SAVED);
        CHECK_INT(strlen(result.id), 18);
        org_results_done(&result, 1);
    }
    return rc;
}

/* ---- sign-in and session ---- */

TEST(one_sign_in_serves_all_calls)
{
    struct stage stage;

    FOR_EACH_BACKEND(NO_TROUBLE)
    {
        struct org_fault fault = {0};

        CHECK_INT(org_sign_in(stage.connection, &fault), 0);
        CHECK_INT(org_sign_in(stage.connection, &fault), 0);
        CHECK_INT(create(&stage, "new@x.io", &fault), 0);
        CHECK_INT(count_email(&stage, "new@x.io"), 1);
        struct org_counts counts = counts_of(&stage);
        CHECK(counts.signed_in && !counts.stopped);
        CHECK_INT(counts.sign_ins, 1);
        CHECK_INT(counts.finds, 1);
        CHECK(strncmp(counts.instance, "http", 4) == 0);
        CHECK_INT(counts.records_created, 1);
    }
}

TEST(an_expired_session_is_renewed_once_and_the_call_repeated)
{
    struct stage stage;

    FOR_EACH_BACKEND(SESSION_EXPIRES_ONCE)
    {
        struct org_fault fault = {0};

        CHECK_INT(create(&stage, "new@x.io", &fault), 0);
        CHECK_INT(counts_of(&stage).sign_ins, 2);
        CHECK_INT(counts_of(&stage).creates, 2);
        CHECK_INT(count_email(&stage, "new@x.io"), 1);
        CHECK(!counts_of(&stage).stopped);
    }
}

TEST(a_session_refused_after_its_renewal_stops_the_org_until_a_reset)
{
    struct stage stage;

    FOR_EACH_BACKEND(SESSION_EXPIRES_TWICE)
    {
        struct org_fault fault = {0};

        CHECK_INT(create(&stage, "new@x.io", &fault), -1);
        CHECK_STR(fault.code, "INVALID_SESSION_ID");
        CHECK_INT(fault.class, ORG_STOP);
        CHECK(counts_of(&stage).stopped);
        int64_t calls = counts_of(&stage).calls;
        CHECK_INT(create(&stage, "new@x.io", &fault), -1);
        CHECK_STR(fault.code, "INVALID_SESSION_ID");
        CHECK_INT(counts_of(&stage).calls, calls);
        org_reset(stage.org);
        CHECK_INT(create(&stage, "new@x.io", &fault), 0);
        CHECK_INT(count_email(&stage, "new@x.io"), 1);
    }
}

TEST(a_refused_sign_in_is_not_repeated_until_a_reset)
{
    struct stage stage;

    FOR_EACH_BACKEND(SIGN_IN_REFUSED)
    {
        struct org_fault fault = {0};

        for (int resets = 0; resets < 2; resets++) {
            CHECK_INT(create(&stage, "new@x.io", &fault), -1);
            CHECK_STR(fault.code, "INVALID_LOGIN");
            CHECK_INT(fault.class, ORG_STOP);
            int64_t calls = counts_of(&stage).calls;
            CHECK_INT(org_sign_in(stage.connection, &fault), -1);
            CHECK_STR(fault.code, "INVALID_LOGIN");
            CHECK_INT(counts_of(&stage).calls, calls);
            org_reset(stage.org);
            CHECK(!counts_of(&stage).stopped);
        }
    }
}

TEST(an_interrupted_org_sends_nothing_until_a_reset)
{
    struct stage stage;

    FOR_EACH_BACKEND(NO_TROUBLE)
    {
        struct org_fault fault = {0};

        CHECK_INT(org_sign_in(stage.connection, &fault), 0);
        int64_t calls = counts_of(&stage).calls;
        org_interrupt(stage.org);
        CHECK_INT(create(&stage, "new@x.io", &fault), -1);
        CHECK_STR(fault.code, "INTERRUPTED");
        CHECK_INT(fault.class, ORG_RETRY);
        CHECK(!fault.outcome_unknown);
        CHECK_INT(counts_of(&stage).calls, calls);
        org_reset(stage.org);
        CHECK_INT(create(&stage, "new@x.io", &fault), 0);
    }
}

/* ---- describe ---- */

TEST(an_object_that_the_user_cannot_see_is_hidden_and_the_others_are_there)
{
    struct stage stage;

    FOR_EACH_BACKEND(ACCOUNT_HIDDEN)
    {
        struct schema *schema = describe(&stage);

        CHECK(schema_object(schema, "Lead") != NULL);
        CHECK_INT(schema_field(schema_object(schema, "Lead"), "email")->type, FIELD_EMAIL);
        CHECK(schema_object(schema, "Account") == NULL);
        CHECK(schema_knows(schema, "Account"));
        CHECK(schema->described_ms > 0);
        schema_unref(schema);
    }
}

/* ---- find ---- */

TEST(a_record_is_found_by_a_field_of_every_type)
{
    static const struct {
        struct org_lookup by;
        const char *value;
    } keys[] = {
        {{"LastName", FIELD_STRING}, "O'Hara \\ S\xC3\xB6hne"},
        {{"Email", FIELD_EMAIL}, "ONE@x.io"},
        {{"Phone", FIELD_PHONE}, "+41 44 000"},
        {{"Text__c", FIELD_STRING}, "it's"},
        {{"Pick__c", FIELD_PICKLIST}, "green"},
        {{"Many__c", FIELD_MULTIPICKLIST}, "chess;running"},
        {{"Whole__c", FIELD_INT}, "42"},
        {{"Size__c", FIELD_DOUBLE}, "9.5"},
        {{"Budget__c", FIELD_CURRENCY}, "12.5"},
        {{"Share__c", FIELD_PERCENT}, "33"},
        {{"Yes__c", FIELD_BOOLEAN}, "true"},
        {{"Day__c", FIELD_DATE}, "2026-02-03"},
        {{"Moment__c", FIELD_DATETIME}, "2026-02-03T04:05:06.000Z"},
        {{"Link__c", FIELD_URL}, "https://x.io/a?b=c"},
    };
    struct stage stage;

    FOR_EACH_BACKEND(NO_TROUBLE)
    {
        for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
            struct org_rows found = find_by(&stage, keys[i].by, keys[i].value);

            if (found.count != 1)
                fail_msg("%s: %zu rows", keys[i].by.field, found.count);
            CHECK(found.rows[0].live && found.rows[0].successor_id == NULL);
            org_rows_done(&found);
        }
    }
}

TEST(a_find_says_who_lives_and_who_has_taken_the_place_of_others)
{
    struct stage stage;

    FOR_EACH_BACKEND(NO_TROUBLE)
    {
        CHECK_INT(count_email(&stage, "nobody@x.io"), 0);
        CHECK_INT(count_email(&stage, "two@x.io"), 2);

        struct org_rows both = find_email(&stage, "both@x.io");
        CHECK_INT(both.count, 2);
        CHECK_INT(both.rows[0].live + both.rows[1].live, 1);
        org_rows_done(&both);

        struct org_rows alone = find_email(&stage, "converted@x.io");
        CHECK_INT(alone.count, 1);
        CHECK(!alone.rows[0].live);
        CHECK(strncmp(alone.rows[0].successor_id, "003", 3) == 0);
        org_rows_done(&alone);
    }
}

/* By the number of keys, and where the wire holds fewer by their length. */
TEST(keys_beyond_the_capacity_are_left_for_the_next_find)
{
    enum { KEYS = 1500 };
    static char texts[KEYS][200];
    static const char *values[KEYS];
    struct stage stage;

    for (int i = 0; i < KEYS; i++) {
        snprintf(texts[i], sizeof texts[i], "%0150d@x.io", i);
        values[i] = texts[i];
    }
    values[0] = "one@x.io";
    values[KEYS - 1] = "both@x.io";
    FOR_EACH_BACKEND(NO_TROUBLE)
    {
        static const struct org_lookup by = {"Email", FIELD_EMAIL};
        struct org_find what = {
            .object = "Lead", .by = &by, .by_count = 1, .values = values, .key_count = KEYS};
        struct org_fault fault = {0};
        size_t rows_found = 0, finds = 0;

        for (; what.key_count > 0; finds++) {
            struct org_rows found = {0};

            CHECK_INT(org_find(stage.connection, &what, &found, &fault), 0);
            CHECK(found.keys_used > 0 && found.keys_used <= what.key_count);
            CHECK(found.keys_used <= org_capacity(stage.org)->keys_a_find);
            CHECK(what.key_count < KEYS || found.count == 1);
            rows_found += found.count;
            what.values += found.keys_used;
            what.key_count -= found.keys_used;
            org_rows_done(&found);
        }
        CHECK(finds >= 2);
        CHECK_INT(rows_found, 3);
    }
}

/* ---- save ---- */

TEST(each_record_of_a_save_has_its_own_result)
{
    struct stage stage;

    FOR_EACH_BACKEND(NO_TROUBLE)
    {
        const struct org_record made[] = {{.fields = LEAD("a@x.io"), .field_count = 3},
                                          {.fields = LEAD("no address"), .field_count = 3},
                                          {.fields = LEAD("c@x.io"), .field_count = 3}};
        struct org_save save = {
            .operation = ORG_CREATE, .object = "Lead", .records = made, .count = 3};
        struct org_result created[3], updated[2];
        struct org_fault fault = {0};

        CHECK_INT(org_save(stage.connection, &save, created, &fault), 0);
        CHECK_INT(created[0].class, ORG_SAVED);
        CHECK_INT(created[1].class, ORG_RECORD_DROP_FIELD);
        CHECK_STR(created[1].code, "INVALID_EMAIL_ADDRESS");
        CHECK_INT(created[1].field_count, 1);
        CHECK_STR(created[1].fields[0], "Email");
        CHECK(created[1].id == NULL && created[1].message != NULL);
        CHECK_INT(created[2].class, ORG_SAVED);
        CHECK_INT(counts_of(&stage).records_created, 2);
        CHECK_INT(count_email(&stage, "c@x.io"), 1);

        const struct org_field changed[] = {{"Email", "d@x.io"}};
        const struct org_field bad[] = {{"Email", "no address"}};
        const struct org_record changes[] = {
            {.id = created[0].id, .fields = bad, .field_count = 1},
            {.id = created[2].id, .fields = changed, .field_count = 1}};
        save = (struct org_save){
            .operation = ORG_UPDATE, .object = "Lead", .records = changes, .count = 2};
        CHECK_INT(org_save(stage.connection, &save, updated, &fault), 0);
        CHECK_INT(updated[0].class, ORG_RECORD_DROP_FIELD);
        CHECK_INT(updated[1].class, ORG_SAVED);
        CHECK_STR(updated[1].id, created[2].id);
        CHECK_INT(counts_of(&stage).records_updated, 1);
        CHECK_INT(count_email(&stage, "a@x.io"), 1);
        CHECK_INT(count_email(&stage, "c@x.io"), 0);
        CHECK_INT(count_email(&stage, "d@x.io"), 1);
        org_results_done(created, 3);
        org_results_done(updated, 2);
    }
}

TEST(a_create_that_is_cut_off_is_sent_once_and_its_outcome_unknown)
{
    struct stage stage;

    FOR_EACH_BACKEND(CREATE_CUT_OFF)
    {
        struct org_fault fault = {0};

        CHECK_INT(create(&stage, "cut@x.io", &fault), -1);
        CHECK(fault.outcome_unknown);
        CHECK_INT(fault.class, ORG_RETRY);
        CHECK_STR(counts_of(&stage).last_fault.code, fault.code);
        CHECK_INT(count_email(&stage, "cut@x.io"), 1);
    }
}

TEST(nothing_beyond_the_capacity_is_sent)
{
    struct stage stage;

    FOR_EACH_BACKEND(NO_TROUBLE)
    {
        const struct org_capacity *capacity = org_capacity(stage.org);
        size_t most = capacity->records_a_save + 1, saves_most = capacity->saves_a_call + 1;
        struct org_record *records = mem_zero(most, sizeof *records);
        struct org_result *results = mem_zero(most, sizeof *results);
        struct org_save *saves = mem_zero(saves_most, sizeof *saves);
        struct org_saved *saved = mem_zero(saves_most, sizeof *saved);
        struct org_fault fault = {0};
        struct org_save save = {
            .operation = ORG_CREATE, .object = "Lead", .records = records, .count = most};

        const struct org_field *lead = LEAD("x@x.io"); /* lives as long as this block */
        for (size_t i = 0; i < most; i++)
            records[i] = (struct org_record){.fields = lead, .field_count = 3};
        CHECK_INT(org_save(stage.connection, &save, results, &fault), -1);
        CHECK_STR(fault.code, "REQUEST_TOO_LARGE");
        CHECK_INT(fault.class, ORG_SPLIT);
        CHECK(!fault.outcome_unknown);
        save.count = 1;
        for (size_t i = 0; i < saves_most; i++)
            saves[i] = save;
        CHECK_INT(org_save_together(stage.connection, saves, saves_most, saved, &fault), -1);
        CHECK_STR(fault.code, "REQUEST_TOO_LARGE");
        CHECK_INT(counts_of(&stage).calls, 0);
        save.object = "Lead>";
        CHECK_INT(org_save(stage.connection, &save, results, &fault), -1);
        CHECK_STR(fault.code, "BAD_NAME");
        CHECK_INT(count_email(&stage, "x@x.io"), 0);

        save = (struct org_save){
            .operation = ORG_CREATE, .object = "Lead", .records = records, .count = most - 1};
        CHECK_INT(org_save(stage.connection, &save, results, &fault), 0);
        for (size_t i = 0; i < most - 1; i++)
            CHECK_INT(results[i].class, ORG_SAVED);
        org_results_done(results, most - 1);
        mem_free(records);
        mem_free(results);
        mem_free(saves);
        mem_free(saved);
    }
}

TEST(saves_that_share_a_call_have_each_their_own_outcome)
{
    struct stage stage;

    FOR_EACH_BACKEND(NO_TROUBLE)
    {
        const struct org_field company[] = {{"Name", "Initech"}};
        const struct org_field poison[] = {{"LastName", "Poison"}, {"Company", "X"}};
        const struct org_record account = {.fields = company, .field_count = 1};
        const struct org_record lead = {.fields = LEAD("shared@x.io"), .field_count = 3};
        const struct org_record bad = {.fields = poison, .field_count = 2};
        const struct org_save saves[] = {
            {.operation = ORG_CREATE, .object = "Account", .records = &account, .count = 1},
            {.operation = ORG_CREATE, .object = "Lead", .records = &bad, .count = 1},
            {.operation = ORG_CREATE, .object = "Lead", .records = &lead, .count = 1},
        };
        struct org_result results[3] = {0};
        struct org_saved saved[3] = {
            {.results = &results[0]}, {.results = &results[1]}, {.results = &results[2]}};
        struct org_fault fault = {0};
        size_t most = org_capacity(stage.org)->saves_a_call;
        size_t count = most < 3 ? most : 3;

        scripted()->poison = "Poison";
        scripted()->poison_class = ORG_BISECT;
        CHECK_INT(org_save_together(stage.connection, saves, count, saved, &fault), 0);
        for (size_t i = 0; i < count; i++) {
            CHECK_INT(saved[i].fault.class, i == 1 ? ORG_BISECT : ORG_OK);
            CHECK(i == 1 || results[i].id != NULL);
        }
        CHECK_INT(counts_of(&stage).records_created, count == 3 ? 2 : 1);
        CHECK_INT(count_email(&stage, "shared@x.io"), count == 3 ? 1 : 0);
        for (size_t i = 0; i < count; i++)
            org_results_done(&results[i], saved[i].fault.class == ORG_OK ? 1 : 0);
    }
}

TEST_MAIN(TEST_CASE(one_sign_in_serves_all_calls),
          TEST_CASE(an_expired_session_is_renewed_once_and_the_call_repeated),
          TEST_CASE(a_session_refused_after_its_renewal_stops_the_org_until_a_reset),
          TEST_CASE(a_refused_sign_in_is_not_repeated_until_a_reset),
          TEST_CASE(an_interrupted_org_sends_nothing_until_a_reset),
          TEST_CASE(an_object_that_the_user_cannot_see_is_hidden_and_the_others_are_there),
          TEST_CASE(a_record_is_found_by_a_field_of_every_type),
          TEST_CASE(a_find_says_who_lives_and_who_has_taken_the_place_of_others),
          TEST_CASE(keys_beyond_the_capacity_are_left_for_the_next_find),
          TEST_CASE(each_record_of_a_save_has_its_own_result),
          TEST_CASE(a_create_that_is_cut_off_is_sent_once_and_its_outcome_unknown),
          TEST_CASE(nothing_beyond_the_capacity_is_sent),
          TEST_CASE(saves_that_share_a_call_have_each_their_own_outcome))
