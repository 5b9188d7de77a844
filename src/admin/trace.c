/* trace: finds what became of an event, by any of its names. */
#include "admin/views.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "event/names.h"

/* ---- the state of its destination ---- */

struct places {
    struct delivery_status *list;
    size_t count;
};

static const struct delivery_status *place_of(const struct places *places, const char *destination)
{
    for (size_t i = 0; i < places->count; i++)
        if (strcmp(places->list[i].destination, destination) == 0)
            return &places->list[i];
    return NULL;
}

/* ---- finding ---- */

struct found {
    struct store_receipt *list;
    size_t count;
};

/* Takes ownership of a list. */
static int take(struct found *found, struct store_receipt *list, size_t count, struct err *err)
{
    struct store_receipt *larger =
        mem_resize(found->list, found->count + count, sizeof *found->list);

    if (larger == NULL) {
        store_receipts_free(list, count);
        return err_memory(err);
    }
    found->list = larger;
    if (count > 0)
        memcpy(larger + found->count, list, count * sizeof *list);
    found->count += count;
    mem_free(list);
    return 0;
}

static int by_age(const void *a, const void *b)
{
    int64_t left = ((const struct store_receipt *)a)->seq;
    int64_t right = ((const struct store_receipt *)b)->seq;

    return (left < right) - (left > right); /* the newest first */
}

/* Removes duplicates: one event may be found in two ways. */
static void sort(struct found *found)
{
    size_t kept = 0;

    if (found->count > 0)
        qsort(found->list, found->count, sizeof *found->list, by_age);
    for (size_t i = 0; i < found->count; i++) {
        if (kept > 0 && found->list[kept - 1].seq == found->list[i].seq)
            store_receipt_clear(&found->list[i]);
        else
            found->list[kept++] = found->list[i];
    }
    found->count = kept;
}

/* 1: the event has that name, 0: it was found by the hash of another, -1: out of memory. */
static int has_name(const struct store_receipt *receipt, const char *folded, struct err *err)
{
    struct event_names names;
    int has;

    if (event_names_of_text(receipt->body, strlen(receipt->body), &names, err) < 0)
        return -1;
    has = event_names_have(&names, folded);
    event_names_done(&names);
    return has;
}

static int keep_named(struct store_receipt *list, size_t *count, const char *folded,
                      struct err *err)
{
    size_t kept = 0;
    int has = 0;

    for (size_t i = 0; i < *count; i++) {
        has = has_name(&list[i], folded, err);
        if (has < 0) {
            for (; i < *count; i++)
                store_receipt_clear(&list[i]);
            break;
        }
        if (has == 0)
            store_receipt_clear(&list[i]);
        else
            list[kept++] = list[i];
    }
    *count = kept;
    return has < 0 ? -1 : 0;
}

static int find_by_id(struct store *store, const char *message_id, struct found *found,
                      struct err *err)
{
    struct store_receipt *list = NULL;
    size_t count = 0;

    if (store->api->trace(store, message_id, &list, &count, err) < 0)
        return -1;
    return take(found, list, count, err);
}

static int find_by_name(struct store *store, const char *what, struct found *found, struct err *err)
{
    struct store_receipt *list = NULL;
    char *folded = utf8_fold(what, strlen(what));
    size_t count = 0;
    int rc;

    if (folded == NULL)
        return err_memory(err);
    rc = store->api->search(store, STORE_BY_NAME, folded, VIEW_PAGE + 1, &list, &count, err);
    if (rc == 0 && (rc = keep_named(list, &count, folded, err)) < 0)
        store_receipts_free(list, count);
    mem_free(folded);
    return rc == 0 ? take(found, list, count, err) : -1;
}

static bool is_record_id(const char *what)
{
    size_t len = strlen(what);

    return (len == 15 || len == 18) &&
           strspn(what, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == len;
}

static int find_by_record(struct store *store, const char *what, struct found *found,
                          struct err *err)
{
    struct store_receipt *list = NULL;
    size_t count = 0;

    if (!is_record_id(what))
        return 0;
    if (store->api->search(store, STORE_BY_RECORD, what, VIEW_PAGE + 1, &list, &count, err) < 0)
        return -1;
    return take(found, list, count, err);
}

/* ---- what was skipped ---- */

static int add_skipped(struct store *store, const char *message_id, json_t *receipts,
                       struct err *err)
{
    struct store_skipped *list = NULL;
    size_t count = 0;

    if (store->api->skipped(store, message_id, &list, &count, err) < 0)
        return -1;
    for (size_t i = 0; i < count; i++)
        json_array_append_new(receipts, view_skipped(&list[i], message_id));
    store_skipped_free(list, count);
    return 0;
}

/* ---- showing ---- */

static json_t *show(const struct admin_sources *sources, const char *member, const char *what,
                    struct found *found, struct err *err)
{
    struct places places = {0};
    json_t *receipts, *shown = NULL;
    bool more;

    sort(found);
    more = found->count > VIEW_PAGE;
    if (delivery_status(sources->delivery, &places.list, &places.count, err) < 0)
        return NULL;
    receipts = json_array();
    for (size_t i = 0; i < found->count && i < VIEW_PAGE; i++)
        json_array_append_new(
            receipts,
            view_receipt_at(&found->list[i], place_of(&places, found->list[i].destination)));
    if (add_skipped(sources->store, what, receipts, err) < 0)
        json_decref(receipts);
    else if (json_array_size(receipts) == 0) {
        err_set(
            err, ERR_NOT_FOUND,
            "nothing is known by this: it is spelled otherwise, was never taken in, or is older "
            "than keep_receipts; of skipped events the newest million are known, by messageId "
            "alone");
        json_decref(receipts);
    } else if ((shown = json_pack("{s:s, s:o, s:b}", member, what, "receipts", receipts, "more",
                                  (int)more)) == NULL)
        err_memory(err);
    delivery_status_free(places.list, places.count);
    return shown;
}

json_t *view_trace(const struct admin_sources *sources, const char *message_id, struct err *err)
{
    struct found found = {0};
    json_t *shown = NULL;

    if (find_by_id(sources->store, message_id, &found, err) == 0)
        shown = show(sources, "messageId", message_id, &found, err);
    store_receipts_free(found.list, found.count);
    return shown;
}

json_t *view_search(const struct admin_sources *sources, const char *what, struct err *err)
{
    struct found found = {0};
    json_t *shown = NULL;

    if (find_by_id(sources->store, what, &found, err) == 0 &&
        find_by_name(sources->store, what, &found, err) == 0 &&
        find_by_record(sources->store, what, &found, err) == 0)
        shown = show(sources, "q", what, &found, err);
    store_receipts_free(found.list, found.count);
    return shown;
}
