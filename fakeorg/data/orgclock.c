/* The org's clock: the machine's plus an offset. */
#include "fakeorg/data/orgclock.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

/* The years that isotime can write. */
#define EARLIEST_MS (-62135596800000LL)
#define LATEST_MS   253402300799000LL

#define MOST_DIGITS 12

static const struct {
    const char *name;
    int64_t ms;
} units[] = {
    {"ms", 1},  {"w", 7 * ORGCLOCK_DAY_MS}, {"d", ORGCLOCK_DAY_MS}, {"h", 3600000}, {"m", 60000},
    {"s", 1000}};

int64_t orgclock_now(const struct orgclock *clock)
{
    return clock_wall() + atomic_load(&clock->offset_ms);
}

void orgclock_stamp(const struct orgclock *clock, char ret[ISOTIME_MAX])
{
    isotime_format(orgclock_now(clock) / 1000 * 1000, ret);
}

void orgclock_today(const struct orgclock *clock, char ret[ISOTIME_MAX])
{
    isotime_date(orgclock_now(clock), ret);
}

static int set_to(struct orgclock *clock, int64_t ms, struct err *err)
{
    if (ms < EARLIEST_MS || ms > LATEST_MS)
        return err_set(err, ERR_INVALID, "expected a time within the years 0001 to 9999");
    atomic_store(&clock->offset_ms, ms - clock_wall());
    return 0;
}

/* The unit at text; sets *ret_len to its length.  0 when there is none. */
static int64_t unit_at(const char *text, size_t *ret_len)
{
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        *ret_len = strlen(units[i].name);
        if (strncmp(text, units[i].name, *ret_len) == 0)
            return units[i].ms;
    }
    return 0;
}

int orgclock_advance(struct orgclock *clock, const char *by, struct err *err)
{
    const char *at = by + (*by == '-');
    int64_t sum = 0;

    do {
        size_t digits = strspn(at, "0123456789"), len;
        char *end;
        int64_t count = strtoll(at, &end, 10), unit = unit_at(at + digits, &len);
        if (digits == 0 || digits > MOST_DIGITS || unit == 0 || count > LATEST_MS / unit)
            return err_set(err, ERR_INVALID, "expected a span such as 24h, 90s or 1d12h");
        sum += count * unit;
        at += digits + len;
    } while (*at != '\0' && sum <= LATEST_MS);
    return set_to(clock, orgclock_now(clock) + (*by == '-' ? -sum : sum), err);
}

int orgclock_set(struct orgclock *clock, const char *to, struct err *err)
{
    enum isotime_kind kind;
    int64_t ms;

    if (isotime_parse(to, strlen(to), &ms, &kind) < 0)
        return err_set(err, ERR_INVALID, "expected a time such as 2026-11-23T10:05:00Z");
    return set_to(clock, ms, err);
}

void orgclock_reset(struct orgclock *clock)
{
    atomic_store(&clock->offset_ms, 0);
}
