#include "built_in.h"
#include "check.h"

#include "base/mem.h"
#include "mapping/mapping.h"

static char text[] = "value", number[] = "42", yes[] = "true", trait[] = "trait", none[] = "";

static struct mapping_write write_of(const char *field, enum value_kind kind, char *value)
{
    return (struct mapping_write){(char *)field, {kind, value}, trait, false};
}

static const struct mapping_write *find(const struct mapping_result *result, const char *field)
{
    for (size_t i = 0; i < result->write_count; i++) {
        if (strcmp(result->writes[i].field, field) == 0)
            return &result->writes[i];
    }
    return NULL;
}

static struct schema_field *custom(struct schema *schema, const char *name, enum field_type type)
{
    struct schema_object *contact = (struct schema_object *)schema_object(schema, "Contact");
    struct schema_field *field = schema_add_field(contact, name);

    field->type = type;
    field->custom = field->createable = field->updateable = field->nillable = true;
    schema_object_sort(contact);
    return (struct schema_field *)schema_field(contact, name);
}

TEST(standard_fields_are_renamed_and_those_without_a_place_noted)
{
    struct err err = {0};
    struct schema *schema = schema_standard(&err);
    const struct mapping_write writes[] = {
        write_of("Email", VALUE_TEXT, text),
        write_of("Street", VALUE_TEXT, text),
        write_of("Country", VALUE_TEXT, text),
        write_of("Company", VALUE_TEXT, text),
        write_of("NumberOfEmployees", VALUE_NUMBER, number),
        write_of("Title", VALUE_NULL, NULL),
    };
    struct mapping_result result;

    CHECK_INT(mapping_to_successor(built_in("Lead"), writes, 6, schema, &result, &err), 0);
    CHECK_INT(result.outcome, MAPPING_WRITE);
    CHECK_STR(result.object, "Contact");
    CHECK_INT(result.write_count, 3);
    CHECK_STR(find(&result, "MailingStreet")->value.text, "value");
    CHECK_STR(find(&result, "MailingCountry")->value.text, "value");
    CHECK_INT(find(&result, "Title")->value.kind, VALUE_NULL);
    CHECK_INT(result.lookup_count, 0);
    CHECK_INT(result.note_count, 3); /* Email is no address; two have no place */
    CHECK_STR(result.notes[0].code, "wrong_type");
    CHECK_STR(result.notes[1].code, "not_on_contact");
    CHECK_STR(result.notes[2].code, "not_on_contact");
    mapping_result_done(&result);
    schema_unref(schema);
}

TEST(custom_fields_go_to_their_namesake_and_are_converted_for_it)
{
    struct err err = {0};
    struct schema *schema = schema_standard(&err);
    const struct mapping_write writes[] = {
        write_of("Short__c", VALUE_TEXT, text),  write_of("Count__c", VALUE_NUMBER, number),
        write_of("Flag__c", VALUE_BOOLEAN, yes), write_of("Gone__c", VALUE_TEXT, text),
        write_of("Closed__c", VALUE_TEXT, text),
    };
    struct mapping_result result;

    custom(schema, "Short__c", FIELD_STRING)->length = 3;
    custom(schema, "Count__c", FIELD_STRING);
    custom(schema, "Flag__c", FIELD_BOOLEAN);
    custom(schema, "Closed__c", FIELD_STRING)->updateable = false;
    CHECK_INT(mapping_to_successor(built_in("Lead"), writes, 5, schema, &result, &err), 0);
    CHECK_INT(result.write_count, 3);
    CHECK_STR(find(&result, "Short__c")->value.text, "val");
    CHECK_STR(find(&result, "Count__c")->value.text, "42");
    CHECK_INT(find(&result, "Count__c")->value.kind, VALUE_TEXT);
    CHECK_INT(find(&result, "Flag__c")->value.kind, VALUE_BOOLEAN);
    CHECK_INT(result.note_count, 3);
    CHECK_STR(result.notes[0].code, "truncated");
    CHECK_STR(result.notes[1].code, "not_on_contact");
    CHECK_STR(result.notes[2].code, "not_writable");
    mapping_result_done(&result);
    schema_unref(schema);
}

TEST(defaults_stay_behind)
{
    struct err err = {0};
    struct schema *schema = schema_standard(&err);
    struct mapping_write fallback = write_of("LastName", VALUE_TEXT, text);
    struct mapping_write merged = write_of("FirstName", VALUE_TEXT, text);
    struct mapping_result result;

    fallback.trait = merged.trait = none;
    fallback.create_only = true;
    struct mapping_write writes[] = {fallback, merged};
    CHECK_INT(mapping_to_successor(built_in("Lead"), writes, 2, schema, &result, &err), 0);
    CHECK_INT(result.write_count, 1);
    CHECK_STR(result.writes[0].field, "FirstName");
    mapping_result_done(&result);
    schema_unref(schema);
}

TEST(without_access_to_contacts_nothing_is_written)
{
    struct err err = {0};
    struct schema *schema = schema_new();
    struct mapping_result result;

    CHECK_INT(mapping_to_successor(built_in("Lead"), NULL, 0, schema, &result, &err), 0);
    CHECK_INT(result.outcome, MAPPING_REJECT);
    CHECK_STR(result.reason, "object_not_visible");
    mapping_result_done(&result);
    schema_unref(schema);
}

TEST(running_out_of_memory_leaves_nothing_behind)
{
    struct err err = {0};
    struct schema *schema = schema_standard(&err);
    const struct mapping_write writes[] = {write_of("Title", VALUE_TEXT, text),
                                           write_of("Company", VALUE_TEXT, text)};
    struct mapping_result result;
    int rc = -1;

    for (size_t nth = 1; rc < 0 && nth < 1000; nth++) {
        mem_fail_at(nth);
        rc = mapping_to_successor(built_in("Lead"), writes, 2, schema, &result, &err);
        mem_fail_at(0);
    }
    CHECK_INT(rc, 0);
    CHECK_INT(result.write_count, 1);
    mapping_result_done(&result);
    schema_unref(schema);
}

TEST_MAIN(TEST_CASE(standard_fields_are_renamed_and_those_without_a_place_noted),
          TEST_CASE(custom_fields_go_to_their_namesake_and_are_converted_for_it),
          TEST_CASE(defaults_stay_behind), TEST_CASE(without_access_to_contacts_nothing_is_written),
          TEST_CASE(running_out_of_memory_leaves_nothing_behind))
