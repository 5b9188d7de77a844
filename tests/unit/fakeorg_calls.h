/*
 * fakeorg_calls: SOAP calls for the tests of fakeorg, straight into soap_answer.
 * The last answer stays in org_under_test.answer until the next call.
 */
#ifndef TESTS_FAKEORG_CALLS_H
#define TESTS_FAKEORG_CALLS_H

#include "check.h"

#include <inttypes.h>

#include "base/buf.h"
#include "base/mem.h"
#include "fakeorg/org/setup.h"
#include "fakeorg/soap/soap.h"

struct org_under_test {
    struct service *service;
    struct buf answer;
    char session[SESSION_ID_MAX];
    const char *headers; /* more SOAP headers for the next calls; NULL for none */
    unsigned status;
};

/* Where every answer goes as a file for the schema check; NULL: nowhere. */
extern const char *keep_answers_in;

/* One file each, named by what is in it (FNV-1a): most tests get many that are the same. */
static inline void org_keep(const struct org_under_test *org)
{
    uint64_t name = UINT64_C(14695981039346656037);
    char *path;

    if (keep_answers_in == NULL || org->answer.len == 0) /* a cut connection answers nothing */
        return;
    for (size_t i = 0; i < org->answer.len; i++)
        name = (name ^ (unsigned char)buf_peek(&org->answer)[i]) * UINT64_C(1099511628211);
    path = mem_format("%s/%016" PRIx64 ".xml", keep_answers_in, name);
    CHECK(path != NULL);
    FILE *file = fopen(path, "we");
    CHECK(file != NULL);
    CHECK(fwrite(buf_peek(&org->answer), 1, org->answer.len, file) == org->answer.len);
    CHECK(fclose(file) == 0);
    mem_free(path);
}

static inline const char *org_send(struct org_under_test *org, const char *version,
                                   const char *envelope)
{
    char *path = mem_format("/services/Soap/u/%s", version);

    CHECK(path != NULL);
    struct soap_request request = {.path = path,
                                   .host = "org.test:1234",
                                   .content_type = "text/xml; charset=UTF-8",
                                   .has_action = true,
                                   .body = envelope,
                                   .len = strlen(envelope)};
    buf_clear(&org->answer);
    org->status = soap_answer(org->service, &request, &org->answer);
    CHECK(!buf_failed(&org->answer));
    org_keep(org);
    mem_free(path);
    return buf_peek(&org->answer);
}

/* body in an envelope with the session; p: and s: are bound.  To be freed. */
static inline char *org_envelope(const struct org_under_test *org, const char *body)
{
    char *envelope = mem_format(
        "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\""
        " xmlns:p=\"urn:partner.soap.sforce.com\" xmlns:s=\"urn:sobject.partner.soap.sforce.com\""
        " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><e:Header>%s%s%s%s</e:Header>"
        "<e:Body>%s</e:Body></e:Envelope>",
        org->session[0] == '\0' ? "" : "<p:SessionHeader><p:sessionId>", org->session,
        org->session[0] == '\0' ? "" : "</p:sessionId></p:SessionHeader>",
        org->headers == NULL ? "" : org->headers, body);

    CHECK(envelope != NULL);
    return envelope;
}

static inline const char *org_call(struct org_under_test *org, const char *version,
                                   const char *body)
{
    char *envelope = org_envelope(org, body);
    const char *answer = org_send(org, version, envelope);
    mem_free(envelope);
    return answer;
}

/* What stands between <name> and </name> after from; "" when it is not there. */
static inline const char *text_in(const char *from, const char *name)
{
    static char found[4][4096];
    static unsigned next;
    char *text = found[next++ % 4];
    char open[128], close[128];

    snprintf(open, sizeof open, "<%s>", name);
    snprintf(close, sizeof close, "</%s>", name);
    const char *start = strstr(from, open), *end = start == NULL ? NULL : strstr(start, close);
    text[0] = '\0';
    if (end != NULL)
        snprintf(text, sizeof found[0], "%.*s", (int)(end - start - (long)strlen(open)),
                 start + strlen(open));
    return text;
}

static inline bool holds(const char *text, const char *piece)
{
    return strstr(text, piece) != NULL;
}

static inline void org_sign_in(struct org_under_test *org)
{
    org->session[0] = '\0';
    const char *answer = org_call(org, "64.0",
                                  "<p:login><p:username>integration@example.com</p:username>"
                                  "<p:password>secrettoken</p:password></p:login>");
    CHECK_INT(org->status, 200);
    snprintf(org->session, sizeof org->session, "%s", text_in(answer, "sessionId"));
}

/* An org with some custom fields, signed in. */
static inline void org_begin(struct org_under_test *org)
{
    static const char *const fields[] = {"Lead.Score__c=double:6,2",
                                         "Lead.Tier__c=picklist!:gold|silver",
                                         "Lead.Tags__c=multipicklist:a|b",
                                         "Lead.Key__c=string:50",
                                         "Lead.Born__c=date",
                                         "Lead.Seen__c=datetime",
                                         "Lead.Active__c=boolean",
                                         "Account.Notes__c=textarea:1000"};
    struct fakeorg_options options = fakeorg_defaults();
    struct err err = {0};

    options.fields = fields;
    options.field_count = sizeof fields / sizeof fields[0];
    *org = (struct org_under_test){.service = service_new(&options, &err)};
    CHECK(org->service != NULL);
    buf_init(&org->answer, SOAP_MAX_ANSWER);
    org_sign_in(org);
}

static inline void org_end(struct org_under_test *org)
{
    buf_done(&org->answer);
    service_free(org->service);
}

static inline const char *org_create(struct org_under_test *org, const char *records)
{
    char *body = mem_format("<p:create>%s</p:create>", records);

    CHECK(body != NULL);
    const char *answer = org_call(org, "64.0", body);
    mem_free(body);
    return answer;
}

static inline const char *org_update(struct org_under_test *org, const char *records)
{
    char *body = mem_format("<p:update>%s</p:update>", records);

    CHECK(body != NULL);
    const char *answer = org_call(org, "64.0", body);
    mem_free(body);
    return answer;
}

/* statement must be escaped for XML. */
static inline const char *org_query(struct org_under_test *org, const char *statement)
{
    char *body = mem_format("<p:query><p:queryString>%s</p:queryString></p:query>", statement);

    CHECK(body != NULL);
    const char *answer = org_call(org, "64.0", body);
    mem_free(body);
    return answer;
}

#define LEAD(fields) "<p:sObjects><s:type>Lead</s:type>" fields "</p:sObjects>"
#define DOE          "<s:LastName>Doe</s:LastName><s:Company>Acme</s:Company>"

#endif
