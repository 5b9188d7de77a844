/*
 * soql: parses and runs a SOQL statement.
 *
 *   query     := SELECT (COUNT() | item {, item}) FROM name [alias]
 *                [WHERE condition] [ORDER BY order {, order}]
 *                [LIMIT digits] [OFFSET digits]
 *   item      := path | COUNT ( path ) [alias]
 *   path      := [alias .] [parent .] name
 *   condition := term {AND term} | term {OR term}        (no mix without brackets)
 *   term      := NOT term | ( condition ) | comparison
 *   comparison:= path (= | != | <> | < | > | <= | >=) value | path LIKE string
 *              | path [NOT] IN ( value {, value} )
 *              | path (INCLUDES | EXCLUDES) ( string {, string} )
 *   value     := string | number | true | false | null | date | dateTime | time
 *              | a date literal such as TODAY or LAST_N_DAYS:7
 *   order     := path [ASC | DESC] [NULLS FIRST | NULLS LAST]
 *
 * Source: SOQL and SOSL reference.  Text is compared ignoring case, except in
 * case-sensitive fields.
 *
 * Threads: parsing any; running whoever holds the service's lock.
 * Memory:  the tree lives in the arena.
 * Limits:  below, including the cost of a scan.
 */
#ifndef FAKEORG_QUERY_SOQL_H
#define FAKEORG_QUERY_SOQL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "fakeorg/api/error.h"
#include "fakeorg/data/orgdata.h"

#define SOQL_MAX_STATEMENT   100000 /* characters */
#define SOQL_MAX_STRING      4000
#define SOQL_MAX_OFFSET      2000
#define SOQL_MAX_DEPTH       100                   /* nesting of brackets and NOTs */
#define SOQL_MAX_COMPARISONS 2000                  /* beyond: QUERY_TOO_COMPLICATED */
#define SOQL_MAX_WORK        ((uint64_t)400000000) /* records times comparisons of a scan */

struct soql_name {
    const char *text; /* as written, with dots */
    size_t at;        /* byte in the statement, for errors */
};

/* What a path resolves to: a field of the record, or of the parent that link refers to. */
struct soql_column {
    struct field *link; /* NULL: the record's own */
    struct field *field;
    const struct object *parent;
    const char *parent_type; /* "Name" if it can be of several types */
};

enum soql_value_kind {
    SOQL_STRING,
    SOQL_NUMBER,
    SOQL_BOOLEAN,
    SOQL_DATE,
    SOQL_DATETIME,
    SOQL_TIME,
    SOQL_DATE_LITERAL,
    SOQL_NULL
};

struct soql_value {
    enum soql_value_kind kind;
    const char *text; /* a string without quotes; a LIKE pattern in the form for soql_like */
    int n;            /* of LAST_N_DAYS:n and similar */
    size_t at;
    struct soql_value *next;
};

enum soql_operator {
    SOQL_EQUAL,
    SOQL_UNEQUAL,
    SOQL_LESS,
    SOQL_GREATER,
    SOQL_NOT_GREATER,
    SOQL_NOT_LESS,
    SOQL_LIKE,
    SOQL_IN,
    SOQL_NOT_IN,
    SOQL_INCLUDES,
    SOQL_EXCLUDES
};

/* A value prepared for comparison with those of one field. */
struct soql_key {
    bool null;
    double number;    /* of a number field */
    const char *text; /* of any other */
    const char *end;  /* of a date literal: the end of its span; text is the start */
};

enum soql_condition_kind { SOQL_AND, SOQL_OR, SOQL_NOT, SOQL_COMPARISON };

struct soql_condition {
    enum soql_condition_kind kind;
    struct soql_condition *first, *next; /* parts of AND, OR, NOT; sibling */
    struct soql_name name;
    enum soql_operator operator;
    struct soql_value *values;
    size_t value_count;
    struct soql_column column; /* from here on: set by soql_bind */
    struct soql_key *keys;     /* in order, for IN */
    bool has_span;             /* a key is a date literal */
};

struct soql_item {
    struct soql_name name;
    bool counted;      /* COUNT(name) */
    const char *alias; /* of a COUNT; NULL: expr0, expr1 ... */
    struct soql_column column;
};

struct soql_order {
    struct soql_name name;
    bool descending, nulls_last;
    struct soql_column column;
    struct soql_order *next;
};

struct soql_query {
    const char *statement;
    bool counts_rows; /* SELECT COUNT(): no items */
    struct soql_item *items;
    size_t item_count;
    struct soql_name object;
    const char *alias; /* of the object, or NULL */
    struct soql_condition *where;
    size_t comparisons;
    struct soql_order *orders;
    bool has_limit;
    size_t limit, offset;
    size_t offset_at; /* its position, for the error when it is too large */
    bool any_offset;  /* set by the caller before the run: no maximum */
    bool all_rows;    /* queryAll: deleted records too */
    bool sees_all;    /* for the org's own queries: hidden fields too */
};

/* Either records or, for COUNT(field), counts: one row that is not a record. */
struct soql_result {
    struct object *object;
    struct soql_column *columns; /* as selected */
    size_t column_count;
    struct record **records;
    size_t record_count;
    bool counts_rows; /* record_count is the answer, there are no records */
    size_t *counts;   /* by column; NULL if there is no COUNT(field) */
};

/* NULL with the error (MALFORMED_QUERY with row and column). */
MUST_USE struct soql_query *soql_parse(const char *statement, struct arena *arena,
                                       struct api_error *error);

/* Runs the query.  The caller frees the result with soql_result_done. */
MUST_USE int soql_run(struct orgdata *org, struct soql_query *query, struct arena *arena,
                      struct soql_result *ret_result, struct api_error *error);

void soql_result_done(struct soql_result *result);

/* Resolves names and values; soql_run does it first. */
MUST_USE int soql_bind(struct object *object, struct soql_query *query, struct arena *arena,
                       struct api_error *error);

/* Whether a record satisfies the WHERE clause of a bound query.  The record need not
   be one of the org's.  0, or -1 when out of memory. */
MUST_USE int soql_holds(const struct soql_query *query, const struct record *record,
                        bool *ret_holds);

/* The record that has a column's field: itself, its parent, or NULL. */
const struct record *soql_holder(struct orgdata *org, const struct record *record,
                                 const struct soql_column *column);

/* An error that points at a byte of the statement as Salesforce does: an excerpt of the
   text, a caret below it, row and column, then the message.  Returns -1. */
int soql_error(const char *statement, size_t at, enum api_error_kind kind, const char *code,
               struct api_error *error, const char *format, ...) PRINTF_LIKE(6, 7);

/* The order of two struct soql_key of one field, null first; for qsort and bsearch. */
int soql_key_order(const void *left, const void *right);

/* In a LIKE pattern an escaped % or _ is stored as one of these. */
#define SOQL_PLAIN_PERCENT    '\x01'
#define SOQL_PLAIN_UNDERSCORE '\x02'

/* True when text, folded, matches the folded pattern. */
bool soql_like(const char *pattern, const char *text);

/* From its first moment to the first one after it. */
struct soql_span {
    int64_t from_ms, to_ms;
};

/* soql_dates.c: whether the text is a date literal, and whether it takes ":n". */
bool soql_date_literal(const char *text, size_t len, bool *ret_takes_n);

/* The span of a date literal when the clock shows now_ms. */
void soql_date_span(const char *text, int n, int64_t now_ms, struct soql_span *ret_span);

#endif
