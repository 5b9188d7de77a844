/*
 * faults: what a code from the org, or from the way there, means for the caller.
 *
 * Two tables, one for calls that failed as a whole and one for single records; both are
 * printed by faults_print.  A rule is changed in one line.
 *
 * Sources: SOAP guide, API fault codes and StatusCode; texts as recorded in the field.
 * The enumerations are open: new codes come with every release.  Threads: any.
 */
#ifndef SALESFORCE_FAULTS_H
#define SALESFORCE_FAULTS_H

#include "base/buf.h"
#include "salesforce/org_values.h"

/* Our own codes, for what never reached the org or came back as no answer of the API. */
#define FAULT_CONNECTION        "CONNECTION"
#define FAULT_TIMEOUT           "TIMEOUT"
#define FAULT_TLS               "TLS"
#define FAULT_CERTIFICATE       "CERTIFICATE"
#define FAULT_INTERRUPTED       "INTERRUPTED"
#define FAULT_ADDRESS           "BAD_ADDRESS"
#define FAULT_FOREIGN           "FOREIGN_ADDRESS"
#define FAULT_NOT_API           "NOT_API"
#define FAULT_ANSWER_TOO_LARGE  "ANSWER_TOO_LARGE"
#define FAULT_REQUEST_TOO_LARGE "REQUEST_TOO_LARGE"
#define FAULT_RESULT_COUNT      "RESULT_COUNT"
#define FAULT_UNTRUE_ANSWER     "UNTRUE_ANSWER"
#define FAULT_FOREIGN_ROW       "FOREIGN_ROW"
#define FAULT_NAME              "BAD_NAME"
#define FAULT_MEMORY            "MEMORY"
#define FAULT_SYSTEM            "SYSTEM"

/* Which of the calls a fault came from; signing in has stricter rules, for every try
   brings a lockout nearer. */
enum fault_from { FAULT_FROM_CALL, FAULT_FROM_SIGN_IN };

/* Fills fault: code and message as given (message cut between characters), class and
   advice by the table; outcome_unknown false.  Returns -1, so that failing is one line. */
int fault_fill(struct org_fault *fault, enum fault_from from, const char *code,
               const char *message);
int fault_set(struct org_fault *fault, enum fault_from from, const char *code, const char *format,
              ...) PRINTF_LIKE(4, 5);

/* The same from a struct err: memory, a full request, else the system.  Returns -1. */
int fault_from_err(struct org_fault *fault, const struct err *err);

/* What an answer was to say that cannot be read. */
enum fault_reading { FAULT_READING_SAVE, FAULT_READING_FIND, FAULT_READING_OTHER };

/* The same from why an answer's reader failed: ERR_FULL when it holds too many (or, of a save, not
   as many) results, ERR_INVALID when it cannot be true.  Of a save the outcome is unknown then.
   Returns -1. */
int fault_from_reading(struct org_fault *fault, enum fault_reading reading, const struct err *err);

/* What is known about a record error when its row is looked up. */
struct record_error {
    enum org_operation operation;
    const char *code, *message;
    bool names_fields;
};

/* Class and advice of a record error; *ret_advice is static. */
enum org_record_class record_class(const struct record_error *error, const char **ret_advice);

/* When several errors stand in one result, the greater weight decides. */
int record_class_weight(enum org_record_class class);

/* Both tables as Markdown. */
void faults_print(struct buf *out);

/* Copies what fits of text, with a NUL, cut between characters; broken UTF-8 becomes '?'. */
void fault_copy_text(char *ret, size_t size, const char *text);

#endif
