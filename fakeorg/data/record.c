/* Records: values, their indexes, and the fields that the org fills in. */
#include "fakeorg/data/record.h"

#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "fakeorg/data/index.h"

#define NAME_MAX_BYTES 1024

/* Marks the record as changed for the journal, once. */
static int note_change(struct record *record)
{
    struct orgdata *org = record->object->org;

    if (!org->notes_changes || record->changed)
        return 0;
    if (org->changed_count == org->changed_capacity) {
        size_t capacity = org->changed_capacity == 0 ? 256 : 2 * org->changed_capacity;
        struct record **changed = mem_resize(org->changed, capacity, sizeof(struct record *));
        if (changed == NULL)
            return -1;
        org->changed = changed;
        org->changed_capacity = capacity;
    }
    org->changed[org->changed_count++] = record;
    record->changed = true;
    return 0;
}

void orgdata_forget_changes(struct orgdata *org)
{
    for (size_t i = 0; i < org->changed_count; i++)
        org->changed[i]->changed = false;
    org->changed_count = 0;
    org->was_reset = false;
}

struct record *record_new(struct object *object)
{
    struct record *record;

    if (object->record_count == object->record_capacity) {
        size_t capacity = object->record_capacity == 0 ? 1024 : 2 * object->record_capacity;
        struct record **records = mem_resize(object->records, capacity, sizeof *records);
        if (records == NULL)
            return NULL;
        object->records = records;
        object->record_capacity = capacity;
    }
    record = mem_zero(1, sizeof *record);
    if (record == NULL)
        return NULL;
    record->object = object;
    record->number = object->record_count;
    record->capacity = object->field_count;
    record->values = mem_zero(record->capacity, sizeof(char *));
    id_make(object->prefix, object->last_id + 1, record->id);
    if (record->values == NULL || index_add(object->by_id, record->id, record) < 0) {
        mem_free(record->values);
        mem_free(record);
        return NULL;
    }
    object->last_id++;
    object->records[object->record_count++] = record;
    object->live_count++;
    return record;
}

void record_free(struct record *record)
{
    for (size_t i = 0; i < record->capacity; i++)
        if (record->object->fields[i]->fact.type != FIELD_BOOLEAN)
            mem_free(record->values[i]);
    mem_free(record->values);
    mem_free(record);
}

const char *record_value(const struct record *record, const struct field *field)
{
    if (field->fact.type == FIELD_ID)
        return record->id;
    return field->position < record->capacity ? record->values[field->position] : NULL;
}

const char *record_value_named(const struct record *record, const char *name)
{
    const struct field *field = object_any_field(record->object, name);

    return field == NULL ? NULL : record_value(record, field);
}

/* Makes room for fields added after the record was created. */
static int grow(struct record *record)
{
    size_t capacity = record->object->field_count;
    char **values = mem_resize(record->values, capacity, sizeof *values);

    if (values == NULL)
        return -1;
    for (size_t i = record->capacity; i < capacity; i++)
        values[i] = NULL;
    record->values = values;
    record->capacity = capacity;
    return 0;
}

/* Booleans are frequent: their two values are constants, never freed. */
static char *keep(const struct field *field, const char *value)
{
    static char yes[] = "true", no[] = "false";

    if (field->fact.type == FIELD_BOOLEAN)
        return strcmp(value, yes) == 0 ? yes : no;
    return mem_text(value);
}

int record_set(struct record *record, struct field *field, const char *value)
{
    char *copy = NULL;

    if (field->position >= record->capacity && grow(record) < 0)
        return -1;
    char **place = &record->values[field->position];
    if (value == NULL && *place == NULL)
        return 0;
    if (value != NULL && *place != NULL && strcmp(value, *place) == 0)
        return 0;
    if (note_change(record) < 0)
        return -1;
    if (value != NULL) {
        copy = keep(field, value);
        if (copy == NULL)
            return -1;
        if (field->index != NULL && index_add(field->index, value, record) < 0) {
            if (field->fact.type != FIELD_BOOLEAN)
                mem_free(copy);
            return -1;
        }
    }
    if (field->index != NULL && *place != NULL)
        index_remove(field->index, *place, record);
    history_change(record->object->history, &record->trail, field, *place);
    *place = copy;
    return 0;
}

int record_set_named(struct record *record, const char *name, const char *value)
{
    return record_set(record, object_any_field(record->object, name), value);
}

/* Composes Name where the object has its parts; an Account's is a plain field. */
static int set_compound_name(struct record *record)
{
    struct field *last = object_any_field(record->object, "LastName");
    const char *first_name = record_value_named(record, "FirstName");
    struct buf name;
    int rc;

    if (last == NULL)
        return 0;
    const char *last_name = record_value(record, last);
    buf_init(&name, NAME_MAX_BYTES);
    if (first_name != NULL)
        buf_format(&name, "%s%s", first_name, last_name == NULL ? "" : " ");
    if (last_name != NULL)
        buf_text(&name, last_name);
    rc = buf_failed(&name) ? -1 : record_set_named(record, "Name", buf_peek(&name));
    buf_done(&name);
    return rc;
}

static int set_defaults(struct record *record)
{
    for (size_t i = 0; i < record->object->field_count; i++) {
        struct field *field = record->object->fields[i];
        if (field->fact.fallback != NULL && record_value(record, field) == NULL &&
            record_set(record, field, field->fact.fallback) < 0)
            return -1;
    }
    return 0;
}

static int stamp(struct orgdata *org, struct record *record, bool created)
{
    char now[ISOTIME_MAX];

    orgclock_stamp(&org->clock, now);
    if (created) {
        if (set_defaults(record) < 0 || record_set_named(record, "CreatedDate", now) < 0 ||
            record_set_named(record, "CreatedById", org->user_id) < 0)
            return -1;
        if (record_value_named(record, "OwnerId") == NULL &&
            record_set_named(record, "OwnerId", org->user_id) < 0)
            return -1;
    }
    if (record_set_named(record, "LastModifiedDate", now) < 0 ||
        record_set_named(record, "LastModifiedById", org->user_id) < 0 ||
        record_set_named(record, "SystemModstamp", now) < 0)
        return -1;
    return set_compound_name(record);
}

int record_stamp(struct orgdata *org, struct record *record, bool created)
{
    org->history.paused = true;
    int rc = stamp(org, record, created);
    org->history.paused = false;
    if (created)
        history_begin(&org->history, &record->trail);
    return rc;
}

int record_delete(struct record *record)
{
    if (record_set_named(record, "IsDeleted", "true") < 0)
        return -1;
    for (size_t i = 0; i < record->capacity; i++) {
        struct field *field = record->object->fields[i];
        if (field->index != NULL && record->values[i] != NULL)
            index_remove(field->index, record->values[i], record);
    }
    record->deleted = true;
    record->next_deleted = record->object->deleted;
    record->object->deleted = record;
    record->object->live_count--;
    return 0;
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
