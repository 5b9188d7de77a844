/* Normalized keys, sorted so that equal ones are adjacent. */
#include "fakeorg/rules/keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fakeorg/data/index.h"

#define KEY_MAX_BYTES ((size_t)1 << 20)

/* One record's value in one field, normalized. */
struct key {
    struct save *save;
    const struct field *field;
    const char *text;
    size_t position; /* in the call */
};

static int by_value(const void *left, const void *right)
{
    const struct key *a = left, *b = right;

    if (a->field != b->field)
        return a->field < b->field ? -1 : 1;
    int order = strcmp(a->text, b->text);
    return order != 0 ? order : (a->position > b->position) - (a->position < b->position);
}

static bool same(const struct key *a, const struct key *b)
{
    return a->field == b->field && strcmp(a->text, b->text) == 0;
}

static int make_key(const struct save_context *ctx, struct save *save, const struct field *field,
                    const char *text, size_t position, struct key *ret_key)
{
    struct buf folded;

    *ret_key = (struct key){save, field, text, position};
    if (field_has(field, CASED))
        return 0;
    buf_init(&folded, KEY_MAX_BYTES);
    int rc = index_key(field_type_info(field->fact.type)->kind, text, &folded);
    ret_key->text = rc < 0 ? NULL : arena_text(ctx->arena, buf_peek(&folded), folded.len);
    buf_done(&folded);
    return ret_key->text == NULL ? api_error_memory(ctx->error) : 0;
}

int keys_find(const struct save_context *ctx, struct object *object, struct field *field,
              const char *text, struct record *ret_records[KEYS_MAX_NAMED], size_t *ret_count)
{
    struct record *const *found;
    size_t count;

    *ret_count = 0;
    if (object_find(object, field, text, &found, &count) < 0)
        return api_error_memory(ctx->error);
    for (size_t i = 0; i < count && *ret_count < KEYS_MAX_NAMED; i++)
        if (!field_has(field, CASED) || strcmp(record_value(found[i], field), text) == 0)
            ret_records[(*ret_count)++] = found[i];
    return 0;
}

static const char *value_of(const struct save *save, const struct field *field)
{
    if (field->fact.type == FIELD_ID)
        return save->id_text;
    for (const struct save_value *value = save->values; value != NULL; value = value->next)
        if (value->field == field)
            return value->text;
    return NULL;
}

int keys_fail_several(const struct save_context *ctx, struct save *save, const struct field *field,
                      struct record *const *records, size_t count)
{
    char ids[KEYS_MAX_NAMED * (ID_MAX + 2)] = "";
    size_t len = 0;

    for (size_t i = 0; i < count; i++)
        len += (size_t)snprintf(ids + len, sizeof ids - len, "%s%s", i == 0 ? "" : ", ",
                                records[i]->id);
    return save_fail(ctx, save, quirk_value(ctx->quirks, QUIRK_UPSERT_MATCHES), field->fact.name,
                     "%s: more than one record found for external id field: [%s]", field->label,
                     ids);
}

static int match_one(const struct save_context *ctx, struct save *save, struct field *field)
{
    const char *text = value_of(save, field);
    struct record *records[KEYS_MAX_NAMED];
    size_t count = 0;

    if (field->fact.type == FIELD_ID) {
        save->create = text == NULL; /* a bad Id is reported as in an update */
        return 0;
    }
    if (text == NULL)
        return save_fail(ctx, save, "MISSING_ARGUMENT", field->fact.name, "%s not specified",
                         field->fact.name);
    if (save->id_text != NULL)
        return save_fail(ctx, save, "INVALID_FIELD_FOR_INSERT_UPDATE", "Id",
                         "cannot specify Id when %s is the key of an upsert call",
                         field->fact.name);
    if (keys_find(ctx, save->object, field, text, records, &count) < 0)
        return -1;
    save->create = count == 0;
    if (count > 1)
        return keys_fail_several(ctx, save, field, records, count);
    save->record = count == 1 ? records[0] : NULL;
    return 0;
}

/* Fails all records that share a key, or all but the first. */
static int check_twins(const struct save_context *ctx, const struct key *keys, size_t count)
{
    bool all = quirk_is(ctx->quirks, QUIRK_UPSERT_TWINS, "all");

    for (size_t i = 0; i < count; i++) {
        const struct save *save = keys[i].save;
        bool before = i > 0 && same(&keys[i], &keys[i - 1]);
        bool after = all && i + 1 < count && same(&keys[i], &keys[i + 1]);
        if ((before || after) &&
            save_fail(ctx, keys[i].save, "DUPLICATE_VALUE", keys[i].field->fact.name,
                      "Duplicate external id specified: %.255s", value_of(save, keys[i].field)) < 0)
            return -1;
    }
    return 0;
}

static int refuse_field(const struct save_context *ctx, const char *name, struct save *save)
{
    static const char message[] = "Field name provided, %.80s does not match an External ID, "
                                  "Salesforce Id, or indexed field for %s";

    if (quirk_is(ctx->quirks, QUIRK_UPSERT_KEY, "record"))
        return save_fail(ctx, save, "INVALID_EXTERNAL_ID_FIELD_NAME", NULL, message, name,
                         save->object->name);
    return api_error_set(ctx->error, API_ERROR_FIELD, "INVALID_FIELD", message, name,
                         save->object->name);
}

int keys_match(const struct save_context *ctx, const char *name, struct save *saves, size_t count)
{
    struct key *keys = arena_take(ctx->arena, count * sizeof *keys);
    size_t used = 0;

    if (keys == NULL)
        return api_error_memory(ctx->error);
    for (size_t i = 0; i < count; i++) {
        struct field *field = object_field(saves[i].object, name);
        if (field == NULL || !field_has(field, LOOKUP)) {
            if (refuse_field(ctx, name, &saves[i]) < 0)
                return -1;
            continue;
        }
        const char *text = value_of(&saves[i], field);
        if (text != NULL && make_key(ctx, &saves[i], field, text, i, &keys[used++]) < 0)
            return -1;
        if (match_one(ctx, &saves[i], field) < 0)
            return -1;
    }
    if (used > 1)
        qsort(keys, used, sizeof *keys, by_value);
    return check_twins(ctx, keys, used);
}

static int fail_unique(const struct save_context *ctx, struct save *save, const struct field *field,
                       const char *id)
{
    bool short_id = quirk_is(ctx->quirks, QUIRK_DUPLICATE_ID, "15");

    return save_fail(ctx, save, "DUPLICATE_VALUE", NULL,
                     "duplicate value found: %s duplicates value on record with id: %.*s",
                     field->fact.name, short_id ? 15 : 18, id);
}

static int check_org(const struct save_context *ctx, struct save *save, struct field *field,
                     const char *text)
{
    struct record *records[KEYS_MAX_NAMED];
    size_t count = 0;

    if (keys_find(ctx, save->object, field, text, records, &count) < 0)
        return -1;
    for (size_t i = 0; i < count; i++)
        if (records[i] != save->record)
            return fail_unique(ctx, save, field, records[i]->id);
    return 0;
}

/* The id that a record of the call has, or will have once those before it are created. */
static void id_of(const struct save *saves, size_t position, char ret[ID_MAX])
{
    const struct save *save = &saves[position];
    uint64_t number = save->object->last_id + 1;

    if (save->record != NULL) {
        memcpy(ret, save->record->id, ID_MAX);
        return;
    }
    for (size_t i = 0; i < position; i++)
        number += saves[i].create && saves[i].errors == NULL && saves[i].object == save->object;
    id_make(save->object->prefix, number, ret);
}

static int check_call(const struct save_context *ctx, struct save *saves, struct key *keys,
                      size_t count)
{
    char id[ID_MAX];

    if (count > 1)
        qsort(keys, count, sizeof *keys, by_value);
    for (size_t i = 0, first = 0; i < count; i++) {
        if (!same(&keys[i], &keys[first]) || keys[first].save->errors != NULL)
            first = i;
        if (first == i || keys[i].save->errors != NULL)
            continue;
        id_of(saves, keys[first].position, id);
        if (fail_unique(ctx, keys[i].save, keys[i].field, id) < 0)
            return -1;
    }
    return 0;
}

int keys_check_unique(const struct save_context *ctx, struct save *saves, size_t count)
{
    size_t capacity = 0, used = 0;

    for (size_t i = 0; i < count; i++)
        for (const struct save_value *v = saves[i].values; v != NULL; v = v->next)
            capacity += field_has(v->field, UNIQUE) && v->text != NULL;
    if (capacity == 0)
        return 0;
    struct key *keys = arena_take(ctx->arena, capacity * sizeof *keys);
    if (keys == NULL)
        return api_error_memory(ctx->error);
    for (size_t i = 0; i < count; i++)
        for (const struct save_value *v = saves[i].values; v != NULL; v = v->next) {
            if (!field_has(v->field, UNIQUE) || v->text == NULL || saves[i].errors != NULL)
                continue;
            if (check_org(ctx, &saves[i], v->field, v->text) < 0 ||
                make_key(ctx, &saves[i], v->field, v->text, i, &keys[used++]) < 0)
                return -1;
        }
    return check_call(ctx, saves, keys, used);
}
