/*
 * destination: one org with its settings, and the rooms of its scheduler.
 *
 *   gather.c    reads what waits, maps it, puts it into groups, remembers records
 *   claim.c     joins groups that turn out to be one record's
 *   dispatch.c  cuts groups into calls and sends them
 *   renew.c     keeps what is known of the org's objects true
 *   answer.c    reads the answers: what became of every event
 *   scheduler.c the loop around these, and the mail that reaches it
 *   worker.c    the threads that carry calls
 *
 * Threads: everything but `mail` belongs to the scheduler thread.  Workers get calls
 * through `ready` and bring them back by mail.
 */
#ifndef DELIVERY_DESTINATION_H
#define DELIVERY_DESTINATION_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/queue.h"
#include "delivery/call.h"
#include "delivery/hold.h"
#include "delivery/poison.h"
#include "delivery/settle.h"
#include "delivery/tries.h"

/* What a destination holds in memory at most; the rest waits in the store. */
#define IN_HAND_MAX       20000
#define IN_HAND_MAX_BYTES (64 * 1024 * 1024)
#define TAKE_MAX          2000 /* deliveries a read */
#define LOOKUP_MAX        1000 /* keys gathered before a look-up goes out without lingering */
#define STORE_RETRY_MS    1000
/* What may have been carried out is looked up again after so long at the most. */
#define LOOK_AGAIN_LONGEST_MS 60000
#define SAME_RECORD_TURNS     3 /* times a record is looked up again before it is given up */
#define REFUSED_ALONE         4 /* events of one write refused alone before the rest is given up */
#define ABSENT_MS             10000 /* a look-up that found nothing is not repeated for so long */

/* A create whose outcome is not known. */
struct intent {
    char *key;
    int64_t since_ms; /* mono; of an earlier run: since this one began */
    int looks;        /* look-ups since that have not found its record */
    UT_hash_handle hh;
};

/* What reaches the scheduler from other threads. */
struct mail {
    pthread_mutex_t mutex;
    pthread_cond_t arrived;
    struct call *answered; /* utlist */
    bool news;             /* the store may have more */
    bool retry;            /* a person says: try again */
    bool paused;           /* a person has it paused; stays until it is resumed */
    bool revived;          /* a person has dead letters tried again */
    bool stopping;
    bool ended;                    /* the scheduler's loop is over */
    struct delivery_status status; /* as of the end of the last turn; destination is NULL */
};

struct destination {
    /* fixed from start to end */
    const struct destination_settings *settings;
    struct settings *settings_owner;
    _Atomic int64_t keep_known_ms; /* of all destinations: a reload changes it in mid-run */
    struct store *store;
    struct writer *writer;
    const struct org_api *api;
    struct org *org;
    char *schema_dir;
    struct queue *ready; /* calls for the workers */
    pthread_t scheduler;
    pthread_t *workers;
    int worker_count;

    struct mail mail;

    /* the scheduler's */
    struct schema *schema;       /* NULL until described or loaded */
    int schema_number;           /* grows with each schema */
    int schema_needed;           /* none below it is to be mapped with */
    bool describing, signing_in; /* such a call is queued or in flight */
    struct store_cursor cursor;
    int64_t began_ms;                /* steady: what lies behind it and says so was stamped by a
                                        clock that was ahead */
    int64_t due_ahead_ms;            /* of the clock by which the store's due times are read */
    bool more;                       /* the store may have something to read */
    struct group *groups;            /* uthash by key */
    struct group *claims;            /* the same by the record they alone write */
    struct group *unplaced, *placed; /* gathering: record not known yet; known */
    size_t unplaced_count, placed_count;
    struct call *queue; /* utlist: calls to be sent */
    int flying;         /* calls with the workers */
    struct intent *intents;
    struct tries *tries; /* uthash by key */
    struct poisons poisons;
    int64_t last_saved_ms; /* mono: when any record was last saved */
    struct item *in_hand;  /* uthash by seq: every delivery read and not yet settled */
    size_t in_hand_bytes;
    struct hold hold;
};

/* ---- gather.c ---- */

/* Reads what waits as far as there is room.  -1: the store could not be read. */
MUST_USE int gather_read(struct destination *d, struct err *err);

/* item is in hand, or no longer. */
MUST_USE int gather_hold(struct destination *d, struct item *item, struct err *err);
void gather_let_go(struct destination *d, struct item *item);

/* Puts a group (back) among those that gather: placed when its record is known. */
void gather_group(struct destination *d, struct group *group);
void gather_remove(struct destination *d, struct group *group);

/* Maps a delivery with the present schema. */
MUST_USE int gather_map(const struct destination *d, const struct store_delivery *row,
                        struct mapping_result *ret, struct err *err);

/* Why a mapped delivery cannot be written; false when it can. */
bool gather_refuses(const struct destination *d, const struct mapping_result *mapped,
                    struct reason *why);

/* Whether something waits in the store that has not been read. */
bool gather_waits(struct destination *d);

/* The time by which deliveries are put off and come due. */
int64_t gather_now(const struct destination *d);

/* The longest that anything is put off at once. */
int64_t gather_longest_wait(const struct destination *d);

/* When the next delivery that was put off comes due, mono; INT64_MAX: none was. */
int64_t gather_due(struct destination *d);

/* Loads the intents that an earlier run left. */
MUST_USE int gather_intents(struct destination *d, struct err *err);

/* Spells the intents' keys as the present schema does, here and in the store: a key that an
   earlier schema made is found by the events of now. */
MUST_USE int gather_rekey(struct destination *d, struct err *err);

/* ---- claim.c ---- */

/* The group's record is id: from now on nobody else writes it.  When another group does
   already, the two become one, whose events merge in the order of their timestamps: *ret_joined
   says that group's are with the other now, and that it is empty.  -1: out of memory. */
MUST_USE int claim_record(struct destination *d, struct group *group, const char *object,
                          const char *id, bool *ret_joined, struct err *err);

/* The group has made its record. */
MUST_USE int claim_made(struct destination *d, struct group *group, struct err *err);

/* The record is forgotten. */
void claim_end(struct destination *d, struct group *group);

/* ---- dispatch.c ---- */

/* Cuts what has gathered long enough, or is enough, into calls; nothing while the schema is
   stale. */
void dispatch_cut(struct destination *d);

/* When dispatch_cut has something to do next, mono; INT64_MAX: nothing gathers. */
int64_t dispatch_due(const struct destination *d);

/* Hands queued calls to the workers, as many as may run at once. */
void dispatch_send(struct destination *d);

/* Queues a write of the group, or ends it as unchanged; s takes what ends. */
MUST_USE int dispatch_write(struct destination *d, struct group *group, bool create,
                            struct settling *s, struct err *err);

/* What comes next for a group that has gathered: a write, a look-up, or, when the org has
   refused its key too often, a wait.  s takes what ends. */
MUST_USE int dispatch_next(struct destination *d, struct group *group, struct settling *s,
                           struct err *err);

/* Queues a look-up of the group. */
MUST_USE int dispatch_find(struct destination *d, struct group *group, struct err *err);
/* The same in a call of its own. */
MUST_USE int dispatch_find_alone(struct destination *d, struct group *group, struct err *err);

/* ---- renew.c ---- */

/* Takes over the schema that an earlier run kept. */
void renew_begin(struct destination *d);

/* True when nothing may be mapped, or be sent as it was mapped, before the objects are
   described anew. */
bool renew_stale(const struct destination *d);

/* Asks for a describe, ahead of need while there is work; at the start for a sign-in at least. */
void renew_due(struct destination *d);

/* When renew_due has something to do next, mono; INT64_MAX: not by itself. */
int64_t renew_at(const struct destination *d);

/* Reads the answer to what renew_due asked for. */
void renew_answer(struct destination *d, struct call *call);

/* The org says that the schema is no longer true; of one field: not more often than it pays. */
void renew_distrust(struct destination *d);
void renew_distrust_field(struct destination *d);

/* True when some of a group's items were mapped with an older schema. */
bool renew_outdated(const struct destination *d, const struct group *group);

/* Maps those again.  What can no longer be written ends in s; the group may be left empty. */
MUST_USE int renew_group(struct destination *d, struct group *group, struct settling *s,
                         struct err *err);

/* ---- answer.c ---- */

/* Reads an answered call and frees it. */
void answer_call(struct destination *d, struct call *call);

/* Writes s down, however long the store takes; then groups without items go, others gather
   again.  groups may be NULL. */
void answer_settle(struct destination *d, struct settling *s, struct group **groups, size_t count);

/* ---- scheduler.c, worker.c ---- */

void *scheduler_main(void *destination);
void *worker_main(void *destination);

/* Brings an answered call back; for workers. */
void mail_answered(struct destination *d, struct call *call);

/* Waits ms; false at once when the destination is stopping. */
bool mail_pause(struct destination *d, int64_t ms);

#endif
