/* purge: deletes old rows one by one, with a cursor. */
#include "store/sqlite/functions.h"

#include "base/mem.h"
#include "store/sqlite/statements.h"

/* The next delivery in that state, after at, that ended before before_ms: its event, or 0. */
static int next_ended(struct sqlite_store *store, int state, int64_t before_ms,
                      struct store_purge_at *at, int64_t *ret_event, struct err *err)
{
    struct sqlite_call call = sqlite_call(&store->writer, SQL_OLD_ENDED);
    int row;

    sqlite_int(&call, state);
    sqlite_int(&call, at->ms);
    sqlite_int(&call, at->seq);
    sqlite_int(&call, before_ms);
    row = sqlite_step(&call, err);
    *ret_event = 0;
    if (row == 1) {
        at->ms = sqlite_read_int(&call, INT64_MIN, INT64_MAX);
        at->seq = sqlite_read_int(&call, 1, INT64_MAX);
        *ret_event = sqlite_read_int(&call, 1, INT64_MAX);
    }
    sqlite_end(&call);
    return row < 0 ? -1 : sqlite_row_check(&call, "delivery", at->seq, err);
}

/* 1: looked at the next one that is old enough, 0: there is none, -1. */
static int delete_ended(struct sqlite_store *store, int state, struct store_purge *what,
                        struct err *err)
{
    int64_t before_ms = state == STORE_DEAD ? what->ages.dead_ms : what->ages.ended_ms, event;
    struct sqlite_call call = sqlite_call(&store->writer, SQL_FORGET_EVENT);

    if (next_ended(store, state, before_ms, &what->at, &event, err) < 0)
        return -1;
    if (event == 0)
        return 0;
    sqlite_int(&call, event);
    sqlite_int(&call, what->ages.ended_ms);
    sqlite_int(&call, what->ages.dead_ms);
    if (sqlite_run(&call, err) < 0)
        return -1;
    what->count += sqlite3_changes(store->writer.db);
    return 1;
}

static int delete_known(struct sqlite_store *store, struct store_purge *what, struct err *err)
{
    struct sqlite_call call = sqlite_call(&store->writer, SQL_OLD_KNOWN);
    int64_t destination = 0;
    char *key = NULL;
    int row;

    sqlite_int(&call, what->ages.known_ms);
    row = sqlite_step(&call, err);
    if (row == 1) {
        destination = sqlite_read_int(&call, 1, INT64_MAX);
        key = sqlite_read_text(&call);
    }
    sqlite_end(&call);
    if (row < 1)
        return row;
    if (sqlite_row_check(&call, "known record of destination", destination, err) == 0) {
        call = sqlite_call(&store->writer, SQL_FORGET_KNOWN);
        sqlite_int(&call, destination);
        sqlite_text(&call, key);
        row = sqlite_run(&call, err) < 0 ? -1 : 1;
    } else {
        row = -1;
    }
    mem_free(key);
    what->count += row == 1;
    return row;
}

/* The names of a part, when all its events are gone. */
static int delete_names(struct sqlite_store *store, struct store_purge *what, struct err *err)
{
    struct sqlite_call call = sqlite_call(&store->writer, SQL_NEXT_PART);
    int64_t part = 0;
    int row;

    sqlite_int(&call, what->at.seq - 1); /* the first part is 0 */
    row = sqlite_step(&call, err);
    if (row == 1)
        part = sqlite_read_int(&call, 0, INT64_MAX >> 11);
    sqlite_end(&call);
    if (row < 1)
        return row;
    if (sqlite_row_check(&call, "event_name", part, err) < 0)
        return -1;
    what->at.seq = part + 1;
    call = sqlite_call(&store->writer, SQL_FORGET_NAMES);
    sqlite_int(&call, part);
    return sqlite_run(&call, err) < 0 ? -1 : 1;
}

static int delete_skipped(struct sqlite_store *store, struct store_purge *what, struct err *err)
{
    struct sqlite_call call = sqlite_call(&store->writer, SQL_FORGET_SKIPPED);
    int forgotten;

    sqlite_int(&call, what->ages.ended_ms);
    if (sqlite_run(&call, err) < 0)
        return -1;
    forgotten = sqlite3_changes(store->writer.db);
    what->count += forgotten;
    return forgotten;
}

/* What a round goes through, in this order. */
static const int purge_states[] = {STORE_WRITTEN, STORE_MERGED, STORE_UNCHANGED, STORE_DEAD,
                                   SQLITE_DISCARDED};
static int (*const purge_rest[])(struct sqlite_store *store, struct store_purge *what,
                                 struct err *err) = {delete_known, delete_names, delete_skipped};
#define PURGE_STATES (sizeof purge_states / sizeof purge_states[0])
#define PURGE_PARTS  (PURGE_STATES + sizeof purge_rest / sizeof purge_rest[0])

int sqlite_purge(struct store *base, struct store_purge *what, struct err *err)
{
    struct sqlite_store *store = (struct sqlite_store *)base;

    while (what->at.part < PURGE_PARTS && what->go_on(what->arg)) {
        int one = what->at.part < PURGE_STATES
                      ? delete_ended(store, purge_states[what->at.part], what, err)
                      : purge_rest[what->at.part - PURGE_STATES](store, what, err);
        if (one < 0)
            return -1;
        if (one == 0)
            what->at = (struct store_purge_at){.part = what->at.part + 1};
    }
    what->done = what->at.part >= PURGE_PARTS;
    return 0;
}
