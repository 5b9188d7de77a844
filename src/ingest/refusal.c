/* Filling in a refusal. */
#include "ingest/refusal.h"

#include <stdarg.h>
#include <stdio.h>

int refuse(struct refusal *refusal, int status, const char *code, const char *format, ...)
{
    va_list args;

    *refusal = (struct refusal){.status = status, .code = code};
    va_start(args, format);
    vsnprintf(refusal->message, sizeof refusal->message, format, args);
    va_end(args);
    return -1;
}

int refuse_memory(struct refusal *refusal)
{
    return refuse(refusal, 503, "out_of_memory", "out of memory; send it again later");
}
