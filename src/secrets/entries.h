/*
 * entries: the list of sealed secrets, and the text it is stored as (JSON).
 *
 *   {"leadline_secrets": 1, "secrets": [
 *     {"name": "salesforce", "kind": "password", "set_at": "2026-11-27T08:00:00.000Z",
 *      "sealed": "BASE64", "previous": {"set_at": "...", "sealed": "BASE64"}}]}
 *
 * Everything but the sealed values is readable without a key; all of it is authenticated with
 * them (entries_label), so a value opens only under its own name, kind and time.
 *
 * Threads: any; one list belongs to one thread at a time.
 * Memory:  entries_done frees it; there is no secret in it that is not sealed.
 * Errors:  ERR_INVALID: not such a text; the message says what is wrong.  ERR_FULL: ENTRIES_MAX.
 *          ERR_MEMORY.
 */
#ifndef SECRETS_ENTRIES_H
#define SECRETS_ENTRIES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "secrets/seal.h"

#define ENTRIES_MAX       200
#define ENTRIES_MAX_BYTES ((size_t)12 * 1024 * 1024)
#define ENTRY_NAME_MAX    64
#define ENTRY_LABEL_MAX   256

enum entry_kind {
    KIND_PASSWORD,
    KIND_SECURITY_TOKEN,
    KIND_CLIENT_SECRET,
    KIND_REFRESH_TOKEN,
    KIND_PRIVATE_KEY, /* several lines; all others have one */
    KINDS
};

struct entry_value {
    int64_t set_ms; /* wall clock */
    struct sealed sealed;
};

struct entry {
    char *name;
    enum entry_kind kind;
    struct entry_value now, previous; /* previous.sealed.bytes NULL: there is none */
};

/* Sorted by name. */
struct entries {
    struct entry *list;
    size_t count, capacity;
};

/* "password" */
const char *entry_kind_name(enum entry_kind kind);
bool entry_kind_parse(const char *name, enum entry_kind *ret);

/* True when text is a name: letters, digits and, after the first, also . _ - : (at most
   ENTRY_NAME_MAX). */
bool entry_is_name(const char *text);

/* The same, as an error that says what a valid name is. */
MUST_USE int entry_check_name(const char *text, struct err *err);

/* What a value of an entry is sealed with. */
void entry_label(const struct entry *entry, const struct entry_value *value,
                 char ret[ENTRY_LABEL_MAX]);

/* Reads text into *ret, which is empty when that fails. */
MUST_USE int entries_parse(struct entries *ret, const char *text, size_t len, struct err *err);
void entries_print(const struct entries *entries, struct buf *out);

/* NULL: there is none of that name. */
struct entry *entries_find(const struct entries *entries, const char *name);

/* The one of that name, added when missing with empty values: a caller that cannot fill it removes
   it.  Valid until the next call. */
MUST_USE struct entry *entries_add(struct entries *entries, const char *name, struct err *err);
void entries_remove(struct entries *entries, struct entry *entry);

/* A copy of from in *ret, which is empty when that fails. */
MUST_USE int entries_copy(struct entries *ret, const struct entries *from, struct err *err);

void entry_value_done(struct entry_value *value);
void entries_done(struct entries *entries);

#endif
