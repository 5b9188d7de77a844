/*
 * case_answer: does a line of "leadline map" say what a case expects?
 */
#ifndef TESTS_CASE_ANSWER_H
#define TESTS_CASE_ANSWER_H

#include <stdbool.h>

/* True when every member that expected names is equal in got, and the notes are equal, which
   expected writes ["trait code", ...].  False also when one is no JSON. */
bool case_answer_fits(const char *expected, const char *got);

#endif
