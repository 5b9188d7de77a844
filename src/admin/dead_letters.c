/* Dead letters: pages of them, one of them, and retrying or discarding them. */
#include "admin/views.h"

#include <string.h>

/* The event as it was received; as text when it is not valid JSON. */
static void add_event(json_t *shown, const struct store_receipt *receipt, const json_t *event)
{
    if (event != NULL)
        json_object_set_new(shown, "event", json_deep_copy(event));
    else
        json_object_set_new(shown, "event", json_string(receipt->body));
}

static json_t *dead_letter(const struct store_receipt *receipt, bool with_event)
{
    json_t *event = view_event(receipt->body);
    json_t *shown = view_receipt(receipt);

    json_object_set_new(shown, "user", view_user(event));
    if (with_event)
        add_event(shown, receipt, event);
    json_decref(event);
    return shown;
}

static json_t *dead_letters(const struct store_receipt *list, size_t count, bool with_event)
{
    json_t *shown = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(shown, dead_letter(&list[i], with_event));
    return shown;
}

json_t *view_dead_letters(struct store *store, const struct view_dead_letters_query *wanted,
                          struct err *err)
{
    struct store_receipt *list = NULL;
    size_t count = 0;
    json_t *shown;

    if (store->api->dead_letters(store, wanted->destination, wanted->code, wanted->before,
                                 VIEW_PAGE, &list, &count, err) < 0)
        return NULL;
    shown = json_pack("{s:s, s:o, s:o}", "destination", wanted->destination, "receipts",
                      dead_letters(list, count, wanted->with_event), "next",
                      count == VIEW_PAGE ? json_integer(list[count - 1].seq) : json_null());
    if (shown == NULL)
        err_memory(err);
    store_receipts_free(list, count);
    return shown;
}

json_t *view_dead_letter(struct store *store, const char *message_id, struct err *err)
{
    struct store_receipt *list = NULL;
    size_t count = 0;
    json_t *shown = NULL;

    if (store->api->trace(store, message_id, &list, &count, err) < 0)
        return NULL;
    if (count == 0)
        err_set(err, ERR_NOT_FOUND, "no event with this messageId is known");
    else if ((shown = json_pack("{s:s, s:o}", "messageId", message_id, "receipts",
                                dead_letters(list, count, true))) == NULL)
        err_memory(err);
    store_receipts_free(list, count);
    return shown;
}

/* ---- a person's actions ---- */

static int act_on_event(const struct admin_sources *sources, dead_letters_action *act,
                        const char *message_id, struct store_dead_letters *which, struct err *err)
{
    struct store *store = sources->store;
    struct store_receipt *receipts = NULL;
    size_t count = 0;
    int rc = 0;

    if (store->api->trace(store, message_id, &receipts, &count, err) < 0)
        return -1;
    for (size_t i = 0; rc == 0 && i < count; i++) {
        if (receipts[i].state != STORE_DEAD || receipts[i].discarded ||
            strcmp(receipts[i].destination, which->destination) != 0)
            continue;
        which->first = which->last = receipts[i].seq;
        rc = act(sources->writer, which, err);
    }
    store_receipts_free(receipts, count);
    if (rc == 0 && which->count == 0)
        return err_set(err, ERR_NOT_FOUND, "no dead letter with this messageId is for \"%s\"",
                       which->destination);
    return rc;
}

int dead_letters_act(const struct admin_sources *sources, dead_letters_action *act,
                     const char *destination, const char *message_id, const char *code,
                     int64_t *ret_count, struct err *err)
{
    struct store_dead_letters which = {
        .destination = destination, .code = code, .first = 1, .last = INT64_MAX - 1};
    int rc = message_id != NULL ? act_on_event(sources, act, message_id, &which, err)
                                : act(sources->writer, &which, err);

    *ret_count = which.count;
    return rc;
}
