/*
 * check: the few words the unit tests are written in, on top of cmocka.
 *
 *   TEST(a_sentence_that_is_the_name) { CHECK(...); }
 *   TEST_MAIN(TEST_CASE(a_sentence_that_is_the_name), ...)
 */
#ifndef TESTS_CHECK_H
#define TESTS_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TEST(name)        static void name(void **test_state)
#define TEST_CASE(name)   cmocka_unit_test(name)
#define CHECK(expression) assert_true(expression)
#define CHECK_INT(a, b)   assert_int_equal((a), (b))
#define CHECK_STR(a, b)   assert_string_equal((a), (b))

/* What takes long and is the same in every build is tried in the one without sanitizers. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

#define TEST_MAIN(...)                                                                             \
    int main(void)                                                                                 \
    {                                                                                              \
        const struct CMUnitTest test_cases[] = {__VA_ARGS__};                                      \
        return cmocka_run_group_tests(test_cases, NULL, NULL);                                     \
    }

#endif
