/* receipts: finds and lists what became of events. */
#include "store/sqlite/functions.h"

#include <stdio.h>

#include "store/sqlite/rows.h"
#include "store/sqlite/statements.h"

int sqlite_trace(struct store *base, const char *message_id, struct store_receipt **ret,
                 size_t *ret_count, struct err *err)
{
    struct sqlite_store *store = sqlite_locked(base);
    struct sqlite_call call = sqlite_call(&store->reader, SQL_TRACE);

    sqlite_text(&call, message_id);
    return sqlite_collect_receipts(store, &call, sqlite_fill_whole, ret, ret_count, err);
}

int sqlite_search(struct store *base, enum store_search by, const char *what, size_t max,
                  struct store_receipt **ret, size_t *ret_count, struct err *err)
{
    struct sqlite_store *store = sqlite_locked(base);
    struct sqlite_call call =
        sqlite_call(&store->reader, by == STORE_BY_NAME ? SQL_SEARCH_NAME : SQL_SEARCH_RECORD);
    char id[STORE_RECORD_ID + 1];

    snprintf(id, sizeof id, "%s", what);
    if (by == STORE_BY_NAME)
        sqlite_int(&call, rules_hash(what));
    else
        sqlite_text(&call, id);
    sqlite_int(&call, max < SQLITE_LIST_MAX ? (int64_t)max : SQLITE_LIST_MAX);
    return sqlite_collect_receipts(store, &call, sqlite_fill_whole, ret, ret_count, err);
}

int sqlite_list(struct store *base, const char *destination, enum store_state state,
                int64_t before_seq, size_t max, struct store_receipt **ret, size_t *ret_count,
                struct err *err)
{
    struct sqlite_store *store = sqlite_locked(base);
    struct sqlite_call call =
        sqlite_call(&store->reader, state == STORE_WAITING ? SQL_LIST_WAITING : SQL_LIST_ENDED);

    sqlite_text(&call, destination);
    sqlite_int(&call, state);
    sqlite_int(&call, before_seq > 0 ? before_seq : INT64_MAX);
    sqlite_int(&call, max < SQLITE_LIST_MAX ? (int64_t)max : SQLITE_LIST_MAX);
    return sqlite_collect_receipts(store, &call, sqlite_fill_receipt, ret, ret_count, err);
}
