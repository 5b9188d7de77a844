/* save: create() and update(), and what became of each record. */
#include "salesforce/soap/save.h"

#include <string.h>

#include "base/mem.h"
#include "salesforce/soap/call.h"
#include "salesforce/ids.h"
#include "salesforce/soap/write.h"

#define MAX_MESSAGE 500
#define MAX_FIELDS  100 /* named by the errors of one record */

/* What each operation is called on the wire. */
static const struct {
    const char *call, *answer;
} operations[] = {
    [ORG_CREATE] = {"create", "createResponse"},
    [ORG_UPDATE] = {"update", "updateResponse"},
};

/* ---- writing ---- */

static void write_headers(struct buf *out, const struct org_save *what)
{
    buf_text(out, "<p:AssignmentRuleHeader>");
    soap_partner_nil(out, "assignmentRuleId");
    soap_partner_boolean(out, "useDefaultRule", what->use_assignment_rule);
    buf_text(out, "</p:AssignmentRuleHeader><p:AllowFieldTruncationHeader>");
    soap_partner_boolean(out, "allowFieldTruncation", false);
    buf_text(out, "</p:AllowFieldTruncationHeader><p:AllOrNoneHeader>");
    soap_partner_boolean(out, "allOrNone", false);
    buf_text(out, "</p:AllOrNoneHeader><p:DuplicateRuleHeader>");
    soap_partner_boolean(out, "allowSave", what->save_past_duplicate_alerts);
    soap_partner_boolean(out, "includeRecordDetails", false);
    soap_partner_boolean(out, "runAsCurrentUser", true);
    buf_text(out, "</p:DuplicateRuleHeader>");
}

/* The order is the schema's: type, fieldsToNull, Id, fields. */
static void write_record(struct buf *out, const struct org_save *what,
                         const struct org_record *record)
{
    buf_text(out, "<p:sObjects>");
    soap_sobject(out, "type", what->object);
    for (size_t i = 0; i < record->field_count; i++)
        if (record->fields[i].value == NULL)
            soap_sobject(out, "fieldsToNull", record->fields[i].name);
    if (record->id != NULL)
        soap_sobject(out, "Id", record->id);
    else
        buf_text(out, "<s:Id xsi:nil=\"true\"/>");
    for (size_t i = 0; i < record->field_count; i++)
        if (record->fields[i].value != NULL)
            soap_sobject(out, record->fields[i].name, record->fields[i].value);
    buf_text(out, "</p:sObjects>");
}

void save_write(struct buf *out, const struct org_connection *connection, const void *what)
{
    const struct org_save *save = what;
    const char *operation = operations[save->operation].call;

    soap_open(out, connection->session.id, connection->org->config.client_name);
    write_headers(out, save);
    soap_body(out);
    buf_format(out, "<p:%s>", operation);
    for (size_t i = 0; i < save->count; i++)
        write_record(out, save, &save->records[i]);
    buf_format(out, "</p:%s>", operation);
    soap_close(out);
}

/* ---- reading ---- */

/* Names in <fields> of every error; there are empty ones too. */
static int read_fields(const struct soap_node *node, struct org_result *result)
{
    const struct soap_node *error, *field;

    for (error = soap_child(node, SOAP_PARTNER, "errors"); error != NULL; error = soap_again(error))
        for (field = soap_child(error, SOAP_PARTNER, "fields"); field != NULL;
             field = soap_again(field)) {
            char **grown;

            if (field->text[0] == '\0' || result->field_count == MAX_FIELDS)
                continue;
            grown = mem_resize(result->fields, result->field_count + 1, sizeof *grown);
            if (grown == NULL)
                return -1;
            result->fields = grown;
            grown[result->field_count] = mem_text(field->text);
            if (grown[result->field_count] == NULL)
                return -1;
            result->field_count++;
        }
    return 0;
}

/* The first match of the object that was saved; a Lead may also match Contacts. */
static const char *rule_match(const struct soap_node *error, const char *object)
{
    const struct soap_node *duplicate = soap_child(error, SOAP_PARTNER, "duplicateResult");
    const struct soap_node *match = soap_child(duplicate, SOAP_PARTNER, "matchResults");

    for (; match != NULL; match = soap_again(match)) {
        const struct soap_node *found = soap_child(match, SOAP_PARTNER, "matchRecords");

        for (; found != NULL; found = soap_again(found)) {
            const struct soap_node *record = soap_child(found, SOAP_PARTNER, "record");
            const struct soap_node *type = record != NULL ? soap_field(record, "type") : NULL;
            const struct soap_node *id = record != NULL ? soap_field(record, "Id") : NULL;

            if (type != NULL && id != NULL && strcmp(type->text, object) == 0 &&
                ids_valid(id->text))
                return id->text;
        }
    }
    return NULL;
}

static bool word_character(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* "duplicate value found: Ext__c duplicates value on record with id: 001...": the words
   change with the user's language, so the last thing that is an Id of object counts.  Its key
   prefix contains a digit, which distinguishes it from a long word.  ret: 19 bytes. */
static const char *value_match(const char *message, const char *object, char ret[19])
{
    const char *found = NULL;

    for (const char *at = message; *at != '\0';) {
        size_t len = 0;

        while (word_character(at[len]))
            len++;
        if ((len == 15 || len == 18) && memchr(at, '_', len) == NULL &&
            strcspn(at, "0123456789") < 3 && ids_fit(at, object)) {
            memcpy(ret, at, len);
            ret[len] = '\0';
            found = ret;
        }
        at += len > 0 ? len : 1;
    }
    return found;
}

/* Of several errors the weightiest decides, of equal ones the first. */
static const struct soap_node *deciding(const struct soap_node *node, enum org_operation operation,
                                        bool names_fields, struct org_result *result)
{
    const struct soap_node *error, *chosen = NULL;

    for (error = soap_child(node, SOAP_PARTNER, "errors"); error != NULL;
         error = soap_again(error)) {
        const char *code = soap_child_text(error, "statusCode");
        const char *message = soap_child_text(error, "message");
        const char *advice;
        enum org_record_class class;

        if (code == NULL)
            continue;
        class = record_class(
            &(struct record_error){operation, code, message != NULL ? message : "", names_fields},
            &advice);
        if (chosen != NULL && record_class_weight(class) <= record_class_weight(result->class))
            continue;
        chosen = error;
        result->class = class;
        result->advice = advice;
    }
    return chosen;
}

static int read_error(const struct soap_node *node, const struct org_save *what,
                      struct org_result *result, struct err *err)
{
    char cut[MAX_MESSAGE + 1], id[19];
    const struct soap_node *error;
    const char *message, *matched = NULL;

    if (read_fields(node, result) < 0)
        return err_memory(err);
    error = deciding(node, what->operation, result->field_count > 0, result);
    if (error == NULL)
        return err_set(err, ERR_INVALID, "a result is neither saved nor in error");
    message = soap_child_text(error, "message");
    if (message == NULL)
        message = "";
    if (result->class == ORG_RECORD_DUPLICATE) {
        matched = rule_match(error, what->object);
        if (matched == NULL && soap_child(error, SOAP_PARTNER, "duplicateResult") == NULL)
            matched = value_match(message, what->object, id);
    }
    fault_copy_text(cut, sizeof cut, message);
    result->code = mem_text(soap_child_text(error, "statusCode"));
    result->message = mem_text(cut);
    if (matched != NULL)
        result->matched_id = mem_text(matched);
    if (result->code == NULL || result->message == NULL ||
        (matched != NULL && result->matched_id == NULL))
        return err_memory(err);
    return 0;
}

/* What a result says against itself, or against what was sent; NULL: nothing. */
static const char *contradiction(const struct soap_node *node, enum org_operation operation)
{
    const char *success = soap_child_text(node, "success");
    const char *id = soap_child_text(node, "id");
    bool errors = soap_child(node, SOAP_PARTNER, "errors") != NULL;
    bool create = operation == ORG_CREATE;

    if (success == NULL || (!soap_says_true(success) && !soap_says_false(success)))
        return "a result does not say whether it is saved";
    if (soap_says_false(success)) /* a refused update may name its record */
        return create && id != NULL && id[0] != '\0' ? "a record is refused and has an Id" : NULL;
    if (errors)
        return "a result is saved and in error";
    return NULL;
}

static int read_result(const struct soap_node *node, const struct org_save *what, size_t at,
                       struct org_result *result, struct err *err)
{
    const char *wrong = contradiction(node, what->operation);
    const char *id = soap_child_text(node, "id");

    if (wrong != NULL)
        return err_set(err, ERR_INVALID, "%s", wrong);
    if (!soap_child_true(node, "success"))
        return read_error(node, what, result, err);
    if (id == NULL)
        id = what->records[at].id; /* an update need not name it */
    if (id == NULL)
        return err_set(err, ERR_INVALID, "a result is saved and has no Id");
    result->id = mem_text(id);
    return result->id != NULL ? 0 : err_memory(err);
}

int save_read(const struct soap_node *response, const struct org_save *what,
              struct org_result *results, struct err *err)
{
    const struct soap_node *first = soap_child(response, SOAP_PARTNER, "result"), *node;
    size_t count = 0, at = 0;
    int rc = 0;

    for (node = first; node != NULL; node = soap_again(node))
        count++;
    for (size_t i = 0; i < what->count; i++)
        results[i] = (struct org_result){.advice = ""};
    if (count != what->count)
        return err_set(err, ERR_FULL, "%zu results for %zu records", count, what->count);
    for (node = first; rc == 0 && node != NULL; node = soap_again(node), at++)
        rc = read_result(node, what, at, &results[at], err);
    if (rc < 0)
        org_results_done(results, what->count);
    return rc;
}

/* ---- saving ---- */

int soap_save(struct org_connection *connection, const struct org_save *saves, size_t count,
              struct org_saved *saved, struct org_fault *fault)
{
    const struct org_save *what = &saves[0]; /* one save a call */
    struct soap_call call = {.kind = counts_kind_of(what->operation),
                             .answer = operations[what->operation].answer,
                             .what = what,
                             .write = save_write};
    struct soap_doc *doc = soap_call_run(connection, &call, fault);
    struct err err = {0};
    int rc;

    if (doc == NULL)
        return -1;
    rc = save_read(soap_doc_content(doc), what, saved[0].results, &err);
    soap_doc_free(doc);
    return rc < 0 ? soap_call_unreadable(connection, &call, &err, fault) : 0;
}
