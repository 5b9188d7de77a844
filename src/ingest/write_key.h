/*
 * write_key: whose messages are these?  Every place where a client can put its write key
 * is read; those that are present must agree.
 *
 * Threads: any.
 */
#ifndef INGEST_WRITE_KEY_H
#define INGEST_WRITE_KEY_H

#include "ingest/refusal.h"
#include "settings/settings.h"

/* The key in an Authorization header: for Basic the user name, with or without a colon after it.
   *ret_key is NULL when the header is NULL, names no user, or is of another scheme (Bearer: an SDK
   set up for OAuth has its key in the body); else mem_free it. */
MUST_USE int write_key_of_header(const char *authorization, char **ret_key,
                                 struct refusal *ret_refusal);

/* The source of these keys, each of which may be NULL; NULL with *ret_refusal (401). */
MUST_USE const struct source_settings *write_key_source(const struct settings *settings,
                                                        const char *const *keys, size_t count,
                                                        struct refusal *ret_refusal);

#endif
