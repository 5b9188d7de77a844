/* Values that Salesforce calls equal make one key, whatever their spelling and type. */
#include "check.h"

#include "base/mem.h"
#include "equal_values.h"
#include "mapping/canonical.h"
#include "mapping/mapping.h"

/* A destination that looks Leads up by X__c, and a schema where that has any type. */
struct stage {
    struct settings *settings;
    struct schema *schema;
};

static void set_up(struct stage *stage, const struct schema_field *like)
{
    static const char yaml[] = "destinations:\n"
                               "  - name: Salesforce\n"
                               "    account_email: a@b.c\n"
                               "    account_password: secret\n"
                               "    custom_lead_lookup_fields: {x: X__c}\n";
    struct err err = {0};
    struct schema_object *lead;
    struct schema_field *field;

    stage->settings = settings_parse(yaml, strlen(yaml), "test", "/tmp", &err);
    if (stage->settings == NULL)
        fail_msg("%s", err.text);
    stage->schema = schema_standard(&err);
    CHECK(stage->schema != NULL);
    lead = (struct schema_object *)(uintptr_t)schema_object(stage->schema, "Lead");
    field = schema_add_field(lead, "X__c");
    CHECK(field != NULL);
    char *name = field->name;
    *field = *like;
    field->name = name;
    field->custom = field->nillable = field->createable = field->updateable = true;
    field->filterable = true;
    schema_object_sort(lead);
}

static void tear_down(struct stage *stage)
{
    schema_unref(stage->schema);
    settings_unref(stage->settings);
}

/* The event lends from message. */
static void read_trait(struct event *event, char message[500], const char *json)
{
    struct err err = {0};

    snprintf(message, 500,
             "{\"messageId\":\"m\",\"type\":\"identify\",\"userId\":\"u\",\"integrations\":"
             "{\"Salesforce\":true},\"traits\":{\"x\":%s}}",
             json);
    if (event_read(event, message, strlen(message), &err) < 0)
        fail_msg("%s: %s", json, err.text);
}

/* *result is the mapped event with that trait. */
static void map(const struct stage *stage, const char *json, struct mapping_result *result)
{
    struct event event;
    struct err err = {0};
    char message[500];

    read_trait(&event, message, json);
    CHECK_INT(
        mapping_map(&event, &stage->settings->destinations[0], stage->schema, false, result, &err),
        0);
    if (result->outcome != MAPPING_WRITE)
        fail_msg("%s: %s", json, result->detail);
    CHECK_INT(result->lookup_count, 1);
    event_done(&event);
}

/* The key of a row that was found for like with that value. */
static char *key_of_row(const struct mapping_result *like, const char *value)
{
    struct mapping_lookup lookup = like->lookups[0];
    char *copy = mem_text(value), *key;

    lookup.value.text = copy;
    key = mapping_key(like->object, &lookup, 1);
    mem_free(copy);
    return key;
}

static void check_equal(bool equal, const char *a, const char *b, const char *what)
{
    if ((strcmp(a, b) == 0) != equal)
        fail_msg("%s: %s and %s should be %s", what, a, b, equal ? "one key" : "two keys");
}

TEST(values_that_salesforce_calls_equal_make_one_key_and_others_do_not)
{
    for (size_t i = 0; i < EQUAL_VALUES; i++) {
        const struct equal_values *values = &equal_values[i];
        const char *what = field_type_name(values->field.type);
        struct mapping_result first = {0}, other = {0};
        struct stage stage;

        set_up(&stage, &values->field);
        map(&stage, values->events[0], &first);
        map(&stage, values->other_event, &other);
        check_equal(false, first.key, other.key, what);
        for (int k = 1; k < EQUAL_SPELLINGS && values->events[k] != NULL; k++) {
            struct mapping_result next = {0};
            map(&stage, values->events[k], &next);
            check_equal(true, first.key, next.key, what);
            mapping_result_done(&next);
        }
        for (int k = 0; k < EQUAL_SPELLINGS && values->rows[k] != NULL; k++) {
            char *row = key_of_row(&first, values->rows[k]);
            check_equal(true, first.key, row, what);
            mem_free(row);
        }
        char *row = key_of_row(&first, values->other_row);
        check_equal(false, first.key, row, what);
        check_equal(true, other.key, row, what);
        mem_free(row);
        mapping_result_done(&first);
        mapping_result_done(&other);
        tear_down(&stage);
    }
}

/* Else a person would be asked for by one value and written with another. */
TEST(what_is_asked_for_is_what_is_written)
{
    for (size_t i = 0; i < EQUAL_VALUES; i++) {
        struct stage stage;

        set_up(&stage, &equal_values[i].field);
        for (int k = 0; k < EQUAL_SPELLINGS && equal_values[i].events[k] != NULL; k++) {
            struct mapping_result result = {0};
            bool written = false;
            map(&stage, equal_values[i].events[k], &result);
            for (size_t w = 0; w < result.write_count; w++)
                if (strcmp(result.writes[w].field, "X__c") == 0) {
                    CHECK_STR(result.writes[w].value.text, result.lookups[0].value.text);
                    written = true;
                }
            CHECK(written);
            mapping_result_done(&result);
        }
        tear_down(&stage);
    }
}

TEST(a_canonical_form_is_its_own_canonical_form)
{
    for (size_t i = 0; i < EQUAL_VALUES; i++) {
        const struct schema_field *field = &equal_values[i].field;

        for (int k = 0; k < EQUAL_SPELLINGS && equal_values[i].rows[k] != NULL; k++) {
            const char *text = equal_values[i].rows[k];
            char *key = canonical_key(field->type, field->case_sensitive, text);
            char *again = canonical_key(field->type, field->case_sensitive, key);
            char *value = canonical_value(field, text);
            char *value_again = canonical_value(field, value);
            char *loose = canonical_loose(field->type, text);
            char *loose_again = canonical_loose(field->type, key);
            CHECK_STR(key, again);
            CHECK_STR(value, value_again);
            CHECK_STR(loose, loose_again); /* what the key calls equal is equal loosely too */
            mem_free(key);
            mem_free(again);
            mem_free(value);
            mem_free(value_again);
            mem_free(loose);
            mem_free(loose_again);
        }
    }
}

TEST(every_type_that_can_be_looked_up_by_is_among_the_examples)
{
    for (int type = 0; type <= FIELD_UNTYPED; type++) {
        bool found = type == FIELD_ADDRESS || type == FIELD_OTHER || type == FIELD_UNTYPED ||
                     type == FIELD_ID; /* as reference; no event writes a record's own Id */
        for (size_t i = 0; i < EQUAL_VALUES; i++)
            found |= (int)equal_values[i].field.type == type;
        if (!found)
            fail_msg("no example of type %s", field_type_name((enum field_type)type));
    }
}

TEST(a_key_from_before_the_schema_was_known_is_read_again_with_it)
{
    static const struct {
        struct schema_field field;
        const char *old, *now;
    } cases[] = {
        {{.type = FIELD_DOUBLE, .precision = 18}, "Lead 4:x__c 3:7.0", "Lead 4:x__c 1:7"},
        {{.type = FIELD_DATETIME},
         "Lead 4:x__c 24:2026-11-23t10:00:00.900z",
         "Lead 4:x__c 24:2026-11-23t10:00:00.000z"},
        {{.type = FIELD_STRING}, "Lead 4:x__c 3:7.0", "Lead 4:x__c 3:7.0"},
        {{.type = FIELD_DOUBLE},
         "Lead 4:x__c 2:07 5:email 6:a@x.io",
         "Lead 4:x__c 1:7 5:email 6:a@x.io"},
        {{.type = FIELD_DOUBLE}, "Lead 4:y__c 2:07", "Lead 4:y__c 2:07"},
        {{.type = FIELD_DOUBLE}, "Nobody 4:x__c 2:07", "Nobody 4:x__c 2:07"},
        {{.type = FIELD_DOUBLE}, "Lead 4:x__c 9:07", "Lead 4:x__c 9:07"},
        {{.type = FIELD_DOUBLE}, "Lead 4:x__c", "Lead 4:x__c"},
        {{.type = FIELD_DOUBLE}, "Lead", "Lead"},
        {{.type = FIELD_DOUBLE}, "", ""},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stage stage;

        set_up(&stage, &cases[i].field);
        char *again = mapping_key_again(cases[i].old, stage.schema);
        CHECK_STR(again, cases[i].now);
        mem_free(again);
        tear_down(&stage);
    }
}

TEST(a_key_made_on_the_way_in_leads_to_the_key_of_the_delivery)
{
    for (size_t i = 0; i < EQUAL_VALUES; i++) {
        struct stage stage;
        struct err err = {0};

        if (equal_values[i].field.case_sensitive) /* the way in cannot know */
            continue;
        set_up(&stage, &equal_values[i].field);
        struct mapping_result mapped = {0};
        struct mapping_route route = {0};
        struct event event;
        char message[500];
        map(&stage, equal_values[i].events[0], &mapped);
        read_trait(&event, message, equal_values[i].events[0]);
        CHECK_INT(mapping_route(&event, &stage.settings->destinations[0], &route, &err), 0);
        if (route.outcome == MAPPING_WRITE && equal_values[i].field.type != FIELD_TEXTAREA &&
            equal_values[i].field.type != FIELD_REFERENCE) { /* whose case a folded key lost */
            char *again = mapping_key_again(route.key, stage.schema);
            CHECK_STR(again, mapped.key);
            mem_free(again);
        }
        mapping_route_done(&route);
        event_done(&event);
        mapping_result_done(&mapped);
        tear_down(&stage);
    }
}

TEST(a_loose_key_is_the_same_made_of_values_and_of_a_key)
{
    for (size_t i = 0; i < EQUAL_VALUES; i++)
        for (int k = 0; k < EQUAL_SPELLINGS && equal_values[i].events[k] != NULL; k++) {
            struct stage stage;
            struct mapping_result mapped = {0};

            set_up(&stage, &equal_values[i].field);
            map(&stage, equal_values[i].events[k], &mapped);
            char *loose = mapping_loose_key("Lead", mapped.lookups, mapped.lookup_count);
            char *again = mapping_key_loosely(mapped.key, stage.schema);
            char *twice = mapping_key_loosely(again, stage.schema);
            CHECK_STR(again, loose);
            CHECK_STR(twice, loose);
            mem_free(loose);
            mem_free(again);
            mem_free(twice);
            mapping_result_done(&mapped);
            tear_down(&stage);
        }
}

/* Without memory there is no key: never a shorter one, which would be another person's. */
TEST(a_key_is_whole_or_there_is_none)
{
    char value[] = "Stra\xC3\x9F"
                   "e",
         other[] = "7.50", id[] = "0035g00000AbCdEAAV", several[] = "b;a";
    char x[] = "X__c", y[] = "Y__c", z[] = "Z__c", v[] = "V__c";
    const struct mapping_lookup lookups[] = {
        {x, {VALUE_TEXT, value}, FIELD_STRING, false},
        {y, {VALUE_NUMBER, other}, FIELD_DOUBLE, false},
        {z, {VALUE_TEXT, id}, FIELD_REFERENCE, false},
        {v, {VALUE_TEXT, several}, FIELD_MULTIPICKLIST, false},
    };
    char *whole = mapping_key("Lead", lookups, 4), *loose = mapping_loose_key("Lead", lookups, 4);
    struct stage stage;
    size_t failed = 0;

    set_up(&stage, &(struct schema_field){.type = FIELD_DOUBLE});
    for (int kind = 0; kind < 3; kind++)
        for (size_t nth = 1; nth < 200; nth++) {
            mem_fail_at(nth);
            char *key = kind == 0   ? mapping_key("Lead", lookups, 4)
                        : kind == 1 ? mapping_loose_key("Lead", lookups, 4)
                                    : mapping_key_again("Lead 4:x__c 3:7.0", stage.schema);
            mem_fail_at(0);
            failed += key == NULL;
            if (key != NULL)
                CHECK_STR(key, kind == 0 ? whole : kind == 1 ? loose : "Lead 4:x__c 1:7");
            mem_free(key);
        }
    print_message("%zu allocations failed\n", failed);
    mem_free(whole);
    mem_free(loose);
    tear_down(&stage);
}

TEST_MAIN(TEST_CASE(values_that_salesforce_calls_equal_make_one_key_and_others_do_not),
          TEST_CASE(what_is_asked_for_is_what_is_written),
          TEST_CASE(a_canonical_form_is_its_own_canonical_form),
          TEST_CASE(every_type_that_can_be_looked_up_by_is_among_the_examples),
          TEST_CASE(a_key_from_before_the_schema_was_known_is_read_again_with_it),
          TEST_CASE(a_key_made_on_the_way_in_leads_to_the_key_of_the_delivery),
          TEST_CASE(a_loose_key_is_the_same_made_of_values_and_of_a_key),
          TEST_CASE(a_key_is_whole_or_there_is_none))
