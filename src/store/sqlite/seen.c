/* seen: keeps in the database how much time the store has seen pass. */
#include "base/clock.h"
#include "base/log.h"
#include "store/sqlite/functions.h"
#include "store/sqlite/seen.h"
#include "store/sqlite/statements.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)

static int read_gaps(struct sqlite_store *store, struct err *err)
{
    struct sqlite_call call = sqlite_call(&store->writer, SQL_SEEN_GAPS);
    int row;

    while ((row = sqlite_step(&call, err)) == 1 && store->seen.count < SEEN_GAPS_MAX) {
        struct seen_gap *gap = &store->seen.gaps[store->seen.count++];
        gap->end_ms = sqlite_read_int(&call, INT64_MIN, INT64_MAX);
        gap->length_ms = sqlite_read_int(&call, 1, INT64_MAX);
        if (sqlite_row_check(&call, "clock_gap", gap->end_ms, err) < 0) {
            row = -1;
            break;
        }
    }
    sqlite_end(&call);
    return row < 0 ? -1 : 0;
}

/* Up to when an earlier run saw time pass: what it noted, or else its newest event; a new store
   has nothing that could be purged early. */
static int read_last(struct sqlite_store *store, int64_t now_ms, struct err *err)
{
    struct sqlite_call call = sqlite_call(&store->writer, SQL_SEEN_LAST);
    int row;

    sqlite_int(&call, now_ms);
    row = sqlite_step(&call, err);
    store->seen.last_ms = row == 1 ? sqlite_read_int(&call, INT64_MIN, INT64_MAX) : now_ms;
    sqlite_end(&call);
    return row < 0 ? -1 : sqlite_row_check(&call, "clock", 1, err);
}

/* Before anything is appended, which could have the time of a calendar that is wrong. */
static int read_seen(struct sqlite_store *store, int64_t now_ms, struct err *err)
{
    int64_t unseen_ms;

    if (read_gaps(store, err) < 0 || read_last(store, now_ms, err) < 0)
        return -1;
    unseen_ms = now_ms - store->seen.last_ms;
    seen_begin(&store->seen, now_ms);
    store->seen_changed = true;
    if (unseen_ms >= DAY_MS || unseen_ms <= -DAY_MS)
        log_line(LOG_WARN, "store.clock_step",
                 "days=%lld advice=\"since the last run the calendar has moved by so much: was the "
                 "machine off, or is its clock wrong? Nothing is purged early for it\"",
                 (long long)(unseen_ms / DAY_MS));
    return 0;
}

static int write_gaps(struct sqlite_store *store, struct err *err)
{
    struct sqlite_call call = sqlite_call(&store->writer, SQL_SEEN_CLEAR);

    if (sqlite_run(&call, err) < 0)
        return -1;
    for (size_t i = 0; i < store->seen.count; i++) {
        call = sqlite_call(&store->writer, SQL_SEEN_ADD);
        sqlite_int(&call, store->seen.gaps[i].end_ms);
        sqlite_int(&call, store->seen.gaps[i].length_ms);
        if (sqlite_run(&call, err) < 0)
            return -1;
    }
    store->seen_changed = false;
    return 0;
}

static int note(struct sqlite_store *store, struct err *err)
{
    struct sqlite_call call = sqlite_call(&store->writer, SQL_SEEN_NOTE);

    if (store->seen_changed && write_gaps(store, err) < 0)
        return -1;
    sqlite_int(&call, store->seen.last_ms);
    return sqlite_run(&call, err);
}

/* A full disk is no reason not to start: the first purge notes it then. */
int sqlite_seen_open(struct sqlite_store *store, struct err *err)
{
    struct err ignored = {0};

    if (read_seen(store, clock_steady(), err) < 0)
        return -1;
    if (store->base.api->begin(&store->base, &ignored) == 0 &&
        (note(store, &ignored) < 0 || store->base.api->commit(&store->base, &ignored) < 0))
        store->base.api->rollback(&store->base);
    return 0;
}

int sqlite_limit_ages(struct store *base, int64_t now_ms, struct store_ages *ages, struct err *err)
{
    struct sqlite_store *store = (struct sqlite_store *)base;

    seen_pass(&store->seen, now_ms);
    if (note(store, err) < 0)
        return -1;
    ages->ended_ms = seen_limit(&store->seen, ages->ended_ms);
    ages->dead_ms = seen_limit(&store->seen, ages->dead_ms);
    ages->known_ms = seen_limit(&store->seen, ages->known_ms);
    return 0;
}
