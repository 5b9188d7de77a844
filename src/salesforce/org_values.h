/*
 * org_values: what is asked of an org and what it answers, as plain values; org.h has the
 * functions.
 *
 * Threads: any.  Ownership: requests borrow their texts; rows and results own theirs, and are freed
 * by org_rows_done and org_results_done.  Units: milliseconds, of the clock that the member names.
 */
#ifndef SALESFORCE_ORG_VALUES_H
#define SALESFORCE_ORG_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "schema/schema.h"

/* ---- faults ---- */

/* What to do about a call that failed as a whole. */
enum org_class {
    ORG_OK = 0,
    ORG_RETRY,        /* backoff, then the same again */
    ORG_RETRY_FEW,    /* backoff a few times, then as ORG_BISECT */
    ORG_RETRY_LONG,   /* maintenance and the like: minutes */
    ORG_BUSY,         /* too many at once: seconds, with less parallelism */
    ORG_DAY_LIMIT,    /* the 24-hour window is used up: wait until some is free again */
    ORG_STOP,         /* a person must act; the queue is kept */
    ORG_BISECT,       /* a record is at fault: find it by bisection */
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
    ORG_RECORD_LOST,       /* ENTITY_IS_DELETED and similar: forget the id, look up again */
    ORG_RECORD_CONVERTED,  /* CANNOT_UPDATE_CONVERTED_LEAD */
    ORG_RECORD_DUPLICATE,  /* duplicate rule or unique value: matched_id names the other */
    ORG_RECORD_STOP        /* storage full, license: stop the destination */
};

struct org_fault {
    enum org_class class;
    char code[80];        /* "INVALID_LOGIN", or our own: "HTTP_503", "CONNECTION", "TIMEOUT",
                             "NOT_API", "ANSWER_TOO_LARGE", "TLS", ... (faults.h) */
    char message[512];    /* cut, valid UTF-8 */
    const char *advice;   /* static: what a person can do; "" when nothing */
    bool outcome_unknown; /* the request may have been executed */
};

/* "retry", "stale_schema", ... */
const char *org_class_name(enum org_class class);
const char *org_record_class_name(enum org_record_class class);

/* ---- an org ---- */

struct org_backend; /* backend.h */

struct org_config {
    const char *login_url; /* "https://login.salesforce.com" */
    const char *username, *password, *security_token;
    const char *client_name; /* what the org's logs show, "Leadline/0.1.0" */
    int64_t call_timeout_ms;
    int64_t renew_every_ms;            /* a new session ahead of need */
    size_t max_answer_bytes;           /* 64 MiB */
    const struct org_backend *backend; /* NULL: the usual one.  Lives longer than the org. */
};

/* What the back end accepts at once; a larger call is refused without being sent. */
struct org_capacity {
    size_t records_a_save;
    size_t keys_a_find;  /* at most: a find returns how many of them fitted */
    size_t saves_a_call; /* saves that may share one call */
};

struct org_counts {
    int64_t calls; /* sent, all kinds */
    int64_t sign_ins, describes, finds, creates, updates, others;
    int64_t records_created, records_updated;
    int64_t limit_used, limit_max; /* calls of the last 24 hours; -1 = not seen yet */
    int64_t limit_seen_ms;         /* steady clock */
    bool stopped;
    bool signed_in;
    struct org_fault last_fault; /* class ORG_OK when there was none */
    int64_t last_fault_ms;
    char user_id[20], org_id[20], organization[80];
    char instance[256]; /* "https://na1.example": where a person opens the org; "": not seen yet */
};

/* ---- find ---- */

/* A field that records are looked up by. */
struct org_lookup {
    const char *field;
    enum field_type type; /* decides how its values are quoted and compared */
};

struct org_find {
    const char *object;
    const struct org_lookup *by; /* joined by AND */
    size_t by_count;
    const char *const *values; /* keys * by_count, row by row; in the canonical form of the type */
    size_t key_count;
    const struct schema_object *described; /* fields it lacks are not asked for; NULL: rows
                                              contain only their Id and look-up values */
    const char *successor; /* the object whose record may take this one's place ("Contact" for a
                              Lead); NULL: which record does is not asked */
};

struct org_row {
    char *id;
    char **values;       /* of the look-up fields, as the org writes them; NULL for null */
    bool live;           /* false: another record has taken its place (a converted Lead) */
    char *successor_id;  /* that record; NULL: not asked, not there, or hidden */
    int64_t modified_ms; /* wall; 0: not known */
    int64_t created_ms;  /* the same */
};

struct org_rows {
    struct org_row *rows; /* as the org gives them: match them to keys by canonical value */
    size_t count;
    size_t value_count; /* of each row */
    size_t keys_used;   /* how many keys fitted; ask again for the rest */
};

/* Leaves it empty. */
void org_rows_done(struct org_rows *rows);

/* ---- save ---- */

struct org_field {
    const char *name;
    const char *value; /* NULL: clear the field */
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
    const struct org_record *records; /* no Id twice */
    size_t count;
    bool use_assignment_rule;        /* the org's active rule picks the owner */
    bool save_past_duplicate_alerts; /* save what a duplicate rule only warns of */
};

struct org_result {
    enum org_record_class class;
    char *id;           /* saved: the record's; else NULL */
    char *code;         /* code of the error that decides; NULL when saved */
    char *message;      /* its message, cut to 500 bytes */
    const char *advice; /* static */
    char **fields;      /* API names the errors name */
    size_t field_count;
    char *matched_id; /* ORG_RECORD_DUPLICATE: the record it names, or NULL */
};

/* Leaves each of them empty. */
void org_results_done(struct org_result *results, size_t count);

/* The outcome of a save that shared its call. */
struct org_saved {
    struct org_result *results; /* room for each record; filled unless fault says otherwise */
    struct org_fault fault;     /* class ORG_OK: none; else only this save failed, as a whole */
};

#endif
