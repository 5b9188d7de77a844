/* The key that makes two events the same person: the object, then field and value of each
   look-up, " 5:email 6:a@x.io". */
#include "mapping/mapping.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "mapping/canonical.h"

#define MAX_PART 64000 /* bytes: a text of 4,000 characters, folded */

/* Prefixed with its length, so that no two lists of values look alike.  Takes text; false
   when it is NULL or out of memory. */
static bool put_part(struct buf *key, char *text)
{
    if (text == NULL)
        return false;
    buf_format(key, " %zu:%s", strlen(text), text);
    mem_free(text);
    return !buf_failed(key);
}

static char *make_key(const char *object, const struct mapping_lookup *lookups, size_t count,
                      char *(*form)(const struct mapping_lookup *lookup))
{
    struct buf key;
    bool whole = true;
    char *taken = NULL;

    buf_init(&key, (count + 1) * 2 * MAX_PART);
    buf_text(&key, object);
    for (size_t i = 0; i < count && whole; i++)
        whole = put_part(&key, utf8_fold(lookups[i].field, strlen(lookups[i].field))) &&
                put_part(&key, form(&lookups[i]));
    if (whole)
        taken = buf_take(&key, NULL);
    buf_done(&key);
    return taken;
}

static char *exact_form(const struct mapping_lookup *lookup)
{
    return canonical_key(lookup->type, lookup->case_sensitive, lookup->value.text);
}

static char *loose_form(const struct mapping_lookup *lookup)
{
    return canonical_loose(lookup->type, lookup->value.text);
}

char *mapping_key(const char *object, const struct mapping_lookup *lookups, size_t count)
{
    return make_key(object, lookups, count, exact_form);
}

char *mapping_loose_key(const char *object, const struct mapping_lookup *lookups, size_t count)
{
    return make_key(object, lookups, count, loose_form);
}

/* ---- converting a key ---- */

/* The part after the blank, and its length; NULL: there is none. */
static const char *find_part(const char *at, size_t *ret_len)
{
    char *colon;
    unsigned long len;

    if (at == NULL || at[0] != ' ' || at[1] < '0' || at[1] > '9')
        return NULL;
    len = strtoul(at + 1, &colon, 10);
    if (*colon != ':' || strnlen(colon + 1, len) < len)
        return NULL;
    *ret_len = len;
    return colon + 1;
}

/* field: NULL when there is no such field. */
typedef char *form_fn(const struct schema_field *field, const char *value);

/* value by the field's current type; unchanged when there is no such field. */
static char *exact_again(const struct schema_field *field, const char *value)
{
    return field != NULL ? canonical_key(field->type, field->case_sensitive, value)
                         : mem_text(value);
}

static char *loose_again(const struct schema_field *field, const char *value)
{
    return canonical_loose(field != NULL ? field->type : FIELD_STRING, value);
}

/* Appends the field and the value at at, and returns what follows them; NULL: there is no
   such pair, or no memory (*no_memory). */
static const char *put_again(struct buf *key, const char *at, const struct schema_object *object,
                             form_fn *form, bool *no_memory)
{
    size_t name_len, value_len;
    const char *name_at = find_part(at, &name_len);
    const char *value_at = name_at != NULL ? find_part(name_at + name_len, &value_len) : NULL;
    char *name, *value, *canonical = NULL;
    bool whole;

    if (value_at == NULL)
        return NULL;
    name = mem_text_n(name_at, name_len);
    value = mem_text_n(value_at, value_len);
    if (name != NULL && value != NULL)
        canonical = form(object != NULL ? schema_field(object, name) : NULL, value);
    mem_free(value);
    if (canonical == NULL) {
        mem_free(name);
        *no_memory = true;
        return NULL;
    }
    whole = put_part(key, name);
    whole = put_part(key, canonical) && whole; /* frees it in any case */
    *no_memory = !whole;
    return whole ? value_at + value_len : NULL;
}

static char *key_again(const char *key, const struct schema *schema, form_fn *form)
{
    const char *at = key + strcspn(key, " ");
    char *name = mem_text_n(key, (size_t)(at - key)), *taken = NULL;
    const struct schema_object *object;
    bool no_memory = false;
    struct buf again;

    if (name == NULL)
        return NULL;
    object = schema_object(schema, name);
    buf_init(&again, strlen(key) * 8 + MAX_PART);
    buf_text(&again, name);
    mem_free(name);
    while (at != NULL && *at != '\0')
        at = put_again(&again, at, object, form, &no_memory);
    if (at != NULL)
        taken = buf_take(&again, NULL);
    else if (!no_memory)
        taken = mem_text(key);
    buf_done(&again);
    return taken;
}

char *mapping_key_again(const char *key, const struct schema *schema)
{
    return key_again(key, schema, exact_again);
}

char *mapping_key_loosely(const char *key, const struct schema *schema)
{
    return key_again(key, schema, loose_again);
}
