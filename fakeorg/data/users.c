/* The fields of User, and the org's five users. */
#include "fakeorg/data/users.h"

#include <stdio.h>
#include <string.h>

static const struct field_fact user_facts[] = {
    {.name = "Id", FIELD_ID, 18, 0, RO | DEFAULTED | LOOKUP},
    {.name = "Username", FIELD_STRING, 80, 0, RO | LOOKUP},
    {.name = "LastName", FIELD_STRING, 80, 0, RO},
    {.name = "FirstName", FIELD_STRING, 40, 0, RO | NIL},
    {.name = "Name", FIELD_STRING, 121, 0, RO},
    {.name = "CompanyName", FIELD_STRING, 80, 0, RO | NIL},
    {.name = "Title", FIELD_STRING, 80, 0, RO | NIL},
    {.name = "Email", FIELD_EMAIL, 128, 0, RO | LOOKUP},
    {.name = "Alias", FIELD_STRING, 8, 0, RO},
    {.name = "IsActive", FIELD_BOOLEAN, 0, 0, RO | DEFAULTED, .fallback = "false"},
    {.name = "TimeZoneSidKey", FIELD_PICKLIST, 40, 0, RO | RESTRICTED, .values = "GMT"},
    {.name = "LocaleSidKey", FIELD_PICKLIST, 40, 0, RO | RESTRICTED, .values = "en_US"},
    {.name = "LanguageLocaleKey", FIELD_PICKLIST, 40, 0, RO | RESTRICTED, .values = "en_US"},
    {.name = "UserType",
     FIELD_PICKLIST,
     40,
     0,
     RO | RESTRICTED,
     .values = "Standard|AutomatedProcess"},
    {.name = "CreatedDate", FIELD_DATETIME, 0, 0, RO | DEFAULTED},
    {.name = "CreatedById", FIELD_REFERENCE, 18, 0, RO | DEFAULTED, .refs = "User"},
    {.name = "LastModifiedDate", FIELD_DATETIME, 0, 0, RO | DEFAULTED},
    {.name = "LastModifiedById", FIELD_REFERENCE, 18, 0, RO | DEFAULTED, .refs = "User"},
    {.name = "SystemModstamp", FIELD_DATETIME, 0, 0, RO | DEFAULTED},
};

const struct field_facts user_fields = {user_facts, sizeof user_facts / sizeof user_facts[0]};

/* The first one is the user that signs in; its e-mail address is its username. */
static const struct {
    const char *username, *first, *last, *alias, *type, *active;
} standard_users[] = {
    {"integration@example.com", "Integration", "User", "integ", "Standard", "true"},
    {"admin@example.com", "Ada", "Admin", "admin", "Standard", "true"},
    {"sales@example.com", "Sam", "Sales", "sales", "Standard", "true"},
    {"gone@example.com", "Gina", "Gone", "gone", "Standard", "false"},
    {"autoproc@example.com", "Automated", "Process", "autoproc", "AutomatedProcess", "true"},
};

static int fill_user(struct orgdata *org, size_t i, const char *now)
{
    struct record *user = record_new(orgdata_any_object(org, "User"));
    char name[128];

    if (user == NULL)
        return -1;
    snprintf(name, sizeof name, "%s %s", standard_users[i].first, standard_users[i].last);
    const struct {
        const char *field, *value;
    } values[] = {{"Username", standard_users[i].username},
                  {"Email", standard_users[i].username},
                  {"FirstName", standard_users[i].first},
                  {"LastName", standard_users[i].last},
                  {"Name", name},
                  {"Alias", standard_users[i].alias},
                  {"UserType", standard_users[i].type},
                  {"IsActive", standard_users[i].active},
                  {"TimeZoneSidKey", "GMT"},
                  {"LocaleSidKey", "en_US"},
                  {"LanguageLocaleKey", "en_US"},
                  {"CreatedDate", now},
                  {"LastModifiedDate", now},
                  {"SystemModstamp", now},
                  {"CreatedById", org->user_id},
                  {"LastModifiedById", org->user_id}};
    for (size_t k = 0; k < sizeof values / sizeof values[0]; k++)
        if (record_set_named(user, values[k].field, values[k].value) < 0)
            return -1;
    return 0;
}

int users_fill(struct orgdata *org)
{
    char now[ISOTIME_MAX];

    orgclock_stamp(&org->clock, now);
    for (size_t i = 0; i < sizeof standard_users / sizeof standard_users[0]; i++)
        if (fill_user(org, i, now) < 0)
            return -1;
    return 0;
}

int users_rename(struct orgdata *org, const char *username)
{
    struct record *user = orgdata_record(org, org->user_id);

    if (record_set_named(user, "Username", username) < 0)
        return -1;
    return record_set_named(user, "Email", username);
}

bool users_active(struct orgdata *org, const char id[ID_MAX])
{
    const struct record *user = orgdata_record(org, id);
    const char *active = user == NULL || strcmp(user->object->name, "User") != 0
                             ? NULL
                             : record_value_named(user, "IsActive");

    return active != NULL && strcmp(active, "true") == 0;
}
