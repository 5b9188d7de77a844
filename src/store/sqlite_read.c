#include "store/sqlite_store.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

/* Longest list in one answer; whoever wants more asks again from the last seq. */
#define LIST_MAX 10000

enum {
    TAKE_NEW,
    TAKE_DUE,
    NEXT_DUE,
    FIND_KNOWN,
    INTENTS,
    TRACE,
    SEARCH_NAME,
    SEARCH_RECORD,
    SKIPPED,
    LIST_ENDED,
    LIST_WAITING,
    DEAD_LETTERS,
    DEAD_BY_CODE,
    RECENT,
    ARRIVED,
    CHANGED,
    COUNTERS,
    SKIPS
};

#define DESTINATION "(SELECT id FROM destination WHERE name = ?1)"

#define TAKE_COLUMNS                                                                               \
    "SELECT d.seq, d.next_attempt_ms, d.attempts, e.message_id, e.timestamp_ms, e.received_ms,"    \
    " e.body FROM delivery d"
#define TAKE_JOINS " CROSS JOIN event e ON e.id = d.event"

#define RECEIPT_COLUMNS                                                                            \
    "SELECT d.seq, s.name, e.message_id, e.type, t.name, d.object, d.key, d.state, d.created,"     \
    " d.record_id, d.into_id, d.code, d.message, d.advice, d.notes, d.attempts, e.received_ms,"    \
    " d.changed_ms, d.next_attempt_ms, d.sent"
#define RECEIPT_JOINS                                                                              \
    " CROSS JOIN event e ON e.id = d.event CROSS JOIN source s ON s.id = e.source"                 \
    " CROSS JOIN destination t ON t.id = d.destination"

/* The parts of a table, the newest first.  An empty table has none. */
#define PARTS(table, of)                                                                           \
    "WITH RECURSIVE part (number) AS (SELECT max(" of ") FROM " table                              \
    " UNION ALL SELECT number - 1 FROM part"                                                       \
    " WHERE number > (SELECT min(" of ") FROM " table ")) "

/* What of one state has changed behind the cursor ?1, ?2, up to ?3. */
#define CHANGED_OF(state)                                                                          \
    RECEIPT_COLUMNS ", e.body FROM delivery d INDEXED BY delivery_age" RECEIPT_JOINS               \
                    " WHERE d.state = " state " AND (d.state > 0 OR d.next_attempt_ms > 0)"        \
                    " AND (d.changed_ms, d.seq) > (?1, ?2) AND d.changed_ms <= ?3"
#define AND " UNION ALL "

const char *const sqlite_reader_sql[] = {
    [TAKE_NEW] =
        TAKE_COLUMNS " INDEXED BY delivery_new" TAKE_JOINS " WHERE d.destination = " DESTINATION
                     " AND d.state = 0 AND d.next_attempt_ms = 0"
                     " AND d.seq > ?2 ORDER BY d.seq",
    [TAKE_DUE] =
        TAKE_COLUMNS " INDEXED BY delivery_due" TAKE_JOINS " WHERE d.destination = " DESTINATION
                     " AND d.state = 0 AND d.next_attempt_ms > 0"
                     " AND (d.next_attempt_ms, d.seq) > (?2, ?3)"
                     " AND d.next_attempt_ms <= ?4 ORDER BY d.next_attempt_ms, d.seq",
    [NEXT_DUE] = "SELECT next_attempt_ms FROM delivery INDEXED BY delivery_due"
                 " WHERE destination = " DESTINATION " AND state = 0 AND next_attempt_ms > 0"
                 " AND (next_attempt_ms, seq) > (?2, ?3) ORDER BY next_attempt_ms, seq LIMIT 1",
    [FIND_KNOWN] = "SELECT key, object, record_id, fields, written_ms FROM memory"
                   " WHERE destination = " DESTINATION " AND key = ?2",
    [INTENTS] = "SELECT key, since_ms FROM intent WHERE destination = " DESTINATION,
    [TRACE] = RECEIPT_COLUMNS ", e.body FROM event e CROSS JOIN delivery d ON d.event = e.id"
                              " CROSS JOIN source s ON s.id = e.source"
                              " CROSS JOIN destination t ON t.id = d.destination"
                              " WHERE e.message_id = ?1 ORDER BY d.seq",
    [SEARCH_NAME] = PARTS("event_name", "part") RECEIPT_COLUMNS
    ", e.body FROM part CROSS JOIN event_name n ON n.part = part.number AND n.hash = ?1"
    " CROSS JOIN event e ON e.id = n.event CROSS JOIN delivery d ON d.event = e.id"
    " CROSS JOIN source s ON s.id = e.source CROSS JOIN destination t ON t.id = d.destination"
    " LIMIT ?2",
    [SEARCH_RECORD] =
        RECEIPT_COLUMNS ", e.body FROM delivery d INDEXED BY delivery_record" RECEIPT_JOINS
                        " WHERE substr(d.record_id, 1, 15) = ?1 AND d.record_id IS NOT NULL"
                        " ORDER BY d.seq DESC LIMIT ?2",
    [SKIPPED] = PARTS(
        "skipped",
        "id >> 11") "SELECT max(k.id), s.name, t.name, y.name, r.name, k.received_ms FROM part"
                    " CROSS JOIN skipped k ON k.id >> 11 = part.number AND k.hash = ?1"
                    " CROSS JOIN source s ON s.id = k.source CROSS JOIN destination t ON t.id = "
                    "k.destination"
                    " CROSS JOIN word y ON y.id = k.type CROSS JOIN word r ON r.id = k.reason"
                    " GROUP BY s.id, t.id",
    [LIST_ENDED] = RECEIPT_COLUMNS " FROM delivery d INDEXED BY delivery_later" RECEIPT_JOINS
                                   " WHERE d.destination = " DESTINATION " AND d.state = ?2"
                                   " AND (d.state > 0 OR d.next_attempt_ms > 0) AND d.seq < ?3"
                                   " ORDER BY d.seq DESC LIMIT ?4",
    /* Two indexes, each in the order asked for and merged, so that a long queue is not
       sorted. */
    [LIST_WAITING] = RECEIPT_COLUMNS
    " FROM delivery d INDEXED BY delivery_new" RECEIPT_JOINS " WHERE d.destination = " DESTINATION
    " AND d.state = 0 AND d.next_attempt_ms = 0 AND d.seq < ?3"
    " UNION ALL " RECEIPT_COLUMNS " FROM delivery d INDEXED BY delivery_later" RECEIPT_JOINS
    " WHERE d.destination = " DESTINATION
    " AND d.state = ?2 AND (d.state > 0 OR d.next_attempt_ms > 0) AND d.seq < ?3"
    " ORDER BY d.seq DESC LIMIT ?4",
    [DEAD_LETTERS] =
        RECEIPT_COLUMNS ", e.body FROM delivery d INDEXED BY delivery_later" RECEIPT_JOINS
                        " WHERE d.destination = " DESTINATION " AND d.state = 4 AND d.seq < ?2"
                        " AND (d.state > 0 OR d.next_attempt_ms > 0) ORDER BY d.seq DESC LIMIT ?3",
    [DEAD_BY_CODE] = RECEIPT_COLUMNS
    ", e.body FROM delivery d INDEXED BY delivery_code" RECEIPT_JOINS
    " WHERE d.destination = " DESTINATION " AND d.state = 4 AND d.seq < ?2 AND d.code = ?4"
    " ORDER BY d.seq DESC LIMIT ?3",
    [RECENT] = RECEIPT_COLUMNS ", e.body FROM delivery d" RECEIPT_JOINS
                               " WHERE d.seq < ?1 ORDER BY d.seq DESC LIMIT ?2",
    [ARRIVED] = RECEIPT_COLUMNS ", e.body FROM delivery d" RECEIPT_JOINS
                                " WHERE d.seq > ?1 ORDER BY d.seq LIMIT ?2",
    /* Each arm comes in the order asked for, so that they are merged and not sorted. */
    [CHANGED] = CHANGED_OF("0") AND CHANGED_OF("1") AND CHANGED_OF("2") AND CHANGED_OF("3")
        AND CHANGED_OF("4") AND CHANGED_OF("5") " ORDER BY 18, 1 LIMIT ?4",
    /* However much waits, the oldest is the first entry of one of two indexes. */
    [COUNTERS] = "SELECT t.name, accepted, waiting, written, merged, unchanged, dead, created,"
                 " updated, coalesce((SELECT e.received_ms FROM event e WHERE e.id ="
                 "  (SELECT event FROM delivery WHERE seq = min("
                 "   coalesce((SELECT seq FROM delivery INDEXED BY delivery_new"
                 "    WHERE destination = t.id AND state = 0 AND next_attempt_ms = 0"
                 "    ORDER BY seq LIMIT 1), 9223372036854775807),"
                 "   coalesce((SELECT seq FROM delivery INDEXED BY delivery_later"
                 "    WHERE destination = t.id AND state = 0"
                 "    AND (state > 0 OR next_attempt_ms > 0)"
                 "    ORDER BY seq LIMIT 1), 9223372036854775807)))), 0), paused_ms, letters"
                 " FROM tally JOIN destination t ON t.id = tally.destination ORDER BY t.id",
    [SKIPS] = "SELECT source, destination, reason, count FROM skip",
};
const size_t sqlite_reader_count = sizeof sqlite_reader_sql / sizeof sqlite_reader_sql[0];

static struct sqlite_store *locked(struct store *base)
{
    struct sqlite_store *store = (struct sqlite_store *)base;

    pthread_mutex_lock(&store->reader_lock);
    return store;
}

static int unlocked(struct sqlite_store *store, int rc)
{
    pthread_mutex_unlock(&store->reader_lock);
    return rc;
}

/* ---- take ---- */

/* A stream of waiting deliveries, standing at its next one. */
struct head {
    struct sqlite_call call;
    int row; /* 1: stands at one, 0: no more, -1: failed */
    int64_t seq, next_attempt_ms;
};

static void head_step(struct head *head, struct err *err)
{
    head->row = sqlite_step(&head->call, err);
    if (head->row < 1)
        return;
    head->seq = sqlite_read_int(&head->call, 1, INT64_MAX);
    head->next_attempt_ms = sqlite_read_int(&head->call, 0, INT64_MAX);
}

static int head_read(struct head *head, struct store_delivery *ret, struct err *err)
{
    struct sqlite_call *call = &head->call;

    *ret = (struct store_delivery){.seq = head->seq};
    ret->attempts = (int)sqlite_read_int(call, 0, INT_MAX);
    ret->message_id = sqlite_read_text(call);
    ret->timestamp_ms = sqlite_read_int(call, INT64_MIN, INT64_MAX);
    ret->received_ms = sqlite_read_int(call, INT64_MIN, INT64_MAX);
    ret->body = sqlite_read_bytes(call, &ret->body_len);
    return sqlite_row_check(call, "delivery", head->seq, err);
}

static size_t head_body_len(const struct head *head)
{
    return (size_t)sqlite3_column_bytes(head->call.statement, 6);
}

struct taking {
    struct head fresh, due;
    struct store_cursor cursor;
    size_t max, max_bytes;
    struct store_delivery *list;
    size_t count;
};

/* Merges both streams by age until a bound is reached. */
static int take_some(struct taking *taking, struct err *err)
{
    size_t capacity = 0, bytes = 0;

    head_step(&taking->fresh, err);
    head_step(&taking->due, err);
    while (taking->count < taking->max && taking->fresh.row >= 0 && taking->due.row >= 0) {
        bool repeated =
            taking->due.row == 1 && (taking->fresh.row == 0 || taking->due.seq < taking->fresh.seq);
        struct head *head = repeated ? &taking->due : &taking->fresh;
        size_t len = head->row == 1 ? head_body_len(head) : 0;
        if (head->row == 0 ||
            (taking->count > 0 && (bytes >= taking->max_bytes || len > taking->max_bytes - bytes)))
            return 0;
        if (mem_grow((void **)&taking->list, taking->count, &capacity, sizeof *taking->list, err) <
                0 ||
            head_read(head, &taking->list[taking->count++], err) < 0)
            return -1;
        bytes += len;
        if (repeated) {
            taking->cursor.due_ms = head->next_attempt_ms;
            taking->cursor.due_seq = head->seq;
        } else {
            taking->cursor.new_seq = head->seq;
        }
        head_step(head, err);
    }
    return taking->fresh.row < 0 || taking->due.row < 0 ? -1 : 0;
}

int sqlite_take(struct store *base, const char *destination, struct store_cursor *cursor,
                int64_t now_ms, size_t max, size_t max_bytes, struct store_delivery **ret,
                size_t *ret_count, struct err *err)
{
    struct sqlite_store *store = locked(base);
    int64_t until_ms = schedule_enter(&store->schedule, now_ms);
    struct taking taking = {
        .fresh.call = sqlite_call(&store->reader, TAKE_NEW),
        .due.call = sqlite_call(&store->reader, TAKE_DUE),
        .cursor = *cursor,
        .max = max,
        .max_bytes = max_bytes,
    };
    int rc;

    sqlite_text(&taking.fresh.call, destination);
    sqlite_int(&taking.fresh.call, cursor->new_seq);
    sqlite_text(&taking.due.call, destination);
    sqlite_int(&taking.due.call, cursor->due_ms);
    sqlite_int(&taking.due.call, cursor->due_seq);
    sqlite_int(&taking.due.call, until_ms);
    rc = take_some(&taking, err);
    sqlite_end(&taking.fresh.call);
    sqlite_end(&taking.due.call);
    schedule_leave(&store->schedule, taking.cursor.due_ms);
    if (rc < 0) {
        store_deliveries_free(taking.list, taking.count);
        return unlocked(store, -1);
    }
    *cursor = taking.cursor;
    *ret = taking.list;
    *ret_count = taking.count;
    return unlocked(store, 0);
}

int sqlite_next_due(struct store *base, const char *destination, const struct store_cursor *cursor,
                    int64_t *ret_ms, struct err *err)
{
    struct sqlite_store *store = locked(base);
    struct sqlite_call call = sqlite_call(&store->reader, NEXT_DUE);
    int64_t due_ms = INT64_MAX;
    int row;

    sqlite_text(&call, destination);
    sqlite_int(&call, cursor->due_ms);
    sqlite_int(&call, cursor->due_seq);
    row = sqlite_step(&call, err);
    if (row == 1)
        due_ms = sqlite_read_int(&call, 1, INT64_MAX);
    sqlite_end(&call);
    if (row < 0 || sqlite_row_check(&call, "delivery due", due_ms, err) < 0)
        return unlocked(store, -1);
    *ret_ms = due_ms;
    return unlocked(store, 0);
}

/* ---- lists ---- */

/* Reads every row of the call into a list with fill, and ends the call.  What was read
   stands in *list also when it fails. */
static int collect(struct sqlite_call *call, const char *what, size_t size,
                   void (*fill)(struct sqlite_call *call, void *item), void **list, size_t *count,
                   size_t *capacity, struct err *err)
{
    int row;

    while ((row = sqlite_step(call, err)) == 1) {
        char *item;
        row = -1;
        if (mem_grow(list, *count, capacity, size, err) < 0)
            break;
        item = (char *)*list + (*count)++ * size;
        memset(item, 0, size);
        fill(call, item);
        if (sqlite_row_check(call, what, (int64_t)*count, err) < 0)
            break;
    }
    sqlite_end(call);
    return row;
}

static void fill_known(struct sqlite_call *call, void *item)
{
    struct store_known *memory = item;

    memory->key = sqlite_read_text(call);
    memory->object = sqlite_read_text(call);
    memory->record_id = sqlite_read_text(call);
    memory->fields = sqlite_read_text(call);
    memory->written_ms = sqlite_read_int(call, INT64_MIN, INT64_MAX);
}

static void fill_intent(struct sqlite_call *call, void *item)
{
    struct store_intent *intent = item;

    intent->key = sqlite_read_text(call);
    intent->since_ms = sqlite_read_int(call, INT64_MIN, INT64_MAX);
}

static void fill_receipt(struct sqlite_call *call, void *item)
{
    struct store_receipt *receipt = item;

    receipt->seq = sqlite_read_int(call, 1, INT64_MAX);
    receipt->source = sqlite_read_text(call);
    receipt->message_id = sqlite_read_text(call);
    receipt->type = sqlite_read_text(call);
    receipt->destination = sqlite_read_text(call);
    receipt->object = sqlite_read_text(call);
    receipt->key = sqlite_read_text(call);
    receipt->state = sqlite_read_state(call, &receipt->discarded);
    receipt->created = sqlite_read_int(call, 0, 1) == 1;
    receipt->record_id = sqlite_read_optional(call);
    receipt->into = sqlite_read_optional(call);
    receipt->code = sqlite_read_optional(call);
    receipt->message = sqlite_read_optional(call);
    receipt->advice = sqlite_read_optional(call);
    receipt->notes = sqlite_read_optional(call);
    receipt->attempts = (int)sqlite_read_int(call, 0, INT_MAX);
    receipt->received_ms = sqlite_read_int(call, INT64_MIN, INT64_MAX);
    receipt->changed_ms = sqlite_read_int(call, INT64_MIN, INT64_MAX);
    receipt->next_attempt_ms = sqlite_read_int(call, 0, INT64_MAX);
    receipt->sent = sqlite_read_optional(call);
}

static void fill_whole(struct sqlite_call *call, void *item)
{
    struct store_receipt *receipt = item;

    fill_receipt(call, item);
    receipt->body = sqlite_read_text(call);
}

static void fill_counters(struct sqlite_call *call, void *item)
{
    struct store_counters *counters = item;

    counters->destination = sqlite_read_text(call);
    counters->accepted = sqlite_read_int(call, 0, INT64_MAX);
    for (int state = 0; state < STORE_STATES; state++)
        counters->by_state[state] = sqlite_read_int(call, 0, INT64_MAX);
    counters->created = sqlite_read_int(call, 0, INT64_MAX);
    counters->updated = sqlite_read_int(call, 0, INT64_MAX);
    counters->oldest_waiting_ms = sqlite_read_int(call, INT64_MIN, INT64_MAX);
    counters->paused_ms = sqlite_read_int(call, 0, INT64_MAX);
    counters->dead_letters = sqlite_read_int(call, 0, INT64_MAX);
}

static void fill_skip(struct sqlite_call *call, void *item)
{
    struct store_skip_count *skip = item;

    skip->source = sqlite_read_text(call);
    skip->destination = sqlite_read_text(call);
    skip->reason = sqlite_read_text(call);
    skip->count = sqlite_read_int(call, 0, INT64_MAX);
}

static void fill_skipped(struct sqlite_call *call, void *item)
{
    struct store_skipped *skipped = item;

    sqlite_read_int(call, 1, INT64_MAX);
    skipped->source = sqlite_read_text(call);
    skipped->destination = sqlite_read_text(call);
    skipped->type = sqlite_read_text(call);
    skipped->reason = sqlite_read_text(call);
    skipped->received_ms = sqlite_read_int(call, INT64_MIN, INT64_MAX);
}

int sqlite_find_known(struct store *base, const char *destination, const char *const *keys,
                      size_t count, struct store_known **ret, size_t *ret_count, struct err *err)
{
    struct sqlite_store *store = locked(base);
    struct store_known *list = NULL;
    size_t found = 0, capacity = 0;

    for (size_t i = 0; i < count; i++) {
        struct sqlite_call call = sqlite_call(&store->reader, FIND_KNOWN);
        sqlite_text(&call, destination);
        sqlite_text(&call, keys[i]);
        if (collect(&call, "memory", sizeof *list, fill_known, (void **)&list, &found, &capacity,
                    err) < 0) {
            store_known_free(list, found);
            return unlocked(store, -1);
        }
    }
    *ret = list;
    *ret_count = found;
    return unlocked(store, 0);
}

int sqlite_intents(struct store *base, const char *destination, struct store_intent **ret,
                   size_t *ret_count, struct err *err)
{
    struct sqlite_store *store = locked(base);
    struct sqlite_call call = sqlite_call(&store->reader, INTENTS);
    struct store_intent *list = NULL;
    size_t count = 0, capacity = 0;

    sqlite_text(&call, destination);
    if (collect(&call, "intent", sizeof *list, fill_intent, (void **)&list, &count, &capacity,
                err) < 0) {
        store_intents_free(list, count);
        return unlocked(store, -1);
    }
    *ret = list;
    *ret_count = count;
    return unlocked(store, 0);
}

static int collect_receipts(struct sqlite_store *store, struct sqlite_call *call,
                            void (*fill)(struct sqlite_call *call, void *item),
                            struct store_receipt **ret, size_t *ret_count, struct err *err)
{
    struct store_receipt *list = NULL;
    size_t count = 0, capacity = 0;

    if (collect(call, "receipt", sizeof *list, fill, (void **)&list, &count, &capacity, err) < 0) {
        store_receipts_free(list, count);
        return unlocked(store, -1);
    }
    *ret = list;
    *ret_count = count;
    return unlocked(store, 0);
}

int sqlite_trace(struct store *base, const char *message_id, struct store_receipt **ret,
                 size_t *ret_count, struct err *err)
{
    struct sqlite_store *store = locked(base);
    struct sqlite_call call = sqlite_call(&store->reader, TRACE);

    sqlite_text(&call, message_id);
    return collect_receipts(store, &call, fill_whole, ret, ret_count, err);
}

int sqlite_search(struct store *base, enum store_search by, const char *what, size_t max,
                  struct store_receipt **ret, size_t *ret_count, struct err *err)
{
    struct sqlite_store *store = locked(base);
    struct sqlite_call call =
        sqlite_call(&store->reader, by == STORE_BY_NAME ? SEARCH_NAME : SEARCH_RECORD);
    char id[STORE_RECORD_ID + 1];

    snprintf(id, sizeof id, "%s", what);
    if (by == STORE_BY_NAME)
        sqlite_int(&call, rules_hash(what));
    else
        sqlite_text(&call, id);
    sqlite_int(&call, max < LIST_MAX ? (int64_t)max : LIST_MAX);
    return collect_receipts(store, &call, fill_whole, ret, ret_count, err);
}

int sqlite_skipped(struct store *base, const char *message_id, struct store_skipped **ret,
                   size_t *ret_count, struct err *err)
{
    struct sqlite_store *store = locked(base);
    struct sqlite_call call = sqlite_call(&store->reader, SKIPPED);
    struct store_skipped *list = NULL;
    size_t count = 0, capacity = 0;

    sqlite_int(&call, rules_hash(message_id));
    if (collect(&call, "skipped event", sizeof *list, fill_skipped, (void **)&list, &count,
                &capacity, err) < 0) {
        store_skipped_free(list, count);
        return unlocked(store, -1);
    }
    *ret = list;
    *ret_count = count;
    return unlocked(store, 0);
}

int sqlite_list(struct store *base, const char *destination, enum store_state state,
                int64_t before_seq, size_t max, struct store_receipt **ret, size_t *ret_count,
                struct err *err)
{
    struct sqlite_store *store = locked(base);
    struct sqlite_call call =
        sqlite_call(&store->reader, state == STORE_WAITING ? LIST_WAITING : LIST_ENDED);

    sqlite_text(&call, destination);
    sqlite_int(&call, state);
    sqlite_int(&call, before_seq > 0 ? before_seq : INT64_MAX);
    sqlite_int(&call, max < LIST_MAX ? (int64_t)max : LIST_MAX);
    return collect_receipts(store, &call, fill_receipt, ret, ret_count, err);
}

int sqlite_dead_letters(struct store *base, const char *destination, const char *code,
                        int64_t before_seq, size_t max, struct store_receipt **ret,
                        size_t *ret_count, struct err *err)
{
    struct sqlite_store *store = locked(base);
    struct sqlite_call call =
        sqlite_call(&store->reader, code == NULL ? DEAD_LETTERS : DEAD_BY_CODE);

    sqlite_text(&call, destination);
    sqlite_int(&call, before_seq > 0 ? before_seq : INT64_MAX);
    sqlite_int(&call, max < LIST_MAX ? (int64_t)max : LIST_MAX);
    if (code != NULL)
        sqlite_text(&call, code);
    return collect_receipts(store, &call, fill_whole, ret, ret_count, err);
}

/* ---- watching ---- */

static int read_recent(struct sqlite_store *store, int64_t before_seq, size_t max,
                       struct feed_page *page, struct err *err)
{
    struct sqlite_call call = sqlite_call(&store->reader, RECENT);

    sqlite_int(&call, before_seq > 0 ? before_seq : INT64_MAX);
    sqlite_int(&call, max < LIST_MAX ? (int64_t)max : LIST_MAX);
    return collect(&call, "receipt", sizeof *page->list, fill_whole, (void **)&page->list,
                   &page->count, &page->capacity, err);
}

int sqlite_recent(struct store *base, int64_t before_seq, size_t max, int64_t now_ms,
                  struct store_feed *feed, struct store_receipt **ret, size_t *ret_count,
                  struct err *err)
{
    struct sqlite_store *store = locked(base);
    struct feed_page page = {0};
    int64_t until_ms = schedule_enter(&store->changes, now_ms);
    int rc = read_recent(store, before_seq, max, &page, err);

    schedule_leave(&store->changes, until_ms);
    pthread_mutex_unlock(&store->reader_lock);
    if (rc == 0 && feed != NULL)
        *feed = (struct store_feed){page.count > 0 ? page.list[0].seq : 0, until_ms, INT64_MAX};
    return feed_page_give(&page, rc, ret, ret_count);
}

static int read_arrived(struct sqlite_store *store, struct store_feed *feed, size_t max,
                        struct feed_page *page, struct err *err)
{
    struct sqlite_call call = sqlite_call(&store->reader, ARRIVED);
    size_t changes = page->count;

    sqlite_int(&call, feed->seq);
    sqlite_int(&call, (int64_t)max);
    if (collect(&call, "receipt", sizeof *page->list, fill_whole, (void **)&page->list,
                &page->count, &page->capacity, err) < 0)
        return -1;
    if (page->count > changes)
        feed->seq = page->list[page->count - 1].seq;
    return 0;
}

static int read_changed(struct sqlite_store *store, struct store_feed *feed, int64_t until_ms,
                        size_t max, struct feed_page *page, struct err *err)
{
    struct sqlite_call call = sqlite_call(&store->reader, CHANGED);

    sqlite_int(&call, feed->changed_ms);
    sqlite_int(&call, feed->changed_seq);
    sqlite_int(&call, until_ms);
    sqlite_int(&call, (int64_t)max);
    if (collect(&call, "receipt", sizeof *page->list, fill_whole, (void **)&page->list,
                &page->count, &page->capacity, err) < 0)
        return -1;
    feed_page_changes(page, feed, until_ms, max);
    return 0;
}

/* Both in one transaction, so that an arrival stands in the list as it stands in the changes. */
int sqlite_since(struct store *base, struct store_feed *feed, int64_t now_ms, size_t max,
                 struct store_receipt **ret, size_t *ret_count, struct err *err)
{
    struct sqlite_store *store = locked(base);
    struct store_feed moved = *feed;
    struct feed_page page = {0};
    int64_t until_ms = schedule_enter(&store->changes, now_ms);
    int rc = sqlite_script(&store->reader, "BEGIN", err);

    max = max < LIST_MAX ? max : LIST_MAX;
    if (rc == 0) {
        page.seen_seq = feed->seq;
        rc = read_changed(store, &moved, until_ms, max, &page, err);
        if (rc == 0)
            rc = read_arrived(store, &moved, max, &page, err);
        sqlite3_exec(store->reader.db, "COMMIT", NULL, NULL, NULL);
    }
    schedule_leave(&store->changes, until_ms);
    pthread_mutex_unlock(&store->reader_lock);
    if (rc == 0)
        *feed = moved;
    return feed_page_give(&page, rc, ret, ret_count);
}

int sqlite_counters(struct store *base, struct store_counters **ret, size_t *ret_count,
                    struct err *err)
{
    struct sqlite_store *store = locked(base);
    struct sqlite_call call = sqlite_call(&store->reader, COUNTERS);
    struct store_counters *list = NULL;
    size_t count = 0, capacity = 0;

    if (collect(&call, "counters", sizeof *list, fill_counters, (void **)&list, &count, &capacity,
                err) < 0) {
        store_counters_free(list, count);
        return unlocked(store, -1);
    }
    *ret = list;
    *ret_count = count;
    return unlocked(store, 0);
}

int sqlite_skips(struct store *base, struct store_skip_count **ret, size_t *ret_count,
                 struct err *err)
{
    struct sqlite_store *store = locked(base);
    struct sqlite_call call = sqlite_call(&store->reader, SKIPS);
    struct store_skip_count *list = NULL;
    size_t count = 0, capacity = 0;

    if (collect(&call, "skip", sizeof *list, fill_skip, (void **)&list, &count, &capacity, err) <
        0) {
        store_skip_counts_free(list, count);
        return unlocked(store, -1);
    }
    *ret = list;
    *ret_count = count;
    return unlocked(store, 0);
}
