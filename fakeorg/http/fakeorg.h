/*
 * fakeorg: a Salesforce org on the laptop, reached over HTTP.
 *
 * docs/fakeorg.md says what it offers.  Records are kept in memory.
 *
 * Threads: fakeorg_start makes the threads it needs, one a connection;
 *          fakeorg_stop ends them.
 * Memory:  texts of the options are lent for as long as the fakeorg runs.
 */
#ifndef FAKEORG_HTTP_FAKEORG_H
#define FAKEORG_HTTP_FAKEORG_H

#include <stdint.h>

#include "base/err.h"
#include "fakeorg/org/options.h"

struct fakeorg;

/* Listens; NULL with *err (ERR_INVALID: an option is at fault). */
MUST_USE struct fakeorg *fakeorg_start(const struct fakeorg_options *options, struct err *err);

uint16_t fakeorg_port(const struct fakeorg *fakeorg);

/* Ends every connection and forgets the records.  NULL is allowed. */
void fakeorg_stop(struct fakeorg *fakeorg);

#endif
