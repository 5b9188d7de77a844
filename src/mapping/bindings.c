/* The built-in bindings: identify to Lead, group to Account.  Their rules are
   tables that read like docs/mapping.md, which is printed from them; a rule is changed in its
   line, an object is added as a row of the last table. */
#include "mapping/bindings.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define RULES(rows)  .rules = rows, .rule_count = COUNT(rows)

/* What the settings decide, by the key of the same name. */
#define SETTING(member) offsetof(struct destination_settings, member)
#define WITH(member)    .when = {#member, SETTING(member)}
/* clang-format off */
#define ROWS(key, member) {key, SETTING(member), SETTING(member##_count)}
/* clang-format on */

/* The parts of an address, the same for every object. */
#define STREET  TRAIT("address.street"), TRAIT("street")
#define CITY    TRAIT("address.city"), TRAIT("city")
#define STATE   TRAIT("address.state"), TRAIT("state")
#define COUNTRY TRAIT("address.country"), TRAIT("country")
#define POSTAL_CODE                                                                                \
    TRAIT("address.postalCode"), TRAIT("postalCode"), TRAIT("address.zip"), TRAIT("zip")

static const struct field_rule lead[] = {
    {"Email", .from = {TRAIT("email"), USER_ID_IF_ADDRESS}},
    {"FirstName", .from = {TRAIT("firstName"), FIRST_WORD("name")}},
    {"LastName", .from = {TRAIT("lastName"), REST("name")}, .create_default = "n/a"},
    {"Company", .from = {IF_TEXT("company"), TRAIT("company.name")}, .create_default = "n/a"},
    {"Title", .from = {TRAIT("title"), TRAIT("position"), TRAIT("jobTitle")}},
    {"Phone", .from = {TRAIT("phone"), FIRST_OF("phones")}},
    {"MobilePhone", .from = {TRAIT("mobilePhone"), TRAIT("mobile")}},
    {"Fax", .from = {TRAIT("fax")}},
    {"Website", .from = {TRAIT("website"), FIRST_OF("websites"), TRAIT("company.website")}},
    {"Street", .from = {STREET}},
    {"City", .from = {CITY}},
    {"State", .from = {STATE}},
    {"PostalCode", .from = {POSTAL_CODE}},
    {"Country", .from = {COUNTRY}},
    {"Rating", .from = {TRAIT("rating")}},
    {"LeadSource", .from = {TRAIT("leadSource")}},
    {"Salutation", .from = {TRAIT("salutation")}},
    {"Description", .from = {TRAIT("description"), TRAIT("background")}},
    {"Industry", .from = {TRAIT("industry"), TRAIT("company.industry")}},
    {"NumberOfEmployees",
     .from = {TRAIT("employees"), TRAIT("company.employees"), TRAIT("company.employee_count")}},
    {"AnnualRevenue", .from = {TRAIT("annualRevenue"), TRAIT("company.annualRevenue")}},
};

/* What convertLead itself does with the fields of a Lead. */
static const struct field_rename lead_to_contact[] = {
    {"FirstName", "FirstName"},
    {"LastName", "LastName"},
    {"Salutation", "Salutation"},
    {"Title", "Title"},
    {"Email", "Email"},
    {"Phone", "Phone"},
    {"MobilePhone", "MobilePhone"},
    {"Fax", "Fax"},
    {"Street", "MailingStreet"},
    {"City", "MailingCity"},
    {"State", "MailingState"},
    {"PostalCode", "MailingPostalCode"},
    {"Country", "MailingCountry"},
    {"LeadSource", "LeadSource"},
    {"Description", "Description"},
    {"Company", NULL},
    {"Website", NULL},
    {"Rating", NULL},
    {"Industry", NULL},
    {"NumberOfEmployees", NULL},
    {"AnnualRevenue", NULL},
};

static const struct successor converted_lead = {
    .object = "Contact",
    .renames = lead_to_contact,
    .rename_count = COUNT(lead_to_contact),
    .no_field = "not_on_contact",
    .policy_at = SETTING(converted_lead),
};

static const struct field_rule account[] = {
    {"AccountNumber", .from = {GROUP_ID}},
    {"Name", .from = {TRAIT("name")}},
    {"NumberOfEmployees", .from = {TRAIT("employees")}},
    {"Phone", .from = {TRAIT("phone")}},
    {"Fax", .from = {TRAIT("fax")}},
    {"Website", .from = {TRAIT("website")}},
    {"Description", .from = {TRAIT("description")}},
    {"Industry", .from = {TRAIT("industry")}},
    {"AnnualRevenue", .from = {TRAIT("annualRevenue")}},
    {"Rating", .from = {TRAIT("rating")}},
    {"Type", .from = {TRAIT("type")}},
    {"BillingStreet", .from = {STREET}, WITH(send_address_as_billing)},
    {"BillingCity", .from = {CITY}, WITH(send_address_as_billing)},
    {"BillingState", .from = {STATE}, WITH(send_address_as_billing)},
    {"BillingPostalCode", .from = {POSTAL_CODE}, WITH(send_address_as_billing)},
    {"BillingCountry", .from = {COUNTRY}, WITH(send_address_as_billing)},
    {"ShippingStreet", .from = {STREET}, WITH(send_address_as_shipping)},
    {"ShippingCity", .from = {CITY}, WITH(send_address_as_shipping)},
    {"ShippingState", .from = {STATE}, WITH(send_address_as_shipping)},
    {"ShippingPostalCode", .from = {POSTAL_CODE}, WITH(send_address_as_shipping)},
    {"ShippingCountry", .from = {COUNTRY}, WITH(send_address_as_shipping)},
};

static const struct binding built_in[] = {
    {
        .event = EVENT_IDENTIFY,
        .object = "Lead",
        .operation = BINDING_UPSERT,
        .lookup = {"Email"},
        RULES(lead),
        .assignment_rule = true,
        .successor = &converted_lead,
        .lookup_rows = ROWS("custom_lead_lookup_fields", lead_lookup),
        .field_rows = ROWS("lead_fields", lead_fields),
    },
    {
        .event = EVENT_GROUP,
        .version = {2, "needs_version_2", "Accounts are written by version 2 of the destination"},
        .object = "Account",
        .operation = BINDING_UPSERT,
        .lookup = {"AccountNumber"},
        RULES(account),
        .create_need = {"Name", "name_required",
                        "the org has no such Account, and creating one takes its name",
                        "send the trait \"name\" with the group call, then retry"},
        .field_rows = ROWS("account_fields", account_fields),
    },
};

struct bindings bindings_of(const struct destination_settings *to)
{
    struct bindings bindings = {"Salesforce", built_in, COUNT(built_in)};

    if (to->bindings != NULL) {
        bindings.list = to->bindings;
        bindings.count = to->binding_count;
    }
    return bindings;
}

static void add_object(struct bound_objects *objects, const struct binding *binding, bool successor)
{
    const char *name = successor ? binding->successor->object : binding->object;

    for (size_t i = 0; i < objects->count; i++)
        if (strcmp(objects->list[i].object, name) == 0)
            return;
    objects->list[objects->count++] = (struct bound_object){name, binding, successor};
}

struct bound_objects bindings_objects(const struct destination_settings *to)
{
    const struct bindings bindings = bindings_of(to);
    struct bound_objects objects = {.count = 0};

    for (size_t i = 0; i < bindings.count && i < BINDINGS_MAX; i++)
        if (binding_is_on(&bindings.list[i], to))
            add_object(&objects, &bindings.list[i], false);
    for (size_t i = 0; i < bindings.count && i < BINDINGS_MAX; i++) {
        const struct binding *binding = &bindings.list[i];
        if (binding_is_on(binding, to) && binding_succession(binding, to) == CONVERTED_CONTACT)
            add_object(&objects, binding, true);
    }
    return objects;
}
