/* Formatting, wrapping and naming errors. */
#include "base/err.h"

#include <stdio.h>
#include <string.h>

int err_set(struct err *err, enum err_kind kind, const char *format, ...)
{
    va_list args;

    err->kind = kind;
    va_start(args, format);
    vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    return -1;
}

int err_wrap(struct err *err, const char *format, ...)
{
    char inner[sizeof err->text];
    va_list args;
    int used;

    memcpy(inner, err->text, sizeof inner);
    va_start(args, format);
    used = vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    if (used >= 0 && (size_t)used < sizeof err->text)
        snprintf(err->text + used, sizeof err->text - (size_t)used, ": %.*s", (int)sizeof inner - 1,
                 inner);
    return -1;
}

int err_memory(struct err *err)
{
    return err_set(err, ERR_MEMORY, "out of memory");
}

const char *err_kind_name(enum err_kind kind)
{
    static const char *const names[] = {
        [ERR_NONE] = "none",     [ERR_INVALID] = "invalid",     [ERR_RETRY] = "retry",
        [ERR_FULL] = "full",     [ERR_NOT_FOUND] = "not_found", [ERR_AUTH] = "auth",
        [ERR_SYSTEM] = "system", [ERR_MEMORY] = "memory",
    };
    return names[kind];
}
