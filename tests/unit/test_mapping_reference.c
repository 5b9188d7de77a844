#include "check.h"

#include "base/mem.h"
#include "mapping/bindings.h"
#include "mapping/mapping.h"

#define DOCUMENT TEST_DATA "/../../docs/mapping.md"
#define BEGIN    "<!-- begin: printed by leadline help mapping -->\n"
#define END      "<!-- end: printed by leadline help mapping -->\n"

static const struct destination_settings no_settings;

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
static void check_fields(const struct binding *binding, const struct schema *schema)
{
    const struct schema_object *object = schema_object(schema, binding->object);

    CHECK(object != NULL);
    for (size_t i = 0; binding->lookup[i] != NULL; i++)
        CHECK(schema_field(object, binding->lookup[i]) != NULL &&
              binding_rule(binding, binding->lookup[i]) != NULL);
    CHECK(binding->create_need.field == NULL ||
          schema_field(object, binding->create_need.field) != NULL);
    for (size_t i = 0; i < binding->rule_count; i++) {
        const struct field_rule *rule = &binding->rules[i];
        const struct schema_field *field = schema_field(object, rule->field);
        if (field == NULL || !field->createable || !field->updateable)
            fail_msg("%s.%s cannot be written", binding->object, rule->field);
        CHECK(rule->from[0].kind != PLACE_NONE);
        CHECK(rule->from[RULE_PLACES - 1].kind == PLACE_NONE);
    }
}

TEST(every_rule_names_a_field_that_can_be_written)
{
    const struct bindings bindings = bindings_of(&no_settings);
    struct err err = {0};
    struct schema *schema = schema_standard(&err);

    CHECK(bindings.count >= 2);
    for (size_t i = 0; i < bindings.count; i++)
        check_fields(&bindings.list[i], schema);
    schema_unref(schema);
}

static void check_renames(const struct binding *binding, const struct schema *schema)
{
    const struct successor *successor = binding->successor;
    const struct schema_object *object = schema_object(schema, successor->object);

    for (size_t i = 0; i < binding->rule_count; i++) {
        bool found = false;
        for (size_t k = 0; k < successor->rename_count; k++)
            found = found || strcmp(successor->renames[k].field, binding->rules[i].field) == 0;
        if (!found)
            fail_msg("%s of %s is missing among the renames for %s", binding->rules[i].field,
                     binding->object, successor->object);
    }
    for (size_t k = 0; k < successor->rename_count; k++)
        CHECK(successor->renames[k].successor == NULL ||
              schema_field(object, successor->renames[k].successor) != NULL);
}

TEST(every_field_of_a_lead_has_its_place_in_the_contact_table)
{
    const struct bindings bindings = bindings_of(&no_settings);
    struct err err = {0};
    struct schema *schema = schema_standard(&err);
    size_t successors = 0;

    for (size_t i = 0; i < bindings.count; i++)
        if (bindings.list[i].successor != NULL) {
            check_renames(&bindings.list[i], schema);
            successors++;
        }
    CHECK_INT(successors, 1);
    schema_unref(schema);
}

TEST_MAIN(TEST_CASE(the_document_has_the_tables_as_the_rules_print_them),
          TEST_CASE(every_rule_names_a_field_that_can_be_written),
          TEST_CASE(every_field_of_a_lead_has_its_place_in_the_contact_table))
