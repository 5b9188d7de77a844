/*
 * Every case of tests/data/mapping/NAME.cases, one after the other.  The files say at their
 * top how a case is written.
 */
#include "case_answer.h"
#include "check.h"

#include <dirent.h>
#include <strings.h>

#include "base/mem.h"
#include "mapping/mapping.h"

#define MAX_LINE  (256 * 1024)
#define CASES_DIR TEST_DATA "/mapping"
#define EXAMPLES  TEST_DATA "/examples"

/* What the lines so far have set up. */
struct stage {
    const char *file;
    int line;
    char title[256];
    struct settings *settings;
    struct schema *schema;
    bool untyped;
    size_t passed, failed;
};

static void complain(struct stage *stage, const char *what, const char *text)
{
    stage->failed++;
    print_error("%s:%d: %s: %s\n    %s\n", stage->file, stage->line, stage->title, what, text);
}

/* --- the lines that set the stage --- */

static void use_settings(struct stage *stage, const char *members)
{
    struct err err = {0};
    char *yaml = mem_format("sources: [{name: web, write_key: k, destinations: [Salesforce]}]\n"
                            "destinations:\n"
                            "  - {name: Salesforce, account_email: a@b.example, "
                            "account_password: p, security_token: t%s%s}\n",
                            members[0] == '\0' ? "" : ", ", members);

    settings_unref(stage->settings);
    stage->settings = settings_parse(yaml, strlen(yaml), "case", "/tmp", &err);
    if (stage->settings == NULL)
        complain(stage, "settings", err.text);
    mem_free(yaml);
}

static struct schema_object *find_object(struct stage *stage, const char *name)
{
    for (size_t i = 0; i < stage->schema->count; i++) {
        if (strcasecmp(stage->schema->objects[i].name, name) == 0)
            return &stage->schema->objects[i];
    }
    complain(stage, "no such object", name);
    return NULL;
}

static void add_values(struct schema_field *field, char *values)
{
    char *rest = NULL;

    field->picklist = mem_zero(32, sizeof(char *));
    for (char *v = strtok_r(values, "|", &rest); v != NULL && field->picklist_count < 32;
         v = strtok_r(NULL, "|", &rest))
        field->picklist[field->picklist_count++] = mem_text(v);
}

/* "length=50", "required", ... */
static void set_property(struct stage *stage, struct schema_field *field, char *word)
{
    char *value = strchr(word, '=');

    if (value != NULL)
        *value++ = '\0';
    if (strcmp(word, "length") == 0)
        field->length = atoi(value);
    else if (strcmp(word, "precision") == 0)
        field->precision = atoi(value);
    else if (strcmp(word, "scale") == 0)
        field->scale = atoi(value);
    else if (strcmp(word, "digits") == 0)
        field->digits = atoi(value);
    else if (strcmp(word, "list") == 0)
        add_values(field, value);
    else if (strcmp(word, "restricted") == 0)
        field->restricted_picklist = true;
    else if (strcmp(word, "required") == 0)
        field->nillable = false;
    else if (strcmp(word, "case-sensitive") == 0)
        field->case_sensitive = true;
    else if (strcmp(word, "read-only") == 0)
        field->createable = field->updateable = false;
    else if (strcmp(word, "create-only") == 0)
        field->updateable = false;
    else if (strcmp(word, "update-only") == 0)
        field->createable = false;
    else if (strcmp(word, "unfilterable") == 0)
        field->filterable = false;
    else
        complain(stage, "no such property", word);
}

/* "Lead.Score__c double precision=4": adds a field, or changes what is named of one. */
static void use_field(struct stage *stage, char *text)
{
    char *rest = NULL;
    char *object_name = strtok_r(text, ".", &rest);
    char *name = strtok_r(NULL, " ", &rest);
    char *word = strtok_r(NULL, " ", &rest);
    struct schema_object *object = find_object(stage, object_name);
    struct schema_field *field;

    if (object == NULL)
        return;
    field = (struct schema_field *)schema_field(object, name);
    if (field == NULL) {
        field = schema_add_field(object, name);
        field->type = field_type_parse(word);
        field->custom = true;
        field->nillable = field->createable = field->updateable = field->filterable = true;
        word = strtok_r(NULL, " ", &rest);
    }
    for (; word != NULL; word = strtok_r(NULL, " ", &rest))
        set_property(stage, field, word);
    schema_object_sort(object);
}

/* "Lead.Title": the user of the destination cannot see it. */
static void hide_field(struct stage *stage, char *text)
{
    char *name = strchr(text, '.');
    struct schema_object *object;

    *name++ = '\0';
    object = find_object(stage, text);
    if (object == NULL || schema_field(object, name) == NULL) {
        complain(stage, "no such field", name);
        return;
    }
    struct schema_field *field = (struct schema_field *)schema_field(object, name);
    mem_free(field->name);
    field->name = mem_text("~hidden");
    schema_object_sort(object);
}

static void use_schema(struct stage *stage, const char *which)
{
    struct err err = {0};

    schema_unref(stage->schema);
    stage->schema = schema_standard(&err);
    assert_non_null(stage->schema);
    stage->untyped = strcmp(which, "none") == 0;
}

/* --- one case --- */

/* The file's message, with a messageId put in. */
static char *read_example(struct stage *stage, const char *name)
{
    char *path = mem_format("%s/%s", EXAMPLES, name);
    char *text = mem_alloc(MAX_LINE);
    FILE *f = fopen(path, "re");
    char *message = NULL;

    if (f == NULL) {
        complain(stage, "cannot read the example", name);
    } else {
        text[fread(text, 1, MAX_LINE - 1, f)] = '\0';
        message = mem_format("{\"messageId\":\"m1\",%s", strchr(text, '{') + 1);
        fclose(f);
    }
    mem_free(text);
    mem_free(path);
    return message;
}

/* The whole message of a line; NULL when the line is none. */
static char *message_of(struct stage *stage, const char *line)
{
    if (strncmp(line, "identify ", 9) == 0)
        return mem_format("{\"type\":\"identify\",\"messageId\":\"m1\",\"userId\":\"u-1\","
                          "\"anonymousId\":\"a-1\",\"integrations\":{\"Salesforce\":true},"
                          "\"traits\":%s}",
                          line + 9);
    if (strncmp(line, "group ", 6) == 0)
        return mem_format("{\"type\":\"group\",\"messageId\":\"m1\",\"userId\":\"u-1\","
                          "\"groupId\":\"813\",\"integrations\":{\"Salesforce\":true},"
                          "\"traits\":%s}",
                          line + 6);
    if (strncmp(line, "example ", 8) == 0)
        return read_example(stage, line + 8);
    return line[0] == '{' ? mem_text(line) : NULL;
}

static void compare(struct stage *stage, const char *expected, const char *got)
{
    if (case_answer_fits(expected, got))
        stage->passed++;
    else
        complain(stage, "got", got);
}

static void run_case(struct stage *stage, const char *message, const char *expected)
{
    struct err err = {0};
    struct event event;
    struct mapping_result result;
    struct buf out;

    if (event_read(&event, message, strlen(message), &err) < 0) {
        complain(stage, "event", err.text);
        return;
    }
    buf_init(&out, 4 * MAX_LINE);
    if (mapping_map(&event, &stage->settings->destinations[0], stage->schema, stage->untyped,
                    &result, &err) == 0) {
        mapping_print(&event, &result, &out);
        compare(stage, expected, buf_peek(&out));
        mapping_result_done(&result);
    } else {
        complain(stage, "map", err.text);
    }
    buf_done(&out);
    event_done(&event);
}

/* A line that sets the stage; false when it is none. */
static bool set_stage(struct stage *stage, char *line)
{
    if (strncmp(line, "# ", 2) == 0)
        snprintf(stage->title, sizeof(stage->title), "%s", line + 2);
    else if (strncmp(line, "settings", 8) == 0)
        use_settings(stage, line + (line[8] == ' ' ? 9 : 8));
    else if (strncmp(line, "schema ", 7) == 0)
        use_schema(stage, line + 7);
    else if (strncmp(line, "field ", 6) == 0)
        use_field(stage, line + 6);
    else if (strncmp(line, "hide ", 5) == 0)
        hide_field(stage, line + 5);
    else
        return line[0] == '\0' || line[0] == '#';
    return true;
}

static void run_file(const char *name, size_t *passed, size_t *failed)
{
    struct stage stage = {.file = name};
    char *path = mem_format("%s/%s", CASES_DIR, name);
    FILE *f = fopen(path, "re");
    char *line = mem_alloc(MAX_LINE);
    char *message = NULL;

    assert_non_null(f);
    use_settings(&stage, "");
    use_schema(&stage, "none");
    while (fgets(line, MAX_LINE, f) != NULL) {
        stage.line++;
        line[strcspn(line, "\n")] = '\0';
        if (message != NULL) {
            run_case(&stage, message, line);
            mem_free(message);
            message = NULL;
        } else if (!set_stage(&stage, line)) {
            message = message_of(&stage, line);
            if (message == NULL)
                complain(&stage, "a line that is not understood", line);
        }
    }
    if (message != NULL)
        complain(&stage, "an event without what is expected of it", "at the end of the file");
    mem_free(message);
    mem_free(line);
    mem_free(path);
    fclose(f);
    settings_unref(stage.settings);
    schema_unref(stage.schema);
    *passed += stage.passed;
    *failed += stage.failed;
}

TEST(every_case_maps_to_what_stands_below_it)
{
    DIR *folder = opendir(CASES_DIR);
    size_t passed = 0, failed = 0;

    CHECK(folder != NULL);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        size_t len = strlen(entry->d_name);
        if (len > 6 && strcmp(entry->d_name + len - 6, ".cases") == 0)
            run_file(entry->d_name, &passed, &failed);
    }
    closedir(folder);
    print_message("%zu cases passed, %zu failed\n", passed, failed);
    CHECK_INT(failed, 0);
    CHECK(passed > 100);
}

TEST_MAIN(TEST_CASE(every_case_maps_to_what_stands_below_it))
