/*
 * fault_rules: what a code from the org, or from the way there, means for the caller.
 *
 * Two tables, one for calls that failed as a whole and one for single records; both are
 * printed by faults_print.  To change a rule, change its row.
 *
 * Sources: SOAP guide, API fault codes and StatusCode; texts as recorded in the field.
 * The enumerations are open: new codes come with every release.  Threads: any.
 */
#ifndef SALESFORCE_FAULT_RULES_H
#define SALESFORCE_FAULT_RULES_H

#include "base/buf.h"
#include "salesforce/org_values.h"

/* Our own codes, for what never reached the org or was not answered by the API. */
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

/* Which of the calls a fault came from; signing in has stricter rules, because every
   attempt brings a lockout closer. */
enum fault_from { FAULT_FROM_CALL, FAULT_FROM_SIGN_IN };

/* Class and advice of a fault by its code and message. */
void fault_classify(struct org_fault *fault, enum fault_from from);

/* What is known about a record error when its row is looked up. */
struct record_error {
    enum org_operation operation;
    const char *code, *message;
    bool names_fields;
};

/* Class and advice of a record error; *ret_advice is static. */
enum org_record_class record_class(const struct record_error *error, const char **ret_advice);

/* When a result has several errors, the greater weight decides. */
int record_class_weight(enum org_record_class class);

/* Both tables as Markdown. */
void faults_print(struct buf *out);

#endif
