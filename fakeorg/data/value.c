/* Reads and checks the text of a value, type by type. */
#include "fakeorg/data/value.h"

#include <ctype.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/isotime.h"
#include "base/utf8.h"
#include "fakeorg/data/ids.h"

#define NUMBER_MAX 512 /* the longest double without exponent has 309 + 15 digits */

static size_t digits_at(const char *text)
{
    return strspn(text, "0123456789");
}

static bool is_integer(const char *text)
{
    if (*text == '-' || *text == '+')
        text++;
    return digits_at(text) > 0 && text[digits_at(text)] == '\0';
}

/* Digits with a point and an exponent, as xsd:double without INF and NaN. */
static bool is_decimal(const char *text)
{
    if (*text == '-' || *text == '+')
        text++;
    size_t whole = digits_at(text), fraction = 0;
    text += whole;
    if (*text == '.') {
        fraction = digits_at(text + 1);
        text += 1 + fraction;
    }
    if (whole + fraction == 0)
        return false;
    if (*text == 'e' || *text == 'E') {
        text++;
        if (*text == '-' || *text == '+')
            text++;
        if (digits_at(text) == 0)
            return false;
        text += digits_at(text);
    }
    return *text == '\0';
}

/* Without plus sign and redundant zeros: +007.50 becomes 7.5. */
static char *trim_number(const char *text, struct arena *arena)
{
    bool negative = *text == '-';
    size_t len;

    text += *text == '-' || *text == '+';
    while (*text == '0' && isdigit((unsigned char)text[1]))
        text++;
    len = strlen(text);
    if (strchr(text, '.') != NULL) {
        while (text[len - 1] == '0')
            len--;
        if (text[len - 1] == '.')
            len--;
    }
    char *copy = arena_take(arena, len + 3);
    if (copy != NULL) {
        bool zero = strspn(text, "0.") >= len;
        snprintf(copy, len + 3, "%s%s%.*s", negative && !zero ? "-" : "",
                 len == 0 || *text == '.' ? "0" : "", (int)len, text);
    }
    return copy;
}

/* Plain integers are kept; the rest is rounded to the field's scale. */
static const char *read_double(const struct field *field, const char *text, struct arena *arena)
{
    const char *point = strchr(text, '.');
    char rounded[NUMBER_MAX];

    if (strpbrk(text, "eE") == NULL && strlen(text) < NUMBER_MAX &&
        (point == NULL || strlen(point + 1) <= (size_t)field->fact.scale))
        return trim_number(text, arena);
    double number = strtod(text, NULL);
    if (!isfinite(number))
        number = copysign(1e300, number); /* the range check will refuse it */
    snprintf(rounded, sizeof rounded, "%.*f", field->fact.scale, number);
    return trim_number(rounded, arena);
}

/* "10:05", "10:05:00", "10:05:00.000Z": a time of day, stored in the last form. */
static const char *read_clock(const char *text, struct arena *arena)
{
    enum isotime_kind kind;
    char day[ISOTIME_MAX] = "1970-01-01T", out[ISOTIME_MAX];
    size_t len = strlen(text), start = strlen(day);
    int64_t ms;

    if (len >= sizeof day - start)
        return NULL;
    memcpy(day + start, text, len + 1);
    if (isotime_parse(day, start + len, &ms, &kind) < 0)
        return NULL;
    isotime_format(((ms % 86400000) + 86400000) % 86400000, out);
    return arena_text(arena, out + start, strlen(out + start));
}

static const char *read_time(const struct field *field, const char *text, struct arena *arena)
{
    enum isotime_kind kind;
    char out[ISOTIME_MAX];
    size_t len = strlen(text);
    int64_t ms;

    if (field->fact.type == FIELD_TIME)
        return read_clock(text, arena);
    if (field->fact.type == FIELD_DATE) {
        if (len == 11 && text[10] == 'Z')
            len = 10;
        if (isotime_parse(text, len, &ms, &kind) < 0 || kind != ISOTIME_DATE)
            return NULL;
        isotime_date(ms, out);
    } else {
        if (len < 11 || text[10] != 'T' || isotime_parse(text, len, &ms, &kind) < 0)
            return NULL;
        isotime_format((ms - (ms % 1000 + 1000) % 1000), out);
    }
    return arena_text(arena, out, strlen(out));
}

static const char *read_boolean(const char *text)
{
    if (strcmp(text, "true") == 0 || strcmp(text, "1") == 0)
        return "true";
    return strcmp(text, "false") == 0 || strcmp(text, "0") == 0 ? "false" : NULL;
}

static const char *read_integer(const char *text, struct arena *arena)
{
    if (!is_integer(text) || strlen(text) > 20)
        return NULL;
    long long number = strtoll(text, NULL, 10);
    return number < INT_MIN || number > INT_MAX ? NULL : trim_number(text, arena);
}

int value_decode(const struct field *field, const char *text, struct arena *arena,
                 const char **ret_value, struct api_error *error)
{
    const struct field_type_info *type = field_type_info(field->fact.type);
    const char *value = NULL;
    size_t len;

    while (isspace((unsigned char)*text))
        text++;
    len = strlen(text);
    while (len > 0 && isspace((unsigned char)text[len - 1]))
        len--;
    *ret_value = NULL;
    if (len == 0)
        return 0;
    char *trimmed = arena_text(arena, text, len);
    if (trimmed == NULL)
        return api_error_memory(error);
    switch (type->kind) {
    case KIND_BOOLEAN:
        value = read_boolean(trimmed);
        break;
    case KIND_NUMBER:
        if (field->fact.type == FIELD_INT)
            value = read_integer(trimmed, arena);
        else if (is_decimal(trimmed))
            value = read_double(field, trimmed, arena);
        break;
    case KIND_TIME:
        value = read_time(field, trimmed, arena);
        break;
    case KIND_TEXT:
    case KIND_ID:
    case KIND_COMPOUND:
        value = trimmed;
        break;
    }
    if (value == NULL)
        return api_error_set(error, API_ERROR_CLIENT, NULL,
                             "'%s' is not a valid value for the type %s", trimmed, type->wire);
    if (field->fact.type == FIELD_EMAIL)
        for (char *c = trimmed; *c != '\0'; c++)
            *c = (char)tolower((unsigned char)*c);
    *ret_value = value;
    return 0;
}

static int problem(struct value_problem *problem, struct arena *arena, const char *code,
                   const char *format, ...) PRINTF_LIKE(4, 5);

static int problem(struct value_problem *problem, struct arena *arena, const char *code,
                   const char *format, ...)
{
    va_list args, again;

    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    char *message = len < 0 ? NULL : arena_take(arena, (size_t)len + 1);
    if (message != NULL)
        vsnprintf(message, (size_t)len + 1, format, again);
    va_end(again);
    va_end(args);
    *problem = (struct value_problem){code, message};
    return message == NULL ? -1 : 0;
}

/* One @, something before it, and a domain with a dot inside. */
static bool is_email(const char *text)
{
    const char *at = strchr(text, '@');

    if (at == NULL || at == text || strchr(at + 1, '@') != NULL)
        return false;
    for (const char *c = text; *c != '\0'; c++)
        if ((unsigned char)*c <= ' ' || (unsigned char)*c >= 0x7F ||
            strchr("()<>,;:\\\"[]", *c) != NULL)
            return false;
    const char *domain = at + 1, *dot = strrchr(domain, '.');
    return dot != NULL && dot != domain && dot[1] != '\0' && domain[0] != '.' &&
           strstr(text, "..") == NULL && text[0] != '.' && at[-1] != '.';
}

static int check_number(const struct field *field, const char *value, struct arena *arena,
                        struct value_problem *ret_problem)
{
    size_t whole = digits_at(value + (*value == '-'));

    if (whole <= (size_t)(field->fact.size - field->fact.scale))
        return 0;
    return problem(ret_problem, arena, "NUMBER_OUTSIDE_VALID_RANGE",
                   "%s: value outside of valid range on numeric field: %s", field->label, value);
}

static int check_picklist(const struct field *field, const char *value, struct arena *arena,
                          struct value_problem *ret_problem)
{
    const char *at = value;

    while (field_has(field, RESTRICTED)) {
        size_t len = field->fact.type == FIELD_MULTIPICKLIST ? strcspn(at, ";") : strlen(at);
        if (!field_lists(field, at, len))
            return problem(ret_problem, arena, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
                           "%s: bad value for restricted picklist field: %.*s", field->label,
                           (int)len, at);
        if (at[len] == '\0')
            break;
        at += len + 1;
    }
    return 0;
}

static int check_length(const struct field *field, const char **value, bool truncate,
                        struct arena *arena, struct value_problem *ret_problem)
{
    size_t len = strlen(*value);

    if (utf8_utf16_length(*value, len) <= (size_t)field->fact.size)
        return 0;
    if (!truncate)
        return problem(ret_problem, arena, "STRING_TOO_LONG",
                       "%s: data value too large: %s (max length=%d)", field->label, *value,
                       field->fact.size);
    *value = arena_text(arena, *value, utf8_cut(*value, len, (size_t)field->fact.size));
    return *value == NULL ? -1 : 0;
}

static int check_id(const struct field *field, const char **value, struct arena *arena,
                    struct value_problem *ret_problem)
{
    char id[ID_MAX];

    if (!id_read(*value, strlen(*value), id))
        return problem(ret_problem, arena, "MALFORMED_ID", "%s: id value of incorrect type: %s",
                       field->label, *value);
    *value = arena_text(arena, id, strlen(id));
    return *value == NULL ? -1 : 0;
}

static int check_time(const struct field *field, const char *value, struct arena *arena,
                      struct value_problem *ret_problem)
{
    /* The years of the org's calendar; a value begins with four digits. */
    if (field->fact.type == FIELD_TIME ||
        (strncmp(value, "1700", 4) >= 0 && strncmp(value, "4000", 4) <= 0))
        return 0;
    return problem(ret_problem, arena, "DATE_OUT_OF_RANGE", "%s: invalid date: %s", field->label,
                   value);
}

int value_check(const struct field *field, const char **value, bool truncate, struct arena *arena,
                struct value_problem *ret_problem)
{
    *ret_problem = (struct value_problem){0};
    switch (field_type_info(field->fact.type)->kind) {
    case KIND_NUMBER:
        return check_number(field, *value, arena, ret_problem);
    case KIND_TIME:
        return check_time(field, *value, arena, ret_problem);
    case KIND_ID:
        return check_id(field, value, arena, ret_problem);
    case KIND_BOOLEAN:
    case KIND_COMPOUND:
        return 0;
    case KIND_TEXT:
        break;
    }
    if (field->fact.type == FIELD_EMAIL && !is_email(*value))
        return problem(ret_problem, arena, "INVALID_EMAIL_ADDRESS", "%s: invalid email address: %s",
                       field->label, *value);
    if (field->fact.type == FIELD_PICKLIST || field->fact.type == FIELD_MULTIPICKLIST)
        if (check_picklist(field, *value, arena, ret_problem) < 0 || ret_problem->code != NULL)
            return ret_problem->message == NULL && ret_problem->code != NULL ? -1 : 0;
    return check_length(field, value, truncate, arena, ret_problem);
}
