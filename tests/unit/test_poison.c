/* What a refused key may cost in a window of time. */
#include "check.h"

#include "base/clock.h"
#include "delivery/poison.h"

#define WINDOW_MS 3600000

static struct poisons poisons;

static int64_t wait_of(const char *key)
{
    return poison_wait_ms(&poisons, poison_of(&poisons, key));
}

static void begin(void)
{
    clock_freeze(1795428468000);
    poisons = (struct poisons){.window_ms = WINDOW_MS};
}

static void end(void)
{
    poison_done(&poisons);
    clock_thaw();
}

TEST(a_key_has_so_many_writes_and_then_waits_for_the_end_of_its_window)
{
    begin();
    for (int i = 0; i < POISON_WRITES; i++) {
        CHECK_INT(wait_of("a"), 0);
        poison_count(&poisons, "a", "X");
    }
    CHECK_INT(wait_of("a"), WINDOW_MS);
    CHECK_INT(wait_of("b"), 0);
    end();
}

TEST(a_window_goes_by_its_first_write_whatever_comes_later)
{
    begin();
    for (int i = 0; i < POISON_WRITES; i++, clock_advance(1000))
        poison_count(&poisons, "a", "X");
    for (int i = 0; i < 100; i++, clock_advance(1000))
        poison_count(&poisons, "a", "X");
    CHECK_INT(wait_of("a"), WINDOW_MS - (POISON_WRITES + 100) * 1000);
    clock_advance(wait_of("a") - 1);
    CHECK_INT(wait_of("a"), 1);
    clock_advance(1);
    CHECK(poison_of(&poisons, "a") == NULL);
    end();
}

TEST(a_window_that_is_over_leaves_nothing_to_the_next)
{
    begin();
    poison_count_alone(&poisons, "a", "X");
    CHECK(poison_of(&poisons, "a")->alone);
    for (int i = 1; i < POISON_WRITES; i++)
        poison_count(&poisons, "a", "X");
    clock_advance(WINDOW_MS);
    poison_count(&poisons, "a", "Y");
    CHECK_INT(poison_of(&poisons, "a")->writes, 1);
    CHECK(!poison_of(&poisons, "a")->alone);
    CHECK_STR(poison_of(&poisons, "a")->code, "Y");
    CHECK_INT(wait_of("a"), 0);
    end();
}

TEST_MAIN(TEST_CASE(a_key_has_so_many_writes_and_then_waits_for_the_end_of_its_window),
          TEST_CASE(a_window_goes_by_its_first_write_whatever_comes_later),
          TEST_CASE(a_window_that_is_over_leaves_nothing_to_the_next))
