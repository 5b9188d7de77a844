#include "check.h"

#include "base/mem.h"
#include "base/utf8.h"
#include "mapping/mapping.h"

#define BIG (4 * 1024 * 1024)

/* The stage of most tests: a destination with every default, the bundled schema. */
struct stage {
    struct settings *settings;
    struct schema *schema;
    struct event event;
    struct mapping_result result;
};

static void set_up(struct stage *stage, const char *message)
{
    struct err err = {0};

    stage->settings = settings_default(&err);
    stage->schema = schema_standard(&err);
    CHECK(stage->settings != NULL && stage->schema != NULL);
    if (event_read(&stage->event, message, strlen(message), &err) < 0)
        fail_msg("%s", err.text);
}

static int map(struct stage *stage, bool untyped)
{
    struct err err = {0};

    return mapping_map(&stage->event, &stage->settings->destinations[0], stage->schema, untyped,
                       &stage->result, &err);
}

static void tear_down(struct stage *stage)
{
    mapping_result_done(&stage->result);
    event_done(&stage->event);
    schema_unref(stage->schema);
    settings_unref(stage->settings);
}

static bool has_note(const struct mapping_result *result, const char *code)
{
    for (size_t i = 0; i < result->note_count; i++) {
        if (strcmp(result->notes[i].code, code) == 0)
            return true;
    }
    return false;
}

static const struct mapping_write *find(const struct mapping_result *result, const char *field)
{
    for (size_t i = 0; i < result->write_count; i++) {
        if (strcmp(result->writes[i].field, field) == 0)
            return &result->writes[i];
    }
    return NULL;
}

#define HEAD "{\"messageId\":\"m\",\"integrations\":{\"Salesforce\":true},\"userId\":\"u\","

TEST(each_write_says_where_it_came_from)
{
    struct stage s = {0};

    set_up(&s, HEAD "\"type\":\"identify\",\"traits\":{\"email\":\"a@b.c\",\"name\":\"Ann B\","
                    "\"company\":{\"name\":\"I\"},\"plan\":\"x\"}}");
    CHECK_INT(map(&s, true), 0);
    CHECK_STR(find(&s.result, "Email")->trait, "email");
    CHECK_STR(find(&s.result, "LastName")->trait, "name");
    CHECK_STR(find(&s.result, "Company")->trait, "company.name");
    CHECK_STR(find(&s.result, "plan__c")->trait, "plan");
    CHECK_INT(s.result.lookup_count, 1);
    CHECK_INT(s.result.lookups[0].type, FIELD_EMAIL);
    CHECK(s.result.create_needs == NULL);
    tear_down(&s);
}

TEST(an_account_without_a_name_says_what_creating_it_needs)
{
    struct stage s = {0};

    set_up(&s, HEAD "\"type\":\"group\",\"groupId\":\"g\",\"traits\":{\"phone\":\"1\"}}");
    CHECK_INT(map(&s, true), 0);
    CHECK_STR(s.result.create_needs, "Name");
    tear_down(&s);

    set_up(&s, HEAD "\"type\":\"group\",\"groupId\":\"g\",\"traits\":{\"name\":\"I\"}}");
    CHECK_INT(map(&s, true), 0);
    CHECK(s.result.create_needs == NULL);
    tear_down(&s);
}

TEST(a_user_who_cannot_see_the_object_is_told)
{
    struct stage s = {0};

    set_up(&s, HEAD "\"type\":\"identify\",\"traits\":{\"email\":\"a@b.c\"}}");
    schema_unref(s.schema);
    s.schema = schema_new();
    CHECK_INT(map(&s, false), 0);
    CHECK_INT(s.result.outcome, MAPPING_REJECT);
    CHECK_STR(s.result.reason, "object_not_visible");
    CHECK(s.result.detail != NULL);
    CHECK(s.result.key == NULL);
    tear_down(&s);
}

TEST(notes_and_details_hold_no_value)
{
    struct stage s = {0};

    set_up(&s,
           HEAD "\"type\":\"identify\",\"traits\":{\"email\":\"a@b.c\",\"employees\":\"SECRET\","
                "\"title\":{\"x\":\"SECRET\"},\"plan\":\"SECRET\",\"phones\":\"SECRET\"}}");
    CHECK_INT(map(&s, false), 0);
    CHECK(s.result.note_count >= 4);
    for (size_t i = 0; i < s.result.note_count; i++)
        CHECK(strstr(s.result.notes[i].detail, "SECRET") == NULL);
    tear_down(&s);
}

/* An event with count traits named prefix0, prefix1, ... */
static char *many_traits(const char *prefix, size_t count)
{
    struct buf text;

    buf_init(&text, BIG);
    buf_text(&text, HEAD "\"type\":\"identify\",\"traits\":{\"email\":\"a@b.c\"");
    for (size_t i = 0; i < count; i++)
        buf_format(&text, ",\"%s%zu\":1", prefix, i);
    buf_text(&text, "}}");
    return buf_take(&text, &(size_t){0});
}

TEST(an_event_of_endless_traits_stays_bounded)
{
    struct stage s = {0};
    char *message = many_traits("t", 5000);

    set_up(&s, message);
    CHECK_INT(map(&s, false), 0);
    CHECK(s.result.note_count <= 201);
    CHECK_STR(s.result.notes[s.result.note_count - 1].code, "notes_left_out");
    mapping_result_done(&s.result);
    CHECK_INT(map(&s, true), 0);
    CHECK(s.result.write_count <= 1000);
    CHECK(has_note(&s.result, "too_many_traits") || has_note(&s.result, "too_many_fields"));
    tear_down(&s);
    mem_free(message);
}

TEST(the_name_of_a_trait_is_cut_and_cleaned_for_its_note)
{
    struct stage s = {0};
    char name[301];
    char *message;

    memset(name, 'n', 300);
    name[300] = '\0';
    message = mem_format(HEAD "\"type\":\"identify\",\"traits\":{\"email\":\"a@b.c\","
                              "\"%s\":1,\"a\\u0000\\n\\\"b\":1}}",
                         name);
    set_up(&s, message);
    CHECK_INT(map(&s, false), 0);
    CHECK_INT(s.result.note_count, 2);
    CHECK_INT(strlen(s.result.notes[0].trait), 100);
    CHECK_STR(s.result.notes[1].trait, "a \"b");
    tear_down(&s);
    mem_free(message);
}

static void check_printed(const char *message, const char *expected)
{
    struct stage s = {0};
    struct buf out;

    set_up(&s, message);
    CHECK_INT(map(&s, true), 0);
    buf_init(&out, BIG);
    mapping_print(&s.event, &s.result, &out);
    CHECK(!buf_failed(&out));
    CHECK_STR(buf_peek(&out), expected);
    buf_done(&out);
    tear_down(&s);
}

TEST(the_line_is_printed_to_the_letter)
{
    check_printed(HEAD
                  "\"type\":\"identify\",\"traits\":{\"email\":\"a@b.c\",\"lastName\":\"O\\\"B\","
                  "\"company\":\"I\",\"n\":12345678901234567890.10,\"b\":false}}",
                  "{\"messageId\":\"m\",\"outcome\":\"write\",\"object\":\"Lead\","
                  "\"lookup\":{\"Email\":\"a@b.c\"},\"fields\":{\"Email\":\"a@b.c\","
                  "\"LastName\":\"O\\\"B\",\"Company\":\"I\",\"n__c\":12345678901234567890.10,"
                  "\"b__c\":false},\"create_only\":{},\"notes\":[]}");
    check_printed("{\"type\":\"identify\",\"messageId\":\"m\",\"userId\":\"u\"}",
                  "{\"messageId\":\"m\",\"outcome\":\"skip\",\"reason\":\"not_opted_in\"}");
    check_printed(HEAD "\"type\":\"identify\"}",
                  "{\"messageId\":\"m\",\"outcome\":\"reject\",\"reason\":\"missing_lookup_value\","
                  "\"detail\":\"The event has no value for Email, by which a Lead is found.\"}");
}

TEST(running_out_of_memory_leaves_nothing_behind)
{
    struct stage s = {0};
    int rc = -1;
    size_t nth = 1;

    set_up(&s, HEAD "\"type\":\"identify\",\"traits\":{\"email\":\"a@b.c\",\"name\":\"Ann B\","
                    "\"company\":{\"name\":\"I\"},\"plan\":\"x\",\"employees\":\"many\","
                    "\"phones\":[\"\",1],\"title\":null,\"address\":\"x\",\"o\":{},\"id\":\"u\"}}");
    for (; rc < 0 && nth < 10000; nth++) {
        mem_fail_at(nth);
        rc = map(&s, true);
        mem_fail_at(0);
    }
    CHECK_INT(rc, 0);
    CHECK_INT(s.result.outcome, MAPPING_WRITE);
    CHECK(find(&s.result, "plan__c") != NULL);
    tear_down(&s);
}

TEST_MAIN(TEST_CASE(each_write_says_where_it_came_from),
          TEST_CASE(an_account_without_a_name_says_what_creating_it_needs),
          TEST_CASE(a_user_who_cannot_see_the_object_is_told),
          TEST_CASE(notes_and_details_hold_no_value),
          TEST_CASE(an_event_of_endless_traits_stays_bounded),
          TEST_CASE(the_name_of_a_trait_is_cut_and_cleaned_for_its_note),
          TEST_CASE(the_line_is_printed_to_the_letter),
          TEST_CASE(running_out_of_memory_leaves_nothing_behind))
