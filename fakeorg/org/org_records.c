/* Creates the records of a list, which can refer to earlier ones by @name. */
#include "fakeorg/org/org_records.h"

#include <string.h>

#include "base/arena.h"
#include "fakeorg/data/convert.h"
#include "fakeorg/data/value.h"
#include "fakeorg/rules/rules.h"

#define MAX_ARENA ((size_t)256 * 1024 * 1024)

/* A record that others of the list can refer to as @name. */
struct ref {
    const char *name;
    struct record *record;
    struct ref *next;
};

struct seeding {
    struct orgdata *org;
    struct arena arena;
    struct ref *refs;
    struct err *err;
};

/* Keys that are not fields. */
struct seed {
    const char *type, *ref, *merged_into;
    bool converted, deleted;
};

static const struct yml_key seed_keys[] = {
    {"type", WANT_TEXT, true, offsetof(struct seed, type), 0},
    {"ref", WANT_TEXT, false, offsetof(struct seed, ref), 0},
    {"converted", WANT_FLAG, false, offsetof(struct seed, converted), 0},
    {"deleted", WANT_FLAG, false, offsetof(struct seed, deleted), 0},
    {"merged_into", WANT_TEXT, false, offsetof(struct seed, merged_into), 0},
};

#define SEED_KEYS (sizeof seed_keys / sizeof seed_keys[0])

static const struct yml_key *seed_key(const char *name)
{
    for (size_t i = 0; i < SEED_KEYS; i++)
        if (strcmp(seed_keys[i].name, name) == 0)
            return &seed_keys[i];
    return NULL;
}

/* The id that "@name" refers to, or the text itself; NULL with the error. */
static const char *resolve(struct seeding *s, const struct yml_node *node)
{
    if (node->text[0] != '@')
        return node->text;
    for (const struct ref *ref = s->refs; ref != NULL; ref = ref->next)
        if (strcmp(ref->name, node->text + 1) == 0)
            return ref->record->id;
    yml_fail(node, s->err, "expected the ref of a record above");
    return NULL;
}

static int set_field(struct seeding *s, struct record *record, const struct yml_node *node)
{
    struct field *field = object_any_field(record->object, node->key);
    struct value_problem problem = {0};
    struct api_error error = {0};
    const char *value = NULL;

    if (field == NULL || field->fact.type == FIELD_ID || field->fact.type == FIELD_ADDRESS)
        return yml_fail(node, s->err,
                        "expected a field of %s, or type, ref, converted, deleted, merged_into",
                        record->object->name);
    if (node->kind == YML_LIST || node->kind == YML_MAP)
        return yml_fail(node, s->err, "expected text");
    const char *text = field->fact.type == FIELD_REFERENCE ? resolve(s, node) : node->text;
    if (text == NULL)
        return -1;
    if (field->fact.type == FIELD_EMAIL)
        value = text[0] == '\0' ? NULL : text; /* with its case kept */
    else if (value_decode(field, text, &s->arena, &value, &error) < 0)
        return yml_fail(node, s->err, "%s", error.message);
    if (value != NULL && value_check(field, &value, false, &s->arena, &problem) < 0)
        return err_memory(s->err);
    if (problem.code != NULL)
        return yml_fail(node, s->err, "%s", problem.message);
    return record_set(record, field, value) < 0 ? err_memory(s->err) : 0;
}

static int set_fields(struct seeding *s, struct record *record, const struct yml_node *node)
{
    for (const struct yml_node *child = node->first; child != NULL; child = child->next)
        if (seed_key(child->key) == NULL && set_field(s, record, child) < 0)
            return -1;
    return 0;
}

static int check_required(struct seeding *s, const struct record *record,
                          const struct yml_node *node)
{
    for (size_t i = 0; i < record->object->field_count; i++) {
        const struct field *field = record->object->fields[i];
        if (field_required(field) && record_value(record, field) == NULL)
            return yml_fail(node, s->err, "expected the required field %s", field->fact.name);
    }
    return 0;
}

/* Converts, deletes or merges the record. */
static int age(struct seeding *s, struct record *record, const struct seed *seed,
               const struct yml_node *node)
{
    const struct convert_wish plain = {0};
    struct conversion done;

    if (seed->converted && record->object != orgdata_any_object(s->org, "Lead"))
        return yml_fail(yml_member(node, "converted"), s->err, "only leads are converted");
    if (seed->converted && convert_lead(s->org, record, &plain, &done) < 0)
        return err_memory(s->err);
    if (seed->merged_into != NULL) {
        const char *master = resolve(s, yml_member(node, "merged_into"));
        if (master == NULL)
            return -1;
        if (record_set_named(record, "MasterRecordId", master) < 0)
            return err_memory(s->err);
    }
    if ((seed->deleted || seed->merged_into != NULL) && record_delete(record) < 0)
        return err_memory(s->err);
    return 0;
}

static int keep_ref(struct seeding *s, const char *name, struct record *record)
{
    struct ref *ref = arena_take(&s->arena, sizeof *ref);

    if (ref == NULL)
        return err_memory(s->err);
    *ref = (struct ref){name, record, s->refs};
    s->refs = ref;
    return 0;
}

static int read_seed(const struct yml_node *node, struct seed *seed, struct err *err)
{
    if (yml_is(node, YML_MAP, err) < 0)
        return -1;
    for (const struct yml_node *child = node->first; child != NULL; child = child->next) {
        const struct yml_key *key = seed_key(child->key);
        char *place = key == NULL ? NULL : (char *)seed + key->at;
        if (key != NULL &&
            (key->want == WANT_FLAG ? yml_flag(child, (bool *)place, err)
                                    : yml_text(child, (const char **)place, err)) < 0)
            return -1;
    }
    return seed->type == NULL ? yml_fail(node, err, "expected the key type") : 0;
}

static int fill(struct seeding *s, struct record *record, const struct seed *seed,
                const struct yml_node *node)
{
    if (set_fields(s, record, node) < 0 || check_required(s, record, node) < 0)
        return -1;
    if (record_stamp(s->org, record, true) < 0)
        return err_memory(s->err);
    /* Once more: filling in may have overwritten a CreatedDate. */
    return set_fields(s, record, node) < 0 ? -1 : age(s, record, seed, node);
}

static int add_record(struct seeding *s, const struct yml_node *node)
{
    struct seed seed = {0};

    if (read_seed(node, &seed, s->err) < 0)
        return -1;
    struct object *object = rules_object_named(s->org, seed.type);
    if (object == NULL)
        return yml_fail(yml_member(node, "type"), s->err, "expected Lead, Account or Contact");
    struct record *record = record_new(object);
    if (record == NULL)
        return err_memory(s->err);
    if (fill(s, record, &seed, node) < 0) {
        /* Its id is used up, but no incomplete record remains. */
        if (!record->deleted && record_delete(record) < 0)
            return err_memory(s->err);
        return -1;
    }
    return seed.ref == NULL ? 0 : keep_ref(s, seed.ref, record);
}

int org_records_read(struct orgdata *org, const struct yml_node *list, struct err *err)
{
    struct seeding s = {.org = org, .err = err};
    int rc = yml_is(list, YML_LIST, err);

    arena_init(&s.arena, MAX_ARENA);
    for (const struct yml_node *node = list->first; node != NULL && rc == 0; node = node->next)
        rc = add_record(&s, node);
    arena_done(&s.arena);
    return rc;
}
