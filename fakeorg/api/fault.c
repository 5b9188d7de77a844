#include "fakeorg/api/fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

int fault_fill(struct fault *fault, enum fault_kind kind, const char *code, const char *format, ...)
{
    va_list args;

    fault->kind = kind;
    fault->code = code;
    fault->row = fault->column = -1;
    va_start(args, format);
    int len = vsnprintf(fault->message, sizeof fault->message, format, args);
    va_end(args);
    if (len >= (int)sizeof fault->message) {
        /* Step back over a character that the cut went through. */
        size_t end = sizeof fault->message - 1;
        while (end > 0 && !utf8_valid(fault->message, end))
            end--;
        fault->message[end] = '\0';
    }
    return -1;
}

int fault_memory(struct fault *fault)
{
    return fault_fill(fault, FAULT_UNEXPECTED, "UNKNOWN_EXCEPTION", "fakeorg is out of memory");
}
