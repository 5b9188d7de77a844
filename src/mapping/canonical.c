/* One reader and printer for each kind of value: texts, numbers, days, times, Ids, lists. */
#include "mapping/canonical.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/isotime.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "mapping/dates.h"
#include "mapping/number.h"

#define ID_SHORT     15
#define ID_LONG      18
#define DAY_LEN      (sizeof("2026-11-23") - 1)
#define FRACTION     (sizeof("2026-11-23T10:05:00.") - 1)
#define NUMBER_BYTES 20000 /* the longest number, printed: number.h bounds its point */

static bool is_number(enum field_type type)
{
    return type == FIELD_INT || type == FIELD_DOUBLE || type == FIELD_CURRENCY ||
           type == FIELD_PERCENT;
}

/* Every digit; decimals below 0 leave the number as it is. */
static char *format_number(const char *text, int decimals)
{
    struct number number;
    struct buf out;
    char *canonical;

    if (!number_read(text, strlen(text), &number))
        return mem_text(text);
    if (decimals >= 0)
        number_round(&number, decimals);
    buf_init(&out, NUMBER_BYTES);
    number_print(&number, &out);
    canonical = buf_take(&out, NULL);
    buf_done(&out);
    return canonical;
}

/* xsd:date may have a zone, which does not affect the day. */
static char *format_date(const char *text)
{
    char day[ISOTIME_MAX];
    size_t len = strlen(text);

    if (len > DAY_LEN)
        len = DAY_LEN;
    return mem_text(dates_day(text, len, false, day) ? day : text);
}

/* Salesforce keeps whole seconds. */
static char *format_datetime(const char *text)
{
    char instant[ISOTIME_MAX];

    if (!dates_instant(text, strlen(text), false, instant))
        return mem_text(text);
    memset(instant + FRACTION, '0', 3);
    return mem_text(instant);
}

static char *format_time(const char *text)
{
    char time[ISOTIME_MAX];

    return mem_text(dates_time(text, strlen(text), time) ? time : text);
}

/* The last three of 18 characters say which of the 15 before are capitals, so those may have
   lost their case on the way; an Id of 15 is taken as it is. */
static char *format_id(const char *text)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
    char id[ID_SHORT + 1] = {0};

    if (strlen(text) != ID_LONG)
        return mem_text(text);
    for (size_t i = 0; i < ID_SHORT; i++) {
        char c = text[i], check = text[ID_SHORT + i / 5];
        const char *at = strchr(digits, check >= 'a' && check <= 'z' ? check - 'a' + 'A' : check);
        bool capital;

        if (at == NULL)
            return mem_text(text);
        capital = ((at - digits) >> (i % 5) & 1) != 0;
        if (capital && c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        else if (!capital && c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        id[i] = c;
    }
    return mem_text(id);
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The choices in order, each once. */
static char *format_choices(const char *text)
{
    size_t count = 1, used = 0, len = strlen(text);
    char *copy = mem_text(text), *joined = mem_zero(len + 1, 1), **parts, *end;

    for (size_t i = 0; i < len; i++)
        count += text[i] == ';';
    parts = mem_zero(count, sizeof *parts);
    if (copy == NULL || joined == NULL || parts == NULL) {
        mem_free(joined);
        joined = NULL;
        goto out;
    }
    for (char *at = copy; at != NULL; at = end) {
        end = strchr(at, ';');
        if (end != NULL)
            *end++ = '\0';
        parts[used++] = at;
    }
    qsort(parts, used, sizeof *parts, compare_texts);
    len = 0;
    for (size_t i = 0; i < used; i++) {
        size_t part = strlen(parts[i]);
        if (part == 0 || (i > 0 && strcmp(parts[i], parts[i - 1]) == 0))
            continue;
        if (len > 0)
            joined[len++] = ';';
        memcpy(joined + len, parts[i], part);
        len += part;
    }
out:
    mem_free(copy);
    mem_free(parts);
    return joined;
}

char *canonical_value(const struct schema_field *field, const char *text)
{
    if (is_number(field->type)) /* a precision of 0: the field's digits are not known */
        return format_number(text, field->precision > 0 ? field->scale : -1);
    switch (field->type) {
    case FIELD_DATE:
        return format_date(text);
    case FIELD_DATETIME:
        return format_datetime(text);
    case FIELD_TIME:
        return format_time(text);
    case FIELD_MULTIPICKLIST:
        return format_choices(text);
    default:
        return mem_text(text);
    }
}

static char *fold(const char *text)
{
    return utf8_fold(text, strlen(text));
}

/* Frees canonical, which may be NULL. */
static char *fold_and_free(char *canonical)
{
    char *folded = canonical != NULL ? fold(canonical) : NULL;

    mem_free(canonical);
    return folded;
}

char *canonical_key(enum field_type type, bool case_sensitive, const char *text)
{
    const struct schema_field any = {.type = type};
    char *folded;

    switch (type) {
    case FIELD_REFERENCE:
    case FIELD_ID:
        return format_id(text);
    case FIELD_MULTIPICKLIST: /* in order only once they are folded */
        folded = case_sensitive ? mem_text(text) : fold(text);
        if (folded != NULL) {
            char *canonical = format_choices(folded);
            mem_free(folded);
            folded = canonical;
        }
        return folded;
    case FIELD_INT:
    case FIELD_DOUBLE:
    case FIELD_CURRENCY:
    case FIELD_PERCENT:
    case FIELD_DATE:
    case FIELD_DATETIME:
    case FIELD_TIME:
        return fold_and_free(canonical_value(&any, text));
    case FIELD_BOOLEAN:
        if (strcmp(text, "1") == 0 || strcmp(text, "0") == 0)
            return mem_text(text[0] == '1' ? "true" : "false");
        return fold(text);
    default:
        return case_sensitive ? mem_text(text) : fold(text);
    }
}

static char *loose_number(const char *text)
{
    struct number number;
    char *canonical, *loose;

    if (!number_read(text, strlen(text), &number))
        return mem_text(text);
    canonical = format_number(text, -1);
    loose = canonical != NULL ? mem_format("%.17g", strtod(canonical, NULL)) : NULL;
    mem_free(canonical);
    return loose;
}

char *canonical_loose(enum field_type type, const char *text)
{
    char *exact, *loose;

    if (is_number(type))
        return loose_number(text);
    exact = canonical_key(type, false, text);
    if (type == FIELD_REFERENCE || type == FIELD_ID)
        return exact;
    loose = exact != NULL ? utf8_base_letters(exact, strlen(exact)) : NULL;
    mem_free(exact);
    return loose;
}
