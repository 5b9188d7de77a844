/* For how long a create whose outcome is not known keeps back others of its key, and of keys that
   the org may call equal. */
#include "delivery_rig.h"

#include "delivery/intents.h"

#define WAIT_MS 60000
#define LATER   (WAIT_MS / 2)

/* As texts they are two; as numbers one, which is still another one by its less exact key. */
#define LONG_TEXT "Lead 4:X__c 17:09007199254740993"
#define TEXT      "Lead 4:X__c 16:9007199254740993"
#define LOOSE     "a less exact key"

static const struct destination_settings to = {
    .unknown_outcome_wait_ms = WAIT_MS, .retry_first_ms = 10, .retry_longest_ms = 1000};
static struct intents intents;
static struct err err;

static void add(const char *key, const char *loose)
{
    CHECK_INT(intents_add(&intents, key, loose, &err), 0);
}

/* A look-up that finds nothing waits for exactly so long yet. */
static void check_wait(const char *loose, int64_t ms)
{
    clock_advance(ms - 1);
    CHECK_INT(intents_wait_ms(&intents, loose, &to), 1);
    clock_advance(1);
    CHECK_INT(intents_wait_ms(&intents, loose, &to), 0);
}

TEST(keys_that_may_be_equal_wait_for_the_last_of_their_creates)
{
    clock_freeze(1795428468000);
    add("a", LOOSE);
    clock_advance(LATER);
    add("b", LOOSE);
    check_wait(LOOSE, WAIT_MS);
    intents_done(&intents);
    add("a", LOOSE);
    add("b", LOOSE);
    clock_advance(LATER);
    add("a", LOOSE); /* sent again */
    check_wait(LOOSE, WAIT_MS);
    intents_done(&intents);
    clock_thaw();
}

static struct schema *schema_of_numbers(void)
{
    struct schema *schema = schema_standard(&err);
    struct schema_object *lead = (struct schema_object *)(uintptr_t)schema_object(schema, "Lead");

    schema_add_field(lead, "X__c")->type = FIELD_DOUBLE;
    schema_object_sort(lead);
    return schema;
}

/* As the key is in the map of intents now. */
static char *loosely(const char *key, const struct schema *schema)
{
    char *again = mapping_key_again(key, schema), *loose = mapping_key_loosely(again, schema);

    mem_free(again);
    return loose;
}

/* Two creates of which the one or the other is the newer, when a describe makes their keys one. */
static void check_twins(const char *newer, const char *first, const char *second)
{
    struct rig rig;
    struct schema *schema = schema_of_numbers();
    struct outcome_batch batch = {0};
    char *loose = loosely(LONG_TEXT, schema);

    clock_freeze(1795428468000);
    rig_open(&rig, "");
    add(first, first);
    add(second, second);
    clock_advance(LATER);
    add(newer, newer);
    CHECK_INT(intents_rekey(&intents, schema, rig.writer, "Salesforce", &batch, &err), 0);
    CHECK(intents_has(&intents, TEXT));
    CHECK(!intents_has(&intents, LONG_TEXT));
    check_wait(loose, WAIT_MS);
    mem_free(loose);
    outcome_batch_done(&batch);
    intents_done(&intents);
    schema_unref(schema);
    clock_thaw();
    rig_close(&rig);
}

TEST(twins_that_become_one_wait_for_the_newer_of_their_creates)
{
    check_twins(LONG_TEXT, LONG_TEXT, TEXT);
    check_twins(TEXT, LONG_TEXT, TEXT);
    check_twins(LONG_TEXT, TEXT, LONG_TEXT);
    check_twins(TEXT, TEXT, LONG_TEXT);
}

TEST_MAIN(TEST_CASE(keys_that_may_be_equal_wait_for_the_last_of_their_creates),
          TEST_CASE(twins_that_become_one_wait_for_the_newer_of_their_creates))
