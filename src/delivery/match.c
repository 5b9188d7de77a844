/* Assigns the rows of a look-up to the groups whose values they hold. */
#include "delivery/match.h"

#include <string.h>

#include "base/mem.h"

/* A group in the query. */
struct target {
    const struct mapping_result *mapped;
    char *loose; /* mapping_loose_key; NULL until a row matches no key exactly */
    struct match *match;
    const struct org_row *chosen;
    UT_hash_handle hh;
};

static int compare(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* Positive when a is later. */
static int later(const struct org_row *a, const struct org_row *b, enum several_matches choice)
{
    int order = choice == SEVERAL_OLDEST ? compare(a->created_ms, b->created_ms)
                                         : compare(a->modified_ms, b->modified_ms);

    return order != 0 ? order : strcmp(a->id, b->id);
}

/* A live record wins over a replaced one; among equals the setting decides. */
static bool better(const struct target *target, const struct org_row *row,
                   enum several_matches choice)
{
    int order;

    if (target->chosen == NULL)
        return true;
    if (row->live != target->chosen->live)
        return row->live;
    order = later(row, target->chosen, choice);
    return choice == SEVERAL_OLDEST ? order < 0 : order > 0;
}

static void take_row(struct target *target, const struct org_row *row, enum several_matches choice)
{
    struct match *match = target->match;

    match->count++;
    match->live += row->live;
    if (!better(target, row, choice))
        return;
    target->chosen = row;
    match->id = row->id;
    match->replaced = !row->live;
    match->successor_id = row->successor_id;
}

struct targets {
    struct target *list;
    size_t count;
    struct target *by_key;
};

static void targets_done(struct targets *targets)
{
    HASH_CLEAR(hh, targets->by_key);
    for (size_t i = 0; targets->list != NULL && i < targets->count; i++)
        mem_free(targets->list[i].loose);
    mem_free(targets->list);
}

static int targets_set(struct targets *targets, const struct call *call, struct match *matches,
                       struct err *err)
{
    targets->list = mem_zero(targets->count, sizeof *targets->list);
    if (targets->list == NULL)
        return err_memory(err);
    for (size_t i = 0; i < targets->count; i++) {
        struct target *target = &targets->list[i];
        target->mapped = &call->groups[i]->items->mapped;
        target->match = &matches[i];
        HASH_ADD_KEYPTR(hh, targets->by_key, target->mapped->key, strlen(target->mapped->key),
                        target);
        if (!hash_entered(&target->hh))
            return err_memory(err);
    }
    return 0;
}

/* The key that an event with the row's values would have. */
static char *key_of_row(const struct org_row *row, const struct mapping_result *like,
                        char *(*make)(const char *object, const struct mapping_lookup *lookups,
                                      size_t count))
{
    struct mapping_lookup *lookups = mem_zero(like->lookup_count, sizeof *lookups);
    char none[] = "", *key;

    if (lookups == NULL)
        return NULL;
    for (size_t i = 0; i < like->lookup_count; i++) {
        lookups[i] = like->lookups[i];
        lookups[i].value.text = row->values[i] != NULL ? row->values[i] : none;
    }
    key = make(like->object, lookups, like->lookup_count);
    mem_free(lookups);
    return key;
}

static int make_loose(struct target *target, struct err *err)
{
    const struct mapping_result *mapped = target->mapped;

    if (target->loose == NULL)
        target->loose = mapping_loose_key(mapped->object, mapped->lookups, mapped->lookup_count);
    return target->loose != NULL ? 0 : err_memory(err);
}

/* Assigns the row to every target whose loose key matches. *ret_any: to at least one. */
static int match_loosely(struct targets *targets, const struct org_row *row,
                         enum several_matches choice, bool *ret_any, struct err *err)
{
    char *key = key_of_row(row, targets->list[0].mapped, mapping_loose_key);

    if (key == NULL)
        return err_memory(err);
    *ret_any = false;
    for (size_t i = 0; i < targets->count; i++) {
        struct target *target = &targets->list[i];
        if (make_loose(target, err) < 0) {
            mem_free(key);
            return -1;
        }
        if (strcmp(target->loose, key) != 0)
            continue;
        take_row(target, row, choice);
        *ret_any = true;
    }
    mem_free(key);
    return 0;
}

static int match_row(struct targets *targets, const struct org_row *row,
                     enum several_matches choice, struct err *err)
{
    struct target *target;
    bool any = false;
    char *key;

    if (targets->count == 0)
        return err_set(err, ERR_INVALID, "a record came back and none was asked for");
    key = key_of_row(row, targets->list[0].mapped, mapping_key);
    if (key == NULL)
        return err_memory(err);
    HASH_FIND_STR(targets->by_key, key, target);
    mem_free(key);
    if (target != NULL) {
        take_row(target, row, choice);
        return 0;
    }
    if (match_loosely(targets, row, choice, &any, err) < 0)
        return -1;
    if (!any)
        return err_set(err, ERR_INVALID,
                       "a record came back that none of the values asked for fits");
    return 0;
}

struct match *match_rows(const struct call *call, enum several_matches choice, struct err *err)
{
    struct targets targets = {.count = call->rows.keys_used};
    struct match *matches = mem_zero(targets.count, sizeof *matches);
    int rc;

    if (matches == NULL) {
        err_memory(err);
        return NULL;
    }
    rc = targets_set(&targets, call, matches, err);
    for (size_t i = 0; i < call->rows.count && rc == 0; i++)
        rc = match_row(&targets, &call->rows.rows[i], choice, err);
    targets_done(&targets);
    if (rc == 0)
        return matches;
    mem_free(matches);
    return NULL;
}
