/*
 * org: a Salesforce org as its callers see it: sign in, describe, find, save.  How that
 * is said on the wire (SOAP now, others later) stays in this folder.
 *
 * An org is shared by all threads: address, session, limits, counts.  A connection is one
 * keep-alive connection and belongs to one thread at a time.
 *
 * Sign-in: a call without a session signs in first.  INVALID_SESSION_ID leads to exactly
 * one renewal however many calls see it, and the call is sent again on the new session; a
 * second one straight after, a refused sign-in, an expired password stop the org: every
 * call fails at once with that same fault (ORG_STOP) until org_reset.  No blind sign-in.
 *
 * A session is sent below Salesforce's domains and to login_url's host alone (address.h).  When
 * its server has been gone for a minute, one sign-in asks for the one in its place.
 *
 * Memory: results own their texts.  Errors: a call gives 0, or -1 with *fault filled.
 * Never in a text: password, token, session id, values of fields (Salesforce's messages
 * may quote values: fault.message and result.message are for receipts, not for logs).
 */
#ifndef SALESFORCE_ORG_H
#define SALESFORCE_ORG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "schema/schema.h"

#define ORG_BATCH_MAX 200 /* records in one save; SOAP guide, create() */

/* What to do about a call that failed as a whole. */
enum org_class {
    ORG_OK = 0,
    ORG_RETRY,        /* backoff, then the same again */
    ORG_RETRY_FEW,    /* backoff a few times, then as ORG_BISECT */
    ORG_RETRY_LONG,   /* maintenance and the like: minutes */
    ORG_BUSY,         /* too many at once: seconds, with less parallelism */
    ORG_DAY_LIMIT,    /* the 24-hour window is used up: hold until it frees */
    ORG_STOP,         /* a person must act; the queue is kept */
    ORG_BISECT,       /* a record is at fault: find it by halves */
    ORG_STALE_SCHEMA, /* unknown field or type: describe again, map again, repeat, then bisect */
    ORG_SPLIT,        /* too large: halve and repeat */
    ORG_CLASSES
};

/* What to do about one record that was not saved. */
enum org_record_class {
    ORG_SAVED = 0,
    ORG_RECORD_RETRY,      /* locked row, timeout: only that record, jittered */
    ORG_RECORD_RETRY_FEW,  /* automation of the org failed: a few times, then dead */
    ORG_RECORD_DEAD,       /* permanent for that record */
    ORG_RECORD_DROP_FIELD, /* leave out the named fields and repeat; dead when none is named */
    ORG_RECORD_LOST,       /* ENTITY_IS_DELETED and kin: forget the id, look up again */
    ORG_RECORD_CONVERTED,  /* CANNOT_UPDATE_CONVERTED_LEAD */
    ORG_RECORD_DUPLICATE,  /* duplicate rule or unique value: matched_id names whom */
    ORG_RECORD_STOP        /* storage full, license: stop the destination */
};

struct org_fault {
    enum org_class class;
    char code[80];        /* "INVALID_LOGIN", or our own: "HTTP_503", "CONNECTION", "TIMEOUT",
                             "NOT_SOAP", "ANSWER_TOO_LARGE", "TLS", ... (faults.h) */
    char message[512];    /* cut, valid UTF-8 */
    const char *advice;   /* static: what a person can do; "" when nothing */
    bool outcome_unknown; /* the request may have been carried out */
};

struct org_config {
    const char *login_url; /* "https://login.salesforce.com" */
    const char *username, *password, *security_token;
    const char *client_name; /* CallOptions.client, "Leadline/0.1.0" */
    int64_t call_timeout_ms;
    int64_t renew_every_ms;  /* a new session ahead of need */
    size_t max_answer_bytes; /* 64 MiB */
};

struct org;
struct org_connection;

/* Copies config.  Talks to nobody yet. */
MUST_USE struct org *org_new(const struct org_config *config, struct err *err);
void org_free(struct org *org); /* NULL is allowed; every connection is closed before */

/* Ends a stop and an interruption: the next call signs in again. */
void org_reset(struct org *org);

MUST_USE struct org_connection *org_connection_open(struct org *org, struct err *err);
void org_connection_close(struct org_connection *connection);

/* Makes calls in flight on any connection fail within about a second, and later ones at once, with
   code "INTERRUPTED", until org_reset; thread-safe. */
void org_interrupt(struct org *org);

/* Signs in unless there is a session; every call does so by itself. */
MUST_USE int org_sign_in(struct org_connection *connection, struct org_fault *fault);

/* Describes objects into a new schema, in one call.  When the user may not see all of them they
   are asked for one by one, and the others are hidden in the schema; -1 when all are. */
MUST_USE int org_describe(struct org_connection *connection, const char *const *objects,
                          size_t count, struct schema **ret, struct org_fault *fault);

/* ---- find ---- */

struct org_value {
    const char *text; /* as it would be sent */
    bool literal;     /* stands unquoted: number, boolean, date */
};

struct org_find {
    const char *object;
    const char *const *by; /* look-up fields, joined by AND */
    size_t by_count;
    const struct org_value *values; /* keys * by_count, row by row */
    size_t key_count;
    bool no_list;              /* the look-up field takes = and no IN: a multi-select picklist */
    const char *const *select; /* further fields; Id and the by fields are always selected */
    size_t select_count;
};

struct org_row {
    char *id;
    char **values; /* by fields, then select fields; NULL for null */
};

struct org_rows {
    struct org_row *rows; /* as the org gives them: match them to keys by folded value */
    size_t count;
    size_t value_count; /* of each row */
    size_t keys_used;   /* how many keys fitted; ask again for the rest */
};

/* One query (and its further pages) for as many keys as fit: 100,000 characters, 4,000 a string.
   An answer that cannot be true is a fault (UNTRUE_ANSWER), never fewer rows: of another
   object, without a field asked for, an Id twice, not as many as its size says. */
MUST_USE int org_find(struct org_connection *connection, const struct org_find *what,
                      struct org_rows *ret, struct org_fault *fault);
void org_rows_done(struct org_rows *rows);

/* For who finds a row that fits none of the keys asked for: fills the fault.  Returns -1. */
int org_foreign_row(struct org_fault *fault, const char *why);

/* ---- save ---- */

struct org_field {
    const char *name;
    const char *value; /* NULL: clear the field (fieldsToNull) */
};

struct org_record {
    const char *id; /* update; NULL on create */
    const struct org_field *fields;
    size_t field_count;
};

enum org_operation { ORG_CREATE, ORG_UPDATE };

struct org_save {
    enum org_operation operation;
    const char *object;
    const struct org_record *records; /* at most ORG_BATCH_MAX, no Id twice */
    size_t count;
    bool use_assignment_rule;        /* AssignmentRuleHeader.useDefaultRule */
    bool save_past_duplicate_alerts; /* DuplicateRuleHeader.allowSave */
};

struct org_result {
    enum org_record_class class;
    char *id;           /* saved: the record's; else NULL */
    char *code;         /* statusCode of the error that decides; NULL when saved */
    char *message;      /* its message, cut to 500 bytes */
    const char *advice; /* static */
    char **fields;      /* API names the errors name */
    size_t field_count;
    char *matched_id; /* ORG_RECORD_DUPLICATE: the record it names, or NULL */
};

/* results has room for what->count and is filled, in order, on 0.  A number of results
   that differs from the number of records (RESULT_COUNT), and results that cannot be true
   (UNTRUE_ANSWER), are a fault with outcome_unknown: a success with errors, a created record
   without an Id, one Id twice, an Id of another object or another record than was sent, a
   refused create with an Id. */
MUST_USE int org_save(struct org_connection *connection, const struct org_save *what,
                      struct org_result *results, struct org_fault *fault);
void org_results_done(struct org_result *results, size_t count);

/* ---- what is known about the org ---- */

struct org_counts {
    int64_t calls; /* sent, all kinds */
    int64_t sign_ins, describes, finds, creates, updates, others;
    int64_t records_created, records_updated;
    int64_t limit_used, limit_max; /* LimitInfoHeader "API REQUESTS"; -1 = not seen yet */
    int64_t limit_seen_ms;         /* steady clock */
    bool stopped;
    bool signed_in;
    struct org_fault last_fault; /* class ORG_OK when there was none */
    int64_t last_fault_ms;
    char user_id[20], org_id[20], organization[80];
    char instance[256]; /* "https://na1.example": where a person opens the org; "": not seen yet */
};
void org_read_counts(struct org *org, struct org_counts *ret);

const char *org_class_name(enum org_class class);

/* What each code leads to, as Markdown: the tables of docs/salesforce.md. */
struct buf;
void org_print_reference(struct buf *out);

/* ---- as a table, so that delivery can be tested against a scripted org ---- */

struct org_api {
    struct org *(*open)(const struct org_config *config, struct err *err);
    void (*close)(struct org *org);
    struct org_connection *(*connection_open)(struct org *org, struct err *err);
    void (*connection_close)(struct org_connection *connection);
    int (*sign_in)(struct org_connection *connection, struct org_fault *fault);
    int (*describe)(struct org_connection *connection, const char *const *objects, size_t count,
                    struct schema **ret, struct org_fault *fault);
    int (*find)(struct org_connection *connection, const struct org_find *what,
                struct org_rows *ret, struct org_fault *fault);
    int (*save)(struct org_connection *connection, const struct org_save *what,
                struct org_result *results, struct org_fault *fault);
    void (*reset)(struct org *org);
    void (*interrupt)(struct org *org);
    void (*read_counts)(struct org *org, struct org_counts *ret);
};
extern const struct org_api org_soap;

#endif
