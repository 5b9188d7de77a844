/* The order of all checks and rules of a save. */
#include "fakeorg/rules/save_order.h"

#include <string.h>

#include "fakeorg/data/recycle_bin.h"
#include "fakeorg/rules/assignment.h"
#include "fakeorg/rules/duplicates.h"
#include "fakeorg/rules/keys.h"
#include "fakeorg/rules/locks.h"
#include "fakeorg/rules/preview.h"
#include "fakeorg/rules/record_check.h"
#include "fakeorg/rules/rules.h"
#include "fakeorg/rules/validation.h"

#define MAX_TYPE_RUNS 10

static int check_types(const struct save_context *ctx, const struct save *saves, size_t count)
{
    size_t runs = 0;

    for (size_t i = 0; i < count; i++)
        runs += i == 0 || saves[i].object != saves[i - 1].object;
    if (runs <= MAX_TYPE_RUNS)
        return 0;
    return api_error_set(ctx->error, API_ERROR_UNEXPECTED, "EXCEEDED_MAX_TYPES_LIMIT",
                         "cannot submit more than %d runs of one type into this call",
                         MAX_TYPE_RUNS);
}

static int fail_all_or_none(const struct save_context *ctx, struct save *saves, size_t count)
{
    bool any = false;

    for (size_t i = 0; i < count; i++)
        any = any || saves[i].errors != NULL;
    for (size_t i = 0; i < count && any && ctx->all_or_none; i++)
        if (saves[i].errors == NULL &&
            save_fail(ctx, &saves[i], "ALL_OR_NONE_OPERATION_ROLLED_BACK", NULL,
                      "Record rolled back because not all records were valid and the request was "
                      "using AllOrNone header") < 0)
            return -1;
    return 0;
}

static int check_record(const struct save_context *ctx, struct save *save)
{
    struct record preview;

    if (rules_preview(ctx, save, &preview) < 0 || locks_check(ctx, save, &preview) < 0)
        return -1;
    if (save->errors == NULL && validation_check(ctx, save, &preview) < 0)
        return -1;
    if (save->errors == NULL && duplicates_check(ctx, save, &preview) < 0)
        return -1;
    return 0;
}

static int check_rules(const struct save_context *ctx, struct save *saves, size_t count)
{
    const struct rules *rules = ctx->rules;

    if (assignment_check(ctx) < 0)
        return -1;
    if (rules->validations.first == NULL && rules->duplicates.first == NULL &&
        rules->locks.first == NULL)
        return 0;
    for (size_t i = 0; i < count; i++)
        if (saves[i].errors == NULL && check_record(ctx, &saves[i]) < 0)
            return -1;
    return 0;
}

/* Of several entries with one Id only the first is saved. */
static int check_repeats(const struct save_context *ctx, struct save *saves, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        for (size_t k = 0; k < i && saves[i].record != NULL; k++) {
            if (saves[k].record != saves[i].record || saves[i].errors != NULL)
                continue;
            if (save_fail(ctx, &saves[i], quirk_value(ctx->quirks, QUIRK_SAME_ID), "Id",
                          "duplicate id in list: %s", saves[i].record->id) < 0)
                return -1;
            break;
        }
    }
    return 0;
}

/* All checks run before anything is written, so that AllOrNone has nothing to
   undo. */
static int check_all(const struct save_context *ctx, const char *key, struct save *saves,
                     size_t count)
{
    if (check_types(ctx, saves, count) < 0)
        return -1;
    if (key != NULL && keys_match(ctx, key, saves, count) < 0)
        return -1;
    for (size_t i = 0; i < count; i++) {
        if (save_fail_injected(ctx, i, &saves[i]) < 0)
            return -1;
        if (saves[i].errors == NULL && save_check(ctx, &saves[i]) < 0)
            return -1;
    }
    if (check_repeats(ctx, saves, count) < 0 || keys_check_unique(ctx, saves, count) < 0 ||
        check_rules(ctx, saves, count) < 0)
        return -1;
    return fail_all_or_none(ctx, saves, count);
}

static int apply(const struct save_context *ctx, struct save *save)
{
    if (save->create)
        save->record = record_new(save->object);
    if (save->record == NULL)
        return api_error_memory(ctx->error);
    for (const struct save_value *value = save->values; value != NULL; value = value->next)
        if (record_set(save->record, value->field, value->text) < 0)
            return api_error_memory(ctx->error);
    if (record_stamp(ctx->org, save->record, save->create) < 0)
        return api_error_memory(ctx->error);
    return assignment_apply(ctx, save->record);
}

int save_records(const struct save_context *ctx, const char *key, struct save *saves, size_t count)
{
    if (check_all(ctx, key, saves, count) < 0)
        return -1;
    for (size_t i = 0; i < count; i++)
        if (saves[i].errors == NULL && apply(ctx, &saves[i]) < 0)
            return -1;
    return 0;
}

/* An id that occurs earlier in the call is already deleted the second time. */
static int check_deleted_twice(const struct save_context *ctx, struct save *saves, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        for (size_t k = 0; k < i && saves[i].errors == NULL; k++)
            if (saves[k].record == saves[i].record && saves[k].errors == NULL &&
                save_fail(ctx, &saves[i], "ENTITY_IS_DELETED", NULL, "entity is deleted") < 0)
                return -1;
    }
    return 0;
}

static int check_delete(const struct save_context *ctx, struct save *save)
{
    if (save_find(ctx, save) < 0)
        return -1;
    if (save->errors != NULL)
        return 0;
    if ((save->object->permissions & MAY_DELETE) == 0)
        return save_fail(ctx, save, "INSUFFICIENT_ACCESS_OR_READONLY", NULL,
                         "insufficient access rights on object id");
    return locks_check(ctx, save, save->record);
}

int delete_records(const struct save_context *ctx, struct save *saves, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (check_delete(ctx, &saves[i]) < 0 || save_fail_injected(ctx, i, &saves[i]) < 0)
            return -1;
    if (check_deleted_twice(ctx, saves, count) < 0 || fail_all_or_none(ctx, saves, count) < 0)
        return -1;
    for (size_t i = 0; i < count; i++)
        /* A contact may have been deleted with its account by now. */
        if (saves[i].errors == NULL && !saves[i].record->deleted &&
            recycle_bin_put(ctx->org, saves[i].record) < 0)
            return api_error_memory(ctx->error);
    return 0;
}
