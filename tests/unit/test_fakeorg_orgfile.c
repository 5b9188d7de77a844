#include "fakeorg_calls.h"

#include <unistd.h>

#include "fakeorg/org/org_file.h"

const char *keep_answers_in;

static struct service *org_of(const char *text, struct err *err)
{
    char path[] = "/tmp/fakeorg-org-XXXXXX";
    int fd = mkstemp(path);

    CHECK(fd >= 0);
    CHECK_INT(write(fd, text, strlen(text)), strlen(text));
    close(fd);
    struct fakeorg_options options = {.org_file = path};
    struct service *service = service_new(&options, err);
    unlink(path);
    return service;
}

#define LEAD_RULE(rest) "validation_rules:\n - {name: a, object: Lead, message: m, " rest "}\n"
#define DUPLICATES(rest)                                                                           \
    "duplicate_rules:\n - name: a\n   object: Lead\n   message: m\n   " rest "\n"

TEST(errors_name_file_line_key_and_what_was_expected)
{
    /* The error text after "/tmp/fakeorg-org-......:". */
    static const struct {
        const char *text, *error;
    } cases[] = {
        {"", "1: there is nothing in it"},
        {"- a\n", "1: expected a map of keys"},
        {"a: [\n", "2: not readable as YAML: did not find expected node content"},
        {"user: &x {}\n", "1: anchors (&), aliases (*) and tags (!) are not read: put text that "
                          "begins so in quotes"},
        {"user: {}\nuser: {}\n", "2: a key occurs twice"},
        {"user: {}\n---\nuser: {}\n", "2: a second document"},
        {"\nrules: []\n", "2: rules: unknown section; expected one of user, latency, limits, "
                          "quirks, faults, fields, picklists, permissions, validation_rules, "
                          "duplicate_rules, assignment_rules, locks, records"},
        {"user:\n  name: x\n", "2: user.name: unknown key; expected one of username, password, "
                               "token"},
        {"user:\n  token: ''\n", "2: user.token: expected text"},
        {"limits: {daily-calls: many}\n", "1: limits.daily-calls: limit daily-calls: expected a "
                                          "number from 0 to 1000000000000"},
        {"limits: {weekly: 1}\n", "1: limits.weekly: there is no limit weekly"},
        {"quirks: {ids: thrice}\n", "1: quirks.ids: "},
        {"faults:\n - nonsense\n", "2: faults[0]: "},
        {"latency:\n  jitter_percent: 101\n",
         "2: latency.jitter_percent: expected a whole number from 0 to 100"},
        {"fields: {Score__c: int}\n", "1: fields.Score__c: expected a key such as Lead.Score__c, "
                                      "of Lead, Account or Contact"},
        {"fields: {Lead.Score: int}\n", "1: fields.Lead.Score: a custom field's name is letters, "
                                        "digits and _, and ends in __c"},
        {"fields:\n  Lead.S__c: {type: text}\n", "2: fields.Lead.S__c: no such field type"},
        {"fields:\n  Lead.S__c: {length: 9}\n", "2: fields.Lead.S__c: expected the key type"},
        {"fields:\n  Lead.S__c: {type: string, length: 256}\n",
         "2: fields.Lead.S__c: expected a length from 1 to 255 after the type"},
        {"fields:\n  Lead.S__c: {type: int, required: 1}\n",
         "2: fields.Lead.S__c.required: expected true or false"},
        {"fields:\n  Lead.S__c: {type: int, default: x}\n",
         "2: fields.Lead.S__c.default: 'x' is not a valid value for the type xsd:int"},
        {"fields:\n  Lead.S__c: {type: picklist, values: [a|b]}\n",
         "2: fields.Lead.S__c.values[0]: expected text without |"},
        {"fields:\n  Lead.S__c: {type: picklist, values: [a], restricted: true, default: b}\n",
         "2: fields.Lead.S__c.default: S: bad value for restricted picklist field: b"},
        {"fields:\n  Lead.S__c: int\n  Lead.s__c: int\n",
         "3: fields.Lead.s__c: Lead has a field s__c already"},
        {"picklists: {Lead.Company: {values: [a]}}\n",
         "1: picklists.Lead.Company: expected a picklist of Lead"},
        {"picklists: {Lead.Rating: {values: [a], default: b}}\n",
         "1: picklists.Lead.Rating: expected the default, b, among the values"},
        {"permissions: {Lead.Company: hidden}\n",
         "1: permissions.Lead.Company: a required field is always visible and writable"},
        {"permissions: {Lead.Phone: none}\n",
         "1: permissions.Lead.Phone: expected full, read_only or hidden"},
        {"permissions: {Lead: {write: true}}\n",
         "1: permissions.Lead.write: unknown key; expected one of read, create, update, delete"},
        {LEAD_RULE("when: Phone = 1"), "2: validation_rules[0].when: expected a condition as in "
                                       "SOQL: "},
        {LEAD_RULE("when: Nothing__c = null"),
         "2: validation_rules[0].when: expected a condition as in SOQL: No such column "
         "'Nothing__c' on entity 'Lead'."},
        {LEAD_RULE("when: Phone = null LIMIT 1"),
         "2: validation_rules[0].when: expected a condition as in SOQL: "},
        {LEAD_RULE("when: Phone = null, on: saves"),
         "2: validation_rules[0].on: expected create, update or save"},
        {LEAD_RULE("when: Phone = null, field: Fon"),
         "2: validation_rules[0].field: expected a field of Lead"},
        {DUPLICATES("match: {}"), "5: duplicate_rules[0].match: expected a list"},
        {DUPLICATES("match:\n   - {object: Contact, fields: [Company]}"),
         "6: duplicate_rules[0].match[0].fields[0]: expected a field of Lead and Contact, or "
         "{field of Lead: field of Contact}"},
        {DUPLICATES("on_create: deny\n   match: []"),
         "5: duplicate_rules[0].on_create: expected alert, block or off"},
        {"assignment_rules: [{name: a, id: x, entries: []}]\n",
         "1: assignment_rules[0].id: expected an id that begins with 01Q"},
        {"assignment_rules:\n - {name: a, entries: []}\n - {name: b, entries: []}\n",
         "3: assignment_rules[1]: only one rule can be active"},
        {"assignment_rules: [{name: a, entries: [{owner: me}]}]\n",
         "1: assignment_rules[0].entries[0].owner: expected the id of a user (005...) or a queue "
         "(00G...)"},
        {"locks: [{code: X, id: 001000000000001AAA}]\n",
         "1: locks[0].code: expected UNABLE_TO_LOCK_ROW, ENTITY_IS_LOCKED or RECORD_LOCKED"},
        {"locks: [{object: Lead}]\n", "1: locks[0]: expected id, or object and when"},
        {"records: [{LastName: x}]\n", "1: records[0]: expected the key type"},
        {"records: [{type: User, Username: x}]\n",
         "1: records[0].type: expected Lead, Account or Contact"},
        {"records: [{type: Case}]\n", "1: records[0].type: expected Lead, Account or Contact"},
        {"records:\n - {type: Lead,\n    LastName: x}\n",
         "2: records[0]: expected the required field Company"},
        {"records: [{type: Lead, LastName: x, Company: y, Fon: 1}]\n",
         "1: records[0].Fon: expected a field of Lead, or type, ref, converted, deleted, "
         "merged_into"},
        {"records: [{type: Account, Name: x, NumberOfEmployees: some}]\n",
         "1: records[0].NumberOfEmployees: 'some' is not a valid value for the type xsd:int"},
        {"records: [{type: Account, Name: x, ParentId: \"@y\"}]\n",
         "1: records[0].ParentId: expected the ref of a record above"},
        {"records: [{type: Account, Name: x, converted: true}]\n",
         "1: records[0].converted: only leads are converted"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err err = {0};
        struct service *service = org_of(cases[i].text, &err);
        if (service != NULL)
            fail_msg("no error: %s", cases[i].text);
        CHECK_INT(err.kind, ERR_INVALID);
        const char *rest = strchr(err.text, ':');
        CHECK(rest != NULL);
        if (strncmp(rest + 1, cases[i].error, strlen(cases[i].error)) != 0)
            fail_msg("%s\n  is not  %s", rest + 1, cases[i].error);
        CHECK(strncmp(err.text, "/tmp/fakeorg-org-", 17) == 0);
    }
}

TEST(a_file_that_is_not_there_is_an_error)
{
    struct fakeorg_options options = {.org_file = "/nowhere/org.yml"};
    struct err err = {0};

    CHECK(service_new(&options, &err) == NULL);
    CHECK_STR(err.text, "/nowhere/org.yml: No such file or directory");
}

TEST(the_command_line_goes_before_the_file_and_the_file_before_the_defaults)
{
    char path[] = "/tmp/fakeorg-org-XXXXXX";
    int fd = mkstemp(path);
    static const char text[] =
        "user: {username: a@file, token: filed}\nlimits: {daily-calls: 7, session-minutes: 9}\n";
    struct fakeorg_options options = {.org_file = path, .username = "a@line", .daily_limit = 8};
    struct err err = {0};

    CHECK_INT(write(fd, text, sizeof text - 1), sizeof text - 1);
    close(fd);
    struct service *service = service_new(&options, &err);
    CHECK(service != NULL);
    CHECK_STR(service->options.username, "a@line");
    CHECK_STR(service->options.token, "filed");
    CHECK_STR(service->options.password, "secret");
    CHECK_INT(service->access.limits.at[LIMIT_DAILY_CALLS], 8);
    CHECK_INT(service->access.limits.at[LIMIT_SESSION_MINUTES], 9);
    service_free(service);
    unlink(path);
}

TEST(pieces_may_be_posted_as_yaml_or_json)
{
    struct err err = {0};
    struct service *service = org_of("user: {username: u}\n", &err);

    CHECK(service != NULL);
    CHECK_INT(org_file_post(service,
                            "{\"fields\": {\"Lead.A__c\": {\"type\": \"double\", "
                            "\"digits\": 4, \"decimals\": 1}}, \"limits\": "
                            "{\"daily-calls\": 3}, \"user\": {\"password\": \"p\"}}",
                            &err),
              0);
    const struct field *field = object_field(orgdata_object(service->org, "Lead"), "A__c");
    CHECK_INT(field->fact.size, 4);
    CHECK_INT(field->fact.scale, 1);
    CHECK_INT(service->access.limits.at[LIMIT_DAILY_CALLS], 3);
    CHECK_STR(service->options.password, "p");
    CHECK_STR(service->options.username, "u");
    CHECK_INT(org_file_post(service, "records:\n - {type: Lead, LastName: x, Company: y}\n", &err),
              0);
    CHECK_INT(orgdata_object(service->org, "Lead")->live_count, 1);
    CHECK_INT(org_file_post(service, "records:\n - {type: Lead, LastName: x}\n", &err), -1);
    CHECK_STR(err.text, "org:2: records[0]: expected the required field Company");
    CHECK_INT(orgdata_object(service->org, "Lead")->live_count, 1);
    service_free(service);
}

TEST(a_byte_order_mark_is_no_part_of_a_file)
{
    static const char *const texts[] = {"\xef\xbb\xbfuser:\n  username: u\n",
                                        "\xef\xbb\xbf{\"user\": {\"username\": \"u\"}}"};
    struct err err = {0};

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct service *service = org_of(texts[i], &err);
        CHECK(service != NULL);
        CHECK_STR(service->options.username, "u");
        CHECK_INT(org_file_post(service, texts[i], &err), 0);
        service_free(service);
    }
    CHECK(org_of("\xef\xbb\xbf# an org\nusers: {}\n", &err) == NULL);
    CHECK(strstr(err.text, ":2: users: unknown section") != NULL);
    CHECK(org_of("\xef\xbb\xbf", &err) == NULL);
    CHECK(strstr(err.text, ":1: there is nothing in it") != NULL);
}

/* Invalid rules do not replace the current ones. */
TEST(a_wrong_list_leaves_the_one_before_it)
{
    struct err err = {0};
    struct service *service = org_of(LEAD_RULE("when: Phone = null"), &err);
    struct org_under_test org = {.service = service};

    CHECK(service != NULL);
    buf_init(&org.answer, SOAP_MAX_ANSWER);
    org_sign_in(&org);
    CHECK_INT(org_file_post(service, LEAD_RULE("when: Phone"), &err), -1);
    CHECK(holds(org_create(&org, LEAD(DOE)), "FIELD_CUSTOM_VALIDATION_EXCEPTION"));
    org_end(&org);
}

TEST_MAIN(TEST_CASE(errors_name_file_line_key_and_what_was_expected),
          TEST_CASE(a_file_that_is_not_there_is_an_error),
          TEST_CASE(the_command_line_goes_before_the_file_and_the_file_before_the_defaults),
          TEST_CASE(pieces_may_be_posted_as_yaml_or_json),
          TEST_CASE(a_byte_order_mark_is_no_part_of_a_file),
          TEST_CASE(a_wrong_list_leaves_the_one_before_it))
