/* dead_letters: lists, redrives and discards what needs a person. */
#include "store/sqlite/functions.h"
#include "store/sqlite/names.h"
#include "store/sqlite/rows.h"
#include "store/sqlite/statements.h"

/* The first dead letter among those; 0 = none. */
static int next_dead(struct sqlite_store *store, int64_t destination,
                     const struct store_dead_letters *which, int64_t *ret_seq, struct err *err)
{
    struct sqlite_call call =
        sqlite_call(&store->writer, which->code == NULL ? SQL_NEXT_DEAD : SQL_NEXT_DEAD_BY_CODE);
    int row;

    sqlite_int(&call, destination);
    sqlite_int(&call, which->first);
    sqlite_int(&call, which->last);
    if (which->code != NULL)
        sqlite_text(&call, which->code);
    row = sqlite_step(&call, err);
    *ret_seq = row == 1 ? sqlite_read_int(&call, 1, INT64_MAX - 1) : 0;
    sqlite_end(&call);
    return row < 0 ? -1 : sqlite_row_check(&call, "delivery", which->first, err);
}

/* Applies one to each of them. */
static int each_dead_letter(struct sqlite_store *store, struct store_dead_letters *which,
                            int64_t now_ms,
                            int (*one)(struct sqlite_store *store, struct sqlite_name *destination,
                                       int64_t seq, int64_t now_ms, struct err *err),
                            struct err *err)
{
    struct sqlite_name *name = sqlite_destination(store, which->destination, err);
    int64_t seq = 0;

    if (name == NULL)
        return -1;
    for (size_t i = 0; i < which->max && !which->done; i++) {
        if (next_dead(store, name->id, which, &seq, err) < 0 ||
            (seq != 0 && one(store, name, seq, now_ms, err) < 0))
            return -1;
        which->done = seq == 0;
        which->count += seq != 0;
        if (seq != 0)
            which->first = seq + 1;
    }
    return 0;
}

static int redrive_one(struct sqlite_store *store, struct sqlite_name *destination, int64_t seq,
                       int64_t now_ms, struct err *err)
{
    struct sqlite_call call = sqlite_call(&store->writer, SQL_REDRIVE);

    sqlite_int(&call, seq);
    sqlite_int(&call, schedule_place(&store->schedule, now_ms));
    sqlite_int(&call, schedule_place(&store->changes, now_ms));
    if (sqlite_run(&call, err) < 0)
        return -1;
    destination->changed = true;
    counters_move(&destination->change, STORE_DEAD, STORE_WAITING, false);
    return 0;
}

int sqlite_redrive(struct store *base, struct store_dead_letters *which, int64_t now_ms,
                   struct err *err)
{
    return each_dead_letter((struct sqlite_store *)base, which, now_ms, redrive_one, err);
}

static int discard_one(struct sqlite_store *store, struct sqlite_name *destination, int64_t seq,
                       int64_t now_ms, struct err *err)
{
    struct sqlite_call call = sqlite_call(&store->writer, SQL_DISCARD);

    sqlite_int(&call, seq);
    sqlite_int(&call, schedule_place(&store->changes, now_ms));
    if (sqlite_run(&call, err) < 0)
        return -1;
    destination->changed = true;
    counters_discard(&destination->change);
    return 0;
}

int sqlite_discard(struct store *base, struct store_dead_letters *which, int64_t now_ms,
                   struct err *err)
{
    return each_dead_letter((struct sqlite_store *)base, which, now_ms, discard_one, err);
}

int sqlite_dead_letters(struct store *base, const char *destination, const char *code,
                        int64_t before_seq, size_t max, struct store_receipt **ret,
                        size_t *ret_count, struct err *err)
{
    struct sqlite_store *store = sqlite_locked(base);
    struct sqlite_call call =
        sqlite_call(&store->reader, code == NULL ? SQL_DEAD_LETTERS : SQL_DEAD_BY_CODE);

    sqlite_text(&call, destination);
    sqlite_int(&call, before_seq > 0 ? before_seq : INT64_MAX);
    sqlite_int(&call, max < SQLITE_LIST_MAX ? (int64_t)max : SQLITE_LIST_MAX);
    if (code != NULL)
        sqlite_text(&call, code);
    return sqlite_collect_receipts(store, &call, sqlite_fill_whole, ret, ret_count, err);
}
