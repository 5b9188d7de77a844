#include "check.h"

#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "fakeorg/data/convert.h"
#include "fakeorg/data/orgdata.h"

/* Column of a tab-separated line, into out. */
static const char *column(const char *line, int number, char *out, size_t size)
{
    while (number-- > 0) {
        line = strchr(line, '\t');
        CHECK(line != NULL);
        line++;
    }
    snprintf(out, size, "%.*s", (int)strcspn(line, "\t\r\n"), line);
    return out;
}

static bool is_true(const char *line, int number)
{
    char text[16];

    return strcmp(column(line, number, text, sizeof text), "true") == 0;
}

static void check_field(const struct field *field, const char *line)
{
    char text[2048];

    CHECK(field != NULL);
    CHECK_STR(column(line, 0, text, sizeof text), field->fact.name);
    CHECK_STR(column(line, 1, text, sizeof text), field_type_info(field->fact.type)->name);
    int length = atoi(column(line, 3, text, sizeof text));
    int precision = atoi(column(line, 4, text, sizeof text));
    int digits = atoi(column(line, 6, text, sizeof text));
    CHECK_INT(field->fact.size, length + precision + digits);
    CHECK_INT(field->fact.scale, atoi(column(line, 5, text, sizeof text)));
    CHECK_INT(field_has(field, NIL), is_true(line, 7));
    CHECK_INT(field_has(field, CREATE), is_true(line, 8));
    CHECK_INT(field_has(field, UPDATE), is_true(line, 9));
    CHECK_INT(!field_has(field, UNFILTERED), is_true(line, 10));
    CHECK_INT(field_has(field, DEFAULTED), is_true(line, 11));
    CHECK_INT(field_has(field, RESTRICTED), is_true(line, 12));
    CHECK_INT(field_has(field, LOOKUP), is_true(line, 13));
    CHECK_STR(column(line, 15, text, sizeof text),
              field->fact.compound == NULL ? "" : field->fact.compound);
    CHECK_STR(column(line, 16, text, sizeof text),
              field->fact.refs == NULL ? "" : field->fact.refs);
    CHECK_STR(column(line, 19, text, sizeof text),
              field->fact.values == NULL ? "" : field->fact.values);
}

/* The tables of standard fields against describe results, if available. */
TEST(standard_fields_are_what_real_orgs_describe)
{
    const char *shared = getenv("LEADLINE_SHARED");
    struct err err = {0};
    struct orgdata *org = orgdata_new(&err);
    char line[8192], presence[64];

    CHECK(org != NULL);
    for (size_t i = 0; i < ORGDATA_OBJECTS; i++) {
        struct object *object = &org->objects[i];
        if (strcmp(object->name, "User") == 0)
            continue;
        char *path =
            mem_format("%s/reference/salesforce/%s.fields.tsv",
                       shared != NULL ? shared : TEST_DATA "/../../../shared", object->name);
        size_t fields = 0;
        CHECK(path != NULL);
        FILE *file = fopen(path, "re");
        mem_free(path);
        if (file == NULL) {
            orgdata_free(org);
            print_message("skipped: the recorded describes are not here\n");
            skip();
        }
        CHECK(fgets(line, sizeof line, file) != NULL);
        while (fgets(line, sizeof line, file) != NULL) {
            if (strcmp(column(line, 17, presence, sizeof presence), "standard") != 0)
                continue;
            CHECK(fields < object->field_count);
            check_field(object->fields[fields++], line);
        }
        CHECK_INT(fields, object->field_count);
        fclose(file);
    }
    orgdata_free(org);
}

TEST(a_field_added_later_is_null_in_older_records)
{
    struct err err = {0};
    struct orgdata *org = orgdata_new(&err);
    struct object *lead = orgdata_object(org, "LEAD");
    struct record *record = record_new(lead);

    CHECK(record != NULL);
    struct field *field = field_new_custom("Late__c", "string:10", &err);
    CHECK_INT(object_add_field(lead, field, &err), 0);
    CHECK(object_field(lead, "late__C") == field);
    CHECK(record_value(record, field) == NULL);
    CHECK_INT(record_set(record, field, "x"), 0);
    CHECK_STR(record_value_named(record, "Late__c"), "x");
    CHECK_INT(object_add_field(lead, field_new_custom("LATE__c", "int", &err), &err), -1);
    CHECK_INT(err.kind, ERR_INVALID);
    orgdata_free(org);
}

TEST(converting_a_lead_makes_its_account_and_contact)
{
    struct err err = {0};
    struct orgdata *org = orgdata_new(&err);
    struct record *lead = record_new(orgdata_object(org, "Lead"));
    static const struct convert_wish plain = {0};
    struct conversion done;

    CHECK_INT(record_set_named(lead, "LastName", "Doe"), 0);
    CHECK_INT(record_set_named(lead, "Company", "Acme"), 0);
    CHECK_INT(record_set_named(lead, "Email", "a@b.de"), 0);
    CHECK_INT(record_set_named(lead, "City", "Bern"), 0);
    CHECK_INT(record_stamp(org, lead, true), 0);
    CHECK(!convert_done(lead));
    CHECK_INT(convert_lead(org, lead, &plain, &done), 0);
    struct record *account = done.account, *contact = done.contact;
    CHECK_STR(record_value_named(account, "Name"), "Acme");
    CHECK_STR(record_value_named(account, "BillingCity"), "Bern");
    CHECK_STR(record_value_named(contact, "Name"), "Doe");
    CHECK_STR(record_value_named(contact, "Email"), "a@b.de");
    CHECK_STR(record_value_named(contact, "AccountId"), account->id);
    CHECK_STR(record_value_named(lead, "IsConverted"), "true");
    CHECK_STR(record_value_named(lead, "ConvertedContactId"), contact->id);
    CHECK_STR(record_value_named(lead, "ConvertedAccountId"), account->id);
    CHECK(convert_done(lead));
    CHECK(!convert_done(account));
    orgdata_free(org);
}

TEST(ids_are_never_given_out_twice)
{
    struct err err = {0};
    struct orgdata *org = orgdata_new(&err);
    struct record *record = record_new(orgdata_object(org, "Account"));

    CHECK_STR(record->id, "001000000000001AAA");
    CHECK_INT(record_delete(record), 0);
    CHECK(orgdata_record(org, "001000000000001AAA") == record);
    CHECK_INT(orgdata_object(org, "Account")->live_count, 0);
    orgdata_reset(org);
    CHECK(orgdata_record(org, "001000000000001AAA") == NULL);
    CHECK_STR(record_new(orgdata_object(org, "Account"))->id, "001000000000002AAA");
    orgdata_free(org);
}

TEST_MAIN(TEST_CASE(standard_fields_are_what_real_orgs_describe),
          TEST_CASE(a_field_added_later_is_null_in_older_records),
          TEST_CASE(converting_a_lead_makes_its_account_and_contact),
          TEST_CASE(ids_are_never_given_out_twice))
