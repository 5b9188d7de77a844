/*
 * fakeorg: a local Salesforce org over HTTP.
 *
 * See docs/fakeorg.md for what it offers.
 *
 * Threads: fakeorg_start creates the threads it needs, one per connection;
 *          fakeorg_stop ends them.
 * Memory:  the texts of the options must outlive the fakeorg.
 */
#ifndef FAKEORG_HTTP_FAKEORG_H
#define FAKEORG_HTTP_FAKEORG_H

#include <stdint.h>

#include "base/err.h"
#include "fakeorg/org/options.h"

struct fakeorg;

/* Starts to listen; NULL with *err (ERR_INVALID: a bad option). */
MUST_USE struct fakeorg *fakeorg_start(const struct fakeorg_options *options, struct err *err);

uint16_t fakeorg_port(const struct fakeorg *fakeorg);

/* Closes every connection and drops the records.  NULL is allowed. */
void fakeorg_stop(struct fakeorg *fakeorg);

#endif
