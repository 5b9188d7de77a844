/*
 * soql: a statement of the query language, read and run.
 *
 *   query     := SELECT name {, name} FROM name [WHERE condition]
 *                [ORDER BY order {, order}] [LIMIT digits]
 *   condition := term {AND term} | term {OR term}        (no mix without brackets)
 *   term      := NOT term | ( condition ) | comparison
 *   comparison:= name (= | != | <> | < | > | <= | >=) value | name LIKE string
 *              | name [NOT] IN ( value {, value} )
 *   order     := name [ASC | DESC] [NULLS FIRST | NULLS LAST]
 *
 * Source: SOQL and SOSL reference.  Text is compared without regard to case.
 *
 * Threads: parsing any; running whoever holds the service's lock.
 * Memory:  the tree lives in the arena.
 * Limits:  100,000 characters a statement, 4,000 a string, SOQL_MAX_DEPTH brackets.
 */
#ifndef FAKEORG_SOQL_H
#define FAKEORG_SOQL_H

#include <stdbool.h>
#include <stddef.h>

#include "fakeorg/arena.h"
#include "fakeorg/fault.h"
#include "fakeorg/orgdata.h"

#define SOQL_MAX_STATEMENT 100000
#define SOQL_MAX_STRING    4000
#define SOQL_MAX_DEPTH     100

struct soql_name {
    const char *text;
    size_t at; /* byte in the statement, for faults */
};

enum soql_value_kind {
    SOQL_STRING,
    SOQL_NUMBER,
    SOQL_BOOLEAN,
    SOQL_DATE,
    SOQL_DATETIME,
    SOQL_NULL
};

struct soql_value {
    enum soql_value_kind kind;
    const char *text; /* a string without quotes; a LIKE pattern as soql_like wants it */
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
    SOQL_NOT_IN
};

/* A value made ready to be compared with those of one field. */
struct soql_key {
    bool null;
    double number;    /* of a number field */
    const char *text; /* of any other */
};

enum soql_condition_kind { SOQL_AND, SOQL_OR, SOQL_NOT, SOQL_COMPARISON };

struct soql_condition {
    enum soql_condition_kind kind;
    struct soql_condition *first, *next; /* parts of AND, OR, NOT; sibling */
    struct soql_name name;
    enum soql_operator operator;
    struct soql_value *values;
    size_t value_count;
    struct field *field;   /* from here on: set when the query is run */
    struct soql_key *keys; /* in order, for IN */
};

struct soql_order {
    struct soql_name name;
    bool descending, nulls_last;
    struct field *field;
    struct soql_order *next;
};

struct soql_query {
    const char *statement;
    struct soql_name *names;
    size_t name_count;
    struct soql_name object;
    struct soql_condition *where;
    struct soql_order *orders;
    bool has_limit;
    size_t limit;
    bool all_rows;     /* queryAll: deleted records too */
    bool sees_all;     /* asked by the org itself: hidden fields too */
};

struct soql_result {
    struct object *object;
    struct field **fields; /* as selected */
    size_t field_count;
    struct record **records;
    size_t record_count;
};

/* NULL with the fault (MALFORMED_QUERY with row and column). */
MUST_USE struct soql_query *soql_parse(const char *statement, struct arena *arena,
                                       struct fault *fault);

/* Runs the query.  fields and records are the caller's to mem_free. */
MUST_USE int soql_run(struct orgdata *org, struct soql_query *query, struct arena *arena,
                      struct soql_result *ret_result, struct fault *fault);

/* Resolves names and values; soql_run does it first. */
MUST_USE int soql_bind(struct object *object, struct soql_query *query, struct arena *arena,
                       struct fault *fault);

/* Whether one record satisfies the WHERE clause of a bound query.  The record need not
   be one of the org's.  0, or -1 without memory. */
MUST_USE int soql_holds(const struct soql_query *query, const struct record *record,
                        bool *ret_holds);

/* A fault that points at a byte of the statement as Salesforce does: the piece of
   text, a caret below it, row and column, then the message.  Returns -1. */
int soql_fault(const char *statement, size_t at, enum fault_kind kind, const char *code,
               struct fault *fault, const char *format, ...) PRINTF_LIKE(6, 7);

/* The order of two struct soql_key of one field, null first; for qsort and bsearch. */
int soql_key_order(const void *left, const void *right);

/* Inside a LIKE pattern an escaped % or _ is kept as one of these. */
#define SOQL_PLAIN_PERCENT    '\x01'
#define SOQL_PLAIN_UNDERSCORE '\x02'

/* True when text, folded, fits the folded pattern. */
bool soql_like(const char *pattern, const char *text);

#endif
