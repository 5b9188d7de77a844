/*
 * keys: the values by which a record is known beside its Id: external ids and other
 * fields that can key an upsert, and fields without two equal values.
 *
 * Values equal one another without regard to case, unless the field is
 * case-sensitive.
 *
 * Threads: whoever holds the service's lock.  Memory: the call's arena.
 * Sources: SOAP API guide, upsert(); status codes of published logs.
 */
#ifndef FAKEORG_KEYS_H
#define FAKEORG_KEYS_H

#include "fakeorg/save.h"

/* Decides for each record of an upsert whether it is created or updated, and which
   one: sets create and record, or errors (several matches, a key twice in the call,
   no key).  A name that is no key field faults or fails the records, as a switch
   says. */
MUST_USE int keys_match(struct call *call, const char *name, struct save *saves, size_t count);

/* Fails those whose value in a unique field another record has, of the org or
   earlier in the call.  To be asked once all other checks are done. */
MUST_USE int keys_check_unique(struct call *call, struct save *saves, size_t count);

#endif
