#include "fakeorg/soap/results.h"

#include <stdio.h>
#include <string.h>

#define MAX_TYPE_RUNS 10

int results_count(struct call *call, const struct xml_node *first, size_t *ret_count)
{
    *ret_count = 0;
    for (const struct xml_node *node = first; node != NULL; node = node->next)
        if (++*ret_count > CALL_MAX_RECORDS)
            return api_error_set(
                call->error, API_ERROR_UNEXPECTED, "EXCEEDED_ID_LIMIT",
                "record limit reached. cannot submit more than %d records into this "
                "call",
                CALL_MAX_RECORDS);
    return 0;
}

int results_check_types(struct call *call, const struct save *saves, size_t count)
{
    size_t runs = 0;

    for (size_t i = 0; i < count; i++)
        runs += i == 0 || saves[i].object != saves[i - 1].object;
    if (runs <= MAX_TYPE_RUNS)
        return 0;
    return api_error_set(call->error, API_ERROR_UNEXPECTED, "EXCEEDED_MAX_TYPES_LIMIT",
                         "cannot submit more than %d runs of one type into this call",
                         MAX_TYPE_RUNS);
}

int results_all_or_none(struct call *call, struct save *saves, size_t count)
{
    bool any = false;

    for (size_t i = 0; i < count; i++)
        any = any || saves[i].errors != NULL;
    for (size_t i = 0; i < count && any && call->headers.all_or_none; i++)
        if (saves[i].errors == NULL &&
            save_fail(call, &saves[i], "ALL_OR_NONE_OPERATION_ROLLED_BACK", NULL,
                      "Record rolled back because not all records were valid and the request was "
                      "using AllOrNone header") < 0)
            return -1;
    return 0;
}

/* For the log of calls: not there without memory. */
static const char *first_refusal(struct call *call, const struct save_error *error)
{
    char text[CALLLOG_MESSAGE];

    snprintf(text, sizeof text, "%s: %s", error->code, error->message);
    return arena_text(call->arena, text, strlen(text));
}

void results_write_errors(struct call *call, const struct save *save)
{
    struct buf *out = call->out;

    call->failed += save->errors != NULL;
    if (call->refusal == NULL && save->errors != NULL)
        call->refusal = first_refusal(call, save->errors);
    for (const struct save_error *error = save->errors; error != NULL; error = error->next) {
        buf_text(out, error->duplicate_result == NULL ? "<errors>"
                                                      : "<errors xsi:type=\"DuplicateError\">");
        for (size_t i = 0; i < error->field_count; i++)
            xml_element(out, "fields", error->fields[i]);
        xml_element(out, "message", error->message);
        xml_element(out, "statusCode", error->code);
        if (error->duplicate_result != NULL)
            buf_text(out, error->duplicate_result);
        buf_text(out, "</errors>");
    }
}

/* Recordings show no id where a record failed; whether newer versions send that of
   the record is a switch. */
static const char *id_of(const struct call *call, const struct save *save)
{
    bool shown = save->errors == NULL || switch_is(&call->switches, SWITCH_FAILED_ID, "sent");

    return shown && save->record != NULL ? save->record->id : NULL;
}

void results_write_outcome(struct call *call, const struct save *save)
{
    results_write_errors(call, save);
    xml_element(call->out, "id", id_of(call, save));
    xml_boolean(call->out, "success", save->errors == NULL);
}
