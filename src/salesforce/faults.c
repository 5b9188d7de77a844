/* faults: what a code from the org, or from the connection to it, means for the caller. */
#include "salesforce/faults.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

static const char nothing[] = "";

void fault_copy_text(char *ret, size_t size, const char *text)
{
    size_t at = 0, len = strlen(text);

    for (size_t i = 0; i < len;) {
        unsigned char lead = (unsigned char)text[i];
        size_t step = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        bool good = step <= len - i && utf8_valid(text + i, step);

        if (at + (good ? step : 1) >= size)
            break;
        if (good)
            memcpy(ret + at, text + i, step);
        else
            ret[at] = '?';
        at += good ? step : 1;
        i += good ? step : 1;
    }
    ret[at] = '\0';
}

int fault_fill(struct org_fault *fault, enum fault_from from, const char *code, const char *message)
{
    *fault = (struct org_fault){.advice = nothing};
    fault_copy_text(fault->code, sizeof fault->code, code);
    fault_copy_text(fault->message, sizeof fault->message, message);
    fault_classify(fault, from);
    return -1;
}

int fault_set(struct org_fault *fault, enum fault_from from, const char *code, const char *format,
              ...)
{
    char message[sizeof fault->message + 4]; /* so that the cut below is the one that counts */
    va_list args;

    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    return fault_fill(fault, from, code, message);
}

int fault_from_err(struct org_fault *fault, const struct err *err)
{
    const char *code = err->kind == ERR_MEMORY ? FAULT_MEMORY
                       : err->kind == ERR_FULL ? FAULT_REQUEST_TOO_LARGE
                                               : FAULT_SYSTEM;

    return fault_fill(fault, FAULT_FROM_CALL, code, err->text);
}

int fault_from_reading(struct org_fault *fault, enum fault_reading reading, const struct err *err)
{
    static const struct {
        const char *full, *invalid;
    } codes[] = {
        [FAULT_READING_SAVE] = {FAULT_RESULT_COUNT, FAULT_UNTRUE_ANSWER},
        [FAULT_READING_FIND] = {FAULT_ANSWER_TOO_LARGE, FAULT_UNTRUE_ANSWER},
        [FAULT_READING_OTHER] = {FAULT_ANSWER_TOO_LARGE, FAULT_NOT_API},
    };
    const char *full = codes[reading].full, *invalid = codes[reading].invalid;

    if (err->kind == ERR_MEMORY)
        fault_from_err(fault, err);
    else
        fault_set(fault, FAULT_FROM_CALL, err->kind == ERR_FULL ? full : invalid, "%s", err->text);
    fault->outcome_unknown = reading == FAULT_READING_SAVE;
    return -1;
}
