/*
 * rules: what every back end holds to alike, so that none of them decides it again:
 * which events and settlements are accepted, which moves a delivery may make, and the
 * times at which waiting ones come up again.  Private to the folder.
 */
#ifndef STORE_RULES_H
#define STORE_RULES_H

#include <pthread.h>

#include "store/store.h"

/* Largest body and largest other text of an event, in bytes.  The doors outside are
   narrower; these keep one row from harming the store. */
#define STORE_BODY_MAX (16 * 1024 * 1024)
#define STORE_TEXT_MAX (64 * 1024)

/* 0 when the event can be stored: named, bounded, at least one target, none twice.
   Else ERR_INVALID. */
MUST_USE int rules_event(const struct store_event *event, struct err *err);

/* What a name or a messageId of a skipped event is kept as: 64 bits of its BLAKE2b hash, which
   nobody makes collide on purpose. */
int64_t rules_hash(const char *text);

/* The characters of a record Id that count in both its forms. */
#define STORE_RECORD_ID 15

/* 0 when a settlement may take a delivery from one state to the other. */
MUST_USE int rules_settle(int64_t seq, enum store_state from, enum store_state to, struct err *err);

/* Takes one delivery from one state to the other in its destination's tally.  created:
   it is (or was) written as new. */
void rules_tally_move(struct store_tally *tally, enum store_state from, enum store_state to,
                      bool created);

/* A dead letter is discarded: dead it stays, but waits for nobody. */
void rules_tally_discard(struct store_tally *tally);

/* Counts one accepted delivery. */
void rules_tally_accept(struct store_tally *tally, enum store_state state);

/*
 * schedule: keeps a delivery that waits again from landing behind a cursor.
 *
 * A cursor moves over due times.  A delivery put at a time that some cursor has passed
 * already would never be handed out, be it because the wall clock went back or because
 * a take ran between the writing and the commit.  So the writer puts nothing at or
 * before the furthest time handed out, and while its transaction is open no take
 * reaches the times it has used.
 *
 * Threads: any.  A take holds the lock from schedule_enter to schedule_leave.
 */
struct schedule {
    pthread_mutex_t lock;
    int64_t reached_ms; /* furthest due time any take has handed out */
    int64_t open_ms;    /* earliest time of the open transaction; INT64_MAX = none */
};

MUST_USE int schedule_init(struct schedule *schedule, struct err *err);
void schedule_done(struct schedule *schedule);

/* The time up to which a take at now_ms may go; schedule_leave says how far it came. */
int64_t schedule_enter(struct schedule *schedule, int64_t now_ms);
void schedule_leave(struct schedule *schedule, int64_t reached_ms);

/* The time for a delivery that should wait until wanted_ms; always above 0, which
   means "never tried". */
int64_t schedule_place(struct schedule *schedule, int64_t wanted_ms);

/* The transaction has ended, either way. */
void schedule_close(struct schedule *schedule);

/*
 * watched: what somebody who watches is given, as it is collected: first what has changed of
 * what he has seen, then what arrived.
 */
struct watched {
    struct store_receipt *list;
    size_t count, room;
    int64_t seen_seq; /* what arrived behind it is not a change yet */
};

/* Holds the changes, at most max and up to until_ms: moves the feed over them, and drops those
   of arrivals that are yet to be told. */
void watched_changed(struct watched *watched, struct store_feed *feed, int64_t until_ms,
                     size_t max);

/* Hands the list out, or frees it when rc is -1.  Returns rc. */
int watched_give(struct watched *watched, int rc, struct store_receipt **ret, size_t *ret_count);

/* Makes room for one more in a list that grows by doubling.  On -1 the list stands. */
MUST_USE int rules_grow(void **list, size_t count, size_t *room, size_t size, struct err *err);

#endif
