/* Reads fields, picklists and permissions. */
#include "fakeorg/org/org_fields.h"

#include <stddef.h>
#include <string.h>

#include "base/mem.h"
#include "fakeorg/data/value.h"
#include "fakeorg/rules/rules.h"

#define MAX_SPEC ((size_t)256 * 1024)

/* A custom field as in the file. */
struct field_text {
    const char *type, *fallback, *label;
    const struct yml_node *values, *refers_to;
    unsigned length, digits, decimals;
    bool required, unique, external, case_sensitive, restricted;
};

#define AT(member) offsetof(struct field_text, member)
static const struct yml_key field_keys[] = {
    {"type", WANT_TEXT, true, AT(type), 0},
    {"label", WANT_TEXT, false, AT(label), 0},
    {"length", WANT_COUNT, false, AT(length), 131072},
    {"digits", WANT_COUNT, false, AT(digits), 18},
    {"decimals", WANT_COUNT, false, AT(decimals), 18},
    {"values", WANT_NODE, false, AT(values), 0},
    {"restricted", WANT_FLAG, false, AT(restricted), 0},
    {"refers_to", WANT_NODE, false, AT(refers_to), 0},
    {"required", WANT_FLAG, false, AT(required), 0},
    {"unique", WANT_FLAG, false, AT(unique), 0},
    {"external", WANT_FLAG, false, AT(external), 0},
    {"case_sensitive", WANT_FLAG, false, AT(case_sensitive), 0},
    {"default", WANT_TEXT, false, AT(fallback), 0},
};

struct picklist_text {
    const char *fallback;
    const struct yml_node *values;
    bool restricted;
};

static const struct yml_key picklist_keys[] = {
    {"values", WANT_NODE, true, offsetof(struct picklist_text, values), 0},
    {"restricted", WANT_FLAG, false, offsetof(struct picklist_text, restricted), 0},
    {"default", WANT_TEXT, false, offsetof(struct picklist_text, fallback), 0},
};

/* The object of the key "Lead.Score__c", the field's name in ret_name. */
static struct object *object_of_key(struct orgdata *org, const struct yml_node *node,
                                    const char **ret_name, struct err *err)
{
    const char *dot = strchr(node->key, '.');
    char *name = dot == NULL ? NULL : mem_text_n(node->key, (size_t)(dot - node->key));
    struct object *object = name == NULL ? NULL : rules_object_named(org, name);

    mem_free(name);
    if (object == NULL)
        yml_fail(node, err, "expected a key such as Lead.Score__c, of Lead, Account or Contact");
    *ret_name = dot == NULL ? NULL : dot + 1;
    return object;
}

/* "a|b" from a list, or from text for a single one. */
static int join(const struct yml_node *node, struct buf *out, struct err *err)
{
    const struct yml_node *item = node->kind == YML_LIST ? node->first : node;

    for (bool first = true; item != NULL; item = item->next, first = false) {
        const char *text;
        if (yml_text(item, &text, err) < 0)
            return -1;
        if (strchr(text, '|') != NULL)
            return yml_fail(item, err, "expected text without |");
        buf_format(out, "%s%s", first ? "" : "|", text);
        if (item == node)
            break;
    }
    return 0;
}

/* The field's type in the form that field_new_custom takes. */
static int write_spec(const struct field_text *text, struct buf *spec, struct err *err)
{
    buf_text(spec, text->type);
    if (text->length > 0 || text->digits > 0)
        buf_format(spec, ":%u", text->length > 0 ? text->length : text->digits);
    if (text->digits > 0 && strcmp(text->type, "int") != 0)
        buf_format(spec, ",%u", text->decimals);
    if (text->values != NULL || text->refers_to != NULL) {
        buf_char(spec, ':');
        if (join(text->values != NULL ? text->values : text->refers_to, spec, err) < 0)
            return -1;
    }
    buf_format(spec, "%s%s%s", text->external ? ",external" : "", text->unique ? ",unique" : "",
               text->case_sensitive ? ",caseSensitive" : "");
    return buf_check(spec, "the field's type", err);
}

/* A default must be a valid value of the field. */
static int set_default(struct field *field, const char *value, const struct yml_node *node,
                       struct err *err)
{
    struct value_problem problem = {0};
    struct api_error error = {0};
    struct arena arena;
    int rc;

    arena_init(&arena, MAX_SPEC);
    if (value_decode(field, value, &arena, &value, &error) < 0)
        rc = yml_fail(node, err, "%s", error.message);
    else if (value == NULL || value_check(field, &value, false, &arena, &problem) < 0)
        rc = err_memory(err);
    else if (problem.code != NULL)
        rc = yml_fail(node, err, "%s", problem.message);
    else
        rc = field_set_default(field, value) < 0 ? err_memory(err) : 0;
    arena_done(&arena);
    return rc;
}

static int add_field(struct object *object, const char *name, const struct yml_node *node,
                     const char *spec, const struct field_text *text, struct err *err)
{
    struct err why = {0};
    struct field *field = field_new_custom(name, spec, &why);

    if (field == NULL)
        return why.kind == ERR_MEMORY ? err_memory(err) : yml_fail(node, err, "%s", why.text);
    if (text->restricted)
        field_set_flags(field, RESTRICTED, 0);
    if (text->required && field->fact.type != FIELD_BOOLEAN)
        field_set_flags(field, 0, NIL);
    if (text->label != NULL && field_set_label(field, text->label) < 0) {
        field_free(field);
        return err_memory(err);
    }
    if (text->fallback != NULL &&
        set_default(field, text->fallback, yml_member(node, "default"), err) < 0) {
        field_free(field);
        return -1;
    }
    if (object_add_field(object, field, &why) < 0)
        return why.kind == ERR_MEMORY ? err_memory(err) : yml_fail(node, err, "%s", why.text);
    return 0;
}

int org_fields_read(struct orgdata *org, const struct yml_node *map, struct err *err)
{
    int rc = yml_is(map, YML_MAP, err);

    for (const struct yml_node *node = map->first; node != NULL && rc == 0; node = node->next) {
        struct field_text text = {0};
        const char *name;
        struct buf spec;
        struct object *object = object_of_key(org, node, &name, err);
        if (object == NULL)
            return -1;
        buf_init(&spec, MAX_SPEC);
        if (node->kind == YML_TEXT)
            buf_text(&spec, node->text);
        else if (yml_take(node, field_keys, sizeof field_keys / sizeof field_keys[0], &text, err) <
                 0)
            rc = -1;
        else
            rc = write_spec(&text, &spec, err);
        if (rc == 0)
            rc = add_field(object, name, node, buf_peek(&spec), &text, err);
        buf_done(&spec);
    }
    return rc;
}

static int read_picklist(struct field *field, const struct yml_node *node, struct err *err)
{
    struct picklist_text text = {.restricted = field_has(field, RESTRICTED)};
    struct buf values;
    int rc;

    if (yml_take(node, picklist_keys, sizeof picklist_keys / sizeof picklist_keys[0], &text, err) <
        0)
        return -1;
    buf_init(&values, MAX_SPEC);
    rc = join(text.values, &values, err);
    if (rc == 0 && (buf_failed(&values) || field_set_values(field, buf_peek(&values)) < 0))
        rc = err_memory(err);
    buf_done(&values);
    if (rc < 0)
        return -1;
    field_set_flags(field, text.restricted ? RESTRICTED : 0, text.restricted ? 0 : RESTRICTED);
    const char *fallback = text.fallback == NULL ? field->fact.fallback : text.fallback;
    if (fallback == NULL)
        return 0;
    if (!field_lists(field, fallback, strlen(fallback)))
        return yml_fail(node, err, "expected the default, %s, among the values", fallback);
    return field_set_default(field, fallback) < 0 ? err_memory(err) : 0;
}

int org_picklists_read(struct orgdata *org, const struct yml_node *map, struct err *err)
{
    if (yml_is(map, YML_MAP, err) < 0)
        return -1;
    for (const struct yml_node *node = map->first; node != NULL; node = node->next) {
        const char *name;
        struct object *object = object_of_key(org, node, &name, err);
        if (object == NULL)
            return -1;
        struct field *field = object_any_field(object, name);
        if (field == NULL || field->fact.values == NULL)
            return yml_fail(node, err, "expected a picklist of %s", object->name);
        if (read_picklist(field, node, err) < 0)
            return -1;
    }
    return 0;
}

/* Field-level security. */
static int read_access(struct field *field, const struct yml_node *node, struct err *err)
{
    static const struct {
        const char *name;
        unsigned added, taken;
    } levels[] = {{"full", 0, 0}, {"read_only", 0, RW}, {"hidden", HIDDEN, RW}};

    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
        if (strcmp(levels[i].name, node->text) != 0)
            continue;
        if (levels[i].taken != 0 && !(field->full_flags & (NIL | DEFAULTED)) &&
            (field->full_flags & CREATE))
            return yml_fail(node, err, "a required field is always visible and writable");
        field->fact.flags = (field->full_flags & ~levels[i].taken) | levels[i].added;
        return 0;
    }
    return yml_fail(node, err, "expected full, read_only or hidden");
}

struct access {
    bool read, create, update, delete;
};

static const struct yml_key access_keys[] = {
    {"read", WANT_FLAG, false, offsetof(struct access, read), 0},
    {"create", WANT_FLAG, false, offsetof(struct access, create), 0},
    {"update", WANT_FLAG, false, offsetof(struct access, update), 0},
    {"delete", WANT_FLAG, false, offsetof(struct access, delete), 0},
};

static int read_object_access(struct object *object, const struct yml_node *node, struct err *err)
{
    struct access may = {.read = (object->permissions & MAY_READ) != 0,
                         .create = (object->permissions & MAY_CREATE) != 0,
                         .update = (object->permissions & MAY_UPDATE) != 0,
                         .delete = (object->permissions & MAY_DELETE) != 0};

    if (yml_take(node, access_keys, sizeof access_keys / sizeof access_keys[0], &may, err) < 0)
        return -1;
    object->permissions = (may.read ? MAY_READ : 0u) | (may.create ? MAY_CREATE : 0u) |
                          (may.update ? MAY_UPDATE : 0u) | (may.delete ? MAY_DELETE : 0u);
    return 0;
}

int org_permissions_read(struct orgdata *org, const struct yml_node *map, struct err *err)
{
    if (yml_is(map, YML_MAP, err) < 0)
        return -1;
    for (const struct yml_node *node = map->first; node != NULL; node = node->next) {
        const char *name;
        struct object *object = rules_object_named(org, node->key);
        if (object != NULL) {
            if (read_object_access(object, node, err) < 0)
                return -1;
            continue;
        }
        object = object_of_key(org, node, &name, err);
        if (object == NULL)
            return -1;
        struct field *field = object_any_field(object, name);
        if (field == NULL)
            return yml_fail(node, err, "expected a field of %s", object->name);
        if (read_access(field, node, err) < 0)
            return -1;
    }
    return 0;
}
