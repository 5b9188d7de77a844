/* rules: what every back end decides the same way. */
#include "store/rules.h"

#include <string.h>

#include <sodium.h>

#include "base/mem.h"

/* What an outcome may do.  Only redrive leads back from dead. */
static const bool may_move[STORE_STATES][STORE_STATES] = {
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

int64_t rules_checksum(const char *body, size_t len, int64_t received_ms, int64_t timestamp_ms)
{
    const int64_t times[] = {received_ms, timestamp_ms};
    unsigned char key[crypto_shorthash_KEYBYTES], hash[crypto_shorthash_BYTES];
    int64_t number;

    _Static_assert(sizeof times == sizeof key && sizeof hash == sizeof number, "64 bits each");
    memcpy(key, times, sizeof key);
    crypto_shorthash(hash, (const unsigned char *)body, len, key);
    memcpy(&number, hash, sizeof number);
    return number;
}

int rules_move(int64_t seq, enum store_state from, enum store_state to, struct err *err)
{
    if ((unsigned)from < STORE_STATES && (unsigned)to < STORE_STATES && may_move[from][to])
        return 0;
    return err_set(err, ERR_INVALID, "delivery %lld is %s and cannot become %s", (long long)seq,
                   store_state_name(from), store_state_name(to));
}

static void add(struct store_counters *counters, enum store_state state, bool created, int by)
{
    counters->by_state[state] += by;
    if (state == STORE_DEAD)
        counters->dead_letters += by;
    if (state == STORE_WRITTEN)
        *(created ? &counters->created : &counters->updated) += by;
}

void counters_move(struct store_counters *counters, enum store_state from, enum store_state to,
                   bool created)
{
    add(counters, from, created, -1);
    add(counters, to, created, 1);
}

void counters_discard(struct store_counters *counters)
{
    counters->dead_letters--;
}

void counters_accept(struct store_counters *counters, enum store_state state)
{
    counters->accepted++;
    add(counters, state, false, 1);
}
