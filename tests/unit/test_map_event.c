/* An event that is mapped again because the org's fields have changed. */
#include "delivery_rig.h"

#include "delivery/map_event.h"

static struct err err;

static struct schema *schema_with_x(enum field_type type)
{
    struct schema *schema = schema_standard(&err);
    struct schema_object *lead = (struct schema_object *)(uintptr_t)schema_object(schema, "Lead");
    struct schema_field *field = schema_add_field(lead, "X__c");

    field->type = type;
    field->length = 80;
    field->precision = 18;
    field->custom = field->nillable = field->createable = field->updateable = true;
    field->filterable = true;
    schema_object_sort(lead);
    return schema;
}

/* As it is read from the store. */
static struct item *item_in_store(struct rig *rig)
{
    struct store_cursor cursor = {0};
    struct store_delivery *rows = NULL;
    struct item *item = mem_zero(1, sizeof *item);
    size_t count = 0;

    CHECK_INT(rig->store->api->take(rig->store, "Salesforce", &cursor, clock_steady() + 1, 1,
                                    1 << 20, &rows, &count, &err),
              0);
    CHECK_INT(count, 1);
    item->row = rows[0];
    rows[0] = (struct store_delivery){0};
    store_deliveries_free(rows, count);
    return item;
}

/* X__c, which it is looked up by, becomes a number.  Which type it is written as afterwards: */
static void check_again(const char *x, enum field_type as)
{
    struct rig rig;
    struct map_refusal refusal;
    char *traits = mem_format("\"x\":\"%s\"", x), *key;
    struct item *item;

    rig_open(&rig, "    custom_lead_lookup_fields: {x: X__c}\n");
    identify(&rig, traits);
    item = item_in_store(&rig);
    struct schema *text = schema_with_x(FIELD_STRING), *number = schema_with_x(FIELD_DOUBLE);
    struct destination d = {
        .settings = &rig.settings->destinations[0], .schema = text, .schema_number = 1};
    CHECK_INT(map_event(&d, item, &refusal, &err), 0);
    CHECK(!refusal.refused);
    key = mem_text(item->mapped.key);
    d.schema = number;
    d.schema_number = 2;
    CHECK_INT(map_event_again(&d, item, &refusal, &err), 0);
    CHECK(!refusal.refused);
    CHECK_STR(item->mapped.key, key);
    CHECK_INT(item->mapped.lookups[0].type, as);
    CHECK_INT(item->schema_number, 2);
    map_refusal_done(&refusal);
    schema_unref(text);
    schema_unref(number);
    item_free(item);
    mem_free(key);
    mem_free(traits);
    rig_close(&rig);
}

TEST(an_event_that_keeps_its_key_is_written_by_the_new_fields)
{
    check_again("7", FIELD_DOUBLE);
}

/* Its group is one key's: what it says by another one would be written to the wrong record. */
TEST(an_event_that_another_key_would_fit_stays_what_its_group_is)
{
    check_again("07", FIELD_STRING);
}

TEST_MAIN(TEST_CASE(an_event_that_keeps_its_key_is_written_by_the_new_fields),
          TEST_CASE(an_event_that_another_key_would_fit_stays_what_its_group_is))
