#include "check.h"

#include "base/mem.h"
#include "mapping/mapping.h"
#include "mapping/rules.h"

#define DOCUMENT TEST_DATA "/../../docs/mapping.md"
#define BEGIN    "<!-- begin: printed by leadline help mapping -->\n"
#define END      "<!-- end: printed by leadline help mapping -->\n"

static char *read_document(void)
{
    char *text = mem_zero(1, 256 * 1024);
    FILE *f = fopen(DOCUMENT, "re");

    assert_non_null(f);
    CHECK(fread(text, 1, 256 * 1024 - 1, f) > 0);
    fclose(f);
    return text;
}

TEST(the_document_has_the_tables_as_the_rules_print_them)
{
    char *text = read_document();
    char *begin = strstr(text, BEGIN), *end = strstr(text, END);
    struct buf out;

    CHECK(begin != NULL && end != NULL);
    begin += strlen(BEGIN);
    *end = '\0';
    buf_init(&out, 256 * 1024);
    mapping_print_reference(&out);
    if (strcmp(begin, buf_peek(&out)) != 0)
        fail_msg("docs/mapping.md is out of date: put \"leadline help mapping\" between its marks");
    buf_done(&out);
    mem_free(text);
}

/* A misspelt field would never be written, and nobody would see why. */
static void check_fields(const struct rules *rules, const struct schema *schema)
{
    const struct schema_object *object = schema_object(schema, rules->object);

    CHECK(object != NULL);
    CHECK(schema_field(object, rules->lookup) != NULL);
    CHECK(rules->create_needs == NULL || schema_field(object, rules->create_needs) != NULL);
    for (size_t i = 0; i < rules->count; i++) {
        const struct schema_field *field = schema_field(object, rules->rows[i].field);
        if (field == NULL || !field->createable || !field->updateable)
            fail_msg("%s.%s cannot be written", rules->object, rules->rows[i].field);
        CHECK(rules->rows[i].from[0].kind != SOURCE_NONE);
        CHECK(rules->rows[i].from[RULE_SOURCES - 1].kind == SOURCE_NONE);
    }
}

TEST(every_rule_names_a_field_that_can_be_written)
{
    struct err err = {0};
    struct schema *schema = schema_standard(&err);

    check_fields(&rules_lead, schema);
    check_fields(&rules_account, schema);
    schema_unref(schema);
}

TEST(every_field_of_a_lead_has_its_place_in_the_contact_table)
{
    struct err err = {0};
    struct schema *schema = schema_standard(&err);
    const struct schema_object *contact = schema_object(schema, "Contact");

    for (size_t i = 0; i < rules_lead.count; i++) {
        bool found = false;
        for (size_t k = 0; k < rules_contact_count; k++)
            found = found || strcmp(rules_contact[k].lead, rules_lead.rows[i].field) == 0;
        if (!found)
            fail_msg("%s is missing in rules_contact.c", rules_lead.rows[i].field);
    }
    for (size_t k = 0; k < rules_contact_count; k++)
        CHECK(rules_contact[k].contact == NULL ||
              schema_field(contact, rules_contact[k].contact) != NULL);
    schema_unref(schema);
}

TEST_MAIN(TEST_CASE(the_document_has_the_tables_as_the_rules_print_them),
          TEST_CASE(every_rule_names_a_field_that_can_be_written),
          TEST_CASE(every_field_of_a_lead_has_its_place_in_the_contact_table))
