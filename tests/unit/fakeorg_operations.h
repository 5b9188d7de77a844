/*
 * fakeorg_operations: shared by the tests of fakeorg's operations: an org whose Lead has
 * a key of each kind, short ways to call it, and pieces of requests.
 */
#ifndef TESTS_FAKEORG_OPERATIONS_H
#define TESTS_FAKEORG_OPERATIONS_H

#include "fakeorg_answers.h"

#include "fakeorg/http/views.h"

#define CONVERT(before, status, no_opportunity, id, after)                                         \
    "<p:leadConverts>" before "<p:convertedStatus>" status "</p:convertedStatus>"                  \
    "<p:doNotCreateOpportunity>" no_opportunity "</p:doNotCreateOpportunity>"                      \
    "<p:leadId>" id "</p:leadId>" after "</p:leadConverts>"
#define AFTER                                                                                      \
    "<p:overwriteLeadSource>false</p:overwriteLeadSource>"                                         \
    "<p:sendNotificationEmail>true</p:sendNotificationEmail>"
#define CLOSED "Closed - Converted"

#define KEYED_LEAD(key, rest) LEAD(DOE "<s:Ext__c>" key "</s:Ext__c>" rest)
#define ALL_OR_NONE           "<p:AllOrNoneHeader><p:allOrNone>true</p:allOrNone></p:AllOrNoneHeader>"

/* Beside org_begin's: a key of each kind. */
static inline void begin(struct org_under_test *org)
{
    static const char *const keys[] = {"Ext__c=string:50,external,unique",
                                       "Loose__c=string:50,external",
                                       "Cased__c=string:50,external,unique,caseSensitive",
                                       "Number__c=double:10,0,external,unique"};
    struct err err = {0};

    org_begin(org);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        char name[32];
        size_t len = strcspn(keys[i], "=");
        snprintf(name, sizeof name, "%.*s", (int)len, keys[i]);
        struct field *field = field_new_custom(name, keys[i] + len + 1, &err);
        CHECK(field != NULL);
        CHECK_INT(object_add_field(orgdata_object(org->service->org, "Lead"), field, &err), 0);
    }
}

static inline const char *ask(struct org_under_test *org, const char *operation, const char *inside)
{
    char *body = mem_format("<p:%s>%s</p:%s>", operation, inside, operation);

    CHECK(body != NULL);
    const char *answer = org_call(org, "64.0", body);
    mem_free(body);
    return answer;
}

static inline const char *upsert(struct org_under_test *org, const char *key, const char *records)
{
    char *inside = mem_format("<p:externalIDFieldName>%s</p:externalIDFieldName>%s", key, records);

    CHECK(inside != NULL);
    const char *answer = ask(org, "upsert", inside);
    mem_free(inside);
    return answer;
}

static inline size_t count_of(const char *text, const char *piece)
{
    size_t count = 0;

    for (; (text = strstr(text, piece)) != NULL; text++)
        count++;
    return count;
}

static inline size_t leads(const struct org_under_test *org)
{
    return orgdata_object(org->service->org, "Lead")->live_count;
}

static inline void turn(struct org_under_test *org, const char *text)
{
    struct err err = {0};

    CHECK_INT(quirks_set(&org->service->quirks, text, &err), 0);
}

static inline unsigned post(struct org_under_test *org,
                            unsigned (*route)(struct service *, const char *, const char *,
                                              struct buf *),
                            const char *body)
{
    buf_clear(&org->answer);
    return route(org->service, "", body, &org->answer);
}

#endif
