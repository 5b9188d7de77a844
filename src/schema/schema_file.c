/* One JSON file an object.  Names as in describe, so that a person can compare. */
#include "schema/schema.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "base/folder.h"
#include "base/mem.h"

#define FORMAT         1                  /* "format" in the file; others are refused */
#define MAX_FILE_BYTES (32 * 1024 * 1024) /* far more than the largest describe */

/* Members that are numbers or flags, read and written alike. */
static const struct {
    const char *name;
    size_t at; /* offset of an int in struct schema_field */
} number_members[] = {
    {"length", offsetof(struct schema_field, length)},
    {"precision", offsetof(struct schema_field, precision)},
    {"scale", offsetof(struct schema_field, scale)},
    {"digits", offsetof(struct schema_field, digits)},
};

static const struct {
    const char *name;
    size_t at; /* offset of a bool in struct schema_field */
} flag_members[] = {
    {"custom", offsetof(struct schema_field, custom)},
    {"nillable", offsetof(struct schema_field, nillable)},
    {"createable", offsetof(struct schema_field, createable)},
    {"updateable", offsetof(struct schema_field, updateable)},
    {"filterable", offsetof(struct schema_field, filterable)},
    {"defaultedOnCreate", offsetof(struct schema_field, defaulted_on_create)},
    {"restrictedPicklist", offsetof(struct schema_field, restricted_picklist)},
    {"idLookup", offsetof(struct schema_field, id_lookup)},
    {"externalId", offsetof(struct schema_field, external_id)},
    {"unique", offsetof(struct schema_field, unique)},
    {"caseSensitive", offsetof(struct schema_field, case_sensitive)},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int *number_at(struct schema_field *field, size_t i)
{
    return (int *)((char *)field + number_members[i].at);
}

static bool *flag_at(struct schema_field *field, size_t i)
{
    return (bool *)((char *)field + flag_members[i].at);
}

/* --- writing --- */

/* NULL when out of memory.  Numbers that are 0 and flags that are off are left out. */
static json_t *field_to_json(struct schema_field *field)
{
    json_t *json = json_object();
    int rc = json_object_set_new(json, "name", json_string(field->name));

    rc |= json_object_set_new(json, "type", json_string(field_type_name(field->type)));
    if (field->label != NULL)
        rc |= json_object_set_new(json, "label", json_string(field->label));
    for (size_t i = 0; i < COUNT(number_members); i++) {
        if (*number_at(field, i) != 0)
            rc |= json_object_set_new(json, number_members[i].name,
                                      json_integer(*number_at(field, i)));
    }
    for (size_t i = 0; i < COUNT(flag_members); i++) {
        if (*flag_at(field, i))
            rc |= json_object_set_new(json, flag_members[i].name, json_true());
    }
    if (field->picklist_count > 0) {
        json_t *values = json_array();
        for (size_t i = 0; i < field->picklist_count; i++)
            rc |= json_array_append_new(values, json_string(field->picklist[i]));
        rc |= json_object_set_new(json, "picklistValues", values);
    }
    if (rc != 0) {
        json_decref(json);
        return NULL;
    }
    return json;
}

static json_t *object_to_json(const struct schema_object *object, int64_t described_ms)
{
    json_t *json = json_object();
    json_t *fields = json_array();
    int rc = json_object_set_new(json, "format", json_integer(FORMAT));

    rc |= json_object_set_new(json, "name", json_string(object->name));
    rc |= json_object_set_new(json, "describedMs", json_integer(described_ms));
    rc |= json_object_set_new(json, "createable", json_boolean(object->createable));
    rc |= json_object_set_new(json, "updateable", json_boolean(object->updateable));
    rc |= json_object_set_new(json, "queryable", json_boolean(object->queryable));
    if (object->hidden)
        rc |= json_object_set_new(json, "hidden", json_true());
    for (size_t i = 0; i < object->count; i++)
        rc |= json_array_append_new(fields, field_to_json(&object->fields[i]));
    rc |= json_object_set_new(json, "fields", fields);
    if (rc != 0) {
        json_decref(json);
        return NULL;
    }
    return json;
}

static int write_whole(int fd, const char *text, size_t len)
{
    while (len > 0) {
        ssize_t put = write(fd, text, len);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return -1;
        text += put;
        len -= (size_t)put;
    }
    return 0;
}

/* path contains text, or what it contained before. */
static int replace_file(const char *path, const char *text, size_t len, struct err *err)
{
    char *beside = mem_format("%s.new", path);
    int fd = -1, rc = -1;

    if (beside == NULL) {
        err_memory(err);
        goto out;
    }
    fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || write_whole(fd, text, len) < 0 || fsync(fd) < 0 || rename(beside, path) < 0) {
        err_set(err, ERR_SYSTEM, "write %s: %s", path, strerror(errno));
        goto out;
    }
    rc = 0;
out:
    if (fd >= 0)
        close(fd);
    if (fd >= 0 && rc < 0)
        unlink(beside);
    mem_free(beside);
    return rc;
}

static int save_object(const struct schema_object *object, int64_t described_ms, const char *dir,
                       struct err *err)
{
    json_t *json = object_to_json(object, described_ms);
    char *text = json == NULL ? NULL : json_dumps(json, JSON_INDENT(1) | JSON_PRESERVE_ORDER);
    char *path = mem_format("%s/%s.json", dir, object->name);
    int rc;

    if (text == NULL || path == NULL)
        rc = err_memory(err);
    else
        rc = replace_file(path, text, strlen(text), err);
    mem_free(path);
    free(text);
    json_decref(json);
    return rc;
}

/* The object that a file of the folder is about; false when it is about none. */
static bool object_of(const struct dirent *entry, char ret[sizeof(entry->d_name)])
{
    size_t len = strlen(entry->d_name);

    if (len < 6 || entry->d_name[0] == '.' || strcmp(entry->d_name + len - 5, ".json") != 0)
        return false;
    memcpy(ret, entry->d_name, len - 5);
    ret[len - 5] = '\0';
    return true;
}

/* The file of an object no longer described would age, and with it the whole folder. */
static void drop_others(const struct schema *schema, const char *dir)
{
    DIR *folder = opendir(dir);
    struct dirent *entry;
    char name[sizeof(entry->d_name)];

    while (folder != NULL && (entry = readdir(folder)) != NULL)
        if (object_of(entry, name) && !schema_knows(schema, name))
            unlinkat(dirfd(folder), entry->d_name, 0);
    if (folder != NULL)
        closedir(folder);
}

int schema_save(const struct schema *schema, const char *dir, struct err *err)
{
    if (folder_make(dir, err) < 0)
        return -1;
    for (size_t i = 0; i < schema->count; i++) {
        if (save_object(&schema->objects[i], schema->described_ms, dir, err) < 0)
            return -1;
    }
    drop_others(schema, dir);
    return folder_sync(dir, err);
}

/* --- reading --- */

static int read_picklist(struct schema_field *field, const json_t *values, struct err *err)
{
    size_t i;
    json_t *value;

    if (values == NULL)
        return 0;
    field->picklist = mem_zero(json_array_size(values), sizeof(char *));
    if (field->picklist == NULL)
        return err_memory(err);
    json_array_foreach(values, i, value) {
        if (!json_is_string(value))
            return err_set(err, ERR_INVALID, "%s: picklistValues holds no text", field->name);
        field->picklist[i] = mem_text(json_string_value(value));
        if (field->picklist[i] == NULL)
            return err_memory(err);
        field->picklist_count++;
    }
    return 0;
}

static int read_field(struct schema_object *object, const json_t *json, struct err *err)
{
    const char *name = json_string_value(json_object_get(json, "name"));
    const char *type = json_string_value(json_object_get(json, "type"));
    const char *label = json_string_value(json_object_get(json, "label"));

    if (name == NULL || type == NULL)
        return err_set(err, ERR_INVALID, "a field lacks name or type");
    struct schema_field *field = schema_add_field(object, name);
    if (field == NULL)
        return err_memory(err);
    field->type = field_type_parse(type);
    if (label != NULL && (field->label = mem_text(label)) == NULL)
        return err_memory(err);
    for (size_t i = 0; i < COUNT(number_members); i++) {
        json_int_t number = json_integer_value(json_object_get(json, number_members[i].name));
        if (number < 0 || number > INT32_MAX)
            return err_set(err, ERR_INVALID, "%s: %s out of range", name, number_members[i].name);
        *number_at(field, i) = (int)number;
    }
    for (size_t i = 0; i < COUNT(flag_members); i++)
        *flag_at(field, i) = json_is_true(json_object_get(json, flag_members[i].name));
    return read_picklist(field, json_object_get(json, "picklistValues"), err);
}

static int read_object(struct schema *schema, const json_t *json, struct err *err)
{
    const char *name = json_string_value(json_object_get(json, "name"));
    const json_t *fields = json_object_get(json, "fields");
    int64_t described_ms = json_integer_value(json_object_get(json, "describedMs"));

    if (json_integer_value(json_object_get(json, "format")) != FORMAT)
        return err_set(err, ERR_INVALID, "not in format %d", FORMAT);
    if (name == NULL || !json_is_array(fields))
        return err_set(err, ERR_INVALID, "name or fields missing");
    struct schema_object *object = schema_add_object(schema, name);
    if (object == NULL)
        return err_memory(err);
    object->createable = json_is_true(json_object_get(json, "createable"));
    object->updateable = json_is_true(json_object_get(json, "updateable"));
    object->queryable = json_is_true(json_object_get(json, "queryable"));
    object->hidden = json_is_true(json_object_get(json, "hidden"));
    for (size_t i = 0; i < json_array_size(fields); i++) {
        if (read_field(object, json_array_get(fields, i), err) < 0)
            return -1;
    }
    schema_object_sort(object);
    /* As old as its oldest object, so that a partly renewed folder is renewed again. */
    if (schema->count == 1 || described_ms < schema->described_ms)
        schema->described_ms = described_ms;
    return 0;
}

static int load_file(struct schema *schema, const char *dir, const char *name, struct err *err)
{
    char *path = mem_format("%s/%s", dir, name);
    json_t *json = NULL;
    json_error_t why;
    struct stat st;
    int rc = -1;

    if (path == NULL) {
        err_memory(err);
        goto out;
    }
    if (stat(path, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size > MAX_FILE_BYTES) {
        err_set(err, ERR_INVALID, "%s: no file, or too large", path);
        goto out;
    }
    json = json_load_file(path, JSON_REJECT_DUPLICATES, &why);
    if (json == NULL) {
        err_set(err, ERR_INVALID, "%s: line %d: %s", path, why.line, why.text);
        goto out;
    }
    rc = read_object(schema, json, err);
    if (rc < 0)
        err_wrap(err, "%s", path);
out:
    json_decref(json);
    mem_free(path);
    return rc;
}

struct schema *schema_load(const char *dir, struct err *err)
{
    DIR *folder = opendir(dir);
    struct schema *schema = NULL;
    int rc = -1;

    if (folder == NULL) {
        err_set(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_SYSTEM, "open %s: %s", dir,
                strerror(errno));
        goto out;
    }
    schema = schema_new();
    if (schema == NULL) {
        err_memory(err);
        goto out;
    }
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char name[sizeof(entry->d_name)];
        if (!object_of(entry, name))
            continue;
        if (load_file(schema, dir, entry->d_name, err) < 0)
            goto out;
    }
    if (schema->count == 0) {
        err_set(err, ERR_NOT_FOUND, "%s: no object's file (Lead.json) in it", dir);
        goto out;
    }
    rc = 0;
out:
    if (folder != NULL)
        closedir(folder);
    if (rc < 0) {
        schema_unref(schema);
        schema = NULL;
    }
    return schema;
}
