#include "admin/views.h"

#include <string.h>

static json_t *text_or_null(const char *text)
{
    return text != NULL ? json_string(text) : json_null();
}

/* Notes are JSON written by us, but read back from a file: what is no array is left out. */
static json_t *notes(const char *text)
{
    json_t *read = text != NULL ? json_loads(text, 0, NULL) : NULL;

    if (json_is_array(read))
        return read;
    json_decref(read);
    return json_array();
}

json_t *view_receipt(const struct store_receipt *r)
{
    const struct {
        const char *name;
        const char *text;
    } texts[] = {
        {"source", r->source},
        {"messageId", r->message_id},
        {"type", r->type},
        {"destination", r->destination},
        {"object", r->object},
        {"key", r->key},
        {"state", store_state_name(r->state)},
        {"record_id", r->record_id},
        {"into", r->into},
        {"code", r->code},
        {"message", r->message},
        {"advice", r->advice},
    };
    json_t *shown = json_pack("{s:I}", "seq", (json_int_t)r->seq);

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        json_object_set_new(shown, texts[i].name, text_or_null(texts[i].text));
    json_object_set_new(shown, "created", json_boolean(r->created));
    json_object_set_new(shown, "discarded", json_boolean(r->discarded));
    json_object_set_new(shown, "attempts", json_integer(r->attempts));
    json_object_set_new(shown, "received", view_time(r->received_ms));
    json_object_set_new(shown, "changed", view_time(r->changed_ms));
    json_object_set_new(shown, "next_attempt",
                        view_time(r->state == STORE_WAITING ? r->next_attempt_ms : 0));
    json_object_set_new(shown, "notes", notes(r->notes));
    return shown;
}

static json_t *receipts(const struct store_receipt *list, size_t count)
{
    json_t *shown = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(shown, view_receipt(&list[i]));
    return shown;
}

json_t *view_trace(struct store *store, const char *message_id, struct err *err)
{
    struct store_receipt *list = NULL;
    size_t count = 0;
    json_t *shown = NULL;

    if (store->api->trace(store, message_id, &list, &count, err) < 0)
        return NULL;
    if (count == 0)
        err_set(err, ERR_NOT_FOUND,
                "no event with this messageId is known: it was never taken in, was skipped, or "
                "its receipts are older than keep_receipts");
    else if ((shown = json_pack("{s:s, s:o}", "messageId", message_id, "receipts",
                                receipts(list, count))) == NULL)
        err_memory(err);
    store_receipts_free(list, count);
    return shown;
}
