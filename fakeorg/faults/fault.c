/* fault: decides which calls and records a fault on demand applies to. */
#include "fakeorg/faults/fault.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "base/buf_json.h"

int faults_add(struct faults *faults, const char *const *specs, size_t count, struct err *err)
{
    size_t before = faults->count;

    for (size_t i = 0; i < count; i++) {
        if (faults->count == FAULT_RULES) {
            err_set(err, ERR_INVALID, "more than %d faults", FAULT_RULES);
            goto out;
        }
        if (fault_rule_read(specs[i], &faults->rules[faults->count], err) < 0)
            goto out;
        faults->count++;
    }
    return 0;
out:
    while (faults->count > before)
        fault_rule_done(&faults->rules[--faults->count]);
    return -1;
}

void faults_drop(struct faults *faults, size_t count)
{
    for (size_t i = 0; i < count; i++)
        fault_rule_done(&faults->rules[i]);
    faults->count -= count;
    memmove(faults->rules, faults->rules + count, faults->count * sizeof faults->rules[0]);
}

void faults_clear(struct faults *faults)
{
    faults_drop(faults, faults->count);
}

static bool is_over(const struct fault_rule *rule)
{
    return (rule->times > 0 && rule->injected >= rule->times) ||
           (rule->nth > 0 && rule->calls >= rule->nth);
}

void faults_show(const struct faults *faults, struct buf *out)
{
    buf_char(out, '[');
    for (size_t i = 0; i < faults->count; i++) {
        const struct fault_rule *rule = &faults->rules[i];
        buf_json_comma(out);
        buf_text(out, "{\"fault\":");
        buf_json_string(out, rule->spec, strlen(rule->spec));
        /* "struck" is the old name, to be removed after 0.2. */
        buf_format(out,
                   ",\"calls\":%" PRIu64 ",\"injected\":%" PRIu64 ",\"struck\":%" PRIu64
                   ",\"over\":%s}",
                   rule->calls, rule->injected, rule->injected, is_over(rule) ? "true" : "false");
    }
    buf_char(out, ']');
}

/* splitmix64: the same seed, the same faults. */
static bool roll(struct fault_rule *rule)
{
    uint64_t z = rule->random += 0x9e3779b97f4a7c15;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    z ^= z >> 31;
    return (double)(z >> 11) / (double)((uint64_t)1 << 53) < rule->chance;
}

/* Counts a call that the rule matches; true when it should fail. */
static bool is_due(struct fault_rule *rule)
{
    rule->calls++;
    return (rule->times == 0 || rule->injected < rule->times) &&
           (rule->nth == 0 || rule->calls == rule->nth) &&
           (rule->every == 0 || rule->calls % rule->every == 0);
}

static bool fits(const struct fault_rule *rule, const char *value)
{
    if (value == NULL)
        return false;
    return rule->contains ? strcasestr(value, rule->value) != NULL
                          : strcasecmp(value, rule->value) == 0;
}

/* By the request's value for the record or, if it has none, the org's. */
static bool is_match(const struct fault_target *target, const struct fault_rule *rule,
                     const void *part)
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

static bool any_match(const struct fault_target *target, const struct fault_rule *rule)
{
    const void *part = target->request->first;

    if (rule->field == NULL)
        return true;
    while (part != NULL && !is_match(target, rule, part))
        part = target->request->next(part);
    return part != NULL;
}

static int add_pending_error(const struct fault_target *target, const struct fault_rule *rule,
                             size_t record, struct fault *fault)
{
    struct pending_error **place = &fault->errors, *pending;

    /* Copied: the rule may be gone by the time of a late commit. */
    pending = arena_take(target->arena, sizeof *pending);
    if (pending == NULL)
        return api_error_memory(target->error);
    pending->record = record;
    pending->code = arena_text(target->arena, rule->error.code, strlen(rule->error.code));
    pending->text = arena_text(target->arena, rule->error.text, strlen(rule->error.text));
    if (rule->error.field != NULL)
        pending->field = arena_text(target->arena, rule->error.field, strlen(rule->error.field));
    if (pending->code == NULL || pending->text == NULL ||
        (rule->error.field != NULL && pending->field == NULL))
        return api_error_memory(target->error);
    while (*place != NULL)
        place = &(*place)->next;
    *place = pending;
    return 0;
}

/* chance= is rolled for each record; the call is counted once. */
static int inject_into_records(const struct fault_target *target, struct fault_rule *rule,
                               struct fault *fault)
{
    const struct request_view *request = target->request;
    size_t place = 0;
    bool any = false;

    if (!any_match(target, rule) || !is_due(rule))
        return 0;
    for (const void *part = request->first; part != NULL; part = request->next(part)) {
        if (!request->is_record(part))
            continue;
        if (is_match(target, rule, part) && (!rule->by_chance || roll(rule))) {
            any = true;
            if (add_pending_error(target, rule, place, fault) < 0)
                return -1;
        }
        place++;
    }
    rule->injected += any;
    return 0;
}

static int refuse(const struct fault_target *target, const struct fault_rule *rule)
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

/* -1 when the call must not be carried out. */
static int inject_into_call(const struct fault_target *target, struct fault_rule *rule,
                            struct fault *fault)
{
    const struct fault_kind *kind = rule->kind;
    struct err err = {0};

    if (!any_match(target, rule) || !is_due(rule) || (rule->by_chance && !roll(rule)))
        return 0;
    rule->injected++;
    if (rule->after_ms >= 0)
        fault->after_ms = rule->after_ms;
    if (rule->quirk_id != QUIRKS)
        return quirk_set(target->quirks, rule->quirk_id, rule->quirk_value, &err);
    if (kind == NULL)
        return refuse(target, rule);
    fault->kind = kind;
    fault->done = rule->saved == SAVED_BY_KIND ? kind->saved : rule->saved == SAVED_YES;
    if (rule->after_ms < 0)
        fault->after_ms = kind->after_ms;
    return fault->done ? 0 : -1;
}

static bool is_for_records(const struct fault_rule *rule, enum operation operation)
{
    return rule->error.code != NULL && rule->error_first && operation_saves(operation);
}

int faults_inject(struct faults *faults, const struct fault_target *target, struct fault *ret_fault)
{
    enum operation operation = target->request->operation;
    uint64_t bit = (uint64_t)1 << operation;
    int rc = 0;

    for (size_t i = 0; i < faults->count && rc == 0; i++) {
        struct fault_rule *rule = &faults->rules[i];
        if ((rule->operations & bit) == 0 || (rule->kind != NULL && rule->kind->early))
            continue;
        if (is_for_records(rule, operation))
            rc = inject_into_records(target, rule, ret_fault);
        else if (rule->fault.code != NULL || rule->error.code == NULL)
            rc = inject_into_call(target, rule, ret_fault);
    }
    return rc;
}

bool faults_inject_early(struct faults *faults)
{
    for (size_t i = 0; i < faults->count; i++) {
        struct fault_rule *rule = &faults->rules[i];
        if (rule->kind == NULL || !rule->kind->early || !is_due(rule) ||
            (rule->by_chance && !roll(rule)))
            continue;
        rule->injected++;
        return true;
    }
    return false;
}
