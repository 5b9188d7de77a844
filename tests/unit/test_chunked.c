#include "check.h"

#include "base/mem.h"
#include "http/chunked.h"

static const char good[] = "5\r\nhello\r\n"
                           "001;name=value; other\r\n,\r\n"
                           "A \t;x\r\n0123456789\r\n"
                           "a\r\n\r\n\r\n\r\n\r\n\r\n\r\n"
                           "0\r\nX-Trailer: a\r\nX-Other:\tb\r\n\r\n";
static const char text[] = "hello,0123456789\r\n\r\n\r\n\r\n\r\n";

/* Reads bytes in pieces that end at one and two; what was read stands in to. */
static struct chunked read_cut(const char *bytes, size_t len, size_t one, size_t two,
                               struct buf *to, size_t *ret_used)
{
    const size_t ends[] = {one, two, len};
    struct chunked chunked = {0};
    size_t at = 0;

    for (int i = 0; i < 3; i++) {
        size_t used = chunked_read(&chunked, bytes + at, ends[i] - at, to);
        at += used;
        if (at < ends[i])
            break;
    }
    *ret_used = at;
    return chunked;
}

TEST(a_body_is_the_same_wherever_it_is_cut)
{
    static const char bytes[] = "GET"; /* the next request */
    size_t len = sizeof good - 1, used;
    char *both = mem_format("%s%s", good, bytes);

    for (size_t one = 0; one <= len; one++)
        for (size_t two = one; two <= len; two++) {
            struct buf to;
            struct chunked chunked;
            buf_init(&to, 1000);
            chunked = read_cut(both, len + 3, one, two, &to, &used);
            CHECK_INT(chunked.state, CHUNKED_DONE);
            CHECK_INT(used, len);
            CHECK_STR(buf_peek(&to), text);
            buf_done(&to);
        }
    mem_free(both);
}

TEST(what_is_no_chunk_is_refused_wherever_it_is_cut)
{
    static const char *const bad[] = {
        "\r\n",
        "x\r\n",
        ";a\r\n",
        " 1\r\n",
        "-1\r\n",
        "+1\r\n",
        "0x1\r\n",
        "1\na\r\n",
        "1\rXa\r\n",
        "1;a\nb\r\n",
        "1;a\x01\r\n",
        "1\r\nab\r\n",
        "1\r\na\n0\r\n\r\n",
        "1\r\na\rX",
        "1\r\na0\r\n\r\n",
        "0\r\n\n",
        "0\r\nX: a\n\r\n",
        "0\r\nX: a\rb\r\n",
        "ffffffffffffffff\r\n",
        "10000000000000000\r\n",
    };

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        for (size_t one = 0; one <= strlen(bad[i]); one++) {
            struct buf to;
            size_t used;
            struct chunked chunked;
            buf_init(&to, 1000);
            chunked = read_cut(bad[i], strlen(bad[i]), one, one, &to, &used);
            if (chunked.state != CHUNKED_BAD)
                print_error("%s\n", bad[i]);
            CHECK_INT(chunked.state, CHUNKED_BAD);
            buf_done(&to);
        }
}

TEST(what_is_read_over_has_a_bound)
{
    for (int over = 0; over <= 1; over++) {
        char *extra = mem_format("0;%*s", (int)CHUNKED_MAX_EXTRA - 1 + over, "");
        struct chunked chunked = {0};
        struct buf to;
        buf_init(&to, 1);
        chunked_read(&chunked, extra, strlen(extra), &to);
        CHECK_INT(chunked.state, over ? CHUNKED_BAD : CHUNKED_EXTENSION);
        mem_free(extra);
    }
}

TEST_MAIN(TEST_CASE(a_body_is_the_same_wherever_it_is_cut),
          TEST_CASE(what_is_no_chunk_is_refused_wherever_it_is_cut),
          TEST_CASE(what_is_read_over_has_a_bound))
