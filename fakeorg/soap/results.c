/* Writes the results of saved records as XML. */
#include "fakeorg/soap/results.h"

#include "fakeorg/soap/value_write.h"

int results_count(struct soap_call *call, const struct xml_node *first, size_t *ret_count)
{
    *ret_count = 0;
    for (const struct xml_node *node = first; node != NULL; node = node->next)
        if (++*ret_count > CALL_MAX_RECORDS)
            return api_error_set(
                call->request.error, API_ERROR_UNEXPECTED, "EXCEEDED_ID_LIMIT",
                "record limit reached. cannot submit more than %d records into this "
                "call",
                CALL_MAX_RECORDS);
    return 0;
}

static void write_duplicate(const struct soap_call *call, const struct duplicate_record *record)
{
    struct buf *out = call->out;

    buf_format(out, "<record xsi:type=\"sf:sObject\"><sf:type>%s</sf:type><sf:Id>%s</sf:Id>",
               record->object->name, record->id);
    if (!quirk_is(&call->request.quirks, QUIRK_IDS, "once"))
        buf_format(out, "<sf:Id>%s</sf:Id>", record->id);
    if (call->headers.include_record_details)
        for (size_t i = 0; i < record->value_count; i++)
            value_write(out, record->values[i].field, record->values[i].text);
    buf_text(out, "</record>");
}

static void write_match(const struct soap_call *call, const struct duplicate_match *match)
{
    struct buf *out = call->out;

    buf_text(out, "<matchResults>");
    xml_element(out, "entityType", match->object->name);
    xml_element(out, "matchEngine", "ExactMatchEngine");
    for (size_t i = 0; i < match->record_count; i++) {
        buf_text(out, "<matchRecords>");
        for (size_t k = 0; k < match->field_count; k++) {
            buf_text(out, "<fieldDiffs><difference>SAME</difference>");
            xml_element(out, "name", match->fields[k]->fact.name);
            buf_text(out, "</fieldDiffs>");
        }
        buf_text(out, "<matchConfidence>100.0</matchConfidence>");
        write_duplicate(call, &match->records[i]);
        buf_text(out, "</matchRecords>");
    }
    xml_element(out, "rule", match->rule);
    xml_integer(out, "size", (int64_t)match->found);
    xml_boolean(out, "success", true);
    buf_text(out, "</matchResults>");
}

static void write_duplicates(const struct soap_call *call, const struct duplicate_result *result)
{
    struct buf *out = call->out;

    buf_text(out, "<duplicateResult>");
    xml_boolean(out, "allowSave", result->allow_save);
    xml_element(out, "duplicateRule", result->rule);
    xml_element(out, "duplicateRuleEntityType", result->object->name);
    xml_element(out, "errorMessage", result->message);
    for (const struct duplicate_match *match = result->matches; match != NULL; match = match->next)
        write_match(call, match);
    buf_text(out, "</duplicateResult>");
}

void results_write_errors(struct soap_call *call, const struct save *save)
{
    struct buf *out = call->out;

    request_note_saved(&call->request, save);
    for (const struct save_error *error = save->errors; error != NULL; error = error->next) {
        buf_text(out,
                 error->duplicates == NULL ? "<errors>" : "<errors xsi:type=\"DuplicateError\">");
        for (size_t i = 0; i < error->field_count; i++)
            xml_element(out, "fields", error->fields[i]);
        xml_element(out, "message", error->message);
        xml_element(out, "statusCode", error->code);
        if (error->duplicates != NULL)
            write_duplicates(call, error->duplicates);
        buf_text(out, "</errors>");
    }
}

/* Recordings have no id for a failed record; whether newer versions send the record's
   is a quirk. */
static const char *id_of(const struct soap_call *call, const struct save *save)
{
    bool shown = save->errors == NULL || quirk_is(&call->request.quirks, QUIRK_FAILED_ID, "sent");

    return shown && save->record != NULL ? save->record->id : NULL;
}

void results_write_outcome(struct soap_call *call, const struct save *save)
{
    results_write_errors(call, save);
    xml_element(call->out, "id", id_of(call, save));
    xml_boolean(call->out, "success", save->errors == NULL);
}
