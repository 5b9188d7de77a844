/*
 * group: all waiting deliveries of one key that are in hand, and what is known of their
 * record.  One key, one group, one writer: so two identifies of a person never race each other.
 *
 * Threads: only the scheduler's; a worker sees only the request made from it (call.h).
 * Memory:  a group owns its items; group_free frees those that are left.
 */
#ifndef DELIVERY_GROUP_H
#define DELIVERY_GROUP_H

#include <stdbool.h>

#include "base/hash.h"
#include "delivery/merged.h"
#include "delivery/times.h"
#include "mapping/mapping.h"
#include "salesforce/org.h"
#include "store/store.h"

/* One waiting delivery, mapped. */
struct item {
    struct store_delivery row; /* row.body is kept: it is mapped again when the schema changes */
    struct mapping_result mapped;
    bool unremembered;        /* older than keep_known_records */
    int schema_number;        /* of the schema it was mapped with */
    struct item *prev, *next; /* utlist: in a group by timestamp, then seq */
    UT_hash_handle hh;        /* among all in hand, by row.seq */
};

/* Where a group is.  groups.h changes it, and keeps the lists. */
enum group_state {
    GROUP_DECIDING,   /* on no list: its next step is being decided */
    GROUP_UNRESOLVED, /* accumulates, in groups.unresolved: its record is not known */
    GROUP_RESOLVED,   /* accumulates, in groups.resolved: its record is known */
    GROUP_WAITING,    /* for its turn: the org may treat another group's key as equal (alike.h) */
    GROUP_QUEUED,     /* in a call that waits to be sent */
    GROUP_IN_FLIGHT,  /* in a call that was sent; a worker may read items: new ones go to later */
    GROUP_ENDED,      /* none of its items is left; later may hold what came meanwhile */
    GROUP_STATES
};

/* The search for the event at fault among those that were refused together: refusal.h. */
struct group_search {
    bool split;      /* items are a part of what was refused together, later is the rest */
    size_t suspects; /* how many of the oldest were refused together; 0: none, or all */
    int alone;       /* events refused singly in a row, with nothing saved in between */
    size_t together; /* for notes: how many events were refused in one write and not tried singly */
};

struct alike;

struct group {
    char *key;
    char *loose; /* the loose form of its key: mapping_loose_key; NULL until it is looked up */
    const struct binding *binding; /* its events are mapped by it; lives as long as the settings */
    const char *object;            /* the binding's: "Lead", "Account" */
    enum group_state state;
    struct item *items; /* of the next write, or of the one in flight */
    struct item *later; /* came while a write was in flight, or kept back */
    struct group_search search;
    int64_t absent_until_ms; /* mono: until then a look-up that found nothing is relied on */
    bool stale_schema;       /* the org rejected a field of it as unknown since the last save */
    int turns;               /* times it was looked up again, or sent elsewhere, without success */
    int64_t since_ms;        /* mono: when it began to accumulate */
    /* what is known of the record */
    const char *record_object; /* object, or the binding's successor ("Contact") */
    char *record_id;           /* NULL: not known, or not there */
    int matches;               /* how many records matched the look-up */
    char claimed[16];          /* 15 characters of the Id that only this group writes; "": none */
    char **also; /* other keys that turned out to be of this record; their events are here */
    size_t also_count;
    struct times times;
    struct merged merged;
    char **dropped; /* fields the org refused, left out with a note */
    size_t dropped_count;
    struct alike *alike; /* the turn it has or waits for among keys that the org may treat as equal;
                            NULL: none */
    struct group *list_prev, *list_next; /* utlist, while it accumulates or waits for its turn */
    UT_hash_handle hh;
    UT_hash_handle claim_hh; /* among those that hold a record, by claimed */
};

/* NULL when out of memory.  key is copied, binding is borrowed. */
MUST_USE struct group *group_new(const char *key, const struct binding *binding);
void group_free(struct group *group);
void item_free(struct item *item);

/* Puts item in its place by timestamp, ties by arrival; into later while in flight. */
void group_add(struct group *group, struct item *item);

/* Keeps back all but count items, the newest or the oldest.  New items are kept back too, until the
   part has ended. */
void group_split(struct group *group, size_t count, bool newest);

/* Brings forward, by itself, the newest kept-back item that sets field; false: there is none. */
bool group_pick(struct group *group, const char *field);

size_t group_size(const struct group *group); /* of items */

/* Brings forward what was kept back, unless a part has not ended; false when no items are left. */
bool group_promote(struct group *group);

/* Its record is this one.  -1 when out of memory. */
MUST_USE int group_resolve(struct group *group, const char *record_object, const char *record_id,
                           struct err *err);

/* Forgets where the record is, or that there is none; it is looked up again. */
void group_forget(struct group *group);

/* Its loose key, or the exact one until the loose one is known. */
const char *group_loose_key(const struct group *group);

/* Adds another key of the record. */
MUST_USE int group_also(struct group *group, const char *key, struct err *err);

/* Brings everything forward, including the rest of a part, to start over. */
void group_unite(struct group *group);

MUST_USE int group_drop_field(struct group *group, const char *field, struct err *err);
bool group_drops(const struct group *group, const char *field);

/* False when all its events are those of other keys, which are here because of the record. */
bool group_has_own_events(const struct group *group);
bool group_looks_up_by(const struct group *group, const char *field);

#endif
