/*
 * memory: the store without a disk, for tests and for holding the contract against a
 * second back end that shares nothing with SQL.
 *
 * It is written to be read, not to be fast: a take looks at every delivery.
 */
#include "store/store.h"

#include <string.h>

#include "store/memory_rows.h"

/* ---- transactions ---- */

struct memory_store *memory_locked(struct store *store)
{
    struct memory_store *memory = (struct memory_store *)store;

    pthread_mutex_lock(&memory->lock);
    return memory;
}

int memory_unlocked(struct memory_store *memory, int rc)
{
    pthread_mutex_unlock(&memory->lock);
    return rc;
}

static int memory_begin(struct store *store, struct err *err)
{
    return 0;
}

static int memory_end_commit(struct store *store, struct err *err)
{
    struct memory_store *memory = memory_locked(store);

    memory_commit(&memory->tables);
    schedule_close(&memory->schedule);
    schedule_close(&memory->changes);
    return memory_unlocked(memory, 0);
}

static void memory_end_rollback(struct store *store)
{
    struct memory_store *memory = memory_locked(store);

    memory_rollback(&memory->tables);
    schedule_close(&memory->schedule);
    schedule_close(&memory->changes);
    memory_unlocked(memory, 0);
}

/* ---- writer ---- */

/* A draft of a destination's counters, made from the one that stands; NULL when out of
   memory.  It is the transaction's own and may be changed in place. */
static struct store_counters *counters_draft(struct memory_store *memory, const char *destination,
                                             struct err *err)
{
    struct memory_slot *slot;
    struct store_counters *draft, *old = NULL;
    bool failed = false;

    if (memory_find(&memory->tables, COUNTERS, destination, NULL, NULL, &slot, err) < 0)
        return NULL;
    if (slot != NULL)
        old = memory_peek(slot);
    if (slot != NULL && slot->dirty && old != NULL)
        return old;
    draft = mem_zero(1, sizeof *draft);
    if (draft != NULL) {
        if (old != NULL)
            *draft = *old;
        draft->destination = memory_copy_text(destination, &failed);
    }
    if (failed) {
        memory_row_free[COUNTERS](draft);
        draft = NULL;
    }
    if (memory_put(&memory->tables, COUNTERS, destination, NULL, NULL, draft, err) < 0)
        return NULL;
    return draft;
}

static int append_target(struct memory_store *memory, struct memory_slot *event,
                         const struct store_event *from, const struct store_target *target,
                         struct err *err)
{
    bool dead = target->dead_code != NULL;
    struct store_receipt receipt = {
        .seq = memory->last_seq + 1,
        .destination = (char *)target->destination,
        .object = (char *)target->object,
        .key = (char *)target->key,
        .state = dead ? STORE_DEAD : STORE_WAITING,
        .code = (char *)target->dead_code,
        .message = dead ? (char *)target->dead_message : NULL,
        .advice = dead ? (char *)target->dead_advice : NULL,
        .received_ms = from->received_ms,
        .changed_ms =
            dead ? schedule_place(&memory->changes, from->received_ms) : from->received_ms,
    };
    struct store_counters *counters = counters_draft(memory, target->destination, err);

    if (counters == NULL)
        return -1;
    counters_accept(counters, receipt.state);
    memory->last_seq++;
    return memory_put_seq(&memory->tables, receipt.seq, delivery_new(event, &receipt), err);
}

static int append_event(struct memory_store *memory, struct store_event *event, struct err *err)
{
    struct memory_slot *slot;

    if (rules_event(event, err) < 0 || memory_find(&memory->tables, EVENTS, event->source,
                                                   event->message_id, NULL, &slot, err) < 0)
        return -1;
    event->ret_duplicate = slot != NULL && memory_peek(slot) != NULL;
    if (event->ret_duplicate)
        return 0;
    if (memory_put(&memory->tables, EVENTS, event->source, event->message_id, NULL,
                   event_new(event), err) < 0 ||
        memory_find(&memory->tables, EVENTS, event->source, event->message_id, NULL, &slot, err) <
            0)
        return -1;
    for (size_t i = 0; i < event->target_count; i++)
        if (append_target(memory, slot, event, &event->targets[i], err) < 0)
            return -1;
    return 0;
}

static int append_skip(struct memory_store *memory, const struct store_skip *skip, struct err *err)
{
    struct store_skip_count *row = mem_zero(1, sizeof *row);
    struct memory_slot *slot = NULL;
    bool failed = row == NULL;

    if (row == NULL)
        return err_memory(err);
    row->source = memory_copy_text(skip->source, &failed);
    row->destination = memory_copy_text(skip->destination, &failed);
    row->reason = memory_copy_text(skip->reason, &failed);
    row->count = skip->count;
    if (failed || memory_find(&memory->tables, SKIPS, skip->source, skip->destination, skip->reason,
                              &slot, err) < 0) {
        memory_row_free[SKIPS](row);
        return err_memory(err);
    }
    if (slot != NULL && memory_peek(slot) != NULL)
        row->count += ((struct store_skip_count *)memory_peek(slot))->count;
    return memory_put(&memory->tables, SKIPS, skip->source, skip->destination, skip->reason, row,
                      err);
}

static int append_skipped(struct memory_store *memory, const struct store_skip *skip,
                          const struct store_skip_event *event, struct err *err)
{
    const struct store_skipped from = {
        .source = (char *)skip->source,
        .destination = (char *)skip->destination,
        .type = (char *)event->type,
        .reason = (char *)skip->reason,
        .received_ms = event->received_ms,
    };
    struct store_skipped *row = mem_zero(1, sizeof *row);

    if (row != NULL && !memory_copy_skipped(&from, row)) {
        memory_row_free[SKIPPED](row);
        row = NULL;
    }
    return memory_put(&memory->tables, SKIPPED, event->message_id, skip->source, skip->destination,
                      row, err);
}

static int memory_append(struct store *store, struct store_event *events, size_t count,
                         const struct store_skip *skips, size_t skip_count, struct err *err)
{
    struct memory_store *memory = memory_locked(store);

    for (size_t i = 0; i < count; i++)
        if (append_event(memory, &events[i], err) < 0)
            return memory_unlocked(memory, -1);
    for (size_t i = 0; i < skip_count; i++)
        if (append_skip(memory, &skips[i], err) < 0)
            return memory_unlocked(memory, -1);
    for (size_t i = 0; i < skip_count; i++)
        for (size_t event = 0; event < skips[i].event_count; event++)
            if (append_skipped(memory, &skips[i], &skips[i].events[event], err) < 0)
                return memory_unlocked(memory, -1);
    return memory_unlocked(memory, 0);
}

static int memory_intend(struct store *store, const char *destination, const char *const *keys,
                         size_t count, int64_t now_ms, struct err *err)
{
    struct memory_store *memory = memory_locked(store);

    for (size_t i = 0; i < count; i++) {
        struct store_intent *row = mem_zero(1, sizeof *row);
        bool failed = false;
        if (row != NULL) {
            row->since_ms = now_ms;
            row->key = memory_copy_text(keys[i], &failed);
        }
        if (failed) {
            memory_row_free[INTENTS](row);
            row = NULL;
        }
        if (memory_put(&memory->tables, INTENTS, destination, keys[i], NULL, row, err) < 0)
            return memory_unlocked(memory, -1);
    }
    return memory_unlocked(memory, 0);
}

static int apply_one(struct memory_store *memory, const struct store_outcome_batch *what,
                     const struct store_outcome *outcome, struct err *err)
{
    struct memory_slot *slot = memory_find_seq(&memory->tables, outcome->seq);
    const struct delivery *old = slot == NULL ? NULL : memory_peek(slot);
    bool waiting = outcome->state == STORE_WAITING;
    struct store_receipt receipt;
    struct store_counters *counters;

    if (old == NULL || strcmp(old->receipt->destination, what->destination) != 0)
        return err_set(err, ERR_INVALID, "there is no delivery %lld to %s", (long long)outcome->seq,
                       what->destination);
    if (rules_move(outcome->seq, old->receipt->state, outcome->state, err) < 0)
        return -1;
    receipt = *old->receipt;
    receipt.state = outcome->state;
    receipt.attempts = outcome->attempts;
    receipt.created = outcome->state == STORE_WRITTEN && outcome->created;
    receipt.record_id = (char *)outcome->record_id;
    receipt.into = (char *)outcome->into;
    receipt.code = (char *)outcome->code;
    receipt.message = (char *)outcome->message;
    receipt.advice = (char *)outcome->advice;
    receipt.notes = (char *)outcome->notes;
    receipt.sent = (char *)outcome->sent;
    receipt.changed_ms = schedule_place(&memory->changes, what->now_ms);
    receipt.next_attempt_ms =
        waiting ? schedule_place(&memory->schedule, outcome->next_attempt_ms) : 0;
    counters = counters_draft(memory, what->destination, err);
    if (counters == NULL)
        return -1;
    counters_move(counters, old->receipt->state, outcome->state, receipt.created);
    return memory_put_seq(&memory->tables, outcome->seq, delivery_new(old->event, &receipt), err);
}

static int put_known(struct memory_store *memory, const char *destination,
                     const struct store_known *what, struct err *err)
{
    struct store_known *row = mem_zero(1, sizeof *row);

    if (row != NULL && !memory_copy_known(what, row)) {
        memory_row_free[KNOWN](row);
        row = NULL;
    }
    return memory_put(&memory->tables, KNOWN, destination, what->key, NULL, row, err);
}

static int memory_apply(struct store *store, const struct store_outcome_batch *what,
                        struct err *err)
{
    struct memory_store *memory = memory_locked(store);
    struct memory_slot *slot;

    for (size_t i = 0; i < what->outcome_count; i++)
        if (apply_one(memory, what, &what->outcomes[i], err) < 0)
            return memory_unlocked(memory, -1);
    for (size_t i = 0; i < what->known_count; i++)
        if (put_known(memory, what->destination, &what->known[i], err) < 0)
            return memory_unlocked(memory, -1);
    for (size_t i = 0; i < what->answered_intent_count; i++) {
        if (memory_find(&memory->tables, INTENTS, what->destination, what->answered_intents[i],
                        NULL, &slot, err) < 0)
            return memory_unlocked(memory, -1);
        if (slot != NULL)
            memory_delete(&memory->tables, slot);
    }
    return memory_unlocked(memory, 0);
}

static int redrive_one(struct memory_store *memory, struct memory_slot *slot, int64_t now_ms,
                       struct err *err)
{
    const struct delivery *old = memory_peek(slot);
    struct store_receipt receipt = *old->receipt;
    struct store_counters *counters = counters_draft(memory, receipt.destination, err);

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
    struct store_counters *counters = counters_draft(memory, receipt.destination, err);

    if (counters == NULL)
        return -1;
    counters_discard(counters);
    receipt.discarded = true;
    receipt.changed_ms = schedule_place(&memory->changes, now_ms);
    return memory_put_seq(&memory->tables, receipt.seq, delivery_new(old->event, &receipt), err);
}

/* Does to each of them what one does to it. */
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

static int memory_redrive(struct store *store, struct store_dead_letters *which, int64_t now_ms,
                          struct err *err)
{
    struct memory_store *memory = memory_locked(store);

    return memory_unlocked(memory, each_dead_letter(memory, which, now_ms, redrive_one, err));
}

static int memory_discard(struct store *store, struct store_dead_letters *which, int64_t now_ms,
                          struct err *err)
{
    struct memory_store *memory = memory_locked(store);

    return memory_unlocked(memory, each_dead_letter(memory, which, now_ms, discard_one, err));
}

static int memory_pause(struct store *store, const char *destination, int64_t since_ms,
                        struct err *err)
{
    struct memory_store *memory = memory_locked(store);
    struct store_counters *counters = counters_draft(memory, destination, err);

    if (counters != NULL)
        counters->paused_ms = since_ms;
    return memory_unlocked(memory, counters != NULL ? 0 : -1);
}

static bool is_old(const struct store_receipt *receipt, const struct store_ages *ages)
{
    if (receipt->state == STORE_WAITING)
        return false;
    return receipt->changed_ms <
           (receipt->state == STORE_DEAD && !receipt->discarded ? ages->dead_ms : ages->ended_ms);
}

/* Whether every delivery of the event ended well before that time. */
static bool forgettable(struct memory_store *memory, const struct memory_slot *event,
                        const struct store_ages *ages)
{
    struct memory_slot *slot = memory_first(&memory->tables, DELIVERIES);

    if (((struct event *)memory_peek(event))->received_ms >= ages->ended_ms)
        return false;
    for (; slot != NULL; slot = memory_next(slot)) {
        const struct delivery *row = memory_peek(slot);
        if (row != NULL && row->event == event && !is_old(row->receipt, ages))
            return false;
    }
    return true;
}

static void forget(struct memory_store *memory, struct memory_slot *event)
{
    struct memory_slot *slot = memory_first(&memory->tables, DELIVERIES);

    for (; slot != NULL; slot = memory_next(slot)) {
        const struct delivery *row = memory_peek(slot);
        if (row != NULL && row->event == event)
            memory_delete(&memory->tables, slot);
    }
    memory_delete(&memory->tables, event);
}

/* It has no earlier run. */
static int memory_limit_ages(struct store *store, int64_t now_ms, struct store_ages *ages,
                             struct err *err)
{
    (void)store, (void)now_ms, (void)ages, (void)err;
    return 0;
}

/* Looks at everything each time: this back end is small. */
static int memory_purge(struct store *store, struct store_purge *what, struct err *err)
{
    struct memory_store *memory = memory_locked(store);
    struct memory_slot *slot = memory_first(&memory->tables, EVENTS);

    (void)err;
    for (; slot != NULL; slot = memory_next(slot)) {
        if (memory_peek(slot) == NULL || !forgettable(memory, slot, &what->ages))
            continue;
        if (!what->go_on(what->arg))
            return memory_unlocked(memory, 0);
        forget(memory, slot);
        what->count++;
    }
    slot = memory_first(&memory->tables, KNOWN);
    for (; slot != NULL; slot = memory_next(slot)) {
        const struct store_known *row = memory_peek(slot);
        if (row == NULL || row->written_ms >= what->ages.known_ms)
            continue;
        if (!what->go_on(what->arg))
            return memory_unlocked(memory, 0);
        memory_delete(&memory->tables, slot);
        what->count++;
    }
    slot = memory_first(&memory->tables, SKIPPED);
    for (; slot != NULL; slot = memory_next(slot)) {
        const struct store_skipped *row = memory_peek(slot);
        if (row == NULL || row->received_ms >= what->ages.ended_ms)
            continue;
        if (!what->go_on(what->arg))
            return memory_unlocked(memory, 0);
        memory_delete(&memory->tables, slot);
        what->count++;
    }
    what->done = true;
    return memory_unlocked(memory, 0);
}

static int memory_usage(struct store *store, struct store_usage *ret, struct err *err)
{
    struct store_counters *list = NULL;
    size_t count = 0;

    *ret = (struct store_usage){.free_disk = INT64_MAX};
    if (memory_counters(store, &list, &count, err) < 0)
        return -1;
    for (size_t i = 0; i < count; i++)
        ret->waiting += list[i].by_state[STORE_WAITING];
    store_counters_free(list, count);
    return 0;
}

static bool memory_keep_reserve(struct store *store, int64_t waiting)
{
    (void)store, (void)waiting;
    return true;
}

static bool memory_release_reserve(struct store *store)
{
    (void)store;
    return false;
}

/* ---- life ---- */

static void memory_close(struct store *store)
{
    struct memory_store *memory = (struct memory_store *)store;

    memory_tables_done(&memory->tables);
    schedule_done(&memory->schedule);
    schedule_done(&memory->changes);
    pthread_mutex_destroy(&memory->lock);
    mem_free(memory);
}

static const struct store_api memory_api = {
    .name = "memory",
    .close = memory_close,
    .begin = memory_begin,
    .append = memory_append,
    .intend = memory_intend,
    .apply = memory_apply,
    .redrive = memory_redrive,
    .discard = memory_discard,
    .pause = memory_pause,
    .limit_ages = memory_limit_ages,
    .purge = memory_purge,
    .commit = memory_end_commit,
    .rollback = memory_end_rollback,
    .usage = memory_usage,
    .keep_reserve = memory_keep_reserve,
    .release_reserve = memory_release_reserve,
    .take = memory_take,
    .next_due = memory_next_due,
    .find_known = memory_find_known,
    .intents = memory_intents,
    .trace = memory_trace,
    .search = memory_search,
    .skipped = memory_skipped,
    .list = memory_list,
    .dead_letters = memory_dead_letters,
    .recent = memory_recent,
    .since = memory_since,
    .counters = memory_counters,
    .skips = memory_skips,
};

static int schedules_init(struct memory_store *memory, struct err *err)
{
    if (schedule_init(&memory->schedule, err) < 0)
        return -1;
    if (schedule_init(&memory->changes, err) == 0)
        return 0;
    schedule_done(&memory->schedule);
    return -1;
}

struct store *store_open_memory(struct err *err)
{
    struct memory_store *memory = mem_zero(1, sizeof *memory);

    if (memory == NULL) {
        err_memory(err);
        return NULL;
    }
    memory->base.api = &memory_api;
    memory->tables.row_free = memory_row_free;
    pthread_mutex_init(&memory->lock, NULL);
    if (schedules_init(memory, err) < 0) {
        pthread_mutex_destroy(&memory->lock);
        mem_free(memory);
        return NULL;
    }
    return &memory->base;
}
