/*
 * quirks: one table of behaviours that can be chosen.
 *
 * Where no source confirms what the real service does, and where real answers differ
 * in style, a quirk selects the behaviour.  To add one: a name here and a row in
 * quirks.c; the code asks quirk_is(&call->quirks, QUIRK_..., "value").
 * Set by --quirk NAME=VALUE, by POST /_fakeorg/quirks, and for single calls by a
 * fault (faults/fault.h) of the form operation:name=value.
 *
 * Threads: plain values; the service's are protected by its lock.
 */
#ifndef FAKEORG_API_QUIRKS_H
#define FAKEORG_API_QUIRKS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

#define QUIRK_TEXT_MAX 128

enum quirk_id {
    /* The style of answers. */
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
    LAST_QUIRK_OF_STYLE = QUIRK_SERVER_URL, /* rewrite.c implements these */
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
    unsigned char at[QUIRKS];        /* index of the chosen value */
    char server_url[QUIRK_TEXT_MAX]; /* of QUIRK_SERVER_URL, the only free-text one */
};

/* Sets all to their defaults. */
void quirks_init(struct quirks *quirks);

const char *quirk_value(const struct quirks *quirks, enum quirk_id id);
bool quirk_is(const struct quirks *quirks, enum quirk_id id, const char *value);

/* The quirk called name, len characters of it; QUIRKS when there is none. */
enum quirk_id quirk_named(const char *name, size_t len);

/* "name=value".  On ERR_INVALID the message says what was expected. */
MUST_USE int quirks_set(struct quirks *quirks, const char *text, struct err *err);
MUST_USE int quirk_set(struct quirks *quirks, enum quirk_id id, const char *value, struct err *err);

/* JSON: each quirk's value, possible values and meaning. */
void quirks_show(const struct quirks *quirks, struct buf *out);

#endif
