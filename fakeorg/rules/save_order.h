/*
 * save_order: saves or deletes the records of a request, or reports why it cannot.
 *
 * Everything is checked before anything is written, so that all-or-none has nothing to
 * undo: upsert keys, injected faults, fields and permissions, repeated Ids, unique
 * fields, then the admin's rules (locks, validation, duplicates); assignment rules come
 * last, with the write.
 *
 * Threads: whoever holds the service's lock.  Memory: errors live in the context's arena.
 * Sources: SOAP API guide, create(), update(), upsert(), delete(), AllOrNoneHeader;
 *          Salesforce help, "Triggers and order of execution".
 */
#ifndef FAKEORG_RULES_SAVE_ORDER_H
#define FAKEORG_RULES_SAVE_ORDER_H

#include "fakeorg/rules/save.h"

/* Creates and updates.  key is the name of an upsert's key field, or NULL.  0, and each
   save has errors or its record; -1 with the error of the whole request, and nothing is
   saved, unless memory ran out. */
MUST_USE int save_records(const struct save_context *ctx, const char *key, struct save *saves,
                          size_t count);

/* The same for records to delete, named by id_text. */
MUST_USE int delete_records(const struct save_context *ctx, struct save *saves, size_t count);

#endif
