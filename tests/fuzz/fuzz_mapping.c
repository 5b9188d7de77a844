/*
 * Any event through both doors of mapping: the line that "leadline map" would print must be
 * JSON that the strict reader takes, and the same event has the same key at both doors
 * unless delivery refuses it, or a field that may have lines is looked up.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mapping/mapping.h"
#include "event/parse.h"

#define MAX_OUTPUT (16 * 1024 * 1024)

static const char yaml[] =
    "sources: [{name: web, write_key: k, destinations: [Plain, Rows]}]\n"
    "destinations:\n"
    "  - {name: Plain, account_email: a@b.example, account_password: p, security_token: t}\n"
    "  - name: Rows\n"
    "    account_email: a@b.example\n"
    "    account_password: p\n"
    "    security_token: t\n"
    "    always_enabled: true\n"
    "    null_clears: true\n"
    "    send_address_as_shipping: true\n"
    "    custom_lead_lookup_fields: {userId: Ext__c, account.no: No__c}\n"
    "    lead_fields: {owner: OwnerId, tags: Tags__c, day: Day__c}\n";

static struct settings *settings;
static struct schema *standard, *org;

static void add(struct schema_object *object, const char *name, enum field_type type, int length)
{
    struct schema_field *field = schema_add_field(object, name);

    if (field == NULL)
        abort();
    field->type = type;
    field->length = length;
    field->custom = field->nillable = field->createable = true;
    field->updateable = field->filterable = true;
}

/* The standard fields and a custom one of every type, named after it: Date__c. */
static void set_up(void)
{
    struct err err = {0};

    settings = settings_parse(yaml, strlen(yaml), "fuzz", "/tmp", &err);
    standard = schema_standard(&err);
    org = schema_standard(&err);
    if (settings == NULL || standard == NULL || org == NULL)
        abort();
    for (size_t i = 0; i < org->count; i++) {
        struct schema_object *object = &org->objects[i];
        add(object, "Ext__c", FIELD_STRING, 20);
        add(object, "No__c", FIELD_DOUBLE, 0);
        add(object, "Tags__c", FIELD_MULTIPICKLIST, 30);
        add(object, "Day__c", FIELD_DATE, 0);
        for (int type = FIELD_STRING; type < FIELD_OTHER; type++) {
            char name[32];
            snprintf(name, sizeof(name), "My_%s__c", field_type_name((enum field_type)type));
            add(object, name, (enum field_type)type, 12);
        }
        schema_object_sort(object);
    }
}

static void check_line(const struct event *event, const struct mapping_result *result)
{
    struct err err = {0};
    struct doc doc;
    struct buf out;

    buf_init(&out, MAX_OUTPUT);
    mapping_print(event, result, &out);
    if (buf_failed(&out) || doc_parse(&doc, out.data, out.len, &err) < 0)
        abort();
    doc_done(&doc);
    buf_done(&out);
}

static void check_doors(const struct event *event, const struct destination_settings *to,
                        const struct schema *schema, bool untyped)
{
    struct err err = {0};
    struct mapping_route route;
    struct mapping_result result;

    if (mapping_route(event, to, &route, &err) < 0 ||
        mapping_map(event, to, schema, untyped, &result, &err) < 0)
        abort();
    if ((route.outcome == MAPPING_SKIP) != (result.outcome == MAPPING_SKIP))
        abort();
    if (route.outcome == MAPPING_REJECT && result.outcome != MAPPING_REJECT)
        abort();
    if (untyped && result.outcome == MAPPING_WRITE && strpbrk(result.key, "\t\r\n") == NULL &&
        strcmp(route.key, result.key) != 0)
        abort();
    check_line(event, &result);
    mapping_result_done(&result);
    mapping_route_done(&route);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err = {0};
    struct event event;

    if (settings == NULL)
        set_up();
    if (event_read(&event, (const char *)data, size, &err) < 0)
        return 0;
    for (size_t i = 0; i < settings->destination_count; i++) {
        check_doors(&event, &settings->destinations[i], standard, true);
        check_doors(&event, &settings->destinations[i], org, false);
    }
    event_done(&event);
    return 0;
}
