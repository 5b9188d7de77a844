#include "check.h"

#include "base/buf.h"
#include "base/mem.h"
#include "salesforce/ids.h"
#include "salesforce/soap/call.h"
#include "salesforce/soap/describe.h"
#include "salesforce/soap/find.h"
#include "salesforce/soap/login.h"
#include "salesforce/soap/read.h"
#include "salesforce/soap/save.h"
#include "salesforce/verify.h"

/* Prefixes as odd as XML allows: only namespaces may count. */
#define ENVELOPE(header, body)                                                                     \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"                                                   \
    "<env:Envelope xmlns:env=\"http://schemas.xmlsoap.org/soap/envelope/\""                        \
    " xmlns=\"urn:partner.soap.sforce.com\" xmlns:q=\"urn:sobject.partner.soap.sforce.com\""       \
    " xmlns:n=\"http://www.w3.org/2001/XMLSchema-instance\">"                                      \
    "<env:Header>" header "</env:Header><env:Body>" body "</env:Body></env:Envelope>"

static struct soap_doc *read_text(const char *text)
{
    struct err err = {0};
    struct soap_doc *doc = soap_read(text, strlen(text), &err);

    CHECK(doc != NULL);
    return doc;
}

static enum err_kind refusal(const char *text, size_t len)
{
    struct err err = {0};
    struct soap_doc *doc = soap_read(text, len, &err);

    CHECK(doc == NULL);
    CHECK(err.text[0] != '\0');
    return err.kind;
}

TEST(elements_are_found_by_namespace_and_never_by_prefix)
{
    struct soap_doc *doc =
        read_text(ENVELOPE("<x:Limit xmlns:x=\"urn:other\"/>",
                           "<p:answer xmlns:p=\"urn:partner.soap.sforce.com\" xmlns=\"\">"
                           "<result>none</result><q:result>sobject</q:result>"
                           "<p:result> a &amp; <![CDATA[<b>]]>&#13;\n </p:result>"
                           "<p:nothing n:nil=\"true\"/><p:nothing n:nil=\"1\"/></p:answer>"));
    const struct soap_node *answer = soap_doc_content(doc);

    CHECK_STR(answer->name, "answer");
    CHECK_INT(answer->space, SOAP_PARTNER);
    CHECK_STR(soap_child_text(answer, "result"), " a & <b>\r\n ");
    CHECK_STR(soap_child(answer, SOAP_SOBJECT, "result")->text, "sobject");
    CHECK_STR(soap_child(answer, SOAP_NONE, "result")->text, "none");
    CHECK_STR(soap_child(answer, SOAP_ANY, "result")->text, "none");
    CHECK(soap_child_text(answer, "nothing") == NULL);
    CHECK(soap_again(soap_child(answer, SOAP_PARTNER, "nothing"))->nil);
    CHECK(soap_child(answer, SOAP_PARTNER, "missing") == NULL);
    CHECK_INT(soap_doc_header(doc)->first->space, SOAP_OTHER);
    soap_doc_free(doc);
}

TEST(a_document_type_or_an_entity_of_its_own_is_refused)
{
    static const char *const bad[] = {
        "<!DOCTYPE x><x/>",
        "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]><x>&b;</x>",
        "<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><x/>",
        "<x>&undeclared;</x>",
    };

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK_INT(refusal(bad[i], strlen(bad[i])), ERR_INVALID);
}

TEST(what_is_no_whole_envelope_is_refused)
{
    static const char whole[] = ENVELOPE("", "<answer>text</answer>");

    for (size_t len = 0; len < sizeof whole - 1; len++)
        CHECK_INT(refusal(whole, len), ERR_INVALID);
    CHECK_INT(refusal("<html><body>Down for maintenance</body></html>", 46), ERR_INVALID);
    CHECK_INT(refusal("{\"error\":1}", 11), ERR_INVALID);
    CHECK_INT(refusal("<Envelope/>", 11), ERR_INVALID);
    CHECK_INT(refusal("<a>\xff\xfe</a>", 9), ERR_INVALID);
    CHECK_INT(refusal("\0\0\0\0", 4), ERR_INVALID);
}

TEST(depth_is_bounded)
{
    struct buf deep;

    buf_init(&deep, 100000);
    for (int i = 0; i < 10000; i++)
        buf_text(&deep, "<a>");
    CHECK_INT(refusal(deep.data, deep.len), ERR_FULL);
    buf_done(&deep);
}

TEST(numbers_and_booleans_are_held_in_bounds)
{
    struct soap_doc *doc =
        read_text(ENVELOPE("", "<r><a>12</a><b>-3</b><c>99999999999999999999</c><d>x1</d><e/>"
                               "<t>true</t><u>1</u><f>false</f><g>TRUE</g></r>"));
    const struct soap_node *r = soap_doc_content(doc);

    CHECK_INT(soap_child_number(r, "a", 100, 7), 12);
    CHECK_INT(soap_child_number(r, "b", 100, 7), 0);
    CHECK_INT(soap_child_number(r, "c", 100, 7), 100);
    CHECK_INT(soap_child_number(r, "d", 100, 7), 7);
    CHECK_INT(soap_child_number(r, "e", 100, 7), 7);
    CHECK_INT(soap_child_number(r, "missing", 100, 7), 7);
    CHECK(soap_child_true(r, "t") && soap_child_true(r, "u"));
    CHECK(!soap_child_true(r, "f") && !soap_child_true(r, "g") && !soap_child_true(r, "missing"));
    soap_doc_free(doc);
}

TEST(an_id_has_15_or_18_letters_and_digits)
{
    CHECK(ids_valid("00Q000000000001AAA"));
    CHECK(ids_valid("00Q000000000001"));
    CHECK(!ids_valid("00Q0000000000012"));
    CHECK(!ids_valid("00Q00000000000'"));
    CHECK(!ids_valid("") && !ids_valid(NULL));
}

TEST(the_limit_of_type_api_requests_is_read_among_others)
{
    int64_t used = 0, max = 0;
    struct soap_doc *doc = read_text(ENVELOPE(
        "<LimitInfoHeader>"
        "<limitInfo><appName>x</appName><current>1</current><limit>2</limit>"
        "<type>API REQUESTS PER APP</type></limitInfo>"
        "<limitInfo><current>12</current><limit>15000</limit><type>API REQUESTS</type></limitInfo>"
        "</LimitInfoHeader>",
        ""));

    CHECK(soap_call_limits(doc, &used, &max));
    CHECK_INT(used, 12);
    CHECK_INT(max, 15000);
    soap_doc_free(doc);
    doc = read_text(ENVELOPE("<LimitInfoHeader><limitInfo><current>many</current><limit>2</limit>"
                             "<type>API REQUESTS</type></limitInfo></LimitInfoHeader>",
                             ""));
    CHECK(!soap_call_limits(doc, &used, &max));
    soap_doc_free(doc);
}

/* ---- sign-in ---- */

#define LOGIN(expired, url)                                                                        \
    ENVELOPE("",                                                                                   \
             "<loginResponse><result><metadataServerUrl n:nil=\"true\"/><passwordExpired>" expired \
             "</passwordExpired><newThing><deep/></newThing><serverUrl>" url                       \
             "</serverUrl><sessionId>00D!A.b_c</sessionId><userId>005A000000AAAAAIAY</userId>"     \
             "</result></loginResponse>")

TEST(a_login_without_optional_parts_is_read)
{
    struct org_fault fault = {0};
    struct session got = {0};
    struct soap_doc *doc = read_text(LOGIN("false", "https://na7.example/services/Soap/u/64.0/1"));

    CHECK_INT(login_read(soap_doc_content(doc), &got, &fault), 0);
    CHECK_STR(got.id, "00D!A.b_c");
    CHECK_STR(got.server_url, "https://na7.example/services/Soap/u/64.0/1");
    CHECK_STR(got.user_id, "005A000000AAAAAIAY");
    CHECK_STR(got.organization, "");
    session_done(&got);
    soap_doc_free(doc);
}

static void check_login_fault(const char *text, const char *code, enum org_class class)
{
    struct org_fault fault = {0};
    struct session got = {0};
    struct soap_doc *doc = read_text(text);

    CHECK_INT(login_read(soap_doc_content(doc), &got, &fault), -1);
    CHECK_STR(fault.code, code);
    CHECK_INT(fault.class, class);
    CHECK(got.id == NULL);
    soap_doc_free(doc);
}

TEST(a_login_that_is_of_no_use_is_a_fault)
{
    check_login_fault(LOGIN("true", "https://na7.example/"),
                      "INVALID_OPERATION_WITH_EXPIRED_PASSWORD", ORG_STOP);
    check_login_fault(LOGIN("false", "http://na7.example/"), "BAD_ADDRESS", ORG_STOP);
    check_login_fault(LOGIN("false", "http://127.0.0.1@na7.example/"), "BAD_ADDRESS", ORG_STOP);
    check_login_fault(LOGIN("false", "file:///etc/passwd"), "BAD_ADDRESS", ORG_STOP);
    check_login_fault(ENVELOPE("", "<loginResponse/>"), "NOT_API", ORG_RETRY);
}

/* ---- find ---- */

static const struct org_lookup by[] = {{"email", FIELD_EMAIL}};
static struct schema_field known[] = {{.name = (char *)"IsConverted"}};
static const struct schema_object known_lead = {
    .name = (char *)"Lead", .fields = known, .count = 1};
static const struct org_find emails = {
    .object = "Lead", .by = by, .by_count = 1, .described = &known_lead};

TEST(a_page_gives_its_rows_with_nulls_and_doubled_ids)
{
    struct find find;
    const struct org_rows *rows = &find.rows;
    const char *locator = NULL;
    struct err err = {0};
    struct soap_doc *doc = read_text(
        ENVELOPE("", "<queryResponse><result n:type=\"QueryResult\"><done>false</done>"
                     "<queryLocator>0r8000000000001AAA-2000</queryLocator>"
                     "<records n:type=\"q:sObject\"><q:type>Lead</q:type>"
                     "<q:Id>00Q000000000001AAA</q:Id><q:Id>00Q000000000001AAA</q:Id>"
                     "<q:Email n:nil=\"true\"/><q:IsConverted>false</q:IsConverted></records>"
                     "<records><q:type>Lead</q:type><q:Id>00Q000000000002</q:Id>"
                     "<q:Email></q:Email><q:IsConverted>1</q:IsConverted></records>"
                     "<size>2300</size></result></queryResponse>"));

    find_begin(&find, &emails);
    CHECK_INT(find_read_page(soap_doc_content(doc), &find, &locator, &err), 0);
    CHECK_INT(find.size, 2300);
    CHECK_INT(find_end(&find, &err), -1); /* further pages are to come */
    CHECK_STR(locator, "0r8000000000001AAA-2000");
    CHECK_INT(rows->count, 2);
    CHECK_STR(rows->rows[0].id, "00Q000000000001AAA");
    CHECK(rows->rows[0].values[0] == NULL);
    CHECK(rows->rows[0].live);
    CHECK_STR(rows->rows[1].values[0], "");
    CHECK(!rows->rows[1].live);
    org_rows_done(&find.rows);
    soap_doc_free(doc);
}

#define ROW(id)                                                                                    \
    "<records><q:type>Lead</q:type><q:Id>" id "</q:Id><q:Email>a@x.io</q:Email>"                   \
    "<q:IsConverted>false</q:IsConverted></records>"
#define ROW_1        ROW("00Q000000000001AAA")
#define ROW_2        ROW("00Q000000000002AAA")
#define PAGE(inside) ENVELOPE("", "<queryResponse><result>" inside "</result></queryResponse>")
#define DONE         "<done>true</done><queryLocator n:nil=\"true\"/>"
#define MORE         "<done>false</done><queryLocator>0r8-1</queryLocator>"

/* Reads and believes the pages as a find does.  What the last step gave; rows are left for the
   caller. */
static int read_pages(const char *const *pages, struct org_rows *rows, struct err *err)
{
    const char *locator = NULL;
    struct find find;
    int rc = 0;

    find_begin(&find, &emails);
    for (int i = 0; rc == 0 && pages[i] != NULL; i++) {
        struct soap_doc *doc = read_text(pages[i]);
        rc = find_read_page(soap_doc_content(doc), &find, &locator, err);
        soap_doc_free(doc);
    }
    if (rc == 0)
        rc = find_end(&find, err);
    if (rc == 0)
        rc = verify_rows(&emails, &find.rows, err);
    *rows = find.rows;
    return rc;
}

TEST(pages_that_hold_as_many_rows_as_they_say_are_believed)
{
    static const char *const good[][3] = {
        {PAGE(DONE "<size>0</size>")},
        {PAGE(DONE "<records n:nil=\"true\"/><size>0</size>")},
        {PAGE(DONE ROW_1 ROW_2 "<size>2</size>")},
        {PAGE("<done>1</done>" ROW_1 "<size>1</size>")},
        {PAGE(MORE ROW_1 "<size>2</size>"), PAGE(DONE ROW_2 "<size>2</size>")},
        {PAGE(MORE ROW_1 "<size>1</size>"), PAGE(DONE "<size>1</size>")},
    };

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct org_rows rows;
        struct err err = {0};

        if (read_pages(good[i], &rows, &err) < 0)
            fail_msg("%zu: %s", i, err.text);
        org_rows_done(&rows);
    }
}

TEST(pages_that_cannot_be_true_are_refused)
{
    static const char *const bad[][3] = {
        {PAGE("<size>0</size>")},
        {PAGE("<done>perhaps</done><size>0</size>")},
        {PAGE("<done>false</done><queryLocator n:nil=\"true\"/><size>0</size>")},
        {ENVELOPE("", "<queryResponse/>")},
        /* rows and size */
        {PAGE(DONE)},
        {PAGE(DONE "<size>many</size>")},
        {PAGE(DONE "<size>1</size>")},
        {PAGE(DONE ROW_1 "<size>0</size>")},
        {PAGE(DONE ROW_1 "<size>2</size>")},
        {PAGE(DONE ROW_1 ROW_2 "<size>1</size>")},
        {PAGE(DONE ROW_1 "<records n:nil=\"true\"/><size>2</size>")},
        {PAGE(DONE ROW_1 ROW_1 "<size>2</size>")},
        {PAGE(DONE ROW_1 ROW("00Q000000000001") "<size>2</size>")},
        /* pages */
        {PAGE(MORE ROW_1 "<size>3</size>"), PAGE(DONE ROW_2 "<size>3</size>")},
        {PAGE(MORE ROW_1 "<size>2</size>"), PAGE(DONE ROW_2 "<size>3</size>")},
        {PAGE(MORE ROW_1 "<size>2</size>"), PAGE(DONE ROW_1 "<size>2</size>")},
        {PAGE(MORE "<size>2</size>"), PAGE(DONE ROW_1 ROW_2 "<size>2</size>")},
        {PAGE(MORE ROW_1 "<size>2</size>"), PAGE(MORE ROW_1 "<size>2</size>")},
        /* rows of another kind */
        {PAGE(DONE "<records><q:Email>a</q:Email></records><size>1</size>")},
        {PAGE(DONE "<records><q:type>Lead</q:type><q:Email>a</q:Email></records><size>1</size>")},
        {PAGE(DONE "<records><q:type>Account</q:type><q:Id>00Q000000000001AAA</q:Id>"
                   "<q:Email>a</q:Email><q:IsConverted>0</q:IsConverted></records><size>1</size>")},
        {PAGE(DONE "<records><q:Id>00Q000000000001AAA</q:Id><q:Email>a</q:Email>"
                   "<q:IsConverted>0</q:IsConverted></records><size>1</size>")},
        {PAGE(DONE ROW("001000000000001AAA") "<size>1</size>")},
        {PAGE(DONE ROW("00Q1") "<size>1</size>")},
        /* fields that were asked for */
        {PAGE(DONE "<records><q:type>Lead</q:type><q:Id>00Q000000000001AAA</q:Id>"
                   "<q:IsConverted>0</q:IsConverted></records><size>1</size>")},
        {PAGE(DONE "<records><q:type>Lead</q:type><q:Id>00Q000000000001AAA</q:Id>"
                   "<q:Email>a</q:Email></records><size>1</size>")},
    };

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct org_rows rows;
        struct err err = {0};

        if (read_pages(bad[i], &rows, &err) == 0)
            fail_msg("%zu was believed: %s", i, bad[i][0]);
        CHECK_INT(err.kind, ERR_INVALID);
        CHECK(strstr(err.text, "a@x.io") == NULL);
        org_rows_done(&rows);
    }
}

/* ---- save ---- */

static const struct org_record records[] = {
    {.id = "00Q000000000001AAA"}, {.id = "00Q000000000002AAA"}, {.id = "00Q000000000003AAA"}};

static struct org_save three(enum org_operation operation)
{
    return (struct org_save){
        .operation = operation, .object = "Lead", .records = records, .count = 3};
}

#define OK_RESULT "<result><id>00Q000000000009AAA</id><success>true</success></result>"
#define ERROR(code, message)                                                                       \
    "<errors><message>" message "</message><statusCode>" code "</statusCode></errors>"
#define BAD_RESULT(errors) "<result>" errors "<id n:nil=\"true\"/><success>false</success></result>"

/* Reads and believes results as a save does. */
static int read_results(const struct soap_doc *doc, const struct org_save *what,
                        struct org_result *results, struct err *err)
{
    if (save_read(soap_doc_content(doc), what, results, err) < 0)
        return -1;
    if (verify_results(what, results, err) == 0)
        return 0;
    org_results_done(results, what->count);
    return -1;
}

TEST(results_are_read_in_order_with_fields_and_codes)
{
    struct org_result results[3];
    struct org_save what = three(ORG_CREATE);
    struct err err = {0};
    struct soap_doc *doc = read_text(ENVELOPE(
        "", "<createResponse>" OK_RESULT "<result><errors><fields>City</fields>"
            "<fields></fields><message>City: data value too large</message>"
            "<statusCode>STRING_TOO_LONG</statusCode></errors><errors>"
            "<fields>Email</fields><message>invalid</message>"
            "<statusCode>INVALID_EMAIL_ADDRESS</statusCode></errors>"
            "<id n:nil=\"true\"/><success>false</success></result>" BAD_RESULT(ERROR(
                "STRING_TOO_LONG", "a") ERROR("REQUIRED_FIELD_MISSING", "b")) "</createResponse>"));

    CHECK_INT(read_results(doc, &what, results, &err), 0);
    CHECK_INT(results[0].class, ORG_SAVED);
    CHECK_STR(results[0].id, "00Q000000000009AAA");
    CHECK(results[0].code == NULL);
    CHECK_INT(results[1].class, ORG_RECORD_DROP_FIELD);
    CHECK_STR(results[1].code, "STRING_TOO_LONG");
    CHECK_INT(results[1].field_count, 2);
    CHECK_STR(results[1].fields[0], "City");
    CHECK_STR(results[1].fields[1], "Email");
    CHECK(results[1].id == NULL);
    CHECK_INT(results[2].class, ORG_RECORD_DEAD);
    CHECK_STR(results[2].code, "REQUIRED_FIELD_MISSING");
    CHECK_STR(results[2].message, "b");
    CHECK(results[2].advice[0] != '\0');
    org_results_done(results, 3);
    soap_doc_free(doc);
}

#define MATCH(type, id)                                                                            \
    "<matchResults><entityType>" type "</entityType><matchRecords><matchConfidence>100.0"          \
    "</matchConfidence><record n:type=\"q:sObject\"><q:type>" type "</q:type><q:Id>" id            \
    "</q:Id><q:Id>" id "</q:Id></record></matchRecords></matchResults>"
#define DUPLICATE(matches)                                                                         \
    "<errors n:type=\"DuplicateError\"><message>Use one of these 001000000000999AAA?</message>"    \
    "<statusCode>DUPLICATES_DETECTED</statusCode><duplicateResult><allowSave>true</"               \
    "allowSave>" matches "</duplicateResult></errors>"

TEST(duplicates_name_the_record_of_the_same_object)
{
    struct org_result results[3];
    struct org_save what = three(ORG_CREATE);
    struct err err = {0};
    struct soap_doc *doc = read_text(ENVELOPE(
        "",
        "<createResponse>" BAD_RESULT(
            DUPLICATE(MATCH("Contact", "003000000000001AAA") MATCH("Lead", "00Q000000000007AAA")))
            BAD_RESULT(DUPLICATE(MATCH("Contact", "003000000000001AAA"))) BAD_RESULT(ERROR(
                "DUPLICATE_VALUE",
                "Doppelter Wert: Identification__c, Satz: 00Q000000000008")) "</createResponse>"));

    CHECK_INT(read_results(doc, &what, results, &err), 0);
    for (size_t i = 0; i < 3; i++)
        CHECK_INT(results[i].class, ORG_RECORD_DUPLICATE);
    CHECK_STR(results[0].matched_id, "00Q000000000007AAA");
    CHECK(results[1].matched_id == NULL);
    CHECK_STR(results[2].matched_id, "00Q000000000008");
    org_results_done(results, 3);
    soap_doc_free(doc);
}

TEST(results_that_cannot_be_relied_on_are_refused_as_a_whole)
{
    static const struct {
        const char *text;
        enum err_kind kind;
    } bad[] = {
        {ENVELOPE("", "<createResponse>" OK_RESULT OK_RESULT "</createResponse>"), ERR_FULL},
        {ENVELOPE("",
                  "<createResponse>" OK_RESULT OK_RESULT OK_RESULT OK_RESULT "</createResponse>"),
         ERR_FULL},
        {ENVELOPE("", "<createResponse/>"), ERR_FULL},
        {ENVELOPE("", "<createResponse>" OK_RESULT OK_RESULT "<result/></createResponse>"),
         ERR_INVALID},
        {ENVELOPE("", "<createResponse>" OK_RESULT OK_RESULT BAD_RESULT("") "</createResponse>"),
         ERR_INVALID},
        {ENVELOPE("", "<createResponse>" OK_RESULT OK_RESULT BAD_RESULT(
                          "<errors/>") "</createResponse>"),
         ERR_INVALID},
    };

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct org_result results[3];
        struct org_save what = three(ORG_UPDATE);
        struct err err = {0};
        struct soap_doc *doc = read_text(bad[i].text);

        CHECK_INT(read_results(doc, &what, results, &err), -1);
        CHECK_INT(err.kind, bad[i].kind);
        for (size_t k = 0; k < 3; k++)
            CHECK(results[k].id == NULL && results[k].code == NULL);
        soap_doc_free(doc);
    }
}

#define RESULT(inside) "<createResponse><result>" inside "</result></createResponse>"
#define ID(text)       "<id>" text "</id>"

TEST(a_result_that_contradicts_itself_or_what_was_sent_is_refused)
{
    static const struct {
        enum org_operation operation;
        const char *text;
    } bad[] = {
        {ORG_CREATE, RESULT(ID("00Q000000000009AAA"))},
        {ORG_CREATE, RESULT(ID("00Q000000000009AAA") "<success>maybe</success>")},
        {ORG_CREATE, RESULT("<success>true</success>")},
        {ORG_CREATE, RESULT(ID("") "<success>true</success>")},
        {ORG_CREATE, RESULT(ID("00Q9") "<success>true</success>")},
        {ORG_CREATE, RESULT(ID("001000000000009AAA") "<success>true</success>")},
        {ORG_CREATE, RESULT(ERROR("X", "x") ID("00Q000000000009AAA") "<success>true</success>")},
        {ORG_CREATE, RESULT(ID("00Q000000000009AAA") "<success>false</success>")},
        {ORG_CREATE, RESULT(ERROR("X", "x") ID("00Q000000000009AAA") "<success>false</success>")},
        {ORG_CREATE, RESULT("<id n:nil=\"true\"/><success>false</success>")},
        {ORG_UPDATE, RESULT(ID("00Q000000000002AAA") "<success>true</success>")},
        {ORG_UPDATE, RESULT(ID("003000000000001AAA") "<success>true</success>")},
        {ORG_UPDATE, RESULT(ERROR("X", "x") ID("00Q000000000001AAA") "<success>true</success>")},
        {ORG_UPDATE, RESULT(ID("00Q000000000001AAA") "<success>false</success>")},
    };
    static const char *const good[] = {
        RESULT(ID("00Q000000000001AAA") "<success>true</success>"),
        RESULT(ID("00Q000000000001") "<success>1</success>"),
        RESULT("<success>true</success>"), /* of an update */
        RESULT(ERROR("X", "x") ID("00Q000000000001AAA") "<success>false</success>"),
        RESULT(ERROR("X", "x") "<id n:nil=\"true\"/><success>false</success>"),
    };
    struct org_result result;
    struct err err = {0};

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char text[2000];
        snprintf(text, sizeof text, ENVELOPE("", "%s"), bad[i].text);
        struct soap_doc *doc = read_text(text);
        struct org_record record = {.id = bad[i].operation == ORG_UPDATE ? records[0].id : NULL};
        struct org_save what = {
            .operation = bad[i].operation, .object = "Lead", .records = &record, .count = 1};
        if (read_results(doc, &what, &result, &err) == 0)
            fail_msg("%zu was believed: %s", i, bad[i].text);
        CHECK_INT(err.kind, ERR_INVALID);
        CHECK(result.id == NULL && result.code == NULL);
        soap_doc_free(doc);
    }
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        char text[2000];
        snprintf(text, sizeof text, ENVELOPE("", "%s"), good[i]);
        struct soap_doc *doc = read_text(text);
        struct org_save what = {
            .operation = ORG_UPDATE, .object = "Lead", .records = records, .count = 1};
        if (read_results(doc, &what, &result, &err) < 0)
            fail_msg("%zu: %s", i, err.text);
        org_results_done(&result, 1);
        soap_doc_free(doc);
    }
}

TEST(two_created_records_with_one_id_are_refused)
{
    struct org_result results[3];
    struct org_save what = three(ORG_CREATE);
    struct err err = {0};
    struct soap_doc *doc =
        read_text(ENVELOPE("", "<createResponse>" OK_RESULT BAD_RESULT(ERROR("X", "x")) OK_RESULT
                           "</createResponse>"));

    CHECK_INT(read_results(doc, &what, results, &err), -1);
    CHECK_INT(err.kind, ERR_INVALID);
    soap_doc_free(doc);
}

TEST(an_id_of_another_object_in_a_message_is_no_duplicate)
{
    struct org_result result;
    struct org_record record = {.id = NULL};
    struct org_save what = {
        .operation = ORG_CREATE, .object = "Lead", .records = &record, .count = 1};
    struct err err = {0};
    struct soap_doc *doc = read_text(ENVELOPE(
        "", "<createResponse>" BAD_RESULT(
                ERROR("DUPLICATE_VALUE",
                      "duplicates value on record with id: 001000000000008")) "</createResponse>"));

    CHECK_INT(read_results(doc, &what, &result, &err), 0);
    CHECK_INT(result.class, ORG_RECORD_DUPLICATE);
    CHECK(result.matched_id == NULL);
    org_results_done(&result, 1);
    soap_doc_free(doc);
}

TEST(a_created_record_without_an_id_is_no_success)
{
    static const struct org_record fresh[] = {{.id = NULL}};
    struct org_save what = {
        .operation = ORG_CREATE, .object = "Lead", .records = fresh, .count = 1};
    struct org_result result;
    struct err err = {0};
    struct soap_doc *doc = read_text(
        ENVELOPE("", "<createResponse><result><success>true</success></result></createResponse>"));

    CHECK_INT(read_results(doc, &what, &result, &err), -1);
    CHECK_INT(err.kind, ERR_INVALID);
    soap_doc_free(doc);
}

/* ---- describe ---- */

#define DESCRIBED                                                                                  \
    "<describeSObjectsResponse><result><createable>true</createable><fields>"                      \
    "<autoNumber>false</autoNumber><caseSensitive>false</caseSensitive>"                           \
    "<createable>true</createable><custom>true</custom><externalId>true</externalId>"              \
    "<filterable>true</filterable><label>Favourite</label><length>255</length>"                    \
    "<name>Favorite__c</name><nillable>true</nillable><picklistValues><active>true</active>"       \
    "<defaultValue>false</defaultValue><label>R</label><value>Red</value></picklistValues>"        \
    "<picklistValues><active>false</active><value>Old</value></picklistValues><precision>0"        \
    "</precision><restrictedPicklist>true</restrictedPicklist><type>picklist</type>"               \
    "<unique>true</unique><updateable>true</updateable></fields>"                                  \
    "<fields><name>Ann&#233;e</name><type>int</type></fields>"                                     \
    "<fields><digits>8</digits><name>NumberOfEmployees</name><type>int</type></fields>"            \
    "<fields><name>Future__c</name><type>hologram</type></fields>"                                 \
    "<name>Lead</name><queryable>true</queryable><updateable>true</updateable></result>"           \
    "</describeSObjectsResponse>"

TEST(a_describe_becomes_a_schema)
{
    static const char *const objects[] = {"lead"};
    struct describe what = {objects, 1};
    struct err err = {0};
    struct soap_doc *doc = read_text(ENVELOPE("", DESCRIBED));
    struct schema *schema = describe_read(soap_doc_content(doc), &what, &err);
    const struct schema_object *lead;
    const struct schema_field *field;

    CHECK(schema != NULL);
    CHECK(schema->described_ms > 0);
    lead = schema_object(schema, "Lead");
    CHECK(lead->createable && lead->updateable && lead->queryable);
    CHECK_INT(lead->count, 3);
    field = schema_field(lead, "favorite__c");
    CHECK_INT(field->type, FIELD_PICKLIST);
    CHECK_INT(field->length, 255);
    CHECK(field->custom && field->nillable && field->createable && field->updateable);
    CHECK(field->filterable && field->external_id && field->unique && field->restricted_picklist);
    CHECK(!field->case_sensitive && !field->defaulted_on_create && !field->id_lookup);
    CHECK_INT(field->picklist_count, 1);
    CHECK_STR(field->picklist[0], "Red");
    CHECK_STR(field->label, "Favourite");
    CHECK_INT(schema_field(lead, "NumberOfEmployees")->digits, 8);
    CHECK_INT(schema_field(lead, "Future__c")->type, FIELD_OTHER);
    schema_unref(schema);
    soap_doc_free(doc);
}

TEST(a_describe_that_lacks_an_object_is_refused)
{
    static const char *const objects[] = {"Lead", "Account"};
    struct describe what = {objects, 2};
    struct err err = {0};
    struct soap_doc *doc = read_text(ENVELOPE("", DESCRIBED));

    CHECK(describe_read(soap_doc_content(doc), &what, &err) == NULL);
    CHECK_INT(err.kind, ERR_INVALID);
    soap_doc_free(doc);
}

/* ---- memory ---- */

/* Reads everything once; false when memory ran out on the way. */
static bool read_all_kinds(void)
{
    static const char *const objects[] = {"Lead"};
    static const char text[] = ENVELOPE("", DESCRIBED);
    static const char saved[] =
        ENVELOPE("", "<createResponse>" OK_RESULT BAD_RESULT(ERROR("X", "x")) BAD_RESULT(
                         DUPLICATE(MATCH("Lead", "00Q000000000007AAA"))) "</createResponse>");
    struct describe what = {objects, 1};
    struct org_save save = three(ORG_CREATE);
    struct org_result results[3];
    struct err err = {0};
    struct soap_doc *doc = soap_read(text, sizeof text - 1, &err);
    struct schema *schema;
    bool good;

    if (doc == NULL) {
        CHECK_INT(err.kind, ERR_MEMORY);
        return false;
    }
    schema = describe_read(soap_doc_content(doc), &what, &err);
    soap_doc_free(doc);
    if (schema == NULL) {
        CHECK_INT(err.kind, ERR_MEMORY);
        return false;
    }
    schema_unref(schema);
    doc = soap_read(saved, sizeof saved - 1, &err);
    if (doc == NULL) {
        CHECK_INT(err.kind, ERR_MEMORY);
        return false;
    }
    good = read_results(doc, &save, results, &err) == 0;
    if (good)
        org_results_done(results, 3);
    else
        CHECK_INT(err.kind, ERR_MEMORY);
    soap_doc_free(doc);
    return good;
}

TEST(every_allocation_may_fail)
{
    size_t nth = 0;
    bool whole = false;

    while (!whole) {
        mem_fail_at(++nth);
        whole = read_all_kinds();
    }
    mem_fail_at(0);
}

/* ---- answers recorded elsewhere, beside the repository ---- */

static char *recorded(const char *name, size_t *ret_len)
{
    const char *shared = getenv("LEADLINE_SHARED");
    char path[1024];
    struct buf text;
    FILE *file;
    int c;

    snprintf(path, sizeof path, "%s/reference/salesforce/recorded/%s",
             shared != NULL ? shared : TEST_DATA "/../../../shared", name);
    file = fopen(path, "r");
    if (file == NULL)
        return NULL;
    buf_init(&text, 1000000);
    while ((c = getc(file)) != EOF)
        buf_char(&text, (char)c);
    fclose(file);
    return buf_take(&text, ret_len);
}

static struct soap_doc *recorded_doc(const char *name)
{
    struct err err = {0};
    size_t len = 0;
    char *text = recorded(name, &len);
    struct soap_doc *doc;

    if (text == NULL) {
        print_message("skipped: the recorded answers are not here\n");
        skip();
    }
    doc = soap_read(text, len, &err);
    CHECK(doc != NULL);
    mem_free(text);
    return doc;
}

TEST(recorded_logins_are_read)
{
    static const struct {
        const char *name, *url, *org;
    } logins[] = {
        {"TinderBox__soapforce__login_response.xml",
         "https://na7.salesforce.com/services/Soap/u/28.0/00DA0000000YpZ4", "Developer"},
        {"ejholmes__metaforce__login__success.xml",
         "https://na12-api.salesforce.com/services/Soap/u/23.0/00DU0000000Ilbh", "Foo Org"},
    };

    for (size_t i = 0; i < sizeof logins / sizeof logins[0]; i++) {
        struct org_fault fault = {0};
        struct session got = {0};
        struct soap_doc *doc = recorded_doc(logins[i].name);

        CHECK_INT(login_read(soap_doc_content(doc), &got, &fault), 0);
        CHECK_STR(got.server_url, logins[i].url);
        CHECK_STR(got.organization, logins[i].org);
        CHECK_INT(strlen(got.user_id), 18);
        session_done(&got);
        soap_doc_free(doc);
    }
}

TEST(recorded_results_are_read)
{
    static const struct org_record one[] = {{.id = NULL}};
    struct org_save what = {.object = "Opportunity", .records = one, .count = 1};
    struct org_result result;
    struct err err = {0};
    struct soap_doc *doc = recorded_doc("TinderBox__soapforce__create_response.xml");

    CHECK_INT(read_results(doc, &what, &result, &err), 0);
    CHECK_STR(result.id, "006A000000LbiizIAB");
    org_results_done(&result, 1);
    soap_doc_free(doc);
    doc = recorded_doc("TinderBox__soapforce__create_response_failure.xml");
    CHECK_INT(read_results(doc, &what, &result, &err), 0);
    CHECK_INT(result.class, ORG_RECORD_DEAD);
    CHECK_STR(result.code, "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY");
    org_results_done(&result, 1);
    soap_doc_free(doc);
}

TEST(a_recorded_query_is_read)
{
    static const struct org_lookup fields[] = {{"Name", FIELD_STRING}, {"StageName", FIELD_STRING}};
    struct org_find what = {.object = "Opportunity", .by = fields, .by_count = 2};
    struct find find;
    const char *locator = "";
    struct err err = {0};
    struct soap_doc *doc = recorded_doc("TinderBox__soapforce__query_response.xml");

    find_begin(&find, &what);
    CHECK_INT(find_read_page(soap_doc_content(doc), &find, &locator, &err), 0);
    CHECK_INT(find_end(&find, &err), 0);
    CHECK_INT(verify_rows(&what, &find.rows, &err), 0);
    CHECK(locator == NULL);
    CHECK_INT(find.rows.count, 2);
    CHECK_STR(find.rows.rows[1].id, "006A000000LaF4xIAF");
    CHECK_STR(find.rows.rows[1].values[1], "Value Proposition");
    org_rows_done(&find.rows);
    soap_doc_free(doc);
}

TEST_MAIN(TEST_CASE(elements_are_found_by_namespace_and_never_by_prefix),
          TEST_CASE(a_document_type_or_an_entity_of_its_own_is_refused),
          TEST_CASE(what_is_no_whole_envelope_is_refused), TEST_CASE(depth_is_bounded),
          TEST_CASE(numbers_and_booleans_are_held_in_bounds),
          TEST_CASE(an_id_has_15_or_18_letters_and_digits),
          TEST_CASE(the_limit_of_type_api_requests_is_read_among_others),
          TEST_CASE(a_login_without_optional_parts_is_read),
          TEST_CASE(a_login_that_is_of_no_use_is_a_fault),
          TEST_CASE(a_page_gives_its_rows_with_nulls_and_doubled_ids),
          TEST_CASE(pages_that_hold_as_many_rows_as_they_say_are_believed),
          TEST_CASE(pages_that_cannot_be_true_are_refused),
          TEST_CASE(results_are_read_in_order_with_fields_and_codes),
          TEST_CASE(duplicates_name_the_record_of_the_same_object),
          TEST_CASE(results_that_cannot_be_relied_on_are_refused_as_a_whole),
          TEST_CASE(a_result_that_contradicts_itself_or_what_was_sent_is_refused),
          TEST_CASE(two_created_records_with_one_id_are_refused),
          TEST_CASE(an_id_of_another_object_in_a_message_is_no_duplicate),
          TEST_CASE(a_created_record_without_an_id_is_no_success),
          TEST_CASE(a_describe_becomes_a_schema),
          TEST_CASE(a_describe_that_lacks_an_object_is_refused),
          TEST_CASE(every_allocation_may_fail), TEST_CASE(recorded_logins_are_read),
          TEST_CASE(recorded_results_are_read), TEST_CASE(a_recorded_query_is_read))
