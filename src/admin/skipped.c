/* skipped: an event that a destination did not want as JSON, with what its reason means. */
#include "admin/views.h"

#include <string.h>

#include "mapping/codes.h"

static const struct {
    const char *reason, *message, *advice;
} skip_advices[] = {
    {"not_opted_in", NULL,
     "send integrations {\"Salesforce\": true} with the event, or set always_enabled"},
    {"opted_out", NULL, "nothing, if the sender means it; else change integrations at the source"},
    {"wrong_case", NULL, "write \"Salesforce\" in integrations as it stands here"},
    {"type_not_used", NULL, "nothing: identify and group calls alone are written"},
    {"needs_version_2", NULL, "set version: 2 of the destination to write group calls"},
    {"destination_disabled", "The destination is disabled or not in the configuration.",
     "enable it, reload the configuration, and send the event again"},
    {"no_destination", "The source has no destination.",
     "name one in the source's destinations, reload, and send the event again"},
};

static const char *meaning_of(const char *reason)
{
    for (size_t i = 0; i < mapping_skip_code_count; i++)
        if (strcmp(mapping_skip_codes[i].code, reason) == 0)
            return mapping_skip_codes[i].meaning;
    return NULL;
}

json_t *view_skipped(const struct store_skipped *one, const char *message_id)
{
    const char *message = meaning_of(one->reason), *advice = NULL;

    for (size_t i = 0; i < sizeof skip_advices / sizeof skip_advices[0]; i++) {
        if (strcmp(skip_advices[i].reason, one->reason) != 0)
            continue;
        advice = skip_advices[i].advice;
        message = message != NULL ? message : skip_advices[i].message;
    }
    return json_pack("{s:s, s:s?, s:s, s:s, s:s, s:s, s:s?, s:s?, s:o}", "source", one->source,
                     "messageId", message_id, "type", one->type, "destination", one->destination,
                     "state", "skipped", "code", one->reason, "message", message, "advice", advice,
                     "received", view_time(one->received_ms));
}
