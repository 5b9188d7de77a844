/* The timestamp of the newest value of each field. */
#include "delivery/times.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf_json.h"
#include "base/mem.h"
#include "event/parse.h"

static struct field_time *lookup(const struct times *times, const char *field)
{
    for (size_t i = 0; i < times->count; i++)
        if (strcmp(times->list[i].field, field) == 0)
            return &times->list[i];
    return NULL;
}

int64_t times_get(const struct times *times, const char *field)
{
    const struct field_time *known = lookup(times, field);

    return known != NULL ? known->ms : INT64_MIN;
}

int times_raise(struct times *times, const char *field, int64_t ms, struct err *err)
{
    struct field_time *known = lookup(times, field);

    if (known != NULL) {
        if (known->ms < ms)
            known->ms = ms;
        return 0;
    }
    if (times->count == TIMES_MAX)
        return 0; /* a record has fewer fields; more are not worth remembering */
    if (times->count == times->capacity) {
        size_t capacity = times->capacity == 0 ? 16 : times->capacity * 2;
        struct field_time *list = mem_resize(times->list, capacity, sizeof *list);
        if (list == NULL)
            return err_memory(err);
        times->list = list;
        times->capacity = capacity;
    }
    times->list[times->count].field = mem_text(field);
    if (times->list[times->count].field == NULL)
        return err_memory(err);
    times->list[times->count++].ms = ms;
    return 0;
}

static int raise_from(struct times *times, const struct doc *doc, const struct doc_node *member,
                      struct err *err)
{
    size_t len;
    char *field = doc_key(doc, member, &len), *digits = doc_text(doc, member, &len);
    int rc = -1;

    if (field == NULL || digits == NULL)
        err_memory(err);
    else
        rc = times_raise(times, field, strtoll(digits, NULL, 10), err);
    mem_free(field);
    mem_free(digits);
    return rc;
}

int times_parse(struct times *times, const char *json, struct err *err)
{
    struct doc doc;
    struct err unreadable;
    int rc = 0;

    if (json == NULL || doc_parse(&doc, json, strlen(json), &unreadable) < 0)
        return 0;
    for (const struct doc_node *member =
             doc_root(&doc)->type == DOC_OBJECT ? doc_first(&doc, doc_root(&doc)) : NULL;
         member != NULL && rc == 0; member = doc_next(&doc, member))
        if (member->type == DOC_NUMBER)
            rc = raise_from(times, &doc, member, err);
    doc_done(&doc);
    return rc;
}

void times_print(const struct times *times, struct buf *out)
{
    buf_char(out, '{');
    for (size_t i = 0; i < times->count; i++) {
        buf_json_key(out, times->list[i].field);
        buf_format(out, "%lld", (long long)times->list[i].ms);
    }
    buf_char(out, '}');
}

void times_bound(struct times *times, int64_t now_ms, int64_t instead_ms)
{
    for (size_t i = 0; i < times->count; i++)
        if (times->list[i].ms > now_ms)
            times->list[i].ms = instead_ms;
}

void times_done(struct times *times)
{
    for (size_t i = 0; i < times->count; i++)
        mem_free(times->list[i].field);
    mem_free(times->list);
    *times = (struct times){0};
}
