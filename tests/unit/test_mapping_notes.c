/* No trait vanishes in silence: each leaf of any tree of traits ends in a field, or a note
   covers it. */
#include "check.h"

#include "base/buf.h"
#include "base/mem.h"
#include "event/event.h"
#include "mapping/mapping.h"

#define MAX_LEAVES 400
#define TREES      3000

/* ---- trees of traits, by chance that can be repeated ---- */

static uint64_t state;

static unsigned pick(unsigned count)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(state >> 33) % count;
}

/* The keys of the rules and of settings rows, other spellings of them, and strangers. */
static const char *const keys[] = {"firstName",     "first_name",    "lastName",
                                   "name",          "company",       "title",
                                   "position",      "jobTitle",      "phone",
                                   "phones",        "mobilePhone",   "mobile",
                                   "fax",           "website",       "websites",
                                   "street",        "city",          "state",
                                   "country",       "postalCode",    "zip",
                                   "address",       "rating",        "leadSource",
                                   "salutation",    "description",   "background",
                                   "industry",      "employees",     "employee_count",
                                   "employeeCount", "annualRevenue", "type",
                                   "plan",          "shoe size",     "OwnerId",
                                   "Status",        "a.b",           "company.name",
                                   "address.city",  "\\u0063ompany", "id",
                                   "geo",           "\xe5\x90\x8d"};

#define COMPANY 4 /* its place among the keys */

struct leaf {
    char path[300];
    char said[20]; /* how the value is known again in a field; "" when it is not */
};

struct tree {
    struct buf text;
    struct leaf leaves[MAX_LEAVES];
    size_t count;
};

static void put_leaf(struct tree *tree, const char *path)
{
    struct leaf *leaf = &tree->leaves[tree->count];
    static const char *const plain[] = {"null", "true", "false", "\"\"", "\" \\t\"", "[]", "{}"};

    CHECK(tree->count < MAX_LEAVES);
    snprintf(leaf->path, sizeof leaf->path, "%s", path);
    snprintf(leaf->said, sizeof leaf->said, "%zu", 70000 + tree->count++);
    switch (pick(4)) {
    case 0:
        leaf->said[0] = '\0';
        buf_text(&tree->text, plain[pick(7)]);
        break;
    case 1:
        buf_text(&tree->text, leaf->said);
        break;
    default:
        buf_format(&tree->text, "\"v%s\"", leaf->said);
    }
}

static void put_value(struct tree *tree, const char *path, int depth);

static void put_array(struct tree *tree, const char *path)
{
    unsigned count = 1 + pick(3);

    buf_char(&tree->text, '[');
    for (unsigned i = 0; i < count; i++) {
        buf_text(&tree->text, i > 0 ? "," : "");
        put_leaf(tree, path);
    }
    buf_char(&tree->text, ']');
}

static void put_object(struct tree *tree, const char *path, int depth)
{
    unsigned count = 1 + pick(depth == 0 ? 10 : 4);
    bool used[sizeof keys / sizeof keys[0]] = {false};
    const char *before = depth == 0 ? "\"email\":\"v60000@x.io\"," : "";

    buf_char(&tree->text, '{');
    for (unsigned i = 0; i < count; i++) {
        unsigned key = pick(sizeof keys / sizeof keys[0]);
        unsigned name = strcmp(keys[key], "\\u0063ompany") == 0 ? COMPANY : key;
        char inner[300];
        if (used[name]) /* of a name that stands twice the last counts */
            continue;
        used[name] = true;
        snprintf(inner, sizeof inner, "%s%s%s", path, path[0] != '\0' ? "." : "", keys[name]);
        buf_format(&tree->text, "%s\"%s\":", before, keys[key]);
        put_value(tree, inner, depth + 1);
        before = ",";
    }
    buf_char(&tree->text, '}');
}

static void put_value(struct tree *tree, const char *path, int depth)
{
    unsigned kind = pick(6);

    if (kind == 0)
        put_array(tree, path);
    else if (kind <= 2 && depth < 4)
        put_object(tree, path, depth);
    else
        put_leaf(tree, path);
}

/* ---- what became of a leaf ---- */

/* The letters, digits and dots of a path, in lower case. */
static void plain(const char *path, char ret[300])
{
    size_t n = 0;

    for (; *path != '\0' && n < 299; path++) {
        char c = *path >= 'A' && *path <= 'Z' ? (char)(*path - 'A' + 'a') : *path;
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || (c & 0x80) != 0)
            ret[n++] = c;
    }
    ret[n] = '\0';
}

/* path is at, or a part of, whole. */
static bool covers(const char *whole, const char *path)
{
    char a[300], b[300];

    plain(whole, a);
    plain(path, b);
    size_t len = strlen(a);
    return strncmp(a, b, len) == 0 && (b[len] == '\0' || b[len] == '.');
}

static bool is_told(const struct mapping_result *result, const struct leaf *leaf)
{
    for (size_t i = 0; i < result->note_count; i++)
        if (covers(result->notes[i].trait, leaf->path))
            return true;
    for (size_t i = 0; i < result->write_count; i++) {
        const struct mapping_write *write = &result->writes[i];
        if (leaf->said[0] != '\0'
                ? write->value.text != NULL && strstr(write->value.text, leaf->said) != NULL
                : write->trait[0] != '\0' && covers(write->trait, leaf->path))
            return true;
    }
    return false;
}

/* ---- the tests ---- */

static const char *const settings_lines[] = {
    "",
    "    send_address_as_billing: false\n",
    "    null_clears: true\n    send_address_as_shipping: true\n",
    ("    lead_fields: {company.id: Jigsaw, plan: Title, address.geo.lat: Fax}\n"
     "    account_fields: {plan: Site, company.name: Phone}\n"),
    "    custom_lead_lookup_fields: {email: Email, fax: Fax}\n",
};

static struct settings *settings_of(const char *lines)
{
    struct err err = {0};
    struct buf text;
    struct settings *settings;

    buf_init(&text, 2000);
    buf_format(&text,
               "destinations:\n  - name: S\n    account_email: a@b\n    account_password: p\n%s",
               lines);
    settings = settings_parse(buf_peek(&text), text.len, "test", "/tmp", &err);
    if (settings == NULL)
        fail_msg("%s", err.text);
    buf_done(&text);
    return settings;
}

static void check_tree(const struct tree *tree, const struct mapping_result *result)
{
    for (size_t i = 0; i < tree->count && result->outcome == MAPPING_WRITE; i++) {
        if (is_told(result, &tree->leaves[i]))
            continue;
        print_error("%s (%s) vanished: %s\n", tree->leaves[i].path, tree->leaves[i].said,
                    tree->text.data);
        for (size_t k = 0; k < result->note_count; k++)
            print_error("  %s %s\n", result->notes[k].trait, result->notes[k].code);
        fail();
    }
}

static void map_tree(const struct settings *settings, const struct schema *schema, bool untyped,
                     bool identify)
{
    static struct tree tree;
    struct mapping_result result;
    struct event event;
    struct err err = {0};

    tree.count = 0;
    buf_init(&tree.text, 1000000);
    buf_format(&tree.text,
               "{\"type\":\"%s\",\"messageId\":\"m\",\"userId\":\"u\",\"groupId\":\"g\","
               "\"integrations\":{\"Salesforce\":true},\"traits\":",
               identify ? "identify" : "group");
    put_object(&tree, "", 0);
    buf_char(&tree.text, '}');
    if (event_read(&event, buf_peek(&tree.text), tree.text.len, &err) < 0)
        fail_msg("%s: %s", err.text, buf_peek(&tree.text));
    CHECK_INT(mapping_map(&event, &settings->destinations[0], schema, untyped, &result, &err), 0);
    check_tree(&tree, &result);
    mapping_result_done(&result);
    event_done(&event);
    buf_done(&tree.text);
}

TEST(every_leaf_of_a_tree_of_traits_is_written_or_noted)
{
    struct err err = {0};
    struct schema *schema = schema_standard(&err);

    CHECK(schema != NULL);
    for (size_t s = 0; s < sizeof settings_lines / sizeof settings_lines[0]; s++) {
        struct settings *settings = settings_of(settings_lines[s]);
        for (uint64_t seed = 1; seed <= TREES; seed++) {
            state = seed * 1000003 + s;
            map_tree(settings, schema, seed % 2 == 0, seed % 3 != 0);
        }
        settings_unref(settings);
    }
    schema_unref(schema);
}

TEST(notes_are_bounded_and_the_last_says_how_many_more_there_were)
{
    struct err err = {0};
    struct settings *settings = settings_of("");
    struct schema *schema = schema_standard(&err);
    struct mapping_result result;
    struct event event;
    struct buf text;

    buf_init(&text, 1000000);
    buf_text(&text,
             "{\"type\":\"identify\",\"messageId\":\"m\",\"userId\":\"a@b.example\","
             "\"integrations\":{\"Salesforce\":true},\"traits\":{\"company\":{\"name\":\"I\"");
    for (int i = 0; i < 1500; i++)
        buf_format(&text, ",\"part%d\":%d", i, i);
    buf_text(&text, "}}}");
    CHECK_INT(event_read(&event, buf_peek(&text), text.len, &err), 0);
    CHECK_INT(mapping_map(&event, &settings->destinations[0], schema, false, &result, &err), 0);
    CHECK_INT(result.note_count, 201);
    CHECK_STR(result.notes[0].trait, "company.part0");
    CHECK_STR(result.notes[0].code, "unknown_field");
    CHECK_STR(result.notes[200].code, "notes_left_out");
    CHECK_STR(result.notes[200].detail, "1300 more notes about this event are left out.");
    mapping_result_done(&result);
    event_done(&event);
    buf_done(&text);
    schema_unref(schema);
    settings_unref(settings);
}

TEST_MAIN(TEST_CASE(every_leaf_of_a_tree_of_traits_is_written_or_noted),
          TEST_CASE(notes_are_bounded_and_the_last_says_how_many_more_there_were))
