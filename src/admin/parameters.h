/*
 * parameters: the query parameters of a request to the admin, which are not trusted.
 *
 * Threads: any; nothing is kept.  Memory: the values point into the request.
 * Errors:  false, and the request is answered 400.
 */
#ifndef ADMIN_PARAMETERS_H
#define ADMIN_PARAMETERS_H

#include "http/http.h"

struct parameter {
    const char *name;
    const char **ret; /* NULL when it is absent */
};

/* The values of these names; false when one is too long. */
bool parameters_read(struct http_request *request, const struct parameter *names, size_t count);

/* The number in text, when there is one; false when it is not a number from least to most. */
bool parameters_count(struct http_request *request, const char *name, const char *text,
                      int64_t least, int64_t most, int64_t *ret);

#endif
