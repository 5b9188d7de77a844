/* The table of date literals. */
#include "fakeorg/query/soql.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define DAY_MS ((int64_t)24 * 3600 * 1000)

/*
 * Date literals (SOQL and SOSL reference, "Date Formats and Date Literals"): a span
 * of whole days, weeks (from Sunday), months, quarters or years.  Fiscal ones
 * equal the calendar's.  The user's time zone is GMT.
 */
enum unit { UNIT_DAY, UNIT_WEEK, UNIT_MONTH, UNIT_QUARTER, UNIT_YEAR };

static const struct {
    const char *one, *many;
    enum unit unit;
} units[] = {
    {"DAY", "DAYS", UNIT_DAY},
    {"WEEK", "WEEKS", UNIT_WEEK},
    {"MONTH", "MONTHS", UNIT_MONTH},
    {"QUARTER", "QUARTERS", UNIT_QUARTER},
    {"YEAR", "YEARS", UNIT_YEAR},
    {"FISCAL_QUARTER", "FISCAL_QUARTERS", UNIT_QUARTER},
    {"FISCAL_YEAR", "FISCAL_YEARS", UNIT_YEAR},
};

/* The text around the unit's name; the span covers units first to last, relative to the
   current one, or, with times_n, n times that. */
static const struct {
    const char *before, *after;
    bool many, times_n;
    int first, last;
} forms[] = {
    {"THIS_", "", false, false, 0, 0}, {"LAST_", "", false, false, -1, -1},
    {"NEXT_", "", false, false, 1, 1}, {"LAST_N_", "", true, true, -1, 0},
    {"NEXT_N_", "", true, true, 0, 1}, {"N_", "_AGO", true, true, -1, -1},
};

static const struct {
    const char *name;
    int first, last; /* days */
} fixed[] = {{"TODAY", 0, 0},
             {"YESTERDAY", -1, -1},
             {"TOMORROW", 1, 1},
             {"LAST_90_DAYS", -90, 0},
             {"NEXT_90_DAYS", 1, 90}};

/* The first moment of the unit that is number units after the one containing now. */
static int64_t start_of(enum unit unit, int64_t now_ms, int number)
{
    time_t seconds = (time_t)(now_ms / 1000);
    struct tm day;

    gmtime_r(&seconds, &day);
    day.tm_hour = day.tm_min = day.tm_sec = 0;
    switch (unit) {
    case UNIT_DAY:
        day.tm_mday += number;
        break;
    case UNIT_WEEK:
        day.tm_mday += 7 * number - day.tm_wday;
        break;
    case UNIT_MONTH:
        day.tm_mday = 1;
        day.tm_mon += number;
        break;
    case UNIT_QUARTER:
        day.tm_mday = 1;
        day.tm_mon += 3 * number - day.tm_mon % 3;
        break;
    case UNIT_YEAR:
        day.tm_mday = 1;
        day.tm_mon = 0;
        day.tm_year += number;
        break;
    }
    return (int64_t)timegm(&day) * 1000;
}

static void span(enum unit unit, int first, int last, int64_t now_ms, struct soql_span *ret_span)
{
    ret_span->from_ms = start_of(unit, now_ms, first);
    ret_span->to_ms = start_of(unit, now_ms, last + 1);
}

static bool takes(const char **text, size_t *len, const char *word)
{
    size_t n = strlen(word);

    if (*len < n || strncasecmp(*text, word, n) != 0)
        return false;
    *text += n;
    *len -= n;
    return true;
}

/* The row of the unit in the literal, for this form; -1 if it does not match. */
static int unit_of(size_t form, const char *text, size_t len)
{
    if (!takes(&text, &len, forms[form].before))
        return -1;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        const char *at = text;
        size_t left = len;
        if (takes(&at, &left, forms[form].many ? units[i].many : units[i].one) &&
            takes(&at, &left, forms[form].after) && left == 0)
            return (int)i;
    }
    return -1;
}

/* LAST_N_DAYS includes today; longer units exclude the current one. */
static void span_of_form(size_t form, enum unit unit, int n, int64_t now_ms, struct soql_span *ret)
{
    if (!forms[form].times_n)
        span(unit, forms[form].first, forms[form].last, now_ms, ret);
    else if (forms[form].first == forms[form].last)
        span(unit, -n, -n, now_ms, ret);
    else if (forms[form].last == 0)
        span(unit, -n, unit == UNIT_DAY ? 0 : -1, now_ms, ret);
    else
        span(unit, 1, n, now_ms, ret);
}

bool soql_date_literal(const char *text, size_t len, bool *ret_takes_n)
{
    *ret_takes_n = false;
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
        if (len == strlen(fixed[i].name) && strncasecmp(text, fixed[i].name, len) == 0)
            return true;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        int unit = unit_of(i, text, len);
        *ret_takes_n = forms[i].times_n;
        if (unit >= 0 && (forms[i].times_n || units[unit].unit != UNIT_DAY))
            return true;
    }
    return false;
}

void soql_date_span(const char *text, int n, int64_t now_ms, struct soql_span *ret_span)
{
    size_t len = strlen(text);

    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++) {
        if (strcasecmp(text, fixed[i].name) == 0) {
            span(UNIT_DAY, fixed[i].first, fixed[i].last, now_ms, ret_span);
            return;
        }
    }
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        int unit = unit_of(i, text, len);
        if (unit >= 0) {
            span_of_form(i, units[unit].unit, n, now_ms, ret_span);
            return;
        }
    }
}
