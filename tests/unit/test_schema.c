#include "check.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "schema/schema.h"

static char dir[64];

static void make_dir(void)
{
    snprintf(dir, sizeof(dir), "/tmp/leadline-schema-XXXXXX");
    assert_non_null(mkdtemp(dir));
}

static void path_in_dir(char *ret, size_t size, const char *name)
{
    snprintf(ret, size, "%s/%s", dir, name);
}

static void write_file(const char *name, const char *text)
{
    char path[256];
    path_in_dir(path, sizeof(path), name);
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static void remove_dir(void)
{
    static const char *const names[] = {"Lead.json", "Account.json", "Contact.json"};
    char path[256];

    for (size_t i = 0; i < 3; i++) {
        path_in_dir(path, sizeof(path), names[i]);
        unlink(path);
    }
    CHECK_INT(rmdir(dir), 0);
}

static struct schema_object *with_custom(struct schema *schema, const char *const *names)
{
    struct schema_object *object = schema_add_object(schema, "Thing");

    assert_non_null(object);
    for (; *names != NULL; names++) {
        struct schema_field *field = schema_add_field(object, *names);
        assert_non_null(field);
        field->custom = strstr(*names, "__c") != NULL;
    }
    schema_object_sort(object);
    return object;
}

TEST(the_standard_schema_knows_the_fields_of_every_org)
{
    struct err err = {0};
    struct schema *schema = schema_standard(&err);
    const struct schema_object *lead = schema_object(schema, "lead");
    const struct schema_object *account = schema_object(schema, "Account");

    CHECK(lead != NULL && account != NULL && schema_object(schema, "Contact") != NULL);
    CHECK(schema_object(schema, "Opportunity") == NULL);
    CHECK_STR(lead->name, "Lead");

    const struct schema_field *email = schema_field(lead, "EMAIL");
    CHECK(email != NULL);
    CHECK_STR(email->name, "Email");
    CHECK_INT(email->type, FIELD_EMAIL);
    CHECK_INT(email->length, 80);
    CHECK(email->createable && email->updateable && email->id_lookup && email->filterable);

    CHECK(!schema_field(lead, "LastName")->nillable);
    CHECK(!schema_field(lead, "Description")->filterable);
    CHECK(schema_field(lead, "OwnerId")->defaulted_on_create);
    CHECK_INT(schema_field(account, "NumberOfEmployees")->digits, 8);
    CHECK_INT(schema_field(account, "AnnualRevenue")->precision, 18);
    CHECK(!schema_field(account, "Id")->createable);
    const struct schema_field *accuracy = schema_field(lead, "GeocodeAccuracy");
    CHECK(accuracy->restricted_picklist);
    CHECK_INT(accuracy->picklist_count, 11);
    CHECK_STR(accuracy->picklist[10], "Unknown");
    CHECK(schema_field(lead, "StateCode") == NULL);
    schema_unref(schema);
}

/* The next column of a line of tab-separated values. */
static char *column(char **rest)
{
    return strsep(rest, "\t\n");
}

static void compare_line(const struct schema_object *object, char *line)
{
    const char *name = column(&line), *type = column(&line);
    const struct schema_field *field = schema_field(object, name);
    const char *columns[20];

    for (size_t i = 0; i < 16; i++)
        columns[i] = column(&line); /* soapType, length, ... presence */
    if (strcmp(columns[15], "standard") != 0)
        return;
    if (field == NULL || strcmp(field_type_name(field->type), type) != 0)
        fail_msg("%s.%s is not as in the table", object->name, name);
    CHECK_INT(field->length, atoi(columns[1]));
    CHECK_INT(field->precision, atoi(columns[2]));
    CHECK_INT(field->scale, atoi(columns[3]));
    CHECK_INT(field->digits, atoi(columns[4]));
    CHECK_INT(field->nillable, columns[5][0] == 't');
    CHECK_INT(field->createable, columns[6][0] == 't');
    CHECK_INT(field->updateable, columns[7][0] == 't');
    CHECK_INT(field->filterable, columns[8][0] == 't');
    CHECK_INT(field->defaulted_on_create, columns[9][0] == 't');
    CHECK_INT(field->restricted_picklist, columns[10][0] == 't');
    CHECK_INT(field->id_lookup, columns[11][0] == 't');
    CHECK_INT(field->case_sensitive, columns[12][0] == 't');
}

/* The tables of the reference lie beside the repository, where they are at hand. */
TEST(the_standard_schema_is_what_describe_says)
{
    static const char *const names[] = {"Lead", "Account", "Contact"};
    const char *shared = getenv("LEADLINE_SHARED");
    struct err err = {0};
    struct schema *schema = schema_standard(&err);
    char path[512], line[8192];
    size_t read = 0;

    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof(path), "%s/reference/salesforce/%s.fields.tsv",
                 shared != NULL ? shared : TEST_DATA "/../../../shared", names[i]);
        FILE *f = fopen(path, "re");
        if (f == NULL)
            continue;
        for (read++; fgets(line, sizeof(line), f) != NULL;)
            compare_line(schema_object(schema, names[i]), line);
        fclose(f);
    }
    schema_unref(schema);
    if (read == 0) {
        print_message("skipped: the field tables to compare with are not here\n");
        skip();
    }
}

TEST(a_schema_lives_as_long_as_its_last_holder)
{
    struct schema *schema = schema_new();
    struct schema *second = schema_ref(schema);

    schema_unref(schema);
    CHECK(schema_object(second, "Lead") == NULL);
    schema_unref(second);
    schema_unref(NULL);
}

TEST(a_trait_finds_its_custom_field_by_name_before_likeness)
{
    static const char *const names[] = {"AB__c", "A_B__c",    "Favorite_Color__c",
                                        "Name",  "Status__c", NULL};
    struct schema *schema = schema_new();
    const struct schema_object *object = with_custom(schema, names);
    bool ambiguous;

    CHECK_STR(schema_custom_field(object, "ab", &ambiguous)->name, "AB__c");
    CHECK_STR(schema_custom_field(object, "a_b", &ambiguous)->name, "A_B__c");
    CHECK_STR(schema_custom_field(object, "a_b__C", &ambiguous)->name, "A_B__c");
    CHECK_STR(schema_custom_field(object, "favoriteColor", &ambiguous)->name, "Favorite_Color__c");
    CHECK_STR(schema_custom_field(object, "Favorite color!", &ambiguous)->name,
              "Favorite_Color__c");
    CHECK(!ambiguous);
    CHECK_STR(schema_custom_field(object, "status", &ambiguous)->name, "Status__c");
    schema_unref(schema);
}

TEST(a_trait_that_fits_two_custom_fields_or_none_finds_none)
{
    static const char *const names[] = {"AB__c", "A_B__c", "Name", NULL};
    struct schema *schema = schema_new();
    const struct schema_object *object = with_custom(schema, names);
    char longest[400];
    bool ambiguous;

    CHECK(schema_custom_field(object, "a-b", &ambiguous) == NULL);
    CHECK(ambiguous);
    CHECK(schema_custom_field(object, "name", &ambiguous) == NULL);
    CHECK(!ambiguous);
    CHECK(schema_custom_field(object, "", &ambiguous) == NULL);
    CHECK(schema_custom_field(object, "__c", &ambiguous) == NULL);
    CHECK(schema_custom_field(object,
                              "\xC3\xA9"
                              "ab",
                              &ambiguous) == NULL);
    memset(longest, 'a', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    CHECK(schema_custom_field(object, longest, &ambiguous) == NULL);
    schema_unref(schema);
}

TEST(every_type_keeps_its_name)
{
    for (int type = FIELD_STRING; type < FIELD_OTHER; type++)
        CHECK_INT(field_type_parse(field_type_name((enum field_type)type)), type);
    CHECK_INT(field_type_parse("encryptedstring"), FIELD_OTHER);
}

TEST(what_was_saved_is_loaded_again)
{
    struct err err = {0};
    struct schema *schema = schema_standard(&err);
    struct schema_object *lead = (struct schema_object *)schema_object(schema, "Lead");
    struct schema_field *field = schema_add_field(lead, "Tier__c");

    field->label = mem_text("Tier \"\xC3\xA9\"");
    field->type = FIELD_DOUBLE;
    field->precision = 10;
    field->scale = 2;
    field->custom = field->external_id = field->unique = field->case_sensitive = true;
    schema_object_sort(lead);
    schema->described_ms = 1795428300123;
    make_dir();
    CHECK_INT(schema_save(schema, dir, &err), 0);
    CHECK_INT(schema_save(schema, dir, &err), 0); /* over what is there */

    struct schema *again = schema_load(dir, &err);
    CHECK(again != NULL);
    CHECK_INT(again->count, 3);
    CHECK(again->described_ms == 1795428300123);
    const struct schema_object *object = schema_object(again, "Lead");
    CHECK_INT(object->count, lead->count);
    CHECK(object->createable && object->updateable && object->queryable);
    for (size_t i = 0; i < lead->count; i++) {
        const struct schema_field *a = &lead->fields[i], *b = &object->fields[i];
        CHECK_STR(a->name, b->name);
        CHECK_INT(a->type, b->type);
        CHECK_INT(a->length, b->length);
        CHECK_INT(a->digits, b->digits);
        CHECK_INT(a->createable, b->createable);
        CHECK_INT(a->updateable, b->updateable);
        CHECK_INT(a->nillable, b->nillable);
        CHECK_INT(a->picklist_count, b->picklist_count);
    }
    const struct schema_field *tier = schema_field(object, "tier__c");
    CHECK_STR(tier->label, "Tier \"\xC3\xA9\"");
    CHECK(tier->precision == 10 && tier->scale == 2);
    CHECK(tier->custom && tier->external_id && tier->unique && tier->case_sensitive);
    CHECK(!tier->id_lookup);
    schema_unref(schema);
    schema_unref(again);
    remove_dir();
}

TEST(a_folder_without_objects_is_not_found)
{
    struct err err = {0};

    make_dir();
    CHECK(schema_load(dir, &err) == NULL);
    CHECK_INT(err.kind, ERR_NOT_FOUND);
    remove_dir();
    CHECK(schema_load(dir, &err) == NULL);
    CHECK_INT(err.kind, ERR_NOT_FOUND);
}

TEST(a_file_that_is_no_schema_is_refused_by_name)
{
    static const char *const texts[] = {
        "",
        "{\"format\":1,",
        "[]",
        "{\"format\":2,\"name\":\"Lead\",\"fields\":[]}",
        "{\"format\":1,\"fields\":[]}",
        "{\"format\":1,\"name\":\"Lead\",\"fields\":{}}",
        "{\"format\":1,\"name\":\"Lead\",\"fields\":[{\"name\":\"A\"}]}",
        "{\"format\":1,\"name\":\"Lead\",\"fields\":[{\"name\":\"A\",\"type\":\"int\",\"length\":-"
        "1}]}",
        "{\"format\":1,\"name\":\"Lead\",\"fields\":[{\"name\":\"A\",\"type\":\"picklist\","
        "\"picklistValues\":[1]}]}",
    };

    make_dir();
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct err err = {0};
        write_file("Lead.json", texts[i]);
        CHECK(schema_load(dir, &err) == NULL);
        CHECK_INT(err.kind, ERR_INVALID);
        CHECK(strstr(err.text, "Lead.json") != NULL);
    }
    remove_dir();
}

TEST(running_out_of_memory_leaves_nothing_behind)
{
    struct err err = {0};
    struct schema *schema = NULL;

    make_dir();
    for (size_t nth = 1; schema == NULL && nth < 10000; nth++) {
        mem_fail_at(nth);
        schema = schema_standard(&err);
        mem_fail_at(0);
    }
    CHECK(schema != NULL);
    CHECK_INT(schema_save(schema, dir, &err), 0);
    schema_unref(schema);
    schema = NULL;
    for (size_t nth = 1; schema == NULL && nth < 10000; nth++) {
        mem_fail_at(nth);
        schema = schema_load(dir, &err);
        mem_fail_at(0);
    }
    CHECK(schema != NULL);
    schema_unref(schema);
    remove_dir();
}

TEST_MAIN(TEST_CASE(the_standard_schema_knows_the_fields_of_every_org),
          TEST_CASE(the_standard_schema_is_what_describe_says),
          TEST_CASE(a_schema_lives_as_long_as_its_last_holder),
          TEST_CASE(a_trait_finds_its_custom_field_by_name_before_likeness),
          TEST_CASE(a_trait_that_fits_two_custom_fields_or_none_finds_none),
          TEST_CASE(every_type_keeps_its_name), TEST_CASE(what_was_saved_is_loaded_again),
          TEST_CASE(a_folder_without_objects_is_not_found),
          TEST_CASE(a_file_that_is_no_schema_is_refused_by_name),
          TEST_CASE(running_out_of_memory_leaves_nothing_behind))
