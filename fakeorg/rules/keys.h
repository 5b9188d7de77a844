/*
 * keys: the values by which a record is known beside its Id: external ids and other
 * fields that can key an upsert, and fields without two equal values.
 *
 * Values equal one another without regard to case, unless the field is
 * case-sensitive.
 *
 * Threads: whoever holds the service's lock.  Memory: the context's arena.
 * Sources: SOAP API guide, upsert(); status codes of published logs.
 */
#ifndef FAKEORG_RULES_KEYS_H
#define FAKEORG_RULES_KEYS_H

#include "fakeorg/rules/save.h"

#define KEYS_MAX_NAMED 20 /* matches that an error names */

/* The undeleted records of an object with that value, at most KEYS_MAX_NAMED. */
MUST_USE int keys_find(const struct save_context *ctx, struct object *object, struct field *field,
                       const char *text, struct record *ret_records[KEYS_MAX_NAMED],
                       size_t *ret_count);

/* Adds the error of a key that several records have. */
MUST_USE int keys_fail_several(const struct save_context *ctx, struct save *save,
                               const struct field *field, struct record *const *records,
                               size_t count);

/* Decides for each record of an upsert whether it is created or updated, and which
   one: sets create and record, or errors (several matches, a key twice in the call,
   no key).  A name that is no key field faults or fails the records, as a quirk
   says. */
MUST_USE int keys_match(const struct save_context *ctx, const char *name, struct save *saves,
                        size_t count);

/* Fails those whose value in a unique field another record has, of the org or
   earlier in the call.  To be asked once all other checks are done. */
MUST_USE int keys_check_unique(const struct save_context *ctx, struct save *saves, size_t count);

#endif
