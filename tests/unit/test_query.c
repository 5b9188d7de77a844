#include "ingest_rig.h"

#include "ingest/base64.h"
#include "ingest/query.h"

TEST(base64_is_read_in_every_dialect)
{
    static const char *const same[] = {"+/+/AA==", "-_-_AA==", "-_-_AA", "+/+/AA", " / /AA="};
    struct err err = {0};
    size_t len;

    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        char *bytes = base64_decode(same[i], &len, &err);
        CHECK(bytes != NULL);
        CHECK_INT(len, 4);
        CHECK(memcmp(bytes, "\xfb\xff\xbf\0", 5) == 0);
        mem_free(bytes);
    }
    CHECK(base64_decode("a", &len, &err) == NULL);
    CHECK(base64_decode("ab=c", &len, &err) == NULL);
    CHECK(base64_decode("ab\ncd", &len, &err) == NULL);
}

TEST(a_query_becomes_the_message_its_dots_mean)
{
    static const char *const parameters[][2] = {
        {"userId", "u"},       {"traits.a.b", "1"},
        {"traits.a.c", "2"},   {"traits.a", "clash"},
        {"userId.x", "clash"}, {"userId", "twice"},
        {"bad", "\xff"},       {"callback", "f"},
        {"..", "dots"},        {"a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s", "deep"},
    };
    struct err err = {0};
    struct query *query = query_new(&err);
    struct buf out;

    buf_init(&out, 10000);
    for (size_t i = 0; i < sizeof parameters / sizeof parameters[0]; i++)
        query_add(query, parameters[i][0], parameters[i][1]);
    CHECK_INT(query_message(query, &out, &err), 0);
    check_value(out.data, "userId", "u");
    check_value(out.data, "traits/a/b", "1");
    check_value(out.data, "traits/a/c", "2");
    check_value(out.data, "bad", NULL);
    check_value(out.data, "callback", NULL);
    CHECK(strstr(out.data, "deep") == NULL);
    CHECK(strstr(out.data, "clash") == NULL);
    buf_done(&out);
    query_free(query);
}

TEST_MAIN(TEST_CASE(base64_is_read_in_every_dialect),
          TEST_CASE(a_query_becomes_the_message_its_dots_mean))
