#include "fakeorg/faults/mishap.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "base/buf_json.h"

int mishaps_add(struct mishaps *mishaps, const char *const *specs, size_t count, struct err *err)
{
    size_t before = mishaps->count;

    for (size_t i = 0; i < count; i++) {
        if (mishaps->count == MISHAP_RULES) {
            err_set(err, ERR_INVALID, "more than %d faults", MISHAP_RULES);
            goto out;
        }
        if (rule_read(specs[i], &mishaps->rules[mishaps->count], err) < 0)
            goto out;
        mishaps->count++;
    }
    return 0;
out:
    while (mishaps->count > before)
        rule_done(&mishaps->rules[--mishaps->count]);
    return -1;
}

void mishaps_drop(struct mishaps *mishaps, size_t count)
{
    for (size_t i = 0; i < count; i++)
        rule_done(&mishaps->rules[i]);
    mishaps->count -= count;
    memmove(mishaps->rules, mishaps->rules + count, mishaps->count * sizeof mishaps->rules[0]);
}

void mishaps_clear(struct mishaps *mishaps)
{
    mishaps_drop(mishaps, mishaps->count);
}

static bool is_over(const struct rule *rule)
{
    return (rule->times > 0 && rule->struck >= rule->times) ||
           (rule->nth > 0 && rule->calls >= rule->nth);
}

void mishaps_show(const struct mishaps *mishaps, struct buf *out)
{
    buf_char(out, '[');
    for (size_t i = 0; i < mishaps->count; i++) {
        const struct rule *rule = &mishaps->rules[i];
        buf_json_comma(out);
        buf_text(out, "{\"fault\":");
        buf_json_string(out, rule->spec, strlen(rule->spec));
        buf_format(out, ",\"calls\":%" PRIu64 ",\"struck\":%" PRIu64 ",\"over\":%s}", rule->calls,
                   rule->struck, is_over(rule) ? "true" : "false");
    }
    buf_char(out, ']');
}

/* splitmix64: the same seed, the same faults. */
static bool roll(struct rule *rule)
{
    uint64_t z = rule->random += 0x9e3779b97f4a7c15;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    z ^= z >> 31;
    return (double)(z >> 11) / (double)((uint64_t)1 << 53) < rule->chance;
}

/* Counts a call that the rule is about; true when it is one of those to strike. */
static bool is_due(struct rule *rule)
{
    rule->calls++;
    return (rule->times == 0 || rule->struck < rule->times) &&
           (rule->nth == 0 || rule->calls == rule->nth) &&
           (rule->every == 0 || rule->calls % rule->every == 0);
}

static bool fits(const struct rule *rule, const char *value)
{
    if (value == NULL)
        return false;
    return rule->contains ? strcasestr(value, rule->value) != NULL
                          : strcasecmp(value, rule->value) == 0;
}

/* By what the request says of the record or, where it is silent, what the org holds. */
static bool is_meant(const struct mishap_target *target, const struct rule *rule, const void *part)
{
    char id[ID_MAX];

    if (rule->field == NULL)
        return true;
    const char *value = target->request->value(part, rule->field);
    if (value != NULL)
        return fits(rule, value);
    const char *id_text = target->request->id(part);
    if (!id_read(id_text, strlen(id_text), id))
        return false;
    struct record *record = orgdata_record(target->org, id);
    return record != NULL && object_field(record->object, rule->field) != NULL &&
           fits(rule, record_value_named(record, rule->field));
}

static bool any_meant(const struct mishap_target *target, const struct rule *rule)
{
    const void *part = target->request->first;

    if (rule->field == NULL)
        return true;
    while (part != NULL && !is_meant(target, rule, part))
        part = target->request->next(part);
    return part != NULL;
}

static int lay_error(const struct mishap_target *target, const struct rule *rule, size_t record,
                     struct mishap *mishap)
{
    struct laid_error **place = &mishap->errors, *laid;

    /* Copied: the rule may be gone when a late commit comes to it. */
    laid = arena_take(target->arena, sizeof *laid);
    if (laid == NULL)
        return api_error_memory(target->error);
    laid->record = record;
    laid->code = arena_text(target->arena, rule->error.code, strlen(rule->error.code));
    laid->text = arena_text(target->arena, rule->error.text, strlen(rule->error.text));
    if (rule->error.field != NULL)
        laid->field = arena_text(target->arena, rule->error.field, strlen(rule->error.field));
    if (laid->code == NULL || laid->text == NULL ||
        (rule->error.field != NULL && laid->field == NULL))
        return api_error_memory(target->error);
    while (*place != NULL)
        place = &(*place)->next;
    *place = laid;
    return 0;
}

/* chance= is rolled for each record; the call counts as one strike. */
static int strike_records(const struct mishap_target *target, struct rule *rule,
                          struct mishap *mishap)
{
    const struct request_view *request = target->request;
    size_t place = 0;
    bool any = false;

    if (!any_meant(target, rule) || !is_due(rule))
        return 0;
    for (const void *part = request->first; part != NULL; part = request->next(part)) {
        if (!request->is_record(part))
            continue;
        if (is_meant(target, rule, part) && (!rule->by_chance || roll(rule))) {
            any = true;
            if (lay_error(target, rule, place, mishap) < 0)
                return -1;
        }
        place++;
    }
    rule->struck += any;
    return 0;
}

static int refuse(const struct mishap_target *target, const struct rule *rule)
{
    const char *code = arena_text(target->arena, rule->fault.code, strlen(rule->fault.code));

    if (code == NULL)
        return api_error_memory(target->error);
    api_error_set(target->error, rule->fault.kind, code, "%s", rule->fault.text);
    if (rule->fault.kind == API_ERROR_QUERY) {
        target->error->row = 1;
        target->error->column = 8;
    }
    return -1;
}

/* -1 when the call is not to be done. */
static int strike_call(const struct mishap_target *target, struct rule *rule, struct mishap *mishap)
{
    const struct mishap_kind *kind = rule->kind;
    struct err err = {0};

    if (!any_meant(target, rule) || !is_due(rule) || (rule->by_chance && !roll(rule)))
        return 0;
    rule->struck++;
    if (rule->after_ms >= 0)
        mishap->after_ms = rule->after_ms;
    if (rule->switch_id != SWITCHES)
        return switch_set(target->switches, rule->switch_id, rule->switch_value, &err);
    if (kind == NULL)
        return refuse(target, rule);
    mishap->kind = kind;
    mishap->done = rule->saved == SAVED_BY_KIND ? kind->saved : rule->saved == SAVED_YES;
    if (rule->after_ms < 0)
        mishap->after_ms = kind->after_ms;
    return mishap->done ? 0 : -1;
}

static bool is_for_records(const struct rule *rule, enum operation operation)
{
    return rule->error.code != NULL && rule->error_first && operation_saves(operation);
}

int mishaps_strike(struct mishaps *mishaps, const struct mishap_target *target,
                   struct mishap *ret_mishap)
{
    enum operation operation = target->request->operation;
    uint64_t bit = (uint64_t)1 << operation;
    int rc = 0;

    for (size_t i = 0; i < mishaps->count && rc == 0; i++) {
        struct rule *rule = &mishaps->rules[i];
        if ((rule->operations & bit) == 0 || (rule->kind != NULL && rule->kind->early))
            continue;
        if (is_for_records(rule, operation))
            rc = strike_records(target, rule, ret_mishap);
        else if (rule->fault.code != NULL || rule->error.code == NULL)
            rc = strike_call(target, rule, ret_mishap);
    }
    return rc;
}

bool mishaps_strike_early(struct mishaps *mishaps)
{
    for (size_t i = 0; i < mishaps->count; i++) {
        struct rule *rule = &mishaps->rules[i];
        if (rule->kind == NULL || !rule->kind->early || !is_due(rule) ||
            (rule->by_chance && !roll(rule)))
            continue;
        rule->struck++;
        return true;
    }
    return false;
}
