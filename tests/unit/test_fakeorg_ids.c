#include "check.h"

#include "fakeorg/data/ids.h"

TEST(ids_get_the_suffix_that_real_ones_have)
{
    static const char *const real[] = {"006A000000LZhwNIAT", "006A000000LaF4xIAF",
                                       "006A000000LbkT5IAJ", "001A0000006Vm9rIAC"};

    for (size_t i = 0; i < sizeof real / sizeof real[0]; i++) {
        char id[ID_MAX];
        CHECK(id_read(real[i], 15, id));
        CHECK_STR(id, real[i]);
        CHECK(id_read(real[i], 18, id));
        CHECK_STR(id, real[i]);
    }
}

TEST(an_id_of_18_survives_the_loss_of_its_case)
{
    char id[ID_MAX];

    CHECK(id_read("006a000000lzhwniat", 18, id));
    CHECK_STR(id, "006A000000LZhwNIAT");
    CHECK(id_read("006A000000LZHWNIAT", 18, id));
    CHECK_STR(id, "006A000000LZhwNIAT");
}

TEST(invalid_ids_are_refused)
{
    static const char *const bad[] = {"",
                                      "006A000000LZhw",
                                      "006A000000LZhwNI",
                                      "006A000000LZhwNIATx",
                                      "006A000000LZhw ",
                                      "006A000000LZhwN9AT",
                                      "006A000000LZhw\xC3\xBC"};
    char id[ID_MAX];

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(!id_read(bad[i], strlen(bad[i]), id));
    CHECK(!id_read("006A000000\0ZhwN", 15, id));
}

TEST(ids_count_in_base_62)
{
    char id[ID_MAX];

    id_make("00Q", 1, id);
    CHECK_STR(id, "00Q000000000001EAA");
    id_make("001", 61, id);
    CHECK_STR(id, "00100000000000zAAA");
    id_make("001", 62, id);
    CHECK_STR(id, "001000000000010AAA");
    id_make("001", 62 * 62 + 10, id);
    CHECK_STR(id, "00100000000010AAAQ");
}

TEST_MAIN(TEST_CASE(ids_get_the_suffix_that_real_ones_have),
          TEST_CASE(an_id_of_18_survives_the_loss_of_its_case), TEST_CASE(invalid_ids_are_refused),
          TEST_CASE(ids_count_in_base_62))
