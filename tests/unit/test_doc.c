#include "check.h"

#include "base/mem.h"
#include "base/buf.h"
#include "event/parse.h"

static int parse(struct doc *doc, const char *text, struct err *err)
{
    return doc_parse(doc, text, strlen(text), err);
}

/* A text of depth brackets around nothing. */
static char *nested(size_t depth)
{
    char *text = mem_alloc(2 * depth + 1);

    CHECK(text != NULL);
    memset(text, '[', depth);
    memset(text + depth, ']', depth);
    text[2 * depth] = '\0';
    return text;
}

TEST(members_and_elements_come_in_the_order_they_were_written)
{
    struct err err = {0};
    struct doc doc;
    static const char *const keys[] = {"z", "a", "m"};
    size_t i = 0;

    CHECK_INT(parse(&doc, " {\"z\":1, \"a\" : [true,null,false] ,\"m\":{},\"z\":2}\r\n\t", &err),
              0);
    const struct doc_node *root = doc_root(&doc);
    CHECK_INT(root->type, DOC_OBJECT);
    CHECK_INT(root->count, 3);
    for (const struct doc_node *m = doc_first(&doc, root); m != NULL; m = doc_next(&doc, m))
        CHECK(doc_key_is(&doc, m, keys[i++]));
    CHECK_INT(i, 3);

    const struct doc_node *list = doc_get(&doc, root, "a");
    CHECK_INT(list->count, 3);
    const struct doc_node *element = doc_first(&doc, list);
    CHECK_INT(element->type, DOC_TRUE);
    element = doc_next(&doc, element);
    CHECK_INT(element->type, DOC_NULL);
    element = doc_next(&doc, element);
    CHECK_INT(element->type, DOC_FALSE);
    CHECK(doc_next(&doc, element) == NULL);
    CHECK(doc_first(&doc, doc_get(&doc, root, "m")) == NULL);
    doc_done(&doc);
}

/* Every object of up to five members over three names, one of them with an escape, and
   objects of many members: what counts is what a map that is written in order holds. */
TEST(of_a_key_that_stands_twice_the_last_counts_in_the_place_of_the_first)
{
    static const char *const spellings[] = {"a", "\\u0061", "b", "c"};
    static const int names[] = {0, 0, 1, 2};

    for (int shape = 0; shape < 4 * 4 * 4 * 4 * 4; shape++) {
        struct err err = {0};
        struct doc doc;
        struct buf text;
        int value[3] = {-1, -1, -1}, order[3], found = 0, rest = shape;
        size_t written = 0, len;

        buf_init(&text, 1000);
        for (int i = 0; i < 5; i++, rest /= 4) {
            buf_format(&text, "%s\"%s\":%d", i == 0 ? "{" : ",", spellings[rest % 4], i);
            int name = names[rest % 4];
            if (value[name] < 0)
                order[found++] = name;
            value[name] = i;
        }
        buf_char(&text, '}');
        CHECK_INT(parse(&doc, buf_peek(&text), &err), 0);
        const struct doc_node *root = doc_root(&doc), *m = doc_first(&doc, root);
        CHECK_INT(root->count, found);
        for (int i = 0; i < found; i++, m = doc_next(&doc, m)) {
            CHECK(doc_key_is(&doc, m, spellings[order[i] == 0 ? 0 : order[i] + 1]));
            CHECK_INT(*doc_raw(&doc, m, &len) - '0', value[order[i]]);
        }
        CHECK(m == NULL);
        for (m = doc_first_written(&doc, root); m != NULL; m = doc_next_written(&doc, m))
            CHECK_INT(*doc_raw(&doc, m, &len) - '0', written++);
        CHECK_INT(written, 5);
        doc_done(&doc);
        buf_done(&text);
    }
}

TEST(among_many_members_the_last_of_a_name_counts_too)
{
    enum { MANY = 3000, NAMES = 1000 };
    struct err err = {0};
    struct doc doc;
    struct buf text;
    char raw[20];
    size_t len;
    int i = 0;

    buf_init(&text, 100000);
    for (i = 0; i < MANY; i++)
        buf_format(&text, "%s\"%s%d\":%d", i == 0 ? "{" : ",", i % 2 ? "k" : "\\u006b", i % NAMES,
                   i);
    buf_char(&text, '}');
    CHECK_INT(parse(&doc, buf_peek(&text), &err), 0);
    CHECK_INT(doc_root(&doc)->count, NAMES);
    i = MANY - NAMES;
    for (const struct doc_node *m = doc_first(&doc, doc_root(&doc)); m != NULL;
         m = doc_next(&doc, m)) {
        snprintf(raw, sizeof raw, "%d", i++);
        CHECK(memcmp(doc_raw(&doc, m, &len), raw, strlen(raw)) == 0);
    }
    CHECK_INT(i, MANY);
    doc_done(&doc);
    buf_done(&text);
}

TEST(running_out_of_memory_while_names_are_compared_is_an_error)
{
    static const char text[] =
        "{\"a\":1,\"\\u0061\":2,\"c\":{\"1\":0,\"2\":0,\"3\":0,\"4\":0,\"5\":0,"
        "\"6\":0,\"7\":0,\"8\":0,\"9\":0,\"10\":0,\"11\":0,\"12\":0,"
        "\"13\":0,\"14\":0,\"15\":0,\"16\":0,\"\\u0031\":1}}";
    struct doc doc;
    int rc = -1;

    for (size_t nth = 1; rc < 0 && nth < 100; nth++) {
        struct err err = {0};
        mem_fail_at(nth);
        rc = parse(&doc, text, &err);
        mem_fail_at(0);
        if (rc < 0)
            CHECK_INT(err.kind, ERR_MEMORY);
    }
    CHECK_INT(rc, 0);
    doc_done(&doc);
}

TEST(a_key_is_found_by_its_exact_name)
{
    struct err err = {0};
    struct doc doc;
    size_t len;

    CHECK_INT(parse(&doc, "{\"a\":1,\"\\u0061\":2,\"a\":3}", &err), 0);
    CHECK(*doc_raw(&doc, doc_get(&doc, doc_root(&doc), "a"), &len) == '3');
    CHECK(doc_get(&doc, doc_root(&doc), "b") == NULL);
    CHECK(doc_get(&doc, NULL, "a") == NULL);
    CHECK(doc_get(&doc, doc_get(&doc, doc_root(&doc), "a"), "a") == NULL);
    doc_done(&doc);
}

TEST(numbers_keep_every_digit)
{
    static const char *const numbers[] = {
        "0", "-0", "12345678901234567890123456789", "1.10", "-2.50E+007", "1e400", "0.1e-9"};

    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        struct err err = {0};
        struct doc doc;
        size_t len;
        CHECK_INT(parse(&doc, numbers[i], &err), 0);
        CHECK_INT(doc_root(&doc)->type, DOC_NUMBER);
        char *text = doc_text(&doc, doc_root(&doc), &len);
        CHECK_STR(text, numbers[i]);
        mem_free(text);
        doc_done(&doc);
    }
}

TEST(strings_are_decoded_on_demand)
{
    static const struct {
        const char *json, *text;
        size_t len;
    } cases[] = {
        {"\"\"", "", 0},
        {"\"plain\"", "plain", 5},
        {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t", 8},
        {"\"\\u00e9\\u20AC\"", "\xC3\xA9\xE2\x82\xAC", 5},
        {"\"a\\ud83d\\uDE00z\"", "a\xF0\x9F\x98\x80z", 6},
        {"\"caf\xC3\xA9 long enough for words\"", "caf\xC3\xA9 long enough for words", 27},
        {"\"a\\u0000b\"", "a\0b", 3},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err err = {0};
        struct doc doc;
        char room[64];
        size_t len;
        CHECK_INT(parse(&doc, cases[i].json, &err), 0);
        char *text = doc_text(&doc, doc_root(&doc), &len);
        CHECK_INT(len, cases[i].len);
        CHECK(memcmp(text, cases[i].text, len + 1) == 0);
        CHECK(doc_is_text(&doc, doc_root(&doc), text) == (strlen(text) == len));
        CHECK(doc_text_into(&doc, doc_root(&doc), room, len + 1) == (strlen(text) == len));
        CHECK(!doc_text_into(&doc, doc_root(&doc), room, len));
        mem_free(text);
        doc_done(&doc);
    }
}

TEST(keys_are_decoded_and_compared_like_strings)
{
    struct err err = {0};
    struct doc doc;
    char room[10];
    size_t len;

    CHECK_INT(parse(&doc, "{\"na\\u006de\":1,\"a\\u0000b\":2}", &err), 0);
    const struct doc_node *first = doc_first(&doc, doc_root(&doc));
    CHECK(doc_key_is(&doc, first, "name"));
    CHECK(!doc_key_is(&doc, first, "nam") && !doc_key_is(&doc, first, "names"));
    CHECK(doc_key_into(&doc, first, room, 5) && strcmp(room, "name") == 0);
    CHECK(!doc_key_into(&doc, first, room, 4));
    CHECK(!doc_key_into(&doc, doc_next(&doc, first), room, sizeof room));
    char *key = doc_key(&doc, first, &len);
    CHECK_STR(key, "name");
    CHECK_INT(len, 4);
    mem_free(key);
    CHECK(!doc_key_is(&doc, doc_next(&doc, first), "a"));
    doc_done(&doc);
}

TEST(raw_text_is_what_was_sent)
{
    struct err err = {0};
    struct doc doc;
    const char *text = "[\"a\\n\", {\"b\" : [ 1 ]} ]";
    size_t len;

    CHECK_INT(parse(&doc, text, &err), 0);
    const char *raw = doc_raw(&doc, doc_root(&doc), &len);
    CHECK(raw == text && len == strlen(text));
    const struct doc_node *node = doc_first(&doc, doc_root(&doc));
    raw = doc_raw(&doc, node, &len);
    CHECK(len == 5 && memcmp(raw, "\"a\\n\"", 5) == 0);
    raw = doc_raw(&doc, doc_next(&doc, node), &len);
    CHECK(len == 13 && memcmp(raw, "{\"b\" : [ 1 ]}", 13) == 0);
    doc_done(&doc);
}

TEST(what_the_standard_does_not_allow_is_refused_with_its_place)
{
    static const struct {
        const char *text;
        int at; /* byte the error names */
    } bad[] = {
        {"", 0},
        {"   ", 3},
        {"{", 1},
        {"[", 1},
        {"[1", 2},
        {"[1,]", 3},
        {"[,1]", 1},
        {"[1 2]", 3},
        {"{\"a\":1,}", 7},
        {"{\"a\"}", 4},
        {"{\"a\":}", 5},
        {"{a:1}", 1},
        {"{1:1}", 1},
        {"{\"a\" 1}", 5},
        {"[}", 1},
        {"{]", 1},
        {"tru", 0},
        {"nul", 0},
        {"True", 0},
        {"truE", 0},
        {"NaN", 0},
        {"Infinity", 0},
        {"01", 1},
        {"-", 1},
        {"+1", 0},
        {"1.", 2},
        {".5", 0},
        {"1e", 2},
        {"1e+", 3},
        {"0x10", 1},
        {"'a'", 0},
        {"\"a", 2},
        {"\"a\\", 2},
        {"\"\\x41\"", 1},
        {"\"\\u12\"", 1},
        {"\"\\u12G4\"", 1},
        {"\"\x1F\"", 1},
        {"\"a\tb\"", 2},
        {"1 1", 2},
        {"{} x", 3},
        {"[]]", 2},
        {"\xEF\xBB\xBF{}", 0},
        {"// x\n1", 0},
        {"[1]/**/", 3},
        {"\v1", 0},
        {"\xC2\xA0"
         "1",
         0},
    };

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct err err = {0};
        struct doc doc;
        CHECK_INT(parse(&doc, bad[i].text, &err), -1);
        CHECK_INT(err.kind, ERR_INVALID);
        const char *place = strstr(err.text, " at byte ");
        CHECK(place != NULL);
        if (atoi(place + 9) != bad[i].at)
            print_error("%s: %s, not %d\n", bad[i].text, err.text, bad[i].at);
        CHECK_INT(atoi(place + 9), bad[i].at);
    }
}

TEST(text_that_is_no_utf8_is_refused)
{
    static const char *const bad[] = {
        "\"\xFF\"",
        "\"\xC3\"",
        "\"\xC0\x80\"",
        "\"\xED\xA0\x80\"",
        "\"\xF4\x90\x80\x80\"",
        "\"\x80\"",
        "{\"\xE2\x82\":1}",
        "\"0123456789\xFF\"",
    };

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct err err = {0};
        struct doc doc;
        CHECK_INT(parse(&doc, bad[i], &err), -1);
        CHECK_INT(err.kind, ERR_INVALID);
    }
}

TEST(half_a_surrogate_pair_is_refused)
{
    static const char *const bad[] = {
        "\"\\ud83d\"",        "\"\\ude00\"",        "\"\\ud83dx\"",   "\"\\ud83d\\n\"",
        "\"\\ud83d\\ud83d\"", "\"\\ud83d\\u0041\"", "\"\\ud83d\\u\"", "\"\\ude00\\ud83d\"",
    };

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct err err = {0};
        struct doc doc;
        CHECK_INT(parse(&doc, bad[i], &err), -1);
        CHECK_INT(err.kind, ERR_INVALID);
    }
}

TEST(a_nul_byte_is_no_end_and_no_space)
{
    struct err err = {0};
    struct doc doc;

    CHECK_INT(doc_parse(&doc, "1\0", 2, &err), -1);
    CHECK_INT(doc_parse(&doc, "\"a\0b\"", 5, &err), -1);
    CHECK_INT(doc_parse(&doc, "\"\\\0\"", 4, &err), -1);
}

TEST(nesting_is_bounded)
{
    struct err err = {0};
    struct doc doc;
    char *fits = nested(DOC_MAX_DEPTH), *deep = nested(DOC_MAX_DEPTH + 1), *abyss = nested(100000);

    CHECK_INT(parse(&doc, fits, &err), 0);
    doc_done(&doc);
    CHECK_INT(parse(&doc, deep, &err), -1);
    CHECK_STR(err.text, "nested too deep at byte 64");
    CHECK_INT(parse(&doc, abyss, &err), -1);
    mem_free(fits);
    mem_free(deep);
    mem_free(abyss);
}

TEST(the_number_of_values_is_bounded)
{
    struct err err = {0};
    struct doc doc;
    size_t len = 2 * (size_t)DOC_MAX_NODES + 1; /* [0,0,...,0]: one element too many */
    char *text = mem_alloc(len + 1);

    CHECK(text != NULL);
    for (size_t i = 0; i < len; i++)
        text[i] = i % 2 == 0 ? ',' : '0';
    text[0] = '[';
    text[len - 1] = ']';
    CHECK_INT(doc_parse(&doc, text, len, &err), -1);
    CHECK(strstr(err.text, "too many values") != NULL);
    text[len - 3] = ']';
    CHECK_INT(doc_parse(&doc, text, len - 2, &err), 0);
    CHECK_INT(doc.count, DOC_MAX_NODES);
    doc_done(&doc);
    mem_free(text);
}

TEST(running_out_of_memory_is_an_error_and_loses_nothing)
{
    const char *text = "[0,1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9,0,1,2,3]";

    for (size_t nth = 1;; nth++) {
        struct err err = {0};
        struct doc doc;
        mem_fail_at(nth);
        int rc = parse(&doc, text, &err);
        mem_fail_at(0);
        if (rc == 0) {
            doc_done(&doc);
            break;
        }
        CHECK_INT(err.kind, ERR_MEMORY);
    }
}

TEST_MAIN(TEST_CASE(members_and_elements_come_in_the_order_they_were_written),
          TEST_CASE(of_a_key_that_stands_twice_the_last_counts_in_the_place_of_the_first),
          TEST_CASE(among_many_members_the_last_of_a_name_counts_too),
          TEST_CASE(running_out_of_memory_while_names_are_compared_is_an_error),
          TEST_CASE(a_key_is_found_by_its_exact_name), TEST_CASE(numbers_keep_every_digit),
          TEST_CASE(strings_are_decoded_on_demand),
          TEST_CASE(keys_are_decoded_and_compared_like_strings),
          TEST_CASE(raw_text_is_what_was_sent),
          TEST_CASE(what_the_standard_does_not_allow_is_refused_with_its_place),
          TEST_CASE(text_that_is_no_utf8_is_refused), TEST_CASE(half_a_surrogate_pair_is_refused),
          TEST_CASE(a_nul_byte_is_no_end_and_no_space), TEST_CASE(nesting_is_bounded),
          TEST_CASE(the_number_of_values_is_bounded),
          TEST_CASE(running_out_of_memory_is_an_error_and_loses_nothing))
