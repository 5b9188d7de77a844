/* Creates and frees the org's tables; the list of its standard objects. */
#include "fakeorg/data/orgdata.h"

#include <string.h>

#include "base/mem.h"
#include "fakeorg/data/index.h"
#include "fakeorg/data/labels.h"
#include "fakeorg/data/users.h"

/* In the order of recorded describeGlobal results: by name. */
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

void orgdata_begin_history(struct orgdata *org)
{
    for (size_t i = 0; i < ORGDATA_OBJECTS; i++)
        for (size_t k = 0; k < org->objects[i].record_count; k++)
            org->objects[i].records[k]->trail.complete = true;
}
