/*
 * Whatever text comes as a query, it is read and run, or refused with a fault that
 * points into it.  The first byte says whether it is a query or a queryAll.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "fakeorg/query/soql.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct orgdata *org;

static void check(int rc)
{
    if (rc < 0)
        abort();
}

static void begin(void)
{
    static const char *const fields[][2] = {{"Score__c", "double:6,2,external"},
                                            {"Tags__c", "multipicklist:a|b|c"},
                                            {"Key__c", "string:50,unique,caseSensitive"},
                                            {"Born__c", "date"},
                                            {"At__c", "time"},
                                            {"Boss__c", "reference:Lead"},
                                            {"Long__c", "textarea:1000"}};
    struct err err = {0};

    org = orgdata_new(&err);
    if (org == NULL)
        abort();
    struct object *lead = orgdata_object(org, "Lead");
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        check(object_add_field(lead, field_new_custom(fields[i][0], fields[i][1], &err), &err));
    for (int i = 0; i < 20; i++) {
        struct record *record = record_new(lead);
        check(record == NULL ? -1 : 0);
        check(record_set_named(record, "Email", i % 3 == 0 ? NULL : "a@b.co"));
        check(record_set_named(record, "LastName", i % 2 == 0 ? "D\xC3\x96" : "Doe %_"));
        check(record_set_named(record, "Score__c", i % 2 == 0 ? "1.5" : "7"));
        check(record_set_named(record, "Tags__c", i % 2 == 0 ? "a;b" : NULL));
        check(record_set_named(record, "Key__c", i % 2 == 0 ? "Key" : "key"));
        check(record_set_named(record, "Born__c", "2026-11-23"));
        check(record_set_named(record, "At__c", "10:05:00.000Z"));
        check(record_set_named(record, "Boss__c", lead->records[0]->id));
        check(record_stamp(org, record, true));
        if (i % 5 == 4)
            check(record_delete(record));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct soql_result result = {0};
    struct api_error fault = {0};
    struct arena arena;

    if (org == NULL)
        begin();
    if (size == 0)
        return 0;
    char *statement = mem_text_n((const char *)data + 1, size - 1);
    if (statement == NULL)
        abort();
    arena_init(&arena, (size_t)64 << 20);
    struct soql_query *query = soql_parse(statement, &arena, &fault);
    if (query != NULL) {
        query->all_rows = (data[0] & 1) != 0;
        if (soql_run(org, query, &arena, &result, &fault) == 0) {
            if (query->has_limit && result.counts == NULL && result.record_count > query->limit)
                abort();
            soql_result_done(&result);
            fault.code = "";
        }
    }
    if (fault.code == NULL)
        abort();
    arena_done(&arena);
    mem_free(statement);
    return 0;
}
