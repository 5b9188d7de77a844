/* Reference counts, and how objects, fields and custom fields are found by name. */
#include "schema/schema.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

#define MAX_TRAIT 256 /* bytes of a trait that schema_custom_field compares; a name has 43 */

struct schema *schema_new(void)
{
    struct schema *schema = mem_zero(1, sizeof(*schema));

    if (schema != NULL)
        schema->references = 1;
    return schema;
}

struct schema *schema_ref(struct schema *schema)
{
    __atomic_add_fetch(&schema->references, 1, __ATOMIC_RELAXED);
    return schema;
}

static void field_done(struct schema_field *field)
{
    for (size_t i = 0; i < field->picklist_count; i++)
        mem_free(field->picklist[i]);
    mem_free(field->picklist);
    mem_free(field->name);
    mem_free(field->label);
}

void schema_unref(struct schema *schema)
{
    if (schema == NULL || __atomic_sub_fetch(&schema->references, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    for (size_t i = 0; i < schema->count; i++) {
        struct schema_object *object = &schema->objects[i];
        for (size_t k = 0; k < object->count; k++)
            field_done(&object->fields[k]);
        mem_free(object->fields);
        mem_free(object->name);
    }
    mem_free(schema->objects);
    mem_free(schema);
}

/* Appends a zeroed item to the array at *items, which may move. */
static void *append(void **items, size_t *count, size_t *capacity, size_t size)
{
    if (*count == *capacity) {
        size_t more = *capacity == 0 ? 8 : *capacity * 2;
        void *moved = mem_resize(*items, more, size);
        if (moved == NULL)
            return NULL;
        *items = moved;
        *capacity = more;
    }
    char *item = (char *)*items + *count * size;
    memset(item, 0, size);
    return item;
}

struct schema_object *schema_add_object(struct schema *schema, const char *name)
{
    void *items = schema->objects;
    struct schema_object *object =
        append(&items, &schema->count, &schema->capacity, sizeof(*schema->objects));

    schema->objects = items;
    if (object == NULL || (object->name = mem_text(name)) == NULL)
        return NULL;
    schema->count++;
    return object;
}

struct schema_field *schema_add_field(struct schema_object *object, const char *name)
{
    void *items = object->fields;
    struct schema_field *field =
        append(&items, &object->count, &object->capacity, sizeof(*object->fields));

    object->fields = items;
    if (field == NULL || (field->name = mem_text(name)) == NULL)
        return NULL;
    object->count++;
    return field;
}

static int field_order(const void *a, const void *b)
{
    return strcasecmp(((const struct schema_field *)a)->name,
                      ((const struct schema_field *)b)->name);
}

void schema_object_sort(struct schema_object *object)
{
    if (object->count > 1)
        qsort(object->fields, object->count, sizeof(object->fields[0]), field_order);
}

int schema_move(struct schema *to, struct schema *from, struct err *err)
{
    struct schema_object *moved =
        mem_resize(to->objects, to->count + from->count, sizeof(*to->objects));

    if (moved == NULL)
        return err_memory(err);
    memcpy(moved + to->count, from->objects, from->count * sizeof(*moved));
    to->objects = moved;
    to->count = to->capacity = to->count + from->count;
    from->count = 0;
    return 0;
}

static const struct schema_object *named(const struct schema *schema, const char *name)
{
    for (size_t i = 0; i < schema->count; i++) {
        if (strcasecmp(schema->objects[i].name, name) == 0)
            return &schema->objects[i];
    }
    return NULL;
}

bool schema_knows(const struct schema *schema, const char *name)
{
    return named(schema, name) != NULL;
}

const struct schema_object *schema_object(const struct schema *schema, const char *name)
{
    const struct schema_object *object = named(schema, name);

    return object != NULL && !object->hidden ? object : NULL;
}

const struct schema_field *schema_field(const struct schema_object *object, const char *name)
{
    size_t low = 0, high = object->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcasecmp(name, object->fields[middle].name);
        if (order == 0)
            return &object->fields[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

static bool ends_in_c(const char *name, size_t len)
{
    return len > 3 && strcasecmp(name + len - 3, "__c") == 0;
}

/* The next byte that counts in a comparison, in lower case; 0 at the end.  Bytes past
   ASCII count as letters: a field's name has none, so they never fit. */
static int next_letter(const char *text, size_t len, size_t *at)
{
    while (*at < len) {
        unsigned char c = (unsigned char)text[(*at)++];
        if (c >= 'A' && c <= 'Z')
            return c + ('a' - 'A');
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c >= 0x80)
            return c;
    }
    return 0;
}

static bool same_letters(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t i = 0, k = 0;

    for (size_t count = 0;; count++) {
        int x = next_letter(a, a_len, &i);
        if (x != next_letter(b, b_len, &k))
            return false;
        if (x == 0)
            return count > 0;
    }
}

const struct schema_field *schema_custom_field(const struct schema_object *object,
                                               const char *trait, bool *ret_ambiguous)
{
    size_t len = strlen(trait);
    char name[MAX_TRAIT + 4];
    const struct schema_field *field, *fits = NULL;

    *ret_ambiguous = false;
    if (len == 0 || len > MAX_TRAIT)
        return NULL;
    if (ends_in_c(trait, len))
        len -= 3;
    memcpy(name, trait, len);
    memcpy(name + len, "__c", 4);
    field = schema_field(object, name);
    if (field != NULL && field->custom)
        return field;
    for (size_t i = 0; i < object->count; i++) {
        field = &object->fields[i];
        size_t field_len = strlen(field->name);
        if (!field->custom || !ends_in_c(field->name, field_len) ||
            !same_letters(trait, len, field->name, field_len - 3))
            continue;
        if (fits != NULL) {
            *ret_ambiguous = true;
            return NULL;
        }
        fits = field;
    }
    return fits;
}

/* In the order of enum field_type, as the SOAP guide, "Field", type, names them. */
static const char *const type_names[] = {
    [FIELD_STRING] = "string",
    [FIELD_TEXTAREA] = "textarea",
    [FIELD_PHONE] = "phone",
    [FIELD_EMAIL] = "email",
    [FIELD_URL] = "url",
    [FIELD_PICKLIST] = "picklist",
    [FIELD_MULTIPICKLIST] = "multipicklist",
    [FIELD_COMBOBOX] = "combobox",
    [FIELD_REFERENCE] = "reference",
    [FIELD_ID] = "id",
    [FIELD_BOOLEAN] = "boolean",
    [FIELD_INT] = "int",
    [FIELD_DOUBLE] = "double",
    [FIELD_CURRENCY] = "currency",
    [FIELD_PERCENT] = "percent",
    [FIELD_DATE] = "date",
    [FIELD_DATETIME] = "datetime",
    [FIELD_TIME] = "time",
    [FIELD_ADDRESS] = "address",
    [FIELD_OTHER] = "other",
    [FIELD_UNTYPED] = "untyped",
};

const char *field_type_name(enum field_type type)
{
    return type_names[type];
}

enum field_type field_type_parse(const char *name)
{
    for (size_t i = 0; i < FIELD_OTHER; i++) {
        if (strcmp(type_names[i], name) == 0)
            return (enum field_type)i;
    }
    return FIELD_OTHER;
}
