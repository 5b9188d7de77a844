/* Bindings made at run time go through every door like the built-in ones, and the objects that
   are described are those of the bindings. */
#include "check.h"

#include "base/mem.h"
#include "mapping/mapping.h"

static const struct field_rule contact_rules[] = {
    {"Email", .from = {TRAIT("email"), USER_ID_IF_ADDRESS}},
    {"LastName", .from = {TRAIT("lastName"), REST("name")}, .create_default = "unknown"},
    {"MailingCity", .from = {TRAIT("address.city")}},
    {"AssistantName", .from = {TRAIT("helper")}},
};

#define RULES(list) .rules = (list), .rule_count = sizeof(list) / sizeof((list)[0])

/* Customers are Contacts; the others go by what comes behind. */
static struct binding contact_binding(const char *trait, const char *is)
{
    return (struct binding){
        .event = EVENT_IDENTIFY,
        .condition = {trait, is},
        .object = "Contact",
        .lookup = {"Email"},
        RULES(contact_rules),
        .create_need = {"AssistantName", "assistant_required", "it needs one", "send one"},
    };
}

struct made {
    struct settings *settings;
    struct destination_settings *to;
    struct schema *schema;
    struct binding *list; /* on the heap, as those of a configuration will be */
};

/* A destination whose bindings are first, then the built-in ones. */
static void make(struct made *made, const char *lines, const struct binding *first, size_t count)
{
    static const struct destination_settings none;
    const struct bindings built_in = bindings_of(&none);
    struct err err = {0};
    char text[600];

    snprintf(text, sizeof text,
             "destinations:\n  - name: S\n    account_email: a\n    account_password: p\n%s",
             lines);
    made->settings = settings_parse(text, strlen(text), "x", ".", &err);
    made->schema = schema_standard(&err);
    made->list = mem_zero(count + built_in.count, sizeof *made->list);
    CHECK(made->settings != NULL && made->schema != NULL && made->list != NULL);
    if (count > 0)
        memcpy(made->list, first, count * sizeof *first);
    memcpy(made->list + count, built_in.list, built_in.count * sizeof *built_in.list);
    made->to = &made->settings->destinations[0];
    made->to->bindings = made->list;
    made->to->binding_count = count + built_in.count;
}

static void unmake(struct made *made)
{
    schema_unref(made->schema);
    settings_unref(made->settings);
    mem_free(made->list);
}

static void read_event(struct event *event, const char *type, const char *traits)
{
    struct err err = {0};
    static char text[2000];

    snprintf(text, sizeof text,
             "{\"messageId\":\"m\",\"type\":\"%s\",\"userId\":\"u\",\"groupId\":\"g\","
             "\"integrations\":{\"Salesforce\":true},\"traits\":{%s}}",
             type, traits);
    CHECK_INT(event_read(event, text, strlen(text), &err), 0);
}

static void check_route(const struct made *made, const char *type, const char *traits,
                        const char *object, const char *key)
{
    struct event event;
    struct mapping_route route;
    struct err err = {0};

    read_event(&event, type, traits);
    CHECK_INT(mapping_route(&event, made->to, &route, &err), 0);
    CHECK_INT(route.outcome, MAPPING_WRITE);
    CHECK_STR(route.object, object);
    CHECK_STR(route.binding->object, object);
    CHECK_STR(route.key, key);
    mapping_route_done(&route);
    event_done(&event);
}

static void check_map(const struct made *made, const char *type, const char *traits,
                      const char *line)
{
    struct event event;
    struct mapping_result result;
    struct buf out;
    struct err err = {0};

    read_event(&event, type, traits);
    buf_init(&out, 100000);
    CHECK_INT(mapping_map(&event, made->to, made->schema, false, &result, &err), 0);
    mapping_print(&event, &result, &out);
    CHECK_STR(buf_peek(&out), line);
    buf_done(&out);
    mapping_result_done(&result);
    event_done(&event);
}

#define CUSTOMER "\"email\":\"P@x.io\",\"name\":\"Peter Gibbons\",\"kind\":\"customer\""

TEST(a_binding_made_at_run_time_routes_and_maps_by_its_own_rules)
{
    const struct binding contact = contact_binding(NULL, NULL);
    struct made made;

    make(&made, "", &contact, 1);
    check_route(&made, "identify", CUSTOMER, "Contact", "Contact 5:email 6:p@x.io");
    check_map(&made, "identify", CUSTOMER ",\"address\":{\"city\":\"Rome\"}",
              "{\"messageId\":\"m\",\"outcome\":\"write\",\"object\":\"Contact\","
              "\"lookup\":{\"Email\":\"P@x.io\"},"
              "\"fields\":{\"Email\":\"P@x.io\",\"LastName\":\"Gibbons\",\"MailingCity\":\"Rome\"},"
              "\"create_only\":{},\"notes\":[{\"trait\":\"kind\",\"code\":\"unknown_field\","
              "\"detail\":\"Contact has no custom field of this name that this user can see.\"}]}");
    check_map(&made, "identify", "\"email\":\"p@x.io\",\"helper\":\"Ann\",\"Title\":\"VP\"",
              "{\"messageId\":\"m\",\"outcome\":\"write\",\"object\":\"Contact\","
              "\"lookup\":{\"Email\":\"p@x.io\"},"
              "\"fields\":{\"Email\":\"p@x.io\",\"AssistantName\":\"Ann\"},"
              "\"create_only\":{\"LastName\":\"unknown\"},"
              "\"notes\":[{\"trait\":\"Title\",\"code\":\"unknown_field\",\"detail\":\"Contact has "
              "no custom field of this name; a row in the settings opens Title.\"}]}");
    check_map(&made, "identify", "\"name\":\"Peter\"",
              "{\"messageId\":\"m\",\"outcome\":\"reject\",\"reason\":\"missing_lookup_value\","
              "\"detail\":\"The event has no value for Email, by which a Contact is found.\"}");
    unmake(&made);
}

TEST(what_a_binding_needs_on_create_is_named_when_it_is_missing)
{
    const struct binding contact = contact_binding(NULL, NULL);
    struct made made;
    struct event event;
    struct mapping_result result;
    struct err err = {0};

    make(&made, "", &contact, 1);
    for (int has = 0; has < 2; has++) {
        read_event(&event, "identify", has ? CUSTOMER ",\"helper\":\"Ann\"" : CUSTOMER);
        CHECK_INT(mapping_map(&event, made.to, made.schema, false, &result, &err), 0);
        CHECK(result.binding == &made.list[0]);
        if (has)
            CHECK(result.create_needs == NULL);
        else
            CHECK_STR(result.create_needs, "AssistantName");
        mapping_result_done(&result);
        event_done(&event);
    }
    unmake(&made);
}

TEST(an_event_goes_by_the_first_binding_whose_condition_holds)
{
    const struct binding contact = contact_binding("kind", "customer");
    struct made made;

    make(&made, "", &contact, 1);
    check_route(&made, "identify", CUSTOMER, "Contact", "Contact 5:email 6:p@x.io");
    check_route(&made, "identify", "\"email\":\"p@x.io\",\"kind\":\"other\"", "Lead",
                "Lead 5:email 6:p@x.io");
    check_route(&made, "identify", "\"email\":\"p@x.io\",\"kind\":null", "Lead",
                "Lead 5:email 6:p@x.io");
    check_route(&made, "identify", "\"email\":\"p@x.io\",\"kind\":[1]", "Lead",
                "Lead 5:email 6:p@x.io");
    check_route(&made, "identify", "\"email\":\"p@x.io\"", "Lead", "Lead 5:email 6:p@x.io");
    check_route(&made, "group", CUSTOMER, "Account", "Account 13:accountnumber 1:g");
    unmake(&made);
}

TEST(several_look_up_fields_must_all_have_a_value)
{
    struct binding contact = contact_binding(NULL, NULL);
    struct made made;

    contact.lookup[1] = "MailingCity";
    make(&made, "", &contact, 1);
    check_route(&made, "identify", "\"email\":\"p@x.io\",\"address\":{\"city\":\"Rome\"}",
                "Contact", "Contact 5:email 6:p@x.io 11:mailingcity 4:rome");
    check_map(
        &made, "identify", "\"email\":\"p@x.io\"",
        "{\"messageId\":\"m\",\"outcome\":\"reject\",\"reason\":\"missing_lookup_value\","
        "\"detail\":\"The event has no value for MailingCity, by which a Contact is found.\"}");
    unmake(&made);
}

TEST(a_binding_that_the_settings_switch_off_leaves_its_events_to_the_next)
{
    struct binding contact = contact_binding(NULL, NULL);
    struct made made;

    contact.version = (struct binding_version){2, "needs_version_2", NULL};
    make(&made, "    version: 1\n", &contact, 1);
    check_route(&made, "identify", CUSTOMER, "Lead", "Lead 5:email 6:p@x.io");
    check_map(&made, "group", CUSTOMER,
              "{\"messageId\":\"m\",\"outcome\":\"skip\",\"reason\":\"needs_version_2\","
              "\"detail\":\"Accounts are written by version 2 of the destination\"}");
    check_map(&made, "track", CUSTOMER,
              "{\"messageId\":\"m\",\"outcome\":\"skip\",\"reason\":\"type_not_used\"}");
    unmake(&made);
}

/* ---- which objects are described ---- */

/* By the letter of the contract, binding for binding. */
static bool wanted(const struct destination_settings *to, const char *object)
{
    const struct bindings bindings = bindings_of(to);

    for (size_t i = 0; i < bindings.count; i++) {
        const struct binding *binding = &bindings.list[i];
        if (to->version < binding->version.least)
            continue;
        if (strcmp(binding->object, object) == 0)
            return true;
        if (binding->successor != NULL && to->converted_lead == CONVERTED_CONTACT &&
            strcmp(binding->successor->object, object) == 0)
            return true;
    }
    return false;
}

static bool listed(const struct bound_objects *objects, const char *object)
{
    size_t times = 0;

    for (size_t i = 0; i < objects->count; i++)
        times += strcmp(objects->list[i].object, object) == 0;
    CHECK(times <= 1);
    return times == 1;
}

static void check_objects(const struct destination_settings *to)
{
    static const char *const names[] = {"Lead", "Account", "Contact", "Case", "Opportunity"};
    const struct bound_objects objects = bindings_objects(to);
    size_t found = 0;
    bool successors = false;

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        CHECK_INT(listed(&objects, names[i]), wanted(to, names[i]));
        found += listed(&objects, names[i]);
    }
    CHECK_INT(objects.count, found); /* and no other */
    for (size_t i = 0; i < objects.count; i++) {
        CHECK(objects.list[i].successor || !successors); /* those come last */
        successors = objects.list[i].successor;
        CHECK(binding_is_on(objects.list[i].binding, to));
        CHECK_STR(binding_object(objects.list[i].binding, objects.list[i].object),
                  objects.list[i].object);
    }
}

/* Of bindings chosen by a number, under every setting that bears on them. */
static void check_objects_of(unsigned choice)
{
    static const char *const names[] = {"Lead", "Account", "Contact", "Case", "Opportunity"};
    struct binding list[4] = {{0}};
    struct successor successor = {.object = names[choice % 5],
                                  .policy_at =
                                      offsetof(struct destination_settings, converted_lead)};
    struct made made;

    make(&made, "", NULL, 0);
    made.to->bindings = list;
    made.to->binding_count = choice / 5 % 5;
    for (size_t i = 0; i < made.to->binding_count; i++) {
        unsigned own = choice / 25 >> (2 * i);
        list[i] = contact_binding(NULL, NULL);
        list[i].object = names[(own + i) % 5];
        list[i].version.least = own & 1 ? 2 : 0;
        list[i].successor = own & 2 ? &successor : NULL;
    }
    for (int version = 1; version <= 2; version++)
        for (int converted = CONVERTED_CONTACT; converted <= CONVERTED_REJECT; converted++) {
            made.to->version = version;
            made.to->converted_lead = (enum converted_lead)converted;
            check_objects(made.to);
        }
    unmake(&made);
}

TEST(the_objects_of_all_bindings_are_described_exactly_when_they_are_wanted)
{
    for (unsigned choice = 0; choice < 25 * 256; choice += 3)
        check_objects_of(choice);
}

static void check_built_in(const char *lines, const char *names)
{
    struct made made;
    struct buf out;

    make(&made, lines, NULL, 0);
    made.to->bindings = NULL;
    check_objects(made.to);
    buf_init(&out, 1000);
    for (size_t i = 0; i < bindings_objects(made.to).count; i++)
        buf_format(&out, "%s ", bindings_objects(made.to).list[i].object);
    CHECK_STR(buf_peek(&out), names);
    buf_done(&out);
    unmake(&made);
}

TEST(the_built_in_bindings_want_what_version_and_converted_lead_say)
{
    check_built_in("", "Lead Account Contact ");
    check_built_in("    version: 1\n", "Lead Contact ");
    check_built_in("    converted_lead: create\n", "Lead Account ");
    check_built_in("    version: 1\n    converted_lead: reject\n", "Lead ");
}

TEST_MAIN(TEST_CASE(a_binding_made_at_run_time_routes_and_maps_by_its_own_rules),
          TEST_CASE(what_a_binding_needs_on_create_is_named_when_it_is_missing),
          TEST_CASE(an_event_goes_by_the_first_binding_whose_condition_holds),
          TEST_CASE(several_look_up_fields_must_all_have_a_value),
          TEST_CASE(a_binding_that_the_settings_switch_off_leaves_its_events_to_the_next),
          TEST_CASE(the_objects_of_all_bindings_are_described_exactly_when_they_are_wanted),
          TEST_CASE(the_built_in_bindings_want_what_version_and_converted_lead_say))
