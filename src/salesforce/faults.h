/*
 * faults: faults and their texts, filled from a code, a struct err or an answer that cannot be
 * read; fault_rules.h says what each code means.
 *
 * Threads: any.  Errors: every function that fills a fault returns -1.
 */
#ifndef SALESFORCE_FAULTS_H
#define SALESFORCE_FAULTS_H

#include "base/buf.h"
#include "salesforce/fault_rules.h"

/* Fills fault: code and message as given (message cut between characters), class and
   advice by the table; outcome_unknown false.  Returns -1, so that failing is one line. */
int fault_fill(struct org_fault *fault, enum fault_from from, const char *code,
               const char *message);
int fault_set(struct org_fault *fault, enum fault_from from, const char *code, const char *format,
              ...) PRINTF_LIKE(4, 5);

/* The same from a struct err: memory, a full request, else the system.  Returns -1. */
int fault_from_err(struct org_fault *fault, const struct err *err);

/* The purpose of an answer that cannot be read. */
enum fault_reading { FAULT_READING_SAVE, FAULT_READING_FIND, FAULT_READING_OTHER };

/* The same from why an answer's reader failed: ERR_FULL when it contains too many (or, for a save,
   the wrong number of) results, ERR_INVALID when it is impossible.  For a save the outcome is then
   unknown. Returns -1. */
int fault_from_reading(struct org_fault *fault, enum fault_reading reading, const struct err *err);

/* Copies what fits of text, with a NUL, cut between characters; broken UTF-8 becomes '?'. */
void fault_copy_text(char *ret, size_t size, const char *text);

#endif
