/*
 * findings: what "leadline check" finds out about one destination from the org's answers.
 *
 * Threads: only the main thread.
 * Memory:  the list is jansson's: {"level": "ok|warning|error", "what", "message", "advice"}.
 * Errors:  out of memory, a finding is counted but not in the list.
 */
#ifndef PROGRAMS_LEADLINE_FINDINGS_H
#define PROGRAMS_LEADLINE_FINDINGS_H

#include <jansson.h>

#include "salesforce/org.h"
#include "settings/settings.h"

enum finding_level { FINDING_OK, FINDING_WARNING, FINDING_ERROR };

struct findings {
    json_t *list;
    size_t errors, warnings;
};

void finding_add(struct findings *findings, enum finding_level level, const char *what,
                 const char *advice, const char *format, ...) PRINTF_LIKE(5, 6);

/* What the destination needs from an object, as described, and does not get. */
void findings_object(struct findings *findings, const struct destination_settings *to,
                     const struct schema_object *object);

/* An object that the user cannot see, and what that costs. */
void findings_hidden(struct findings *findings, const struct destination_settings *to,
                     const char *object);

/* How many of the org's daily calls are left. */
void findings_limit(struct findings *findings, const struct destination_settings *to,
                    const struct org_counts *counts);

#endif
