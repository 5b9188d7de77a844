/* How whole requests are understood: test_http.c.  Here: properties of the reader. */
#include "check.h"

#include "base/mem.h"
#include "http/head.h"

static struct head read_head(char *text, size_t len)
{
    struct head head = {0};

    head_read(&head, text, len);
    return head;
}

TEST(the_end_is_found_wherever_the_bytes_are_cut)
{
    static const struct {
        const char *text;
        size_t length;
    } heads[] = {
        {"GET / HTTP/1.1\r\nHost: x\r\n\r\nbody\r\n\r\n", 27},
        {"GET / HTTP/1.1\nHost: x\n\nbody\n\n", 24},
        {"GET / HTTP/1.1\r\n\nmore", 17},
        {"GET / HTTP/1.1\n\r\nmore", 17},
        {"GET / HTTP/1.1\r\nX: \r\r\n\r\nmore", 24},
        {"GET / HTTP/1.1\r\nHost: x\r\n\r", 0},
        {"GET / HTTP/1.1\r\n\rX\r\n", 0},
    };

    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        for (size_t cut = 0; cut <= strlen(heads[i].text); cut++) {
            size_t scanned = 0, first = head_length(heads[i].text, cut, &scanned);
            if (first == 0)
                first = head_length(heads[i].text, strlen(heads[i].text), &scanned);
            CHECK_INT(first, heads[i].length);
        }
}

/* What may stand in a header's value, byte by byte. */
TEST(every_byte_in_a_value_is_kept_or_refused)
{
    for (int byte = 0; byte < 256; byte++) {
        char text[] = "GET / HTTP/1.1\r\nHost: x\r\nX-A: a?c\r\n\r\n", wanted[] = "a?c";
        struct head head;
        bool may = byte >= ' ' ? byte != 0x7f : byte == '\t';
        *strchr(text, '?') = *strchr(wanted, '?') = (char)byte;
        head = read_head(text, sizeof text - 1);
        CHECK((head.status == 0) == may);
        if (may)
            CHECK_STR(head_field(&head, "x-a"), wanted);
        else
            CHECK_STR(head.code, "bad_framing");
    }
}

/* And in its name. */
TEST(every_byte_in_a_name_is_of_a_token_or_refused)
{
    for (int byte = 0; byte < 256; byte++) {
        char text[] = "GET / HTTP/1.1\r\nHost: x\r\nX?A: b\r\n\r\n", wanted[] = "X?A";
        struct head head;
        bool token = byte > ' ' && byte < 0x7f && strchr("\"(),/:;<=>?@[\\]{}", byte) == NULL;
        *strchr(text, '?') = *strchr(wanted, '?') = (char)byte;
        head = read_head(text, sizeof text - 1);
        CHECK((head.status == 0) == (token || byte == ':'));
        if (token)
            CHECK_STR(head_field(&head, wanted), "b");
    }
}

TEST(a_target_that_names_a_host_stands_for_the_host_header)
{
    char text[] = "GET http://real.example:8080/a/b?c=d HTTP/1.1\r\nHost: other\r\n\r\n";
    char plain[] = "GET /a/b HTTP/1.1\r\nHost: \t other:81 \r\n\r\n";
    struct head head = read_head(text, sizeof text - 1);

    CHECK_INT(head.status, 0);
    CHECK_STR(head.path, "/a/b");
    CHECK_STR(head.query, "c=d");
    CHECK_STR(head_field(&head, "host"), "real.example:8080");
    head = read_head(plain, sizeof plain - 1);
    CHECK_STR(head_field(&head, "HOST"), "other:81");
    CHECK(head_field(&head, "Hos") == NULL);
}

TEST(what_stands_behind_a_fault_is_read_all_the_same)
{
    char text[] = "BAD\r\n fold\r\nX\r\nOrigin: o\r\nConnection: close\r\n\r\n";
    struct head head = read_head(text, sizeof text - 1);

    CHECK_INT(head.status, 400);
    CHECK_STR(head.method, "");
    CHECK_STR(head_field(&head, "Origin"), "o");
    CHECK(!head.keep_alive);
}

TEST(a_query_is_told_decoded)
{
    static const struct {
        const char *query, *decoded; /* with | for each NUL */
    } queries[] = {
        {"", ""},
        {"a=b", "a|b|"},
        {"a=b&c=d=e&&f&=g", "a|b|c|d=e|f|||g|"},
        {"a+b=c+d%2B%26%3d", "a b|c d+&=|"},
        {"a=%C3%A4%zz%4", "a|\xc3\xa4%zz%4|"},
        {"a=b&%00=%00&c=d%00", "a|b|||c||"},
    };

    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        struct buf to;
        buf_init(&to, 1000);
        head_arguments(queries[i].query, &to);
        for (size_t at = 0; at < to.len; at++)
            if (to.data[at] == '\0')
                to.data[at] = '|';
        CHECK_STR(buf_peek(&to), queries[i].decoded);
        buf_done(&to);
    }
}

TEST(of_a_refused_target_nothing_is_read)
{
    char text[] = "GET /a?b=%00 HTTP/1.1\r\nHost: x\r\n\r\n";
    struct head head = read_head(text, sizeof text - 1);

    CHECK_INT(head.status, 400);
    CHECK_STR(head.path, "");
    CHECK_STR(head.query, "");
}

TEST_MAIN(TEST_CASE(the_end_is_found_wherever_the_bytes_are_cut),
          TEST_CASE(every_byte_in_a_value_is_kept_or_refused),
          TEST_CASE(every_byte_in_a_name_is_of_a_token_or_refused),
          TEST_CASE(a_target_that_names_a_host_stands_for_the_host_header),
          TEST_CASE(what_stands_behind_a_fault_is_read_all_the_same),
          TEST_CASE(a_query_is_told_decoded), TEST_CASE(of_a_refused_target_nothing_is_read))
