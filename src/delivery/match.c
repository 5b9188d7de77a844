#include "delivery/match.h"

#include <stdlib.h>
#include <string.h>

#include "base/isotime.h"
#include "base/mem.h"
#include "base/utf8.h"

#define SEPARATOR '\x1f' /* no XML text can hold it */

/* Where a find's row keeps what the choice needs; -1: not selected. */
struct columns {
    int converted, contact, modified, created;
};

struct target {
    char *key;
    const struct columns *columns;
    struct match *match;
    const struct org_row *chosen;
    UT_hash_handle hh;
};

/* Numbers and date-times are spelled in many ways: 7, 7.0, 7E0. */
static int put_value(struct buf *out, const struct mapping_lookup *like, const char *text,
                     struct err *err)
{
    enum isotime_kind kind;
    int64_t ms;
    char *folded;

    switch (like->type) {
    case FIELD_INT:
    case FIELD_DOUBLE:
    case FIELD_CURRENCY:
    case FIELD_PERCENT:
        buf_format(out, "%.17g", strtod(text, NULL));
        return 0;
    case FIELD_DATETIME:
        if (isotime_parse(text, strlen(text), &ms, &kind) == 0) {
            buf_format(out, "%lld", (long long)(ms / 1000));
            return 0;
        }
        break;
    case FIELD_REFERENCE:
    case FIELD_ID:
        buf_put(out, text, strnlen(text, 15)); /* 15 and 18 characters name the same */
        return 0;
    default:
        break;
    }
    if (like->case_sensitive) {
        buf_text(out, text);
        return 0;
    }
    folded = utf8_fold(text, strlen(text));
    if (folded == NULL)
        return err_memory(err);
    buf_text(out, folded);
    mem_free(folded);
    return 0;
}

static char *key_of_group(const struct group *group, struct err *err)
{
    const struct mapping_result *mapped = &group->items->mapped;
    struct buf key;

    buf_init(&key, 1024 * 1024);
    for (size_t i = 0; i < mapped->lookup_count; i++) {
        buf_char(&key, SEPARATOR);
        if (put_value(&key, &mapped->lookups[i], mapped->lookups[i].value.text, err) < 0)
            break;
    }
    return buf_take(&key, NULL);
}

static char *key_of_row(const struct org_row *row, const struct mapping_result *like,
                        struct err *err)
{
    struct buf key;

    buf_init(&key, 1024 * 1024);
    for (size_t i = 0; i < like->lookup_count; i++) {
        const char *text = row->values[i] != NULL ? row->values[i] : "";
        buf_char(&key, SEPARATOR);
        if (put_value(&key, &like->lookups[i], text, err) < 0)
            break;
    }
    return buf_take(&key, NULL);
}

static const char *column(const struct org_row *row, int at)
{
    return at >= 0 ? row->values[at] : NULL;
}

static bool is_converted(const struct target *target, const struct org_row *row)
{
    const char *text = column(row, target->columns->converted);

    return text != NULL && (strcmp(text, "true") == 0 || strcmp(text, "1") == 0);
}

static int compare_text(const char *a, const char *b)
{
    return strcmp(a != NULL ? a : "", b != NULL ? b : "");
}

/* Positive when a is the later one.  ISO stamps in UTC sort as text. */
static int later(const struct target *target, const struct org_row *a, const struct org_row *b,
                 enum several_matches choice)
{
    int by = choice == SEVERAL_OLDEST ? target->columns->created : target->columns->modified;
    int order = compare_text(column(a, by), column(b, by));

    return order != 0 ? order : strcmp(a->id, b->id);
}

/* A living Lead goes before a converted one; among equals the setting decides. */
static bool better(const struct target *target, const struct org_row *row,
                   enum several_matches choice)
{
    bool row_converted = is_converted(target, row);
    int order;

    if (target->chosen == NULL)
        return true;
    if (row_converted != is_converted(target, target->chosen))
        return !row_converted;
    order = later(target, row, target->chosen, choice);
    return choice == SEVERAL_OLDEST ? order < 0 : order > 0;
}

static void take_row(struct target *target, const struct org_row *row, enum several_matches choice)
{
    struct match *match = target->match;

    match->count++;
    match->live += !is_converted(target, row);
    if (!better(target, row, choice))
        return;
    target->chosen = row;
    match->id = row->id;
    match->converted = is_converted(target, row);
    match->contact_id = column(row, target->columns->contact);
}

static struct columns find_columns(const struct call *call)
{
    struct columns columns = {-1, -1, -1, -1};

    for (size_t i = 0; i < call->find.select_count; i++) {
        const char *name = call->find.select[i];
        int at = (int)(call->find.by_count + i);
        if (strcmp(name, "IsConverted") == 0)
            columns.converted = at;
        else if (strcmp(name, "ConvertedContactId") == 0)
            columns.contact = at;
        else if (strcmp(name, "LastModifiedDate") == 0)
            columns.modified = at;
        else if (strcmp(name, "CreatedDate") == 0)
            columns.created = at;
    }
    return columns;
}

static void free_targets(struct target *targets, struct target *all, size_t count)
{
    HASH_CLEAR(hh, targets);
    for (size_t i = 0; all != NULL && i < count; i++)
        mem_free(all[i].key);
    mem_free(all);
}

struct match *match_rows(const struct call *call, enum several_matches choice, struct err *err)
{
    size_t count = call->rows.keys_used;
    struct match *matches = mem_zero(count, sizeof *matches);
    struct target *all = mem_zero(count, sizeof *all), *targets = NULL, *target;
    struct columns columns = find_columns(call);
    int rc = -1;

    if (matches == NULL || all == NULL) {
        err_memory(err);
        goto out;
    }
    for (size_t i = 0; i < count; i++) {
        all[i].columns = &columns;
        all[i].match = &matches[i];
        if ((all[i].key = key_of_group(call->groups[i], err)) == NULL) {
            err_memory(err);
            goto out;
        }
        HASH_ADD_KEYPTR(hh, targets, all[i].key, strlen(all[i].key), &all[i]);
        if (!hash_entered(&all[i].hh)) {
            err_memory(err);
            goto out;
        }
    }
    for (size_t i = 0; i < call->rows.count; i++) {
        const struct org_row *row = &call->rows.rows[i];
        char *key = key_of_row(row, &call->groups[0]->items->mapped, err);
        if (key == NULL) {
            err_memory(err);
            goto out;
        }
        HASH_FIND_STR(targets, key, target);
        mem_free(key);
        if (target != NULL)
            take_row(target, row, choice);
    }
    rc = 0;
out:
    free_targets(targets, all, count);
    if (rc < 0) {
        mem_free(matches);
        return NULL;
    }
    return matches;
}
