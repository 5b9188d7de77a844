/* ISO 8601, seconds and milliseconds since 1970, as days, instants and times of day. */
#include "mapping/dates.h"

#include <string.h>

#include "mapping/number.h"

#define SECONDS_BELOW 31557600000LL /* from here on it counts milliseconds */
#define YEAR_1700_MS  (-8520336000000LL)
#define YEAR_4001_MS  64092211200000LL

#define DAY_LEN (sizeof("2026-11-23") - 1)

static bool all_digits(const char *text, size_t len)
{
    return strspn(text, "0123456789") >= len;
}

static bool read_count(const char *text, size_t len, int64_t *ret_ms)
{
    struct number number;
    int64_t count;

    if (!number_read(text, len, &number) || !number_to_int(&number, &count))
        return false;
    if (count > YEAR_4001_MS || count < YEAR_1700_MS)
        return false;
    *ret_ms = count < SECONDS_BELOW && count > -SECONDS_BELOW ? count * 1000 : count;
    return true;
}

static bool read_instant(const char *text, size_t len, bool is_number, int64_t *ret_ms)
{
    enum isotime_kind kind;

    if (is_number || ((len == 10 || len == 13) && all_digits(text, len))) {
        if (!read_count(text, len, ret_ms))
            return false;
    } else if (isotime_parse(text, len, ret_ms, &kind) < 0) {
        return false;
    }
    return *ret_ms >= YEAR_1700_MS && *ret_ms < YEAR_4001_MS;
}

bool dates_day(const char *text, size_t len, bool is_number, char ret[ISOTIME_MAX])
{
    int64_t ms;

    if (!read_instant(text, len, is_number, &ms))
        return false;
    if (is_number || all_digits(text, len)) {
        isotime_date(ms, ret);
    } else {
        memcpy(ret, text, DAY_LEN);
        ret[DAY_LEN] = '\0';
    }
    return true;
}

bool dates_instant(const char *text, size_t len, bool is_number, char ret[ISOTIME_MAX])
{
    int64_t ms;

    if (!read_instant(text, len, is_number, &ms))
        return false;
    isotime_format(ms, ret);
    return true;
}

bool dates_time(const char *text, size_t len, char ret[ISOTIME_MAX])
{
    static const char day[] = "2000-01-01T";
    char instant[64];
    enum isotime_kind kind;
    int64_t ms;

    if (len > sizeof(instant) - sizeof(day))
        return false;
    memcpy(instant, day, sizeof(day) - 1);
    memcpy(instant + sizeof(day) - 1, text, len);
    if (isotime_parse(instant, sizeof(day) - 1 + len, &ms, &kind) < 0 || kind == ISOTIME_DATE)
        return false;
    isotime_format(ms, instant);
    memcpy(ret, instant + sizeof(day) - 1, strlen(instant) - (sizeof(day) - 1) + 1);
    return true;
}
