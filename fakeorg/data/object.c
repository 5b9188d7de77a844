/* Objects by name and id, fields by name: each object has a hash table of its fields. */
#include "fakeorg/data/object.h"

#include <string.h>
#include <strings.h>

#include "base/hash.h"
#include "base/mem.h"

struct object *orgdata_any_object(struct orgdata *org, const char *name)
{
    for (size_t i = 0; i < ORGDATA_OBJECTS; i++)
        if (strcasecmp(org->objects[i].name, name) == 0)
            return &org->objects[i];
    return NULL;
}

struct object *orgdata_object(struct orgdata *org, const char *name)
{
    struct object *object = orgdata_any_object(org, name);

    return object != NULL && (object->permissions & MAY_READ) != 0 ? object : NULL;
}

struct object *orgdata_object_of_id(struct orgdata *org, const char *id)
{
    for (size_t i = 0; i < ORGDATA_OBJECTS; i++)
        if (strncmp(org->objects[i].prefix, id, 3) == 0)
            return &org->objects[i];
    return NULL;
}

int object_add_field(struct object *object, struct field *field, struct err *err)
{
    if (object_any_field(object, field->fact.name) != NULL) {
        err_set(err, ERR_INVALID, "%s has a field %s already", object->name, field->fact.name);
        field_free(field);
        return -1;
    }
    if (object->field_count == object->field_capacity) {
        size_t capacity = object->field_capacity == 0 ? 64 : 2 * object->field_capacity;
        struct field **fields = mem_resize(object->fields, capacity, sizeof(struct field *));
        if (fields == NULL) {
            field_free(field);
            return err_memory(err);
        }
        object->fields = fields;
        object->field_capacity = capacity;
    }
    HASH_ADD_KEYPTR(hh, object->by_name, field->folded, strlen(field->folded), field);
    if (!hash_entered(&field->hh)) {
        field_free(field);
        return err_memory(err);
    }
    field->position = object->field_count;
    object->fields[object->field_count++] = field;
    return 0;
}

struct field *object_any_field(const struct object *object, const char *name)
{
    struct field *field = NULL;
    size_t len = strlen(name);
    char folded[128];

    if (len >= sizeof folded)
        return NULL;
    for (size_t i = 0; i < len; i++)
        folded[i] = (char)(name[i] >= 'A' && name[i] <= 'Z' ? name[i] + 32 : name[i]);
    HASH_FIND(hh, object->by_name, folded, len, field);
    return field;
}

struct field *object_field(const struct object *object, const char *name)
{
    struct field *field = object_any_field(object, name);

    return field != NULL && !field_has(field, HIDDEN) ? field : NULL;
}
