/* Deletes and merges records, with the contacts of an account. */
#include "fakeorg/data/recycle_bin.h"

#include <string.h>

/* One undeleted contact of the account, or NULL; false when out of memory. */
static bool next_contact(struct orgdata *org, const struct record *account,
                         struct record **ret_contact)
{
    struct object *contacts = orgdata_any_object(org, "Contact");
    struct record *const *found;
    size_t count = 0;

    *ret_contact = NULL;
    if (strcmp(account->object->name, "Account") != 0)
        return true;
    if (object_find(contacts, object_any_field(contacts, "AccountId"), account->id, &found,
                    &count) < 0)
        return false;
    if (count > 0)
        *ret_contact = found[0];
    return true;
}

static int put(struct orgdata *org, struct record *record)
{
    return record_stamp(org, record, false) < 0 ? -1 : record_delete(record);
}

int recycle_bin_put(struct orgdata *org, struct record *record)
{
    struct record *contact;

    for (;;) {
        if (!next_contact(org, record, &contact))
            return -1;
        if (contact == NULL)
            return put(org, record);
        if (put(org, contact) < 0)
            return -1;
    }
}

int recycle_bin_merge(struct orgdata *org, struct record *loser, struct record *master)
{
    struct record *contact;

    for (;;) {
        if (!next_contact(org, loser, &contact))
            return -1;
        if (contact == NULL)
            break;
        if (record_set_named(contact, "AccountId", master->id) < 0 ||
            record_stamp(org, contact, false) < 0)
            return -1;
    }
    if (record_set_named(loser, "MasterRecordId", master->id) < 0 || put(org, loser) < 0)
        return -1;
    return record_stamp(org, master, false);
}
