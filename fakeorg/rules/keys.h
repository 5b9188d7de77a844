/*
 * keys: fields that identify a record besides its Id: external ids and other upsert keys,
 * and unique fields.
 *
 * Values are compared ignoring case, unless the field is case-sensitive.
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

/* Adds the error for a key that several records have. */
MUST_USE int keys_fail_several(const struct save_context *ctx, struct save *save,
                               const struct field *field, struct record *const *records,
                               size_t count);

/* Decides for each record of an upsert whether it is created or updated, and which
   one: sets create and record, or errors (several matches, a key twice in the call,
   no key).  A name that is not a key field fails the call or each record,
   depending on a quirk. */
MUST_USE int keys_match(const struct save_context *ctx, const char *name, struct save *saves,
                        size_t count);

/* Fails records whose value in a unique field another record has, in the org or
   earlier in the call.  To be called after all other checks. */
MUST_USE int keys_check_unique(const struct save_context *ctx, struct save *saves, size_t count);

#endif
