#include "admin/views.h"

#include <string.h>

static int revive_those_of(const struct admin_sources *sources, const char *destination,
                           const struct store_receipt *receipts, size_t count, int64_t *ret_count,
                           struct err *err)
{
    int64_t revived;

    for (size_t i = 0; i < count; i++) {
        if (receipts[i].state != STORE_DEAD || strcmp(receipts[i].destination, destination) != 0)
            continue;
        if (writer_revive(sources->writer, destination, receipts[i].seq, &revived, err) < 0)
            return -1;
        *ret_count += revived;
    }
    return 0;
}

int revive_dead_letters(const struct admin_sources *sources, const char *destination,
                        const char *message_id, int64_t *ret_count, struct err *err)
{
    struct store *store = sources->store;
    struct store_receipt *receipts = NULL;
    size_t count = 0;
    int rc;

    *ret_count = 0;
    delivery_revive(sources->delivery, destination);
    if (message_id == NULL)
        return writer_revive(sources->writer, destination, 0, ret_count, err);
    if (store->api->trace(store, message_id, &receipts, &count, err) < 0)
        return -1;
    rc = revive_those_of(sources, destination, receipts, count, ret_count, err);
    store_receipts_free(receipts, count);
    if (rc == 0 && *ret_count == 0)
        return err_set(err, ERR_NOT_FOUND, "no dead letter with this messageId is for \"%s\"",
                       destination);
    return rc;
}
