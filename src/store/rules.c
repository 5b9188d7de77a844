#include "store/rules.h"

#include <string.h>

#include <sodium.h>

#include "base/mem.h"

/* What a settlement may do.  The way back from dead is revive alone. */
static const bool may_settle[STORE_STATES][STORE_STATES] = {
    [STORE_WAITING] = {[STORE_WAITING] = true,
                       [STORE_WRITTEN] = true,
                       [STORE_MERGED] = true,
                       [STORE_UNCHANGED] = true,
                       [STORE_DEAD] = true},
};

static bool fits(const char *text, size_t least)
{
    size_t len = text == NULL ? 0 : strnlen(text, STORE_TEXT_MAX + 1);

    return text != NULL && len >= least && len <= STORE_TEXT_MAX;
}

static int check_target(const struct store_event *event, size_t i, struct err *err)
{
    const struct store_target *target = &event->targets[i];

    if (!fits(target->destination, 1) || !fits(target->key, 0) || !fits(target->object, 0))
        return err_set(err, ERR_INVALID, "store an event: destination, key or object is unusable");
    for (size_t other = 0; other < i; other++)
        if (strcmp(event->targets[other].destination, target->destination) == 0)
            return err_set(err, ERR_INVALID, "store an event: destination %s is named twice",
                           target->destination);
    return 0;
}

int rules_event(const struct store_event *event, struct err *err)
{
    if (!fits(event->source, 1) || !fits(event->message_id, 1) || !fits(event->type, 0))
        return err_set(err, ERR_INVALID, "store an event: source, messageId or type is unusable");
    if (event->body == NULL || event->body_len > STORE_BODY_MAX)
        return err_set(err, ERR_INVALID, "store an event: its body is missing or over %d bytes",
                       STORE_BODY_MAX);
    if (event->target_count == 0)
        return err_set(err, ERR_INVALID, "store an event: it has no destination");
    for (size_t i = 0; i < event->target_count; i++)
        if (check_target(event, i, err) < 0)
            return -1;
    return 0;
}

int64_t rules_hash(const char *text)
{
    unsigned char hash[crypto_generichash_BYTES_MIN];
    int64_t number;

    crypto_generichash(hash, sizeof hash, (const unsigned char *)text, strlen(text), NULL, 0);
    memcpy(&number, hash, sizeof number);
    return number;
}

int rules_settle(int64_t seq, enum store_state from, enum store_state to, struct err *err)
{
    if ((unsigned)from < STORE_STATES && (unsigned)to < STORE_STATES && may_settle[from][to])
        return 0;
    return err_set(err, ERR_INVALID, "delivery %lld is %s and cannot become %s", (long long)seq,
                   store_state_name(from), store_state_name(to));
}

static void tally_add(struct store_tally *tally, enum store_state state, bool created, int by)
{
    tally->by_state[state] += by;
    if (state == STORE_DEAD)
        tally->letters += by;
    if (state == STORE_WRITTEN)
        *(created ? &tally->created : &tally->updated) += by;
}

void rules_tally_move(struct store_tally *tally, enum store_state from, enum store_state to,
                      bool created)
{
    tally_add(tally, from, created, -1);
    tally_add(tally, to, created, 1);
}

void rules_tally_discard(struct store_tally *tally)
{
    tally->letters--;
}

void rules_tally_accept(struct store_tally *tally, enum store_state state)
{
    tally->accepted++;
    tally_add(tally, state, false, 1);
}

int schedule_init(struct schedule *schedule, struct err *err)
{
    *schedule = (struct schedule){.open_ms = INT64_MAX};
    if (pthread_mutex_init(&schedule->lock, NULL) != 0)
        return err_set(err, ERR_SYSTEM, "no mutex for the store");
    return 0;
}

void schedule_done(struct schedule *schedule)
{
    pthread_mutex_destroy(&schedule->lock);
}

int64_t schedule_enter(struct schedule *schedule, int64_t now_ms)
{
    pthread_mutex_lock(&schedule->lock);
    return now_ms < schedule->open_ms ? now_ms : schedule->open_ms - 1;
}

void schedule_leave(struct schedule *schedule, int64_t reached_ms)
{
    if (schedule->reached_ms < reached_ms)
        schedule->reached_ms = reached_ms;
    pthread_mutex_unlock(&schedule->lock);
}

int64_t schedule_place(struct schedule *schedule, int64_t wanted_ms)
{
    int64_t least, placed;

    pthread_mutex_lock(&schedule->lock);
    least = schedule->reached_ms + 1;
    placed = wanted_ms > least ? wanted_ms : least;
    if (placed < schedule->open_ms)
        schedule->open_ms = placed;
    pthread_mutex_unlock(&schedule->lock);
    return placed;
}

void schedule_close(struct schedule *schedule)
{
    pthread_mutex_lock(&schedule->lock);
    schedule->open_ms = INT64_MAX;
    pthread_mutex_unlock(&schedule->lock);
}

void watched_changed(struct watched *watched, struct store_feed *feed, int64_t until_ms, size_t max)
{
    struct store_receipt *list = watched->list;
    size_t kept = 0;

    if (watched->count == max && max > 0) {
        feed->changed_ms = list[max - 1].changed_ms;
        feed->changed_seq = list[max - 1].seq;
    } else if (feed->changed_ms <= until_ms) {
        feed->changed_ms = until_ms;
        feed->changed_seq = INT64_MAX;
    }
    for (size_t i = 0; i < watched->count; i++) {
        struct store_receipt *one = &list[i], swapped = *one;
        if (one->seq > watched->seen_seq)
            continue;
        *one = list[kept];
        list[kept++] = swapped;
    }
    while (watched->count > kept)
        store_receipt_clear(&list[--watched->count]);
}

int watched_give(struct watched *watched, int rc, struct store_receipt **ret, size_t *ret_count)
{
    if (rc < 0) {
        store_receipts_free(watched->list, watched->count);
        return -1;
    }
    *ret = watched->list;
    *ret_count = watched->count;
    return 0;
}

int rules_grow(void **list, size_t count, size_t *room, size_t size, struct err *err)
{
    size_t wanted = *room == 0 ? 16 : *room * 2;
    void *larger;

    if (count < *room)
        return 0;
    larger = mem_resize(*list, wanted, size);
    if (larger == NULL)
        return err_memory(err);
    *list = larger;
    *room = wanted;
    return 0;
}
