/* A reader and a writer of ISO 8601, without the C library's locale and time zone. */
#include "base/isotime.h"

#include <stdbool.h>
#include <stdio.h>
#include <time.h>

#define MS_PER_DAY   86400000LL
#define YEAR_1_MS    (-62135596800000LL)
#define YEAR_9999_MS 253402300799999LL

struct reader {
    const char *at, *end;
};

static bool digits(struct reader *r, int count, int *ret)
{
    int value = 0;

    for (int i = 0; i < count; i++, r->at++) {
        if (r->at == r->end || *r->at < '0' || *r->at > '9')
            return false;
        value = value * 10 + (*r->at - '0');
    }
    *ret = value;
    return true;
}

static bool sign(struct reader *r, const char *one_of, char *ret)
{
    if (r->at == r->end)
        return false;
    for (const char *p = one_of; *p != '\0'; p++)
        if (*r->at == *p) {
            *ret = *r->at++;
            return true;
        }
    return false;
}

static bool leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && leap(year) ? 29 : days[month - 1];
}

/* Days from 1970-01-01, by counting in eras of 400 years. */
static int64_t days_from_civil(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return era * 146097 + day_of_era - 719468;
}

static bool read_date(struct reader *r, int64_t *ret_ms)
{
    int year, month, day;
    char dash;

    if (!digits(r, 4, &year) || !sign(r, "-", &dash) || !digits(r, 2, &month) ||
        !sign(r, "-", &dash) || !digits(r, 2, &day))
        return false;
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_in(year, month))
        return false;
    *ret_ms = days_from_civil(year, month, day) * MS_PER_DAY;
    return true;
}

static bool read_time(struct reader *r, int64_t *ms)
{
    int hour, minute, second = 0, milli = 0, digit;
    char c;

    if (!digits(r, 2, &hour) || !sign(r, ":", &c) || !digits(r, 2, &minute))
        return false;
    if (sign(r, ":", &c)) {
        if (!digits(r, 2, &second))
            return false;
        if (sign(r, ".,", &c)) {
            int scale = 100;
            if (!digits(r, 1, &digit))
                return false;
            do {
                milli += digit * scale;
                scale /= 10;
            } while (digits(r, 1, &digit));
        }
    }
    if (hour > 23 || minute > 59 || second > 60)
        return false;
    if (second == 60)
        second = 59;
    *ms += ((int64_t)hour * 3600 + minute * 60 + second) * 1000 + milli;
    return true;
}

/* False when the rest is not a zone.  *zoned: whether there is one. */
static bool read_zone(struct reader *r, int64_t *ms, bool *zoned)
{
    int hours, minutes = 0;
    char c;

    *zoned = r->at != r->end;
    if (!*zoned || sign(r, "Zz", &c))
        return true;
    if (!sign(r, "+-", &c) || !digits(r, 2, &hours))
        return false;
    if (r->at != r->end) {
        char colon;
        sign(r, ":", &colon);
        if (!digits(r, 2, &minutes))
            return false;
    }
    if (hours > 23 || minutes > 59)
        return false;
    *ms -= (c == '-' ? -1 : 1) * ((int64_t)hours * 60 + minutes) * 60000;
    return true;
}

int isotime_parse(const char *text, size_t len, int64_t *ret_ms, enum isotime_kind *ret_kind)
{
    struct reader r = {text, text + len};
    enum isotime_kind kind = ISOTIME_DATE;
    int64_t ms;
    char c;

    if (!read_date(&r, &ms))
        return -1;
    if (r.at != r.end) {
        bool zoned;
        if (!sign(&r, "Tt ", &c) || !read_time(&r, &ms) || !read_zone(&r, &ms, &zoned))
            return -1;
        kind = zoned ? ISOTIME_INSTANT : ISOTIME_LOCAL;
    }
    if (r.at != r.end)
        return -1;
    *ret_ms = ms;
    *ret_kind = kind;
    return 0;
}

static struct tm broken_down(int64_t *ms)
{
    struct tm tm;
    time_t seconds;

    if (*ms < YEAR_1_MS)
        *ms = YEAR_1_MS;
    if (*ms > YEAR_9999_MS)
        *ms = YEAR_9999_MS;
    seconds = (time_t)(*ms / 1000 - (*ms % 1000 < 0 ? 1 : 0));
    gmtime_r(&seconds, &tm);
    return tm;
}

void isotime_format(int64_t ms, char ret[ISOTIME_MAX])
{
    struct tm tm = broken_down(&ms);
    size_t n = strftime(ret, ISOTIME_MAX, "%Y-%m-%dT%H:%M:%S", &tm);
    int milli = (int)((ms % 1000 + 1000) % 1000);
    int year = tm.tm_year + 1900;

    if (n == 0 || year < 1000) /* strftime does not pad the year */
        n = (size_t)snprintf(ret, ISOTIME_MAX, "%04u-%02u-%02uT%02u:%02u:%02u",
                             (unsigned)year % 10000, (unsigned)(tm.tm_mon + 1) % 100,
                             (unsigned)tm.tm_mday % 100, (unsigned)tm.tm_hour % 100,
                             (unsigned)tm.tm_min % 100, (unsigned)tm.tm_sec % 100);
    snprintf(ret + n, ISOTIME_MAX - n, ".%03uZ", (unsigned)milli % 1000);
}

void isotime_date(int64_t ms, char ret[ISOTIME_MAX])
{
    char full[ISOTIME_MAX];

    isotime_format(ms, full);
    snprintf(ret, ISOTIME_MAX, "%.10s", full);
}
