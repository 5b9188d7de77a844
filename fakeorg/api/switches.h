/*
 * switches: one table of what may be one way or the other.
 *
 * Where no source confirms how the real service does something, and where real
 * answers differ in style, a switch chooses.  A new one is a name here and a row in
 * switches.c; the code asks switch_is(&call->switches, SWITCH_..., "value").
 * Set by --switch NAME=VALUE, by POST /_fakeorg/switches, and for single calls by a
 * fault (faults/fault.h) of the form operation:name=value.
 *
 * Threads: plain values; the service's own set is its lock's.
 */
#ifndef FAKEORG_API_SWITCHES_H
#define FAKEORG_API_SWITCHES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

#define SWITCH_TEXT_MAX 128

enum switch_id {
    /* How answers look. */
    SWITCH_PREFIXES,
    SWITCH_ELEMENTS,
    SWITCH_IDS,
    SWITCH_RESULTS,
    SWITCH_FAULTCODE,
    SWITCH_FAULT_DETAIL,
    SWITCH_ERROR_FIELDS,
    SWITCH_ERRORS,
    SWITCH_MESSAGES,
    SWITCH_LIMIT_INFO,
    SWITCH_SESSION_ID,
    SWITCH_SERVER_URL,
    LAST_SWITCH_OF_STYLE = SWITCH_SERVER_URL, /* rewrite.c sees to them */
    SWITCH_GZIP,
    SWITCH_CHUNKED,
    /* What operations do. */
    SWITCH_ACTION,
    SWITCH_HEADERS,
    SWITCH_REQUESTS,
    SWITCH_FIELD_ORDER,
    SWITCH_FIELD_TWICE,
    SWITCH_NIL,
    SWITCH_EMAILS,
    SWITCH_TEXTS,
    SWITCH_UPSERT_KEY,
    SWITCH_UPSERT_MATCHES,
    SWITCH_UPSERT_TWINS,
    SWITCH_SHORT_IDS,
    SWITCH_CONVERTED,
    SWITCH_FAILED_ID,
    SWITCH_DUPLICATE_ID,
    SWITCH_SAME_ID,
    SWITCH_DUPLICATES_ON_UPDATE,
    /* Queries, sessions and limits. */
    SWITCH_UNSELECTED_ID,
    SWITCH_PARENT_TYPE,
    SWITCH_OFFSET,
    SWITCH_FIELD_PLACE,
    SWITCH_FAULTS_LIMIT,
    SWITCH_LOCATORS,
    SWITCH_PAGE_DEFAULT,
    SWITCH_PAGES,
    SWITCH_SESSION_LIFE,
    SWITCH_SESSION_TEXT,
    SWITCH_EXPIRED_TEXT,
    SWITCH_LOCKOUT,
    SWITCH_LOGIN_RATE,
    SWITCH_COUNTED,
    SWITCHES
};

struct switches {
    unsigned char at[SWITCHES];       /* place in the row's values */
    char server_url[SWITCH_TEXT_MAX]; /* of SWITCH_SERVER_URL, the only one with free text */
};

/* All at their defaults. */
void switches_init(struct switches *switches);

const char *switch_value(const struct switches *switches, enum switch_id id);
bool switch_is(const struct switches *switches, enum switch_id id, const char *value);

/* The switch called name, len characters of it; SWITCHES when there is none. */
enum switch_id switch_named(const char *name, size_t len);

/* "name=value".  ERR_INVALID says what was expected. */
MUST_USE int switches_set(struct switches *switches, const char *text, struct err *err);
MUST_USE int switch_set(struct switches *switches, enum switch_id id, const char *value,
                        struct err *err);

/* JSON: what each is, may be, and means. */
void switches_show(const struct switches *switches, struct buf *out);

#endif
