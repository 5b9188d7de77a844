#include "check.h"

#include "base/mem.h"
#include "programs/leadline/findings.h"
#include "schema/schema.h"

struct look {
    struct settings *settings;
    struct destination_settings *to;
    struct schema *schema;
    struct findings findings;
};

static void begin(struct look *look, const char *lines)
{
    struct err err = {0};
    char text[600];

    snprintf(text, sizeof text,
             "destinations:\n  - name: S\n    account_email: a\n    account_password: p\n%s",
             lines);
    look->settings = settings_parse(text, strlen(text), "x", ".", &err);
    look->schema = schema_standard(&err);
    CHECK(look->settings != NULL && look->schema != NULL);
    look->to = &look->settings->destinations[0];
    look->findings = (struct findings){.list = json_array()};
}

static void end(struct look *look)
{
    json_decref(look->findings.list);
    schema_unref(look->schema);
    settings_unref(look->settings);
}

/* The objects of a new schema are still the test's to change. */
static struct schema_object *object(const struct look *look, const char *name)
{
    struct schema_object *found = (struct schema_object *)schema_object(look->schema, name);

    CHECK(found != NULL);
    return found;
}

static struct schema_field *field(const struct look *look, const char *of, const char *name)
{
    struct schema_field *found = (struct schema_field *)schema_field(object(look, of), name);

    CHECK(found != NULL);
    return found;
}

/* Hides a field as field-level security does. */
static void hide(const struct look *look, const char *of, const char *name)
{
    struct schema_field *hidden = field(look, of, name);

    mem_free(hidden->name);
    hidden->name = mem_text("zzz");
    CHECK(hidden->name != NULL);
    schema_object_sort(object(look, of));
}

static const char *level_of(const struct look *look, const char *what)
{
    size_t i;
    json_t *finding;

    json_array_foreach(look->findings.list, i, finding) {
        if (strcmp(json_string_value(json_object_get(finding, "what")), what) == 0)
            return json_string_value(json_object_get(finding, "level"));
    }
    return "nothing";
}

static void look_at(struct look *look, const char *name)
{
    findings_object(&look->findings, look->to, object(look, name));
}

TEST(a_standard_org_lacks_nothing)
{
    struct look look;

    begin(&look, "    send_address_as_shipping: true\n");
    look_at(&look, "Lead");
    look_at(&look, "Account");
    look_at(&look, "Contact");
    CHECK_INT(look.findings.errors, 0);
    CHECK_INT(look.findings.warnings, 0);
    CHECK_STR(level_of(&look, "Lead"), "ok");
    end(&look);
}

TEST(fields_without_which_nothing_works_are_errors_and_others_warnings)
{
    struct look look;

    begin(&look, "");
    hide(&look, "Lead", "Email");
    hide(&look, "Lead", "Title");
    hide(&look, "Account", "AccountNumber");
    hide(&look, "Account", "ShippingCity");
    field(&look, "Lead", "Company")->createable = false;
    field(&look, "Lead", "Phone")->updateable = false;
    look_at(&look, "Lead");
    look_at(&look, "Account");
    CHECK_STR(level_of(&look, "Lead.Email"), "error");
    CHECK_STR(level_of(&look, "Lead.Company"), "error");
    CHECK_STR(level_of(&look, "Account.AccountNumber"), "error");
    CHECK_STR(level_of(&look, "Lead.Title"), "warning");
    CHECK_STR(level_of(&look, "Lead.Phone"), "warning");
    CHECK_STR(level_of(&look, "Account.ShippingCity"), "nothing"); /* not sent there */
    CHECK_STR(level_of(&look, "Lead"), "nothing");
    end(&look);
}

TEST(fields_that_the_configuration_names_have_to_be_there)
{
    struct look look;

    begin(&look, "    custom_lead_lookup_fields: {c: Nowhere__c, e: Email}\n"
                 "    lead_fields: {p: Plan__c}\n    account_fields: {t: Tier__c}\n");
    field(&look, "Lead", "Email")->filterable = false;
    look_at(&look, "Lead");
    look_at(&look, "Account");
    CHECK_STR(level_of(&look, "Lead.Nowhere__c"), "error");
    CHECK_STR(level_of(&look, "Lead.Email"), "error");
    CHECK_STR(level_of(&look, "Lead.Plan__c"), "error");
    CHECK_STR(level_of(&look, "Account.Tier__c"), "error");
    end(&look);
}

TEST(an_object_that_may_not_be_written_is_an_error)
{
    struct look look;

    begin(&look, "");
    object(&look, "Account")->createable = false;
    look_at(&look, "Account");
    CHECK_STR(level_of(&look, "Account"), "error");
    CHECK_STR(json_string_value(json_object_get(json_array_get(look.findings.list, 0), "message")),
              "Account: this user may not create records");
    end(&look);
}

TEST(the_calls_left_are_weighed_with_the_reserve)
{
    static const struct {
        int64_t used, max;
        const char *level;
    } cases[] = {{-1, -1, "ok"},          {100, 15000, "ok"},      {13600, 15000, "warning"},
                 {14001, 15000, "error"}, {15000, 15000, "error"}, {16000, 15000, "error"}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct look look;
        struct org_counts counts = {.limit_used = cases[i].used, .limit_max = cases[i].max};
        begin(&look, "    reserve_calls: 1000\n");
        findings_limit(&look.findings, look.to, &counts);
        CHECK_STR(level_of(&look, "limit"), cases[i].level);
        end(&look);
    }
}

TEST_MAIN(TEST_CASE(a_standard_org_lacks_nothing),
          TEST_CASE(fields_without_which_nothing_works_are_errors_and_others_warnings),
          TEST_CASE(fields_that_the_configuration_names_have_to_be_there),
          TEST_CASE(an_object_that_may_not_be_written_is_an_error),
          TEST_CASE(the_calls_left_are_weighed_with_the_reserve))
