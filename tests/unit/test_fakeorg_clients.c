/* Requests in the form that real clients send them: fakeorg accepts them as the real
   service does, and can be set to accept only what the WSDL allows. */
#include "fakeorg_operations.h"

#include "fakeorg/soap/arrange.h"
#include "fakeorg/soap/xml_write.h"

#define ENV "http://schemas.xmlsoap.org/soap/envelope/"
#define XSI "http://www.w3.org/2001/XMLSchema-instance"

/* Envelopes of a client; %s is the session, if any. */

#define JSFORCE(message)                                                                           \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soapenv:Envelope xmlns:soapenv=\"" ENV             \
    "\" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" xmlns:xsi=\"" XSI "\">"                     \
    "<soapenv:Header xmlns=\"" NS_PARTNER "\"><SessionHeader><sessionId>%s</sessionId>"            \
    "</SessionHeader></soapenv:Header><soapenv:Body xmlns=\"" NS_PARTNER "\">" message             \
    "</soapenv:Body></soapenv:Envelope>"
#define JSFORCE_CALL(space, name, inside)                                                          \
    JSFORCE("<" name " xmlns=\"" NS_PARTNER "\" xmlns:ns1=\"" space "\">" inside "</" name ">")
#define JSFORCE_LEAD                                                                               \
    "<ns1:sObjects><type>Lead</type><fieldsToNull>City</fieldsToNull><LastName>D</LastName>"       \
    "<Company>A</Company></ns1:sObjects>"

#define BEATBOX_CALL(name, headers, inside)                                                        \
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<s:Envelope xmlns:s=\"" ENV                       \
    "\" xmlns:p=\"" NS_PARTNER "\" xmlns:o=\"" NS_SOBJECT "\" xmlns:x=\"" XSI "\"><s:Header>\n"    \
    "<p:CallOptions><p:client>BeatBox/0.96</p:client></p:CallOptions>\n<p:SessionHeader>"          \
    "<p:sessionId>%s</p:sessionId></p:SessionHeader>" headers "</s:Header><s:Body>\n<p:" name      \
    ">" inside "</p:" name "></s:Body></s:Envelope>"
#define BEATBOX_LEAD                                                                               \
    "<p:sObjects><o:type>Lead</o:type><o:Company>A</o:Company><o:Title x:nil=\"true\"></o:Title>"  \
    "<o:LastName>D</o:LastName></p:sObjects>"

#define SAVON_CALL(name, headers, inside)                                                          \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><env:Envelope xmlns:xsd=\"http://www.w3.org/2001/"  \
    "XMLSchema\" xmlns:xsi=\"" XSI "\" xmlns:tns=\"" NS_PARTNER "\" xmlns:env=\"" ENV              \
    "\" xmlns:ins0=\"" NS_SOBJECT "\"><env:Header><tns:SessionHeader><tns:sessionId>%s"            \
    "</tns:sessionId></tns:SessionHeader>" headers "</env:Header><env:Body><tns:" name ">" inside  \
    "</tns:" name "></env:Body></env:Envelope>"

#define WSC_CALL(name, inside)                                                                     \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><env:Envelope xmlns:env=\"" ENV                     \
    "\" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" xmlns:xsi=\"" XSI "\"><env:Header>"         \
    "<SessionHeader xmlns=\"" NS_PARTNER "\"><sessionId>%s</sessionId></SessionHeader>"            \
    "</env:Header><env:Body><m:" name " xmlns:m=\"" NS_PARTNER "\" xmlns:sobj=\"" NS_SOBJECT       \
    "\">" inside "</m:" name "></env:Body></env:Envelope>"

#define PHP_CALL(name, headers, inside)                                                            \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<SOAP-ENV:Envelope xmlns:SOAP-ENV=\"" ENV         \
    "\" xmlns:ns1=\"" NS_SOBJECT "\" xmlns:xsi=\"" XSI "\" xmlns:ns2=\"" NS_PARTNER "\">"          \
    "<SOAP-ENV:Header><ns2:SessionHeader><ns2:sessionId>%s</ns2:sessionId></"                      \
    "ns2:SessionHeader>" headers "</SOAP-ENV:Header><SOAP-ENV:Body><ns2:" name ">" inside          \
    "</ns2:" name "></SOAP-ENV:Body></SOAP-ENV:Envelope>\n"

static const struct exchange {
    const char *envelope, *sign;
    bool strict; /* also accepted when requests are strict */
} exchanges[] = {
    {JSFORCE_CALL("sobject.partner.soap.sforce.com", "create", JSFORCE_LEAD),
     "<success>true</success>", false},
    {JSFORCE_CALL("urn:sobject.partner.soap.sforce.com", "create", JSFORCE_LEAD),
     "<success>true</success>", false},
    {JSFORCE_CALL("sobject.partner.soap.sforce.com", "update",
                  "<ns1:sObjects><type>Lead</type><City>Bern</City><Id>00Q000000000001</Id>"
                  "</ns1:sObjects>"),
     "<success>true</success>", false},
    {JSFORCE_CALL("sobject.partner.soap.sforce.com", "upsert",
                  "<ns1:externalIDFieldName>Ext__c</ns1:externalIDFieldName><ns1:sObjects>"
                  "<type>Lead</type><Ext__c>j</Ext__c><LastName>D</LastName><Company>A</Company>"
                  "</ns1:sObjects>"),
     "<created>true</created>", false},
    {JSFORCE_CALL("sobject.partner.soap.sforce.com", "delete",
                  "<ns1:ids>00Q000000000001</ns1:ids>"),
     "<success>true</success>", false},
    {JSFORCE("<convertLead><leadConverts><leadId>00Q000000000002</leadId><convertedStatus>" CLOSED
             "</convertedStatus></leadConverts></convertLead>"),
     "<success>true</success>", false},
    {JSFORCE_CALL("sobject.partner.soap.sforce.com", "create",
                  "<ns1:sObjects><type>Lead</type><LastName>D</LastName><Company>A</Company>"
                  "<Owner><type>User</type><Email>integration@example.com</Email></Owner>"
                  "</ns1:sObjects>"),
     "<success>true</success>", false},
    {JSFORCE("<getUserInfo></getUserInfo>"), "<userName>", true},

    {BEATBOX_CALL("create", "", BEATBOX_LEAD), "<success>true</success>", false},
    {BEATBOX_CALL("create",
                  "<p:DuplicateRuleHeader><p:allowSave>true</p:allowSave></p:DuplicateRuleHeader>"
                  "<p:AssignmentRuleHeader><p:useDefaultRule>true</p:useDefaultRule>"
                  "</p:AssignmentRuleHeader>",
                  "<p:sObjects><o:type>Lead</o:type><o:LastName>D</o:LastName>"
                  "<o:Company>A</o:Company><p:Owner><o:type>User</o:type>"
                  "<o:Email>integration@example.com</o:Email></p:Owner></p:sObjects>"),
     "<success>true</success>", false},
    {BEATBOX_CALL("query", "<p:QueryOptions><p:batchSize>500</p:batchSize></p:QueryOptions>",
                  "<p:queryString>SELECT Id FROM Lead</p:queryString>"),
     "<done>true</done>", false},
    {BEATBOX_CALL("retrieve", "",
                  "<p:fieldList>Id</p:fieldList><p:sObjectType>Lead</p:sObjectType>"
                  "<p:ids>00Q000000000001</p:ids>"),
     "<retrieveResponse>", false},
    {BEATBOX_CALL("convertLead", "",
                  "<p:leadConverts><o:sendNotificationEmail>false</o:sendNotificationEmail>"
                  "<o:leadId>00Q000000000003</o:leadId><o:doNotCreateOpportunity>true"
                  "</o:doNotCreateOpportunity><o:convertedStatus>" CLOSED "</o:convertedStatus>"
                  "<o:accountId x:nil=\"true\"></o:accountId></p:leadConverts>"),
     "<success>true</success>", false},
    {BEATBOX_CALL("delete", "", "<p:id>00Q000000000004</p:id>"), "<success>true</success>", false},

    {SAVON_CALL("create", "<tns:CallOptions><tns:client>Partner/1</tns:client></tns:CallOptions>",
                "<tns:sObjects><ins0:type>Lead</ins0:type><ins0:LastName>D</ins0:LastName>"
                "<ins0:Company>A</ins0:Company></tns:sObjects>"),
     "<success>true</success>", false},
    {SAVON_CALL("queryAll", "", "<tns:queryString>SELECT Id FROM Lead</tns:queryString>"),
     "<done>true</done>", true},
    {WSC_CALL("create", "<m:sObjects><sobj:type xsi:type=\"xsd:string\">Lead</sobj:type>"
                        "<sobj:fieldsToNull xsi:nil=\"true\"/><sobj:Id xsi:nil=\"true\"/>"
                        "<sobj:LastName xsi:type=\"xsd:string\">D</sobj:LastName>"
                        "<sobj:Company xsi:type=\"xsd:string\">A</sobj:Company></m:sObjects>"),
     "<success>true</success>", true},
    {WSC_CALL("create", "<m:sObjects><sobj:type>Lead</sobj:type>"
                        "<sobj:LastName xsi:type=\"xsd:anyType\">D</sobj:LastName>"
                        "<sobj:Company>A</sobj:Company></m:sObjects>"),
     "<success>true</success>", true},
    {WSC_CALL("update", "<m:sObjects><sobj:type>Lead</sobj:type><sobj:Id>00Q000000000005</sobj:Id>"
                        "<sobj:fieldsToNull>City</sobj:fieldsToNull></m:sObjects>"),
     "<success>true</success>", false},
    {WSC_CALL("convertLead", "<m:leadConverts><m:convertedStatus>" CLOSED "</m:convertedStatus>"
                             "<m:leadId>00Q000000000005</m:leadId></m:leadConverts>"),
     "<success>true</success>", false},
    {WSC_CALL("convertLead",
              "<m:leadConverts><m:leadId>00Q000000000006</m:leadId><m:convertedStatus>" CLOSED
              "</m:convertedStatus><m:doNotCreateOpportunity>true</m:doNotCreateOpportunity>"
              "<m:overwriteLeadSource>false</m:overwriteLeadSource><m:sendNotificationEmail>false"
              "</m:sendNotificationEmail></m:leadConverts>"),
     "<success>true</success>", false},
    {PHP_CALL("create",
              "<ns2:CallOptions><ns2:client>PHP</ns2:client><ns2:defaultNamespace xsi:nil=\"true\""
              "/></ns2:CallOptions>",
              "<ns2:sObjects><ns1:type>Lead</ns1:type><LastName>D</LastName>"
              "<Company>A</Company></ns2:sObjects>"),
     "<success>true</success>", true},
};

#define EXCHANGES (sizeof exchanges / sizeof exchanges[0])

static const char *send_as(struct org_under_test *org, const char *envelope)
{
    const char *place = strstr(envelope, "%s");
    char *text = mem_format("%.*s%s%s", (int)(place - envelope), envelope, org->session, place + 2);

    CHECK(text != NULL);
    const char *answer = org_send(org, "64.0", text);
    mem_free(text);
    return answer;
}

static void begin_with_leads(struct org_under_test *org)
{
    begin(org);
    org_create(org, LEAD(DOE) LEAD(DOE) LEAD(DOE) LEAD(DOE) LEAD(DOE) LEAD(DOE));
}

TEST(what_clients_in_use_send_is_taken)
{
    struct org_under_test org;

    begin_with_leads(&org);
    for (size_t i = 0; i < EXCHANGES; i++) {
        const char *answer = send_as(&org, exchanges[i].envelope);
        if (!holds(answer, exchanges[i].sign))
            fprintf(stderr, "exchange %zu: %s\n", i, answer);
        CHECK(holds(answer, exchanges[i].sign));
        CHECK_INT(org.status, 200);
    }
    org_end(&org);
}

TEST(a_strict_org_takes_requests_only_as_the_wsdl_has_them)
{
    struct org_under_test org;

    begin_with_leads(&org);
    turn(&org, "requests=strict");
    turn(&org, "field-order=strict");
    for (size_t i = 0; i < EXCHANGES; i++) {
        send_as(&org, exchanges[i].envelope);
        CHECK_INT(org.status, exchanges[i].strict ? 200 : 500);
    }
    org_end(&org);
}

TEST(a_header_counts_with_the_children_that_it_has)
{
    struct org_under_test org;

    begin(&org);
    org.headers = "<p:AllOrNoneHeader><allOrNone>true</allOrNone></p:AllOrNoneHeader>";
    CHECK(holds(org_create(&org, LEAD(DOE) LEAD("")), "ALL_OR_NONE_OPERATION_ROLLED_BACK"));
    org.headers = "<p:AssignmentRuleHeader><p:assignmentRuleId>x</p:assignmentRuleId>"
                  "</p:AssignmentRuleHeader>";
    CHECK(holds(org_create(&org, LEAD(DOE)), "MALFORMED_ID"));
    org.headers = "<p:CallOptions><p:client>a</p:client><p:client>b</p:client></p:CallOptions>";
    CHECK(holds(org_create(&org, LEAD(DOE)), "invalid at this location"));
    org_end(&org);
}

TEST(what_means_nothing_is_refused_in_any_order)
{
    static const struct {
        const char *operation, *inside, *sign;
    } cases[] = {
        {"query", "<p:x/><p:queryString>SELECT Id FROM Lead</p:queryString>", "}x invalid at this"},
        {"query", "", "query: missing required element queryString"},
        {"create", "<p:sObjects><LastName>D</LastName></p:sObjects>", "concrete entity type"},
        {"convertLead", "<p:leadConverts><p:leadId>00Q000000000001</p:leadId></p:leadConverts>",
         "missing required element convertedStatus"},
        {"convertLead",
         "<p:leadConverts><p:leadId>00Q000000000001</p:leadId><p:leadId>00Q000000000001</p:leadId>"
         "<p:convertedStatus>" CLOSED "</p:convertedStatus></p:leadConverts>",
         "invalid at this location"},
        {"update",
         "<p:sObjects><s:type>Lead</s:type><s:Id>00Q000000000001</s:Id><s:City>Bern</s:City>"
         "<s:Id>00Q000000000002</s:Id></p:sObjects>",
         "}Id invalid at this location"},
    };
    struct org_under_test org;

    begin_with_leads(&org);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CHECK(holds(ask(&org, cases[i].operation, cases[i].inside), cases[i].sign));
        CHECK_INT(org.status, 500);
    }
    CHECK_INT(leads(&org), 6);
    org_end(&org);
}

TEST(one_call_can_meet_a_strict_org)
{
    struct org_under_test org;

    begin_with_leads(&org);
    CHECK_INT(post(&org, control_faults, "[\"query:requests=strict,times=1\"]"), 200);
    CHECK(holds(ask(&org, "query", "<queryString>SELECT Id FROM Lead</queryString>"),
                "missing required element"));
    CHECK(holds(ask(&org, "query", "<queryString>SELECT Id FROM Lead</queryString>"), "<done>"));
    org_end(&org);
}

TEST(a_header_that_finds_no_memory_stays_as_it_came)
{
    static const char *const names[] = {"!client", "!defaultNamespace", NULL};
    struct xml_node client = {.space = NS_PARTNER, .name = "client", .text = "x"};
    struct xml_node header = {.name = "CallOptions", .first = &client, .last = &client};
    struct arena arena;

    arena_init(&arena, 0);
    CHECK_INT(arrange_missing(&header, names, 2, &arena), -1);
    CHECK(header.first == &client && client.next == NULL);
    arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_CASE(what_clients_in_use_send_is_taken),
        TEST_CASE(a_strict_org_takes_requests_only_as_the_wsdl_has_them),
        TEST_CASE(a_header_counts_with_the_children_that_it_has),
        TEST_CASE(what_means_nothing_is_refused_in_any_order),
        TEST_CASE(one_call_can_meet_a_strict_org),
        TEST_CASE(a_header_that_finds_no_memory_stays_as_it_came),
        TEST_CASE(every_answer_fits_the_wsdl),
    };

    return cmocka_run_group_tests(tests, answers_begin, answers_drop);
}
