/*
 * dead_letter_pages: all dead letters of the running server that the options ask for.
 *
 * Threads: only the main thread.  Memory: a receipt is only valid during the call.
 * Errors:  those of running_ask; ERR_NOT_FOUND when --destination names none.
 */
#ifndef PROGRAMS_LEADLINE_DEAD_LETTER_PAGES_H
#define PROGRAMS_LEADLINE_DEAD_LETTER_PAGES_H

#include <jansson.h>

#include "base/err.h"
#include "programs/leadline/options.h"

/* The command's own options, in the order of options->own. */
enum { DEAD_LETTERS_CODE, DEAD_LETTERS_DESTINATION, DEAD_LETTERS_YES };

/* Does something for one destination, with its part of the status. -1 stops. */
typedef int dead_letters_act(const char *name, const json_t *status, void *arg, struct err *err);

/* Calls act for each matching destination; -1 when it failed, or none matches. */
MUST_USE int dead_letters_each_destination(const struct options *options, dead_letters_act *act,
                                           void *arg, struct err *err);

/* Does something with one receipt. */
typedef void dead_letters_visit(json_t *receipt, void *arg);

struct dead_letters_walk {
    const struct options *options;
    bool bodies; /* each with its event */
    size_t max;  /* for each destination, to within a page */
    dead_letters_visit *each;
    void *arg;
};

/* Calls each for the dead letters, newest first, destination by destination. */
MUST_USE int dead_letters_walk(struct dead_letters_walk *walk, struct err *err);

#endif
