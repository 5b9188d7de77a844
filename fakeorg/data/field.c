/* Field types, and how custom fields are read from text. */
#include "fakeorg/data/field.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

#define NAME_MAX_BYTES 80

static const struct field_type_info types[] = {
    [FIELD_ID] = {"id", "tns:ID", "tns:ID", KIND_ID},
    [FIELD_STRING] = {"string", "xsd:string", "xsd:string", KIND_TEXT},
    [FIELD_TEXTAREA] = {"textarea", "xsd:string", "xsd:string", KIND_TEXT},
    [FIELD_EMAIL] = {"email", "xsd:string", "xsd:string", KIND_TEXT},
    [FIELD_PHONE] = {"phone", "xsd:string", "xsd:string", KIND_TEXT},
    [FIELD_URL] = {"url", "xsd:string", "xsd:string", KIND_TEXT},
    [FIELD_PICKLIST] = {"picklist", "xsd:string", "xsd:string", KIND_TEXT},
    [FIELD_MULTIPICKLIST] = {"multipicklist", "xsd:string", "xsd:string", KIND_TEXT},
    [FIELD_BOOLEAN] = {"boolean", "xsd:boolean", "xsd:boolean", KIND_BOOLEAN},
    [FIELD_INT] = {"int", "xsd:int", "xsd:int", KIND_NUMBER},
    [FIELD_DOUBLE] = {"double", "xsd:double", "xsd:double", KIND_NUMBER},
    [FIELD_CURRENCY] = {"currency", "xsd:double", "xsd:double", KIND_NUMBER},
    [FIELD_PERCENT] = {"percent", "xsd:double", "xsd:double", KIND_NUMBER},
    [FIELD_DATE] = {"date", "xsd:date", "xsd:date", KIND_TIME},
    [FIELD_DATETIME] = {"datetime", "xsd:dateTime", "xsd:dateTime", KIND_TIME},
    [FIELD_TIME] = {"time", "xsd:time", "xsd:time", KIND_TIME},
    [FIELD_REFERENCE] = {"reference", "tns:ID", "tns:ID", KIND_ID},
    [FIELD_ADDRESS] = {"address", "tns:address", "tns:address", KIND_COMPOUND},
};

const struct field_type_info *field_type_info(enum field_type type)
{
    return &types[type];
}

/* "NumberOfEmployees" and "Shoe_Size__c" as labels. */
static char *label_of(const char *name)
{
    struct buf label;
    size_t len = strlen(name);

    if (len > 3 && strcmp(name + len - 3, "__c") == 0)
        len -= 3;
    buf_init(&label, 2 * NAME_MAX_BYTES);
    for (size_t i = 0; i < len; i++) {
        bool starts_word =
            i > 0 && isupper((unsigned char)name[i]) && islower((unsigned char)name[i - 1]);
        if (starts_word)
            buf_char(&label, ' ');
        buf_char(&label, name[i] == '_' ? ' ' : name[i]);
    }
    if (label.len == 0)
        buf_text(&label, name);
    return buf_take(&label, NULL);
}

static char *lower_of(const char *name)
{
    char *copy = mem_text(name);

    for (char *c = copy; c != NULL && *c != '\0'; c++)
        *c = (char)tolower((unsigned char)*c);
    return copy;
}

struct field *field_new(const struct field_fact *fact, struct err *err)
{
    struct field *field = mem_zero(1, sizeof *field);

    if (field == NULL) {
        err_memory(err);
        return NULL;
    }
    field->fact = *fact;
    field->full_flags = fact->flags;
    const char **texts[] = {&field->fact.name, &field->fact.compound, &field->fact.refs,
                            &field->fact.fallback, &field->fact.values};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (*texts[i] == NULL)
            continue;
        field->texts[i] = mem_text(*texts[i]);
        if (field->texts[i] == NULL)
            goto out;
        *texts[i] = field->texts[i];
    }
    field->label = label_of(field->fact.name);
    field->folded = lower_of(field->fact.name);
    if (field->label != NULL && field->folded != NULL)
        return field;
out:
    field_free(field);
    err_memory(err);
    return NULL;
}

/* What may follow the type's name. */
enum argument { ARG_NONE, ARG_LENGTH, ARG_DIGITS, ARG_VALUES, ARG_OBJECTS };

static const struct {
    const char *name;
    enum field_type type;
    enum argument argument;
    int size, scale, max;
    unsigned flags;
} custom_types[] = {
    {"string", FIELD_STRING, ARG_LENGTH, 255, 0, 255, NIL},
    {"textarea", FIELD_TEXTAREA, ARG_LENGTH, 255, 0, 131072, NIL},
    {"email", FIELD_EMAIL, ARG_NONE, 80, 0, 0, NIL},
    {"phone", FIELD_PHONE, ARG_NONE, 40, 0, 0, NIL},
    {"url", FIELD_URL, ARG_NONE, 255, 0, 0, NIL},
    {"int", FIELD_INT, ARG_LENGTH, 9, 0, 9, NIL},
    {"double", FIELD_DOUBLE, ARG_DIGITS, 18, 2, 18, NIL},
    {"currency", FIELD_CURRENCY, ARG_DIGITS, 18, 2, 18, NIL},
    {"percent", FIELD_PERCENT, ARG_DIGITS, 18, 2, 18, NIL},
    {"boolean", FIELD_BOOLEAN, ARG_NONE, 0, 0, 0, DEFAULTED},
    {"date", FIELD_DATE, ARG_NONE, 0, 0, 0, NIL},
    {"datetime", FIELD_DATETIME, ARG_NONE, 0, 0, 0, NIL},
    {"time", FIELD_TIME, ARG_NONE, 0, 0, 0, NIL},
    {"picklist", FIELD_PICKLIST, ARG_VALUES, 255, 0, 0, NIL},
    {"picklist!", FIELD_PICKLIST, ARG_VALUES, 255, 0, 0, NIL | RESTRICTED},
    {"multipicklist", FIELD_MULTIPICKLIST, ARG_VALUES, 4099, 0, 0, NIL},
    {"reference", FIELD_REFERENCE, ARG_OBJECTS, 18, 0, 0, NIL},
};

static int check_custom_name(const char *name, struct err *err)
{
    size_t len = strlen(name);
    bool good = len > 3 && len <= NAME_MAX_BYTES && isalpha((unsigned char)name[0]) &&
                strcmp(name + len - 3, "__c") == 0;

    for (size_t i = 0; good && i < len; i++)
        good = isalnum((unsigned char)name[i]) || name[i] == '_';
    if (!good)
        return err_set(err, ERR_INVALID,
                       "a custom field's name is letters, digits and _, and ends in __c");
    return 0;
}

/* "50" or "16,2", within the type's bounds. */
static int read_size(const char *argument, bool with_scale, int max, struct field_fact *fact,
                     struct err *err)
{
    char *end;
    long size = strtol(argument, &end, 10), scale = 0;

    if (with_scale && *end == ',')
        scale = strtol(end + 1, &end, 10);
    if (*end != '\0' || size < 1 || size > max || scale < 0 || scale > size)
        return err_set(err, ERR_INVALID, "expected %s from 1 to %d after the type",
                       with_scale ? "digits,decimals" : "a length", max);
    fact->size = (int)size;
    fact->scale = (int)scale;
    return 0;
}

/* Options after the type, and the flags they set. */
static const struct {
    const char *word;
    unsigned flags;
} marks[] = {
    {",external", EXTERNAL | LOOKUP},
    {",unique", UNIQUE},
    {",caseSensitive", CASED},
};

/* Removes the options from the end of type. */
static unsigned take_marks(char *type)
{
    unsigned flags = 0;
    size_t i = 0;

    while (i < sizeof marks / sizeof marks[0]) {
        size_t len = strlen(type), word = strlen(marks[i].word);
        if (len <= word || strcmp(type + len - word, marks[i].word) != 0) {
            i++;
            continue;
        }
        type[len - word] = '\0';
        flags |= marks[i].flags;
        i = 0;
    }
    return flags;
}

/* Only text, e-mail and numbers can be keys, and only text can be case-sensitive. */
static int check_marks(enum field_type type, unsigned flags, struct err *err)
{
    bool text = type == FIELD_STRING || type == FIELD_EMAIL;

    if ((flags & (EXTERNAL | UNIQUE)) != 0 && !text && type != FIELD_DOUBLE && type != FIELD_INT)
        return err_set(err, ERR_INVALID, "%s cannot be external or unique",
                       field_type_info(type)->name);
    if ((flags & CASED) != 0 && (!text || (flags & (EXTERNAL | UNIQUE)) == 0))
        return err_set(err, ERR_INVALID, "caseSensitive is for external or unique text");
    return 0;
}

static struct field *new_custom(const char *name, const char *type, unsigned flags, struct err *err)
{
    const char *colon = strchr(type, ':'), *argument = colon == NULL ? NULL : colon + 1;
    size_t len = colon == NULL ? strlen(type) : (size_t)(colon - type), i = 0;

    while (i < sizeof custom_types / sizeof custom_types[0] &&
           (strlen(custom_types[i].name) != len || memcmp(custom_types[i].name, type, len) != 0))
        i++;
    if (i == sizeof custom_types / sizeof custom_types[0]) {
        err_set(err, ERR_INVALID, "no such field type");
        return NULL;
    }
    struct field_fact fact = {.name = name,
                              .type = custom_types[i].type,
                              .size = custom_types[i].size,
                              .scale = custom_types[i].scale,
                              .flags = custom_types[i].flags | flags | RW | CUSTOM};
    enum argument takes = custom_types[i].argument;
    if (argument != NULL && takes == ARG_NONE) {
        err_set(err, ERR_INVALID, "%s takes no parameters", custom_types[i].name);
        return NULL;
    }
    if (argument != NULL && (takes == ARG_LENGTH || takes == ARG_DIGITS) &&
        read_size(argument, takes == ARG_DIGITS, custom_types[i].max, &fact, err) < 0)
        return NULL;
    if (takes == ARG_VALUES)
        fact.values = argument;
    else if (takes == ARG_OBJECTS)
        fact.refs = argument;
    if (fact.type == FIELD_BOOLEAN)
        fact.fallback = "false";
    if (fact.type == FIELD_TEXTAREA && fact.size > 255)
        fact.flags |= UNFILTERED;
    return check_marks(fact.type, flags, err) < 0 ? NULL : field_new(&fact, err);
}

struct field *field_new_custom(const char *name, const char *type, struct err *err)
{
    if (check_custom_name(name, err) < 0)
        return NULL;
    char *bare = mem_text(type);
    if (bare == NULL) {
        err_memory(err);
        return NULL;
    }
    unsigned flags = take_marks(bare);
    struct field *field = new_custom(name, bare, flags, err);
    mem_free(bare);
    return field;
}

static int replace(char **own, const char *text, const char **shown)
{
    char *copy = mem_text(text);

    if (copy == NULL)
        return -1;
    mem_free(*own);
    *own = copy;
    if (shown != NULL)
        *shown = copy;
    return 0;
}

/* Offsets in texts, in the order of field_new. */
enum { TEXT_FALLBACK = 3, TEXT_VALUES = 4 };

int field_set_default(struct field *field, const char *value)
{
    field_set_flags(field, DEFAULTED, 0);
    return replace(&field->texts[TEXT_FALLBACK], value, &field->fact.fallback);
}

int field_set_values(struct field *field, const char *values)
{
    return replace(&field->texts[TEXT_VALUES], values, &field->fact.values);
}

int field_set_label(struct field *field, const char *label)
{
    return replace(&field->label, label, NULL);
}

void field_set_flags(struct field *field, unsigned added, unsigned taken)
{
    field->fact.flags = (field->fact.flags | added) & ~taken;
    field->full_flags = (field->full_flags | added) & ~taken;
}

void field_free(struct field *field)
{
    if (field == NULL)
        return;
    for (size_t i = 0; i < sizeof field->texts / sizeof field->texts[0]; i++)
        mem_free(field->texts[i]);
    mem_free(field->label);
    mem_free(field->folded);
    mem_free(field);
}

bool field_lists(const struct field *field, const char *value, size_t len)
{
    const char *at = field->fact.values;

    while (at != NULL && *at != '\0') {
        size_t part = strcspn(at, "|");
        if (part == len && memcmp(at, value, len) == 0)
            return true;
        at += part + (at[part] == '|');
    }
    return false;
}

bool field_required(const struct field *field)
{
    return field_has(field, CREATE) && !field_has(field, NIL) && !field_has(field, DEFAULTED);
}

bool field_relationship(const struct field *field, char ret[FIELD_NAME_MAX])
{
    size_t len = strlen(field->fact.name);
    bool custom = field_has(field, CUSTOM);

    if (field->fact.type != FIELD_REFERENCE || len >= FIELD_NAME_MAX || len < 3 ||
        strcmp(field->fact.name + len - (custom ? 1 : 2), custom ? "c" : "Id") != 0)
        return false;
    memcpy(ret, field->fact.name, len + 1);
    if (custom)
        ret[len - 1] = 'r';
    else
        ret[len - 2] = '\0';
    return true;
}
