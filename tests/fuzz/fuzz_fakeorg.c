/*
 * Whatever bytes come as the body of a SOAP request, fakeorg answers with an
 * envelope.  The session id is fixed, so that seeds reach every operation.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "fakeorg/org/setup.h"
#include "fakeorg/soap/soap.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct service *service;

static void begin(void)
{
    static const char *const fields[] = {"Lead.Score__c=double:6,2", "Lead.Tier__c=picklist!:a|b",
                                         "Lead.Seen__c=datetime", "Lead.Ref__c=reference",
                                         "Lead.Ext__c=string:50,external,unique"};
    struct fakeorg_options options = fakeorg_defaults();
    struct err err = {0};

    options.fields = fields;
    options.field_count = sizeof fields / sizeof fields[0];
    service = service_new(&options, &err);
    if (service == NULL)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct soap_request request = {.path = "/services/Soap/u/64.0",
                                   .host = "localhost",
                                   .content_type = "text/xml",
                                   .has_action = true,
                                   .body = (const char *)data,
                                   .len = size};
    struct buf out;

    if (service == NULL)
        begin();
    strcpy(service->access.session.id, "fuzz"); /* a logout may have ended it */
    service->access.session.ends_ms = INT64_MAX;
    quota_reset(&service->access.quota);
    if (orgdata_object(service->org, "Lead")->record_count > 1000) {
        cursors_clear(&service->cursors);
        orgdata_reset(service->org);
    }
    buf_init(&out, SOAP_MAX_ANSWER);
    soap_answer(service, &request, &out);
    if (buf_failed(&out) || strstr(buf_peek(&out), "</soapenv:Envelope>") == NULL)
        abort();
    buf_done(&out);
    return 0;
}
