/*
 * tables: the memory back end's rows, in hash tables that know transactions.
 *
 * A slot holds the committed row, which readers see, and the draft of the open transaction, which
 * the writer sees.  Commit replaces rows by their drafts, rollback drops the drafts; a row is never
 * changed, only replaced.
 *
 * Threads: the caller holds a lock around everything here.
 * Memory:  the tables own rows put into them; peeks are borrowed until the next commit.
 */
#ifndef STORE_MEMORY_TABLES_H
#define STORE_MEMORY_TABLES_H

#include "base/hash.h"
#include "store/store.h"

enum memory_table { EVENTS, DELIVERIES, COUNTERS, SKIPS, KNOWN, INTENTS, SKIPPED, MEMORY_TABLES };

struct memory_slot {
    UT_hash_handle hh;
    struct memory_slot *next_dirty;
    enum memory_table table;
    bool dirty;
    void *committed; /* NULL: not there */
    void *draft;     /* while dirty; NULL: deleted */
    size_t key_len;
    char key[]; /* its parts, each with its NUL */
};

struct memory_tables {
    struct memory_slot *slots[MEMORY_TABLES]; /* in the order they were added */
    struct memory_slot *dirty;
    void (*const *row_free)(void *row); /* by table */
};

/* Frees every row. */
void memory_tables_done(struct memory_tables *tables);

/* The slot of a key of up to three texts (NULL: fewer); *ret is NULL when there is none.
   -1: out of memory. */
MUST_USE int memory_find(struct memory_tables *tables, enum memory_table table, const char *a,
                         const char *b, const char *c, struct memory_slot **ret, struct err *err);
struct memory_slot *memory_find_number(struct memory_tables *tables, enum memory_table table,
                                       int64_t number);
struct memory_slot *memory_find_seq(struct memory_tables *tables, int64_t seq);

/* The first slot of a table and the one after slot, by age; NULL at the end. */
struct memory_slot *memory_first(struct memory_tables *tables, enum memory_table table);
struct memory_slot *memory_next(struct memory_slot *slot);

/* What the writer sees. */
void *memory_peek(const struct memory_slot *slot);

/* Replaces the row at a key, or adds it.  Takes ownership of row, also when it fails (row NULL is
   such a failure: out of memory). */
MUST_USE int memory_put(struct memory_tables *tables, enum memory_table table, const char *a,
                        const char *b, const char *c, void *row, struct err *err);
MUST_USE int memory_put_number(struct memory_tables *tables, enum memory_table table,
                               int64_t number, void *row, struct err *err);
MUST_USE int memory_put_seq(struct memory_tables *tables, int64_t seq, void *row, struct err *err);

void memory_delete(struct memory_tables *tables, struct memory_slot *slot);

void memory_commit(struct memory_tables *tables);
void memory_rollback(struct memory_tables *tables);

#endif
