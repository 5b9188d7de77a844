#include "check.h"

#include "base/buf.h"
#include "fakeorg/soap/xml_read.h"
#include "fakeorg/soap/xml_write.h"

static struct xml_node *read_text(const char *text, struct arena *arena, struct err *err)
{
    arena_init(arena, 1 << 20);
    return xml_read(text, strlen(text), arena, err);
}

TEST(names_are_known_by_namespace_and_not_by_prefix)
{
    struct arena arena;
    struct err err = {0};
    struct xml_node *root =
        read_text("<a xmlns='u:1' xmlns:x='u:2'><x:b> t&amp;u </x:b><c xmlns=''><![CDATA[<]]></c>"
                  "<d xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:nil='1'/></a>",
                  &arena, &err);

    CHECK(xml_is(root, "u:1", "a"));
    CHECK_STR(xml_child(root, "u:2", "b")->text, " t&u ");
    CHECK_STR(xml_child(root, "", "c")->text, "<");
    CHECK(xml_child(root, "u:1", "d")->nil);
    CHECK(xml_child(root, "u:1", "b") == NULL);
    arena_done(&arena);
}

TEST(bad_xml_and_doctypes_are_refused)
{
    static const char *const bad[] = {"",
                                      "text",
                                      "<a>",
                                      "<a></b>",
                                      "<a/><b/>",
                                      "<a>&nope;</a>",
                                      "<x:a/>",
                                      "<a>\x01</a>",
                                      "<a>\xFF</a>",
                                      "<!DOCTYPE a><a/>",
                                      "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"};

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct arena arena;
        struct err err = {0};
        CHECK(read_text(bad[i], &arena, &err) == NULL);
        CHECK_INT(err.kind, ERR_INVALID);
        arena_done(&arena);
    }
}

TEST(depth_and_size_are_bounded)
{
    struct arena arena;
    struct err err = {0};
    struct buf text;

    buf_init(&text, 1 << 20);
    for (int i = 0; i <= XML_MAX_DEPTH; i++)
        buf_text(&text, "<a>");
    CHECK(read_text(buf_peek(&text), &arena, &err) == NULL);
    CHECK_INT(err.kind, ERR_INVALID);
    arena_done(&arena);

    buf_clear(&text);
    buf_text(&text, "<a>");
    for (int i = 0; i < 100000; i++)
        buf_text(&text, "<b/>");
    buf_text(&text, "</a>");
    CHECK(read_text(buf_peek(&text), &arena, &err) == NULL);
    CHECK_INT(err.kind, ERR_FULL);
    arena_done(&arena);
    buf_done(&text);
}

TEST(written_text_is_escaped_and_null_is_nil)
{
    struct buf out;

    buf_init(&out, 1000);
    xml_element(&out, "a", "<&>\"'\r\n");
    xml_element(&out, "b", NULL);
    xml_boolean(&out, "c", true);
    xml_integer(&out, "d", -5);
    CHECK_STR(buf_peek(&out), "<a>&lt;&amp;&gt;&quot;&#39;&#13;\n</a><b xsi:nil=\"true\"/>"
                              "<c>true</c><d>-5</d>");
    buf_done(&out);
}

TEST_MAIN(TEST_CASE(names_are_known_by_namespace_and_not_by_prefix),
          TEST_CASE(bad_xml_and_doctypes_are_refused), TEST_CASE(depth_and_size_are_bounded),
          TEST_CASE(written_text_is_escaped_and_null_is_nil))
