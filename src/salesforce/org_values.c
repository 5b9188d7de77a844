/* org_values: names of the classes; and freeing what a find and a save return. */
#include "salesforce/org_values.h"

#include "base/mem.h"

static const char *const class_names[] = {
    [ORG_OK] = "ok",
    [ORG_RETRY] = "retry",
    [ORG_RETRY_FEW] = "retry_few",
    [ORG_RETRY_LONG] = "retry_long",
    [ORG_BUSY] = "busy",
    [ORG_DAY_LIMIT] = "day_limit",
    [ORG_STOP] = "stop",
    [ORG_BISECT] = "bisect",
    [ORG_STALE_SCHEMA] = "stale_schema",
    [ORG_SPLIT] = "split",
};

static const char *const record_class_names[] = {
    [ORG_SAVED] = "saved",
    [ORG_RECORD_RETRY] = "retry",
    [ORG_RECORD_RETRY_FEW] = "retry_few",
    [ORG_RECORD_DEAD] = "dead",
    [ORG_RECORD_DROP_FIELD] = "drop_field",
    [ORG_RECORD_LOST] = "lost",
    [ORG_RECORD_CONVERTED] = "converted",
    [ORG_RECORD_DUPLICATE] = "duplicate",
    [ORG_RECORD_STOP] = "stop",
};

const char *org_class_name(enum org_class class)
{
    return class_names[class];
}

const char *org_record_class_name(enum org_record_class class)
{
    return record_class_names[class];
}

void org_rows_done(struct org_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        struct org_row *row = &rows->rows[i];

        for (size_t k = 0; row->values != NULL && k < rows->value_count; k++)
            mem_free(row->values[k]);
        mem_free(row->values);
        mem_free(row->id);
        mem_free(row->successor_id);
    }
    mem_free(rows->rows);
    *rows = (struct org_rows){0};
}

static void result_done(struct org_result *result)
{
    for (size_t i = 0; i < result->field_count; i++)
        mem_free(result->fields[i]);
    mem_free(result->fields);
    mem_free(result->id);
    mem_free(result->code);
    mem_free(result->message);
    mem_free(result->matched_id);
    *result = (struct org_result){.advice = ""};
}

void org_results_done(struct org_result *results, size_t count)
{
    for (size_t i = 0; i < count; i++)
        result_done(&results[i]);
}
