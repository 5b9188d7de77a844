#include "fakeorg/data/orgdata.h"

#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/hash.h"
#include "fakeorg/data/index.h"
#include "fakeorg/data/labels.h"
#include "fakeorg/data/users.h"

/* In the order in which describeGlobal was recorded: by name. */
static const struct {
    const char *name, *plural, *prefix;
    const struct field_facts *fields;
    unsigned permissions;
} standard_objects[ORGDATA_OBJECTS] = {
    {"Account", "Accounts", "001", &account_fields, MAY_ALL},
    {"Contact", "Contacts", "003", &contact_fields, MAY_ALL},
    {"Lead", "Leads", "00Q", &lead_fields, MAY_ALL},
    {"User", "Users", USER_ID_PREFIX, &user_fields, MAY_READ},
};

static int add_standard_fields(struct object *object, const struct field_facts *fields,
                               struct err *err)
{
    for (size_t i = 0; i < fields->count; i++) {
        struct field *field = field_new(&fields->facts[i], err);
        const char *label = label_standard(object->name, fields->facts[i].name);
        if (field == NULL)
            return -1;
        if (label != NULL && field_set_label(field, label) < 0) {
            field_free(field);
            return err_memory(err);
        }
        if (object_add_field(object, field, err) < 0)
            return -1;
    }
    return 0;
}

struct orgdata *orgdata_new(struct err *err)
{
    struct orgdata *org = mem_zero(1, sizeof *org);

    if (org == NULL) {
        err_memory(err);
        return NULL;
    }
    history_init(&org->history, &org->clock);
    id_make(ORG_ID_PREFIX, 1, org->id);
    id_make(USER_ID_PREFIX, 1, org->user_id);
    for (size_t i = 0; i < ORGDATA_OBJECTS; i++) {
        struct object *object = &org->objects[i];
        object->org = org;
        object->name = standard_objects[i].name;
        object->plural = standard_objects[i].plural;
        object->prefix = standard_objects[i].prefix;
        object->permissions = standard_objects[i].permissions;
        object->history = &org->history;
        object->by_id = index_new(KIND_ID);
        if (object->by_id == NULL) {
            err_memory(err);
            goto out;
        }
        if (add_standard_fields(object, standard_objects[i].fields, err) < 0)
            goto out;
    }
    if (users_fill(org) < 0) {
        err_memory(err);
        goto out;
    }
    return org;
out:
    orgdata_free(org);
    return NULL;
}

static void drop_records(struct object *object)
{
    for (size_t i = 0; i < object->record_count; i++)
        record_free(object->records[i]);
    object->record_count = object->live_count = 0;
    object->deleted = NULL;
    for (size_t i = 0; i < object->field_count; i++) {
        index_free(object->fields[i]->index);
        object->fields[i]->index = NULL;
    }
}

void orgdata_free(struct orgdata *org)
{
    if (org != NULL)
        history_done(&org->history);
    for (size_t i = 0; org != NULL && i < ORGDATA_OBJECTS; i++) {
        struct object *object = &org->objects[i];
        drop_records(object);
        mem_free(object->records);
        index_free(object->by_id);
        HASH_CLEAR(hh, object->by_name);
        for (size_t k = 0; k < object->field_count; k++)
            field_free(object->fields[k]);
        mem_free(object->fields);
    }
    if (org != NULL)
        mem_free(org->changed);
    mem_free(org);
}

void orgdata_reset(struct orgdata *org)
{
    orgdata_forget_changes(org);
    org->was_reset = org->notes_changes;
    history_clear(&org->history);
    for (size_t i = 0; i < ORGDATA_OBJECTS; i++) {
        struct object *object = &org->objects[i];
        if (strcmp(object->prefix, USER_ID_PREFIX) == 0)
            continue;
        for (size_t k = 0; k < object->record_count; k++)
            index_remove(object->by_id, object->records[k]->id, object->records[k]);
        drop_records(object);
    }
}

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
    if (object->field_count == object->field_room) {
        size_t room = object->field_room == 0 ? 64 : 2 * object->field_room;
        struct field **fields = mem_resize(object->fields, room, sizeof(struct field *));
        if (fields == NULL) {
            field_free(field);
            return err_memory(err);
        }
        object->fields = fields;
        object->field_room = room;
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

struct record *orgdata_record(struct orgdata *org, const char id[ID_MAX])
{
    struct object *object = orgdata_object_of_id(org, id);
    size_t count = 0;

    if (object == NULL)
        return NULL;
    struct record *const *records = index_find(object->by_id, id, &count);
    return count == 0 ? NULL : records[0];
}

int object_find(struct object *object, struct field *field, const char *text,
                struct record *const **ret_records, size_t *ret_count)
{
    if (field->fact.type == FIELD_ID) {
        *ret_records = index_find(object->by_id, text, ret_count);
        return 0;
    }
    if (field->index == NULL) {
        struct index *index = index_new(field_type_info(field->fact.type)->kind);
        if (index == NULL)
            return -1;
        for (size_t i = 0; i < object->record_count; i++) {
            const char *value = record_value(object->records[i], field);
            if (value != NULL && !object->records[i]->deleted &&
                index_add(index, value, object->records[i]) < 0) {
                index_free(index);
                return -1;
            }
        }
        field->index = index;
    }
    *ret_records = index_find(field->index, text, ret_count);
    return 0;
}
