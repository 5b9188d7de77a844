/* Every reader of the org's answers on any bytes: nothing may crash, leak or run away. */
#include <stdint.h>
#include <string.h>

#include "salesforce/soap/call.h"
#include "salesforce/soap/describe.h"
#include "salesforce/soap/fault.h"
#include "salesforce/soap/find.h"
#include "salesforce/soap/save.h"
#include "salesforce/soap/login.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void read_save(const struct soap_node *content, enum org_operation operation)
{
    static const struct org_record records[] = {{.id = "00Q000000000001AAA"}, {.id = NULL}};
    struct org_save what = {
        .operation = operation, .object = "Lead", .records = records, .count = 2};
    struct org_result results[2];
    struct err err;

    for (; what.count > 0; what.count--)
        if (save_read(content, &what, results, &err) == 0)
            org_results_done(results, what.count);
}

static void read_describe(const struct soap_node *content)
{
    static const char *const objects[] = {"Lead"};
    struct describe what = {objects, 1};
    struct err err;

    schema_unref(describe_read(content, &what, &err));
}

static void read_page(const struct soap_node *content)
{
    static const char *const fields[] = {"Email", "Id"};
    struct org_find what = {.object = "Lead", .by = fields, .by_count = 2};
    struct org_rows rows = {.value_count = 2};
    const char *locator;
    int64_t size = -1;
    struct err err;

    if (find_read_page(content, &what, &rows, &size, &locator, &err) < 0 ||
        find_check(&rows, size, &err) < 0)
        memset(&err, 0, sizeof err);
    org_rows_done(&rows);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct err err;
    struct soap_doc *doc = soap_read((const char *)bytes, len, &err);
    const struct soap_node *content = doc != NULL ? soap_doc_content(doc) : NULL;
    struct org_fault fault;
    struct signin signin = {0};
    int64_t used, max;

    if (content != NULL) {
        call_read_limits(doc, &used, &max);
        soap_fault_read(&fault, FAULT_FROM_CALL, content);
        soap_fault_read(&fault, FAULT_FROM_SIGN_IN, content);
        if (signin_read(content, &signin, &fault) == 0)
            signin_done(&signin);
        read_describe(content);
        read_page(content);
        read_save(content, ORG_CREATE);
        read_save(content, ORG_UPDATE);
    }
    soap_doc_free(doc);
    return 0;
}
