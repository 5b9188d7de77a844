#include "check.h"

#include <unistd.h>

#include "base/buf.h"
#include "salesforce/names.h"
#include "salesforce/soap/describe.h"
#include "salesforce/soap/find.h"
#include "salesforce/soap/login.h"
#include "salesforce/soap/read.h"
#include "salesforce/soap/save.h"
#include "salesforce/soap/write.h"

static struct org test_org = {.config = {.username = "a&b@example.com",
                                         .password = "p<w>\"'",
                                         .security_token = "T&K",
                                         .client_name = "Leadline/test"}};
static const struct org_connection test_connection = {.org = &test_org,
                                                      .session = {.id = (char *)"00D!a&b"}};

static void check_escaped(const char *text, const char *expected)
{
    struct buf out;

    buf_init(&out, 1000);
    soap_text(&out, text);
    CHECK_STR(buf_peek(&out), expected);
    buf_done(&out);
}

TEST(text_is_escaped_and_what_xml_forbids_is_dropped)
{
    check_escaped("Ann & <Bob> \"x\" 'y' ]]>",
                  "Ann &amp; &lt;Bob&gt; &quot;x&quot; &apos;y&apos; ]]&gt;");
    check_escaped("line\r\nnext\ttab", "line&#13;\nnext\ttab");
    check_escaped("a\x01\x0b\x1f"
                  "b\x7f",
                  "ab\x7f");
    check_escaped("x\xEF\xBF\xBEy\xEF\xBF\xBFz", "xyz"); /* U+FFFE, U+FFFF */
    check_escaped("\xC3\xA9\xF0\x9F\x98\x80", "\xC3\xA9\xF0\x9F\x98\x80");
    check_escaped("broken \xC3 and \xED\xA0\x80 end\xF0\x9F", "broken  and  end");
    check_escaped("", "");
}

TEST(what_is_written_is_read_back_the_same)
{
    static const char text[] = "<&>\"'\r\n\t \xC3\xA9 ]]> &amp;";
    struct err err = {0};
    struct buf out;
    struct soap_doc *doc;

    buf_init(&out, 10000);
    soap_open(&out, "s", "c");
    soap_body(&out);
    buf_text(&out, "<p:r>");
    soap_partner(&out, "t", text);
    buf_text(&out, "</p:r>");
    soap_close(&out);
    doc = soap_read(buf_peek(&out), out.len, &err);
    CHECK(doc != NULL);
    CHECK_STR(soap_child_text(soap_doc_content(doc), "t"), text);
    soap_doc_free(doc);
    buf_done(&out);
}

TEST(only_api_names_pass_as_names)
{
    CHECK(names_valid("LastName") && names_valid("Favorite_Color__c") && names_valid("a"));
    CHECK(!names_valid("") && !names_valid("1a") && !names_valid("_a"));
    CHECK(!names_valid("a b") && !names_valid("a>") && !names_valid("Owner.Name"));
    CHECK(!names_valid("\xC3\xA9"));
    CHECK(!names_valid("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                       "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
}

/* ---- one request of each kind ---- */

static const struct org_field new_fields[] = {
    {"LastName", "Doe"}, {"Company", "Acme & Sons"}, {"Description", "a\r\nb"}};
static const struct org_field changed_fields[] = {
    {"City", "Zurich"}, {"Phone", NULL}, {"NumberOfEmployees", "40"}, {"Title", NULL}};
static const struct org_record new_records[] = {{.fields = new_fields, .field_count = 3},
                                                {.fields = new_fields, .field_count = 2}};
static const struct org_record changed_records[] = {
    {.id = "00Q000000000001AAA", .fields = changed_fields, .field_count = 4},
    {.id = "00Q000000000002", .fields = changed_fields, .field_count = 1}};
static const struct org_save creating = {.operation = ORG_CREATE,
                                         .object = "Lead",
                                         .records = new_records,
                                         .count = 2,
                                         .use_assignment_rule = true,
                                         .save_past_duplicate_alerts = true};
static const struct org_save updating = {
    .operation = ORG_UPDATE, .object = "Lead", .records = changed_records, .count = 2};
static const char *const object_names[] = {"Lead", "Account"};
static const struct describe describing = {object_names, 2};

static const struct {
    const char *name;
    void (*write)(struct buf *out, const struct org_connection *connection, const void *what);
    const void *what;
} kinds[] = {
    {"login", login_write, NULL},
    {"describeSObjects", describe_write, &describing},
    {"query", find_write_query, "SELECT Id FROM Lead WHERE Email IN ('a&b','<')"},
    {"queryMore", find_write_more, "0r8000000000001AAA-2000"},
    {"create", save_write, &creating},
    {"update", save_write, &updating},
};

#define KINDS (sizeof kinds / sizeof kinds[0])

TEST(a_login_carries_password_and_token_and_no_session)
{
    struct buf out;

    buf_init(&out, 10000);
    login_write(&out, &test_connection, NULL);
    CHECK(strstr(buf_peek(&out),
                 "<p:login><p:username>a&amp;b@example.com</p:username>"
                 "<p:password>p&lt;w&gt;&quot;&apos;T&amp;K</p:password></p:login>"));
    CHECK(strstr(buf_peek(&out), "SessionHeader") == NULL);
    CHECK(strstr(buf_peek(&out), "<p:client>Leadline/test</p:client>"
                                 "<p:defaultNamespace xsi:nil=\"true\"/>"));
    buf_done(&out);
}

TEST(an_update_names_cleared_fields_then_the_id_then_the_rest)
{
    struct buf out;

    buf_init(&out, 10000);
    save_write(&out, &test_connection, &updating);
    CHECK(strstr(buf_peek(&out),
                 "<p:sObjects><s:type>Lead</s:type><s:fieldsToNull>Phone</s:fieldsToNull>"
                 "<s:fieldsToNull>Title</s:fieldsToNull><s:Id>00Q000000000001AAA</s:Id>"
                 "<s:City>Zurich</s:City><s:NumberOfEmployees>40</s:NumberOfEmployees>"
                 "</p:sObjects>"));
    CHECK(strstr(buf_peek(&out), "<p:sessionId>00D!a&amp;b</p:sessionId>"));
    CHECK(strstr(buf_peek(&out), "<p:useDefaultRule>false</p:useDefaultRule>"));
    CHECK(strstr(buf_peek(&out), "<p:allowSave>false</p:allowSave>"));
    CHECK(strstr(buf_peek(&out), "<p:allOrNone>false</p:allOrNone>"));
    buf_done(&out);
}

TEST(a_create_asks_for_rules_as_it_is_told)
{
    struct buf out;

    buf_init(&out, 10000);
    save_write(&out, &test_connection, &creating);
    CHECK(strstr(buf_peek(&out), "<p:useDefaultRule>true</p:useDefaultRule>"));
    CHECK(strstr(buf_peek(&out), "<p:allowSave>true</p:allowSave>"
                                 "<p:includeRecordDetails>false</p:includeRecordDetails>"
                                 "<p:runAsCurrentUser>true</p:runAsCurrentUser>"));
    CHECK(strstr(buf_peek(&out), "<s:Description>a&#13;\nb</s:Description>"));
    buf_done(&out);
}

static void write_file(const char *dir, const char *name, const struct buf *text)
{
    char path[256];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s.xml", dir, name);
    file = fopen(path, "w");
    CHECK(file != NULL);
    CHECK_INT(fwrite(text->data, 1, text->len, file), text->len);
    CHECK_INT(fclose(file), 0);
}

TEST(every_request_is_valid_by_the_partner_wsdl)
{
    const char *shared = getenv("LEADLINE_SHARED");
    char dir[] = "/tmp/leadline-soap-XXXXXX", tool[1024], command[2048];
    struct buf out;
    int status;

    if (SANITIZED) {
        print_message("skipped: the release build checks messages against the WSDL\n");
        skip();
    }
    snprintf(tool, sizeof tool, "%s/reference/salesforce/validate-soap",
             shared != NULL ? shared : TEST_DATA "/../../../shared");
    if (access(tool, X_OK) != 0 || system("command -v xmllint >/dev/null") != 0) {
        print_message("skipped: the WSDL's validator is not here\n");
        skip();
    }
    CHECK(mkdtemp(dir) != NULL);
    for (size_t i = 0; i < KINDS; i++) {
        buf_init(&out, 100000);
        kinds[i].write(&out, &test_connection, kinds[i].what);
        write_file(dir, kinds[i].name, &out);
        buf_done(&out);
    }
    snprintf(command, sizeof command,
             "'%s' --strict -q %s/login.xml %s/d*.xml %s/q*.xml "
             "%s/create.xml && '%s' -q %s/*.xml",
             tool, dir, dir, dir, dir, tool, dir);
    status = system(command);
    snprintf(command, sizeof command, "rm -r %s", dir);
    CHECK_INT(system(command), 0);
    CHECK_INT(status, 0);
}

TEST(a_request_past_its_bound_fails_and_never_is_cut)
{
    struct buf out;
    struct err err = {0};

    for (size_t i = 0; i < KINDS; i++) {
        buf_init(&out, 300);
        kinds[i].write(&out, &test_connection, kinds[i].what);
        CHECK_INT(buf_check(&out, "request", &err), -1);
        CHECK_INT(out.len, 0);
        buf_done(&out);
    }
}

TEST_MAIN(TEST_CASE(text_is_escaped_and_what_xml_forbids_is_dropped),
          TEST_CASE(what_is_written_is_read_back_the_same), TEST_CASE(only_api_names_pass_as_names),
          TEST_CASE(a_login_carries_password_and_token_and_no_session),
          TEST_CASE(an_update_names_cleared_fields_then_the_id_then_the_rest),
          TEST_CASE(a_create_asks_for_rules_as_it_is_told),
          TEST_CASE(every_request_is_valid_by_the_partner_wsdl),
          TEST_CASE(a_request_past_its_bound_fails_and_never_is_cut))
