/* dead_letters: lists, redrives and discards what needs a person. */
#include "store/memory/functions.h"

#include <string.h>

static int redrive_one(struct memory_store *memory, struct memory_slot *slot, int64_t now_ms,
                       struct err *err)
{
    const struct delivery *old = memory_peek(slot);
    struct store_receipt receipt = *old->receipt;
    struct store_counters *counters = memory_counters_draft(memory, receipt.destination, err);

    if (counters == NULL)
        return -1;
    counters_move(counters, STORE_DEAD, STORE_WAITING, false);
    receipt.state = STORE_WAITING;
    receipt.code = receipt.message = receipt.advice = NULL;
    receipt.changed_ms = schedule_place(&memory->changes, now_ms);
    receipt.next_attempt_ms = schedule_place(&memory->schedule, now_ms);
    return memory_put_seq(&memory->tables, receipt.seq, delivery_new(old->event, &receipt), err);
}

static int discard_one(struct memory_store *memory, struct memory_slot *slot, int64_t now_ms,
                       struct err *err)
{
    const struct delivery *old = memory_peek(slot);
    struct store_receipt receipt = *old->receipt;
    struct store_counters *counters = memory_counters_draft(memory, receipt.destination, err);

    if (counters == NULL)
        return -1;
    counters_discard(counters);
    receipt.discarded = true;
    receipt.changed_ms = schedule_place(&memory->changes, now_ms);
    return memory_put_seq(&memory->tables, receipt.seq, delivery_new(old->event, &receipt), err);
}

/* Applies one to each of them. */
static int each_dead_letter(struct memory_store *memory, struct store_dead_letters *which,
                            int64_t now_ms,
                            int (*one)(struct memory_store *memory, struct memory_slot *slot,
                                       int64_t now_ms, struct err *err),
                            struct err *err)
{
    struct memory_slot *slot = memory_first(&memory->tables, DELIVERIES);
    size_t count = 0;

    for (; slot != NULL && count < which->max; slot = memory_next(slot)) {
        const struct delivery *row = memory_peek(slot);
        int64_t seq = row != NULL ? row->receipt->seq : 0;
        if (row == NULL || row->receipt->state != STORE_DEAD || row->receipt->discarded ||
            seq < which->first || seq > which->last ||
            strcmp(row->receipt->destination, which->destination) != 0 ||
            (which->code != NULL && strcmp(row->receipt->code, which->code) != 0))
            continue;
        if (one(memory, slot, now_ms, err) < 0)
            return -1;
        which->first = seq + 1;
        which->count++;
        count++;
    }
    which->done = count < which->max;
    return 0;
}

int memory_redrive(struct store *store, struct store_dead_letters *which, int64_t now_ms,
                   struct err *err)
{
    struct memory_store *memory = memory_locked(store);

    return memory_unlocked(memory, each_dead_letter(memory, which, now_ms, redrive_one, err));
}

int memory_discard(struct store *store, struct store_dead_letters *which, int64_t now_ms,
                   struct err *err)
{
    struct memory_store *memory = memory_locked(store);

    return memory_unlocked(memory, each_dead_letter(memory, which, now_ms, discard_one, err));
}

int memory_dead_letters(struct store *store, const char *destination, const char *code,
                        int64_t before_seq, size_t max, struct store_receipt **ret,
                        size_t *ret_count, struct err *err)
{
    struct memory_store *memory = memory_locked(store);
    int64_t seq = before_seq > 0 && before_seq <= memory->last_seq ? before_seq : INT64_MAX;
    struct feed_page page = {0};
    int rc = 0;

    for (seq = seq < INT64_MAX ? seq - 1 : memory->last_seq; rc == 0 && seq > 0 && page.count < max;
         seq--) {
        struct memory_slot *slot = memory_find_seq(&memory->tables, seq);
        const struct delivery *row = slot == NULL ? NULL : memory_committed(slot, destination);
        if (memory_is_dead_letter(row, code))
            rc = memory_add_receipt(row, true, &page.list, &page.count, &page.capacity, err);
    }
    return memory_unlocked(memory, feed_page_give(&page, rc, ret, ret_count));
}
