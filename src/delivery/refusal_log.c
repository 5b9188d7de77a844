/* What was refused, for the log. */
#include "delivery/refusal_log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"

static struct refusal_log_code *slot(struct refusal_log *refused, const char *code)
{
    size_t i = 0;

    while (i < refused->count && refused->list[i].code != NULL &&
           strcmp(refused->list[i].code, code) != 0)
        i++;
    if (i == refused->count) {
        refused->list[i].code = i < REFUSAL_LOG_CODES ? code : NULL;
        refused->count++;
    }
    return &refused->list[i];
}

void refusal_log_add(struct refusal_log *refused, const char *code, const char *message_id)
{
    struct refusal_log_code *known = slot(refused, code);

    if (known->count++ == 0)
        known->message_id = message_id;
}

void refusal_log_write(const struct refusal_log *refused, const char *event, const char *format,
                       ...)
{
    char common[400];
    va_list args;

    va_start(args, format);
    vsnprintf(common, sizeof common, format, args);
    va_end(args);
    for (size_t i = 0; i < refused->count; i++) {
        const struct refusal_log_code *each = &refused->list[i];
        log_line(LOG_WARN, event, "%s code=%s count=%zu message_id=%s", common,
                 LOG_TEXT(each->code != NULL ? each->code : "others"), each->count,
                 LOG_TEXT(each->message_id));
    }
}
