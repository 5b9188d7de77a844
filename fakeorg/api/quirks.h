/*
 * quirks: one table of what may be one way or the other.
 *
 * Where no source confirms how the real service does something, and where real
 * answers differ in style, a quirk chooses.  A new one is a name here and a row in
 * quirks.c; the code asks quirk_is(&call->quirks, QUIRK_..., "value").
 * Set by --quirk NAME=VALUE, by POST /_fakeorg/quirks, and for single calls by a
 * fault (faults/fault.h) of the form operation:name=value.
 *
 * Threads: plain values; the service's own set is its lock's.
 */
#ifndef FAKEORG_API_QUIRKS_H
#define FAKEORG_API_QUIRKS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

#define QUIRK_TEXT_MAX 128

enum quirk_id {
    /* How answers look. */
    QUIRK_PREFIXES,
    QUIRK_ELEMENTS,
    QUIRK_IDS,
    QUIRK_RESULTS,
    QUIRK_FAULTCODE,
    QUIRK_FAULT_DETAIL,
    QUIRK_ERROR_FIELDS,
    QUIRK_ERRORS,
    QUIRK_MESSAGES,
    QUIRK_LIMIT_INFO,
    QUIRK_SESSION_ID,
    QUIRK_SERVER_URL,
    LAST_QUIRK_OF_STYLE = QUIRK_SERVER_URL, /* rewrite.c sees to them */
    QUIRK_GZIP,
    QUIRK_CHUNKED,
    /* What operations do. */
    QUIRK_ACTION,
    QUIRK_HEADERS,
    QUIRK_REQUESTS,
    QUIRK_FIELD_ORDER,
    QUIRK_FIELD_TWICE,
    QUIRK_NIL,
    QUIRK_EMAILS,
    QUIRK_TEXTS,
    QUIRK_UPSERT_KEY,
    QUIRK_UPSERT_MATCHES,
    QUIRK_UPSERT_TWINS,
    QUIRK_SHORT_IDS,
    QUIRK_CONVERTED,
    QUIRK_FAILED_ID,
    QUIRK_DUPLICATE_ID,
    QUIRK_SAME_ID,
    QUIRK_DUPLICATES_ON_UPDATE,
    /* Queries, sessions and limits. */
    QUIRK_UNSELECTED_ID,
    QUIRK_PARENT_TYPE,
    QUIRK_OFFSET,
    QUIRK_FIELD_PLACE,
    QUIRK_FAULTS_LIMIT,
    QUIRK_LOCATORS,
    QUIRK_PAGE_DEFAULT,
    QUIRK_PAGES,
    QUIRK_SESSION_LIFE,
    QUIRK_SESSION_TEXT,
    QUIRK_EXPIRED_TEXT,
    QUIRK_LOCKOUT,
    QUIRK_LOGIN_RATE,
    QUIRK_COUNTED,
    QUIRKS
};

struct quirks {
    unsigned char at[QUIRKS];        /* place in the row's values */
    char server_url[QUIRK_TEXT_MAX]; /* of QUIRK_SERVER_URL, the only one with free text */
};

/* All at their defaults. */
void quirks_init(struct quirks *quirks);

const char *quirk_value(const struct quirks *quirks, enum quirk_id id);
bool quirk_is(const struct quirks *quirks, enum quirk_id id, const char *value);

/* The quirk called name, len characters of it; QUIRKS when there is none. */
enum quirk_id quirk_named(const char *name, size_t len);

/* "name=value".  ERR_INVALID says what was expected. */
MUST_USE int quirks_set(struct quirks *quirks, const char *text, struct err *err);
MUST_USE int quirk_set(struct quirks *quirks, enum quirk_id id, const char *value, struct err *err);

/* JSON: what each is, may be, and means. */
void quirks_show(const struct quirks *quirks, struct buf *out);

#endif
