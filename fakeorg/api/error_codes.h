/*
 * error_codes: every code that a fault on demand can return, with its text:
 * of whole calls, and of single records.
 *
 * Threads: any; constant.
 * Sources: SOAP API guide, ExceptionCode and StatusCode; texts as recorded where
 *          recordings show them, else after the code's name.
 */
#ifndef FAKEORG_API_ERROR_CODES_H
#define FAKEORG_API_ERROR_CODES_H

#include <stdbool.h>
#include <stddef.h>

#include "fakeorg/api/error.h"

enum code_scope { OF_CALLS, OF_RECORDS };

struct api_error_code {
    const char *code;
    const char *variant; /* CODE=variant asks for this row; NULL: CODE alone */
    enum code_scope scope;
    enum api_error_kind kind; /* of calls: which element the detail has */
    const char *text;
    const char *field; /* of records: the field that the error names, or NULL */
};

extern const struct api_error_code api_error_codes[];
extern const size_t api_error_codes_count;

/* The first row with that code, variant (NULL: any) and scope; or NULL. */
const struct api_error_code *api_error_code_find(const char *code, const char *variant,
                                                 enum code_scope scope);

#endif
