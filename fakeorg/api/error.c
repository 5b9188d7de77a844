/* Fills in an error; a message that is too long is cut at a character boundary. */
#include "fakeorg/api/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

int api_error_set(struct api_error *error, enum api_error_kind kind, const char *code,
                  const char *format, ...)
{
    va_list args;

    error->kind = kind;
    error->code = code;
    error->row = error->column = -1;
    va_start(args, format);
    int len = vsnprintf(error->message, sizeof error->message, format, args);
    va_end(args);
    if (len >= (int)sizeof error->message) {
        /* Step back to the start of a character that was cut in half. */
        size_t end = sizeof error->message - 1;
        while (end > 0 && !utf8_valid(error->message, end))
            end--;
        error->message[end] = '\0';
    }
    return -1;
}

int api_error_memory(struct api_error *error)
{
    return api_error_set(error, API_ERROR_UNEXPECTED, "UNKNOWN_EXCEPTION",
                         "fakeorg is out of memory");
}
