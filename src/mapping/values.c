/* One conversion for each type of field, in one table. */
#include "mapping/values.h"

#include <limits.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "mapping/dates.h"
#include "mapping/number.h"
#include "mapping/text.h"

#define MAX_DOUBLE_DIGITS 308 /* before the point, in a double */
#define MAX_INT_DIGITS    10

/* Found text, cleaned and trimmed, with a NUL. */
struct input {
    const struct found *found;
    const struct schema_field *field;
    const char *text;
    size_t len;
};

static int set_value(struct conversion *ret, enum value_kind kind, const char *text, size_t len)
{
    ret->value = (struct mapping_value){kind, mem_text_n(text, len)};
    return ret->value.text == NULL ? -1 : 0;
}

static int refuse(struct conversion *ret, const char *code)
{
    ret->refused = code;
    return 0;
}

/* Numbers and booleans are fine as text.  The cut counts UTF-16 units and leaves no
   white space at the end. */
static int convert_text(const struct input *in, struct conversion *ret)
{
    size_t len = in->len;

    if (in->field->length > 0)
        len = utf8_cut(in->text, len, (size_t)in->field->length);
    ret->truncated = len < in->len;
    if (ret->truncated) {
        const char *start = in->text;
        text_trim(&start, &len);
    }
    return set_value(ret, VALUE_TEXT, in->text, len);
}

/* Never cut: that would be another address. */
static int convert_email(const struct input *in, struct conversion *ret)
{
    ret->truncated =
        in->field->length > 0 && utf8_utf16_length(in->text, in->len) > (size_t)in->field->length;
    if (ret->truncated || !text_is_address(in->text, in->len))
        return refuse(ret, "wrong_type");
    return convert_text(in, ret);
}

/* ret: the value as listed; NULL when it is not listed.  -1: out of memory. */
static int find_listed(const struct schema_field *field, const char *text, size_t len,
                       const char **ret)
{
    char *folded = utf8_fold(text, len);
    int rc = folded == NULL ? -1 : 0;

    *ret = NULL;
    for (size_t i = 0; i < field->picklist_count && *ret == NULL && rc == 0; i++) {
        char *listed = utf8_fold(field->picklist[i], strlen(field->picklist[i]));
        if (listed == NULL)
            rc = -1;
        else if (strcmp(listed, folded) == 0)
            *ret = field->picklist[i];
        mem_free(listed);
    }
    mem_free(folded);
    return rc;
}

static int convert_picklist(const struct input *in, struct conversion *ret)
{
    const char *listed;

    if (!in->field->restricted_picklist)
        return convert_text(in, ret);
    if (find_listed(in->field, in->text, in->len, &listed) < 0)
        return -1;
    if (listed == NULL)
        return refuse(ret, "not_in_picklist");
    return set_value(ret, VALUE_TEXT, listed, strlen(listed));
}

/* Appends one of several values unless it is blank, not listed, or past the length. */
static int append_choice(const struct input *in, const char *text, size_t len, struct buf *out,
                         struct conversion *ret)
{
    const char *listed;
    size_t max = in->field->length > 0 ? (size_t)in->field->length : SIZE_MAX;

    text_trim(&text, &len);
    if (len == 0)
        return 0;
    if (in->field->restricted_picklist) {
        if (find_listed(in->field, text, len, &listed) < 0)
            return -1;
        if (listed == NULL) {
            ret->dropped = true;
            return 0;
        }
        text = listed;
        len = strlen(listed);
    }
    if (utf8_utf16_length(out->data, out->len) + 1 + utf8_utf16_length(text, len) > max) {
        ret->truncated = true;
        return 0;
    }
    if (out->len > 0)
        buf_char(out, ';');
    buf_put(out, text, len);
    return 0;
}

static int convert_choices(const struct input *in, struct conversion *ret)
{
    struct buf out;
    int rc = 0;

    buf_init(&out, SIZE_MAX / 2);
    for (size_t at = 0; at < in->len && rc == 0;) {
        const char *end = memchr(in->text + at, ';', in->len - at);
        size_t len = end == NULL ? in->len - at : (size_t)(end - (in->text + at));
        rc = append_choice(in, in->text + at, len, &out, ret);
        at += len + 1;
    }
    if (buf_failed(&out))
        rc = -1;
    if (rc == 0 && out.len == 0)
        rc = refuse(ret, ret->dropped ? "not_in_picklist" : "wrong_type");
    else if (rc == 0)
        rc = set_value(ret, VALUE_TEXT, out.data, out.len);
    buf_done(&out);
    return rc;
}

/* 15 or 18 characters, as Salesforce makes them. */
static int convert_id(const struct input *in, struct conversion *ret)
{
    if (in->len != 15 && in->len != 18)
        return refuse(ret, "wrong_type");
    for (size_t i = 0; i < in->len; i++) {
        char c = in->text[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')))
            return refuse(ret, "wrong_type");
    }
    return set_value(ret, VALUE_TEXT, in->text, in->len);
}

static int convert_boolean(const struct input *in, struct conversion *ret)
{
    static const char *const words[2][3] = {{"false", "no", "0"}, {"true", "yes", "1"}};

    for (size_t i = 0; i < 6; i++) {
        if (strcasecmp(in->text, words[i / 3][i % 3]) == 0)
            return set_value(ret, VALUE_BOOLEAN, words[i / 3][0], strlen(words[i / 3][0]));
    }
    return refuse(ret, "wrong_type");
}

static bool read_number(const struct input *in, struct number *ret)
{
    return (in->found->type == DOC_NUMBER || in->found->type == DOC_STRING) &&
           number_read(in->text, in->len, ret);
}

static int set_number(struct conversion *ret, const struct number *number)
{
    struct buf out;
    int rc;

    buf_init(&out, 2 * NUMBER_MAX_DIGITS + MAX_DOUBLE_DIGITS);
    number_print(number, &out);
    rc = buf_failed(&out) ? -1 : set_value(ret, VALUE_NUMBER, out.data, out.len);
    buf_done(&out);
    return rc;
}

static int convert_int(const struct input *in, struct conversion *ret)
{
    int digits = in->field->digits > 0 ? in->field->digits : MAX_INT_DIGITS;
    struct number number;
    int64_t value;

    if (!read_number(in, &number) || number_fraction_digits(&number) > 0 ||
        number_whole_digits(&number) > digits || !number_to_int(&number, &value) ||
        value > INT_MAX || value < INT_MIN)
        return refuse(ret, "wrong_type");
    return set_number(ret, &number);
}

/* A JSON number is sent as it is written.  More digits after the point than scale
   are sent too: Salesforce rounds; more before it than fit would fail the record. */
static int convert_double(const struct input *in, struct conversion *ret)
{
    const struct schema_field *field = in->field;
    int digits = field->precision > 0 ? field->precision - field->scale : MAX_DOUBLE_DIGITS;
    struct number number;

    if (!read_number(in, &number) || number_whole_digits(&number) > digits ||
        number_fraction_digits(&number) > NUMBER_MAX_DIGITS)
        return refuse(ret, "wrong_type");
    if (in->found->type == DOC_NUMBER)
        return set_value(ret, VALUE_NUMBER, in->text, in->len);
    return set_number(ret, &number);
}

static int convert_date(const struct input *in, struct conversion *ret)
{
    char day[ISOTIME_MAX];

    if (!dates_day(in->text, in->len, in->found->type == DOC_NUMBER, day))
        return refuse(ret, "wrong_type");
    return set_value(ret, VALUE_TEXT, day, strlen(day));
}

static int convert_datetime(const struct input *in, struct conversion *ret)
{
    char instant[ISOTIME_MAX];

    if (!dates_instant(in->text, in->len, in->found->type == DOC_NUMBER, instant))
        return refuse(ret, "wrong_type");
    return set_value(ret, VALUE_TEXT, instant, strlen(instant));
}

static int convert_time(const struct input *in, struct conversion *ret)
{
    char time[ISOTIME_MAX];

    if (in->found->type != DOC_STRING || !dates_time(in->text, in->len, time))
        return refuse(ret, "wrong_type");
    return set_value(ret, VALUE_TEXT, time, strlen(time));
}

static int convert_nothing(const struct input *in, struct conversion *ret)
{
    return refuse(ret, "wrong_type");
}

static int convert_untyped(const struct input *in, struct conversion *ret)
{
    enum doc_type type = in->found->type;

    return set_value(ret,
                     type == DOC_STRING   ? VALUE_TEXT
                     : type == DOC_NUMBER ? VALUE_NUMBER
                                          : VALUE_BOOLEAN,
                     in->text, in->len);
}

#define TAKES_TEXT "text, a number, or true or false"
#define TAKES_NUMBER                                                                               \
    "a number, also as text, with no more digits before the point than the field has"
#define TAKES_ID "a Salesforce Id of 15 or 18 characters"

static const struct {
    int (*convert)(const struct input *in, struct conversion *ret);
    enum text_lines lines;
    const char *takes;
    const char *sent; /* how it is sent, for the reference; NULL: the type is not listed there */
} types[] = {
    [FIELD_STRING] = {convert_text, TEXT_ONE_LINE, TAKES_TEXT,
                      "trimmed; tabs and line breaks become blanks; cut to the field's length"},
    [FIELD_TEXTAREA] = {convert_text, TEXT_MANY_LINES, TAKES_TEXT,
                        "trimmed; line breaks stay; cut to the field's length"},
    [FIELD_PHONE] = {convert_text, TEXT_ONE_LINE, TAKES_TEXT, "as string"},
    [FIELD_EMAIL] = {convert_email, TEXT_ONE_LINE, "an e-mail address (something@domain.tld)",
                     "as string, but never cut"},
    [FIELD_URL] = {convert_text, TEXT_ONE_LINE, TAKES_TEXT, "as string"},
    [FIELD_PICKLIST] = {convert_picklist, TEXT_ONE_LINE, TAKES_TEXT,
                        "as string; a restricted picklist takes only its own values, ignoring "
                        "case, sent as listed there"},
    [FIELD_MULTIPICKLIST] = {convert_choices, TEXT_ONE_LINE,
                             "an array of texts, or texts with `;` between",
                             "joined by `;`; of a restricted one, the values that it lists"},
    [FIELD_COMBOBOX] = {convert_text, TEXT_ONE_LINE, TAKES_TEXT, "as string"},
    [FIELD_REFERENCE] = {convert_id, TEXT_ONE_LINE, TAKES_ID, "as it is"},
    [FIELD_ID] = {convert_id, TEXT_ONE_LINE, TAKES_ID, NULL},
    [FIELD_BOOLEAN] = {convert_boolean, TEXT_ONE_LINE,
                       "true or false, 1 or 0, \"yes\" or \"no\", also as text", "true or false"},
    [FIELD_INT] = {convert_int, TEXT_ONE_LINE,
                   "a whole number, also as text, with no more digits than the field has",
                   "without fraction: `3.0` is 3; `3.5` and `\"11-50\"` are left out"},
    [FIELD_DOUBLE] = {convert_double, TEXT_ONE_LINE, TAKES_NUMBER, "with every digit"},
    [FIELD_CURRENCY] = {convert_double, TEXT_ONE_LINE, TAKES_NUMBER, "with every digit"},
    [FIELD_PERCENT] = {convert_double, TEXT_ONE_LINE, TAKES_NUMBER,
                       "with every digit; 12.5 means 12.5 %"},
    [FIELD_DATE] = {convert_date, TEXT_ONE_LINE,
                    "an ISO 8601 date or date-time, or seconds or milliseconds since 1970",
                    "the day as it is written, without a shift by time zone"},
    [FIELD_DATETIME] = {convert_datetime, TEXT_ONE_LINE,
                        "an ISO 8601 date or date-time, or seconds or milliseconds since 1970",
                        "in UTC; a day alone is its midnight; no zone means UTC"},
    [FIELD_TIME] = {convert_time, TEXT_ONE_LINE, "a time of day, `10:05` or `10:05:00`", "in UTC"},
    [FIELD_ADDRESS] = {convert_nothing, TEXT_ONE_LINE, "nothing: write its parts", NULL},
    [FIELD_OTHER] = {convert_nothing, TEXT_ONE_LINE, "nothing that an event holds", NULL},
    [FIELD_UNTYPED] = {convert_untyped, TEXT_MANY_LINES, TAKES_TEXT, NULL},
};

int value_convert(const struct found *found, const struct schema_field *field,
                  struct conversion *ret)
{
    struct input in = {.found = found, .field = field};
    char *text;
    int rc;

    memset(ret, 0, sizeof(*ret));
    text = text_clean(found->text, found->len, types[field->type].lines, &ret->cleaned);
    if (text == NULL)
        return -1;
    in.text = text;
    in.len = strlen(text);
    rc = types[field->type].convert(&in, ret);
    mem_free(text);
    return rc;
}

const char *value_takes(enum field_type type)
{
    return types[type].takes;
}

void values_print_reference(struct buf *out)
{
    buf_text(out, "| type of the field | takes | sent |\n| --- | --- | --- |\n");
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (types[i].sent != NULL)
            buf_format(out, "| %s | %s | %s |\n", field_type_name((enum field_type)i),
                       types[i].takes, types[i].sent);
    }
}
