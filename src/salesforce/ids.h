/*
 * ids: what an Id shows about its record.
 *
 * An Id has 15 significant characters and, usually, three more as a checksum; the first
 * three name the object.  Threads: any.
 */
#ifndef SALESFORCE_IDS_H
#define SALESFORCE_IDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* True for 15 or 18 letters and digits; id may be NULL. */
bool ids_valid(const char *id);

/* False when id is of another object.  True for objects whose prefix is not known here. */
bool ids_fit(const char *id, const char *object);

bool ids_same(const char *a, const char *b);

/* True when one of count Ids occurs twice; NULLs are skipped.  Sorts ids. */
bool ids_repeat(const char **ids, size_t count);

#endif
