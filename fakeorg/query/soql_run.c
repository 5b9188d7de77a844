/* Finds the records of a query, by an index if one applies, else by a scan. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "fakeorg/query/soql_match.h"

struct runner {
    struct orgdata *org;
    struct object *object;
    const struct soql_query *query;
    struct record **records;
    size_t count, capacity;
    struct match match;
};

static void add(struct runner *r, struct record *record)
{
    if (r->count == r->capacity) {
        size_t capacity = r->capacity == 0 ? 64 : 2 * r->capacity;
        struct record **records = mem_resize(r->records, capacity, sizeof(struct record *));
        if (records == NULL) {
            r->match.failed = true;
            return;
        }
        r->records = records;
        r->capacity = capacity;
    }
    r->records[r->count++] = record;
}

/* Equality with a text, an id, or a number that is a key field. */
static bool is_indexed(const struct soql_condition *c)
{
    const struct field *field = c->column.field;
    enum field_kind kind = field_type_info(field->fact.type)->kind;
    bool key_number =
        kind == KIND_NUMBER && (field_has(field, UNIQUE) || field_has(field, EXTERNAL));

    if ((c->operator!= SOQL_EQUAL && c->operator!= SOQL_IN) || c->column.link != NULL ||
        (kind != KIND_TEXT && kind != KIND_ID && !key_number))
        return false;
    for (size_t i = 0; i < c->value_count; i++)
        if (c->keys[i].null)
            return false;
    return true;
}

static void find(struct runner *r, const struct soql_condition *c, size_t i,
                 struct record *const **ret_found, size_t *ret_count)
{
    const struct soql_key *key = &c->keys[i];
    char number[32];

    snprintf(number, sizeof number, "%.17g", key->number);
    *ret_count = 0;
    if (object_find(r->object, c->column.field, key->text == NULL ? number : key->text, ret_found,
                    ret_count) < 0)
        r->match.failed = true;
}

/* How many records an index finds that can satisfy c; SIZE_MAX when it takes a scan.  An
   AND needs one part with an index, an OR needs all of them. */
static size_t candidates(struct runner *r, const struct soql_condition *c)
{
    struct record *const *found;
    size_t sum = 0, least = SIZE_MAX;

    if (c->kind == SOQL_NOT || (c->kind == SOQL_COMPARISON && !is_indexed(c)))
        return SIZE_MAX;
    if (c->kind == SOQL_COMPARISON) {
        for (size_t i = 0; i < c->value_count; i++) {
            size_t count;
            find(r, c, i, &found, &count);
            sum += count;
        }
        return sum;
    }
    for (const struct soql_condition *part = c->first; part != NULL; part = part->next) {
        size_t count = candidates(r, part);
        least = count < least ? count : least;
        sum = sum == SIZE_MAX || count == SIZE_MAX ? SIZE_MAX : sum + count;
    }
    return c->kind == SOQL_AND ? least : sum;
}

/* Adds these records; some may be added more than once. */
static void add_candidates(struct runner *r, const struct soql_condition *c)
{
    const struct soql_condition *best = NULL;
    struct record *const *found;
    size_t least = SIZE_MAX, count;

    if (c->kind == SOQL_COMPARISON) {
        for (size_t i = 0; i < c->value_count; i++) {
            find(r, c, i, &found, &count);
            for (size_t k = 0; k < count; k++)
                add(r, found[k]);
        }
        return;
    }
    for (const struct soql_condition *part = c->first; part != NULL; part = part->next) {
        if (c->kind == SOQL_OR) {
            add_candidates(r, part);
        } else if ((count = candidates(r, part)) < least) {
            least = count;
            best = part;
        }
    }
    if (best != NULL)
        add_candidates(r, best);
}

static int by_number(const void *left, const void *right)
{
    const struct record *a = *(struct record *const *)left, *b = *(struct record *const *)right;

    return (a->number > b->number) - (a->number < b->number);
}

static int by_orders(const void *left, const void *right, void *runner)
{
    struct runner *r = runner;

    return match_order(&r->match, r->query->orders, *(struct record *const *)left,
                       *(struct record *const *)right);
}

/* Keeps records that the call may see and that satisfy the query, without repeats. */
static void filter(struct runner *r)
{
    const struct record *before = NULL;
    size_t kept = 0;

    for (size_t i = 0; i < r->count; i++) {
        struct record *record = r->records[i];
        if (record == before || (record->deleted && !r->query->all_rows))
            continue;
        before = record;
        if (r->query->where == NULL || match_holds(&r->match, r->query->where, record))
            r->records[kept++] = record;
    }
    r->count = kept;
}

static void cut(struct runner *r)
{
    size_t offset = r->query->offset < r->count ? r->query->offset : r->count;

    if (offset > 0)
        memmove(r->records, r->records + offset, (r->count - offset) * sizeof(struct record *));
    r->count -= offset;
    if (r->query->has_limit && r->count > r->query->limit)
        r->count = r->query->limit;
}

static int select_records(struct runner *r, struct api_error *error)
{
    const struct soql_query *query = r->query;
    size_t known = query->where == NULL ? SIZE_MAX : candidates(r, query->where);
    uint64_t looked_at = known == SIZE_MAX ? r->object->record_count : known;

    if (looked_at * query->comparisons > SOQL_MAX_WORK)
        return api_error_set(error, API_ERROR_UNEXPECTED, "QUERY_TIMEOUT",
                             "Your query request was running for too long.");
    if (known != SIZE_MAX) {
        add_candidates(r, query->where);
        /* Indexes do not contain deleted records. */
        if (query->all_rows)
            for (struct record *record = r->object->deleted; record != NULL;
                 record = record->next_deleted)
                add(r, record);
        if (r->count > 1)
            qsort(r->records, r->count, sizeof(struct record *), by_number);
    } else {
        for (size_t i = 0; i < r->object->record_count; i++)
            add(r, r->object->records[i]);
    }
    filter(r);
    if (query->orders != NULL && r->count > 1)
        qsort_r(r->records, r->count, sizeof(struct record *), by_orders, r);
    cut(r);
    return r->match.failed ? api_error_memory(error) : 0;
}

/* COUNT(field): counts the records in which it is not null. */
static int count_fields(struct runner *r, struct soql_result *result)
{
    result->counts = mem_zero(result->column_count, sizeof *result->counts);
    if (result->counts == NULL)
        return -1;
    for (size_t i = 0; i < result->record_count; i++) {
        for (size_t k = 0; k < result->column_count; k++) {
            const struct record *holder =
                soql_holder(r->org, result->records[i], &result->columns[k]);
            if (holder != NULL && record_value(holder, result->columns[k].field) != NULL)
                result->counts[k]++;
        }
    }
    result->record_count = 1;
    return 0;
}

static int make_result(struct runner *r, struct soql_result *result)
{
    const struct soql_query *query = r->query;

    *result = (struct soql_result){.object = r->object,
                                   .column_count = query->item_count,
                                   .records = r->records,
                                   .record_count = r->count,
                                   .counts_rows = query->counts_rows};
    result->columns = mem_zero(query->item_count + 1, sizeof *result->columns);
    if (result->columns == NULL)
        return -1;
    for (size_t i = 0; i < query->item_count; i++)
        result->columns[i] = query->items[i].column;
    return query->item_count > 0 && query->items[0].counted ? count_fields(r, result) : 0;
}

int soql_holds(const struct soql_query *query, const struct record *record, bool *ret_holds)
{
    struct match match;

    match_init(&match, record->object->org);
    *ret_holds = query->where == NULL || match_holds(&match, query->where, record);
    match_done(&match);
    return match.failed ? -1 : 0;
}

int soql_run(struct orgdata *org, struct soql_query *query, struct arena *arena,
             struct soql_result *ret_result, struct api_error *error)
{
    struct runner r = {
        .org = org, .object = orgdata_object(org, query->object.text), .query = query};
    struct soql_result result = {0};

    if (r.object == NULL)
        return soql_error(query->statement, query->object.at, API_ERROR_SOBJECT, "INVALID_TYPE",
                          error, "sObject type '%.200s' is not supported.", query->object.text);
    if (query->offset > SOQL_MAX_OFFSET && !query->any_offset)
        return soql_error(query->statement, query->offset_at, API_ERROR_QUERY,
                          "NUMBER_OUTSIDE_VALID_RANGE", error, "Maximum SOQL offset allowed is %d",
                          SOQL_MAX_OFFSET);
    if (soql_bind(r.object, query, arena, error) < 0)
        return -1;
    match_init(&r.match, org);
    int rc = select_records(&r, error);
    match_done(&r.match);
    if (rc < 0) {
        mem_free(r.records);
        return -1;
    }
    if (make_result(&r, &result) < 0) {
        soql_result_done(&result);
        return api_error_memory(error);
    }
    *ret_result = result;
    return 0;
}

void soql_result_done(struct soql_result *result)
{
    mem_free(result->records);
    mem_free(result->columns);
    mem_free(result->counts);
    *result = (struct soql_result){0};
}
