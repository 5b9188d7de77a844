/* Every reader of the org's answers on any bytes: nothing may crash, leak or run away. */
#include <stdint.h>
#include <string.h>

#include "salesforce/soap/call.h"
#include "salesforce/soap/describe.h"
#include "salesforce/soap/fault.h"
#include "salesforce/soap/find.h"
#include "salesforce/soap/login.h"
#include "salesforce/soap/save.h"
#include "salesforce/verify.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void read_save(const struct soap_node *content, enum org_operation operation)
{
    static const struct org_record records[] = {{.id = "00Q000000000001AAA"}, {.id = NULL}};
    struct org_save what = {
        .operation = operation, .object = "Lead", .records = records, .count = 2};
    struct org_result results[2];
    struct err err;

    for (; what.count > 0; what.count--)
        if (save_read(content, &what, results, &err) == 0) {
            if (verify_results(&what, results, &err) < 0)
                memset(&err, 0, sizeof err);
            org_results_done(results, what.count);
        }
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
    static const struct org_lookup fields[] = {{"Email", FIELD_EMAIL}, {"Id", FIELD_ID}};
    static struct schema_field known[] = {{.name = (char *)"ConvertedContactId"},
                                          {.name = (char *)"CreatedDate"},
                                          {.name = (char *)"IsConverted"},
                                          {.name = (char *)"LastModifiedDate"}};
    static const struct schema_object lead = {.name = (char *)"Lead", .fields = known, .count = 4};
    const struct schema_object *described[] = {NULL, &lead};

    for (int i = 0; i < 2; i++) {
        struct org_find what = {.object = "Lead",
                                .by = fields,
                                .by_count = 2,
                                .described = described[i],
                                .successor = "Contact"};
        struct find find;
        const char *locator;
        struct err err;

        find_begin(&find, &what);
        if (find_read_page(content, &find, &locator, &err) < 0 || find_end(&find, &err) < 0 ||
            verify_rows(&what, &find.rows, &err) < 0)
            memset(&err, 0, sizeof err);
        org_rows_done(&find.rows);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct err err;
    struct soap_doc *doc = soap_read((const char *)bytes, len, &err);
    const struct soap_node *content = doc != NULL ? soap_doc_content(doc) : NULL;
    struct org_fault fault;
    struct session session = {0};
    int64_t used, max;

    if (content != NULL) {
        soap_call_limits(doc, &used, &max);
        soap_fault_read(&fault, FAULT_FROM_CALL, content);
        soap_fault_read(&fault, FAULT_FROM_SIGN_IN, content);
        if (login_read(content, &session, &fault) == 0)
            session_done(&session);
        read_describe(content);
        read_page(content);
        read_save(content, ORG_CREATE);
        read_save(content, ORG_UPDATE);
    }
    soap_doc_free(doc);
    return 0;
}
