/* The table of labels that cannot be derived from the field's name. */
#include "fakeorg/data/labels.h"

#include <stddef.h>
#include <string.h>

/* Labels of an English org that field.c cannot derive from the name. */
static const struct {
    const char *object; /* NULL: every one that has the field */
    const char *name, *label;
} labels[] = {
    {"Lead", "Id", "Lead ID"},
    {"Account", "Id", "Account ID"},
    {"Contact", "Id", "Contact ID"},
    {"User", "Id", "User ID"},
    {"Account", "Name", "Account Name"},
    {NULL, "Name", "Full Name"},
    {NULL, "IsDeleted", "Deleted"},
    {NULL, "MasterRecordId", "Master Record ID"},
    {NULL, "OwnerId", "Owner ID"},
    {NULL, "CreatedById", "Created By ID"},
    {NULL, "LastModifiedById", "Last Modified By ID"},
    {NULL, "LastActivityDate", "Last Activity"},
    {NULL, "PhotoUrl", "Photo URL"},
    {NULL, "Jigsaw", "Data.com Key"},
    {NULL, "JigsawContactId", "Jigsaw Contact ID"},
    {NULL, "NumberOfEmployees", "Employees"},
    {"Lead", "State", "State/Province"},
    {"Lead", "PostalCode", "Zip/Postal Code"},
    {"Lead", "IsConverted", "Converted"},
    {"Lead", "ConvertedAccountId", "Converted Account ID"},
    {"Lead", "ConvertedContactId", "Converted Contact ID"},
    {"Lead", "ConvertedOpportunityId", "Converted Opportunity ID"},
    {"Lead", "IsUnreadByOwner", "Unread By Owner"},
    {"Account", "Type", "Account Type"},
    {"Account", "ParentId", "Parent Account ID"},
    {"Account", "BillingState", "Billing State/Province"},
    {"Account", "BillingPostalCode", "Billing Zip/Postal Code"},
    {"Account", "ShippingState", "Shipping State/Province"},
    {"Account", "ShippingPostalCode", "Shipping Zip/Postal Code"},
    {"Account", "Phone", "Account Phone"},
    {"Account", "Fax", "Account Fax"},
    {"Account", "Sic", "SIC Code"},
    {"Account", "SicDesc", "SIC Description"},
    {"Account", "Description", "Account Description"},
    {"Account", "Rating", "Account Rating"},
    {"Account", "Site", "Account Site"},
    {"Contact", "AccountId", "Account ID"},
    {"Contact", "ReportsToId", "Reports To ID"},
    {"Contact", "Phone", "Business Phone"},
    {"Contact", "Fax", "Business Fax"},
    {"Contact", "AssistantPhone", "Asst. Phone"},
    {"Contact", "AssistantName", "Assistant's Name"},
    {"Contact", "Description", "Contact Description"},
    {"Contact", "MailingState", "Mailing State/Province"},
    {"Contact", "MailingPostalCode", "Mailing Zip/Postal Code"},
    {"Contact", "OtherState", "Other State/Province"},
    {"Contact", "OtherPostalCode", "Other Zip/Postal Code"},
    {"Contact", "LastCURequestDate", "Last Stay-in-Touch Request Date"},
    {"Contact", "LastCUUpdateDate", "Last Stay-in-Touch Save Date"},
};

const char *label_standard(const char *object, const char *name)
{
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
        if (strcmp(labels[i].name, name) == 0 &&
            (labels[i].object == NULL || strcmp(labels[i].object, object) == 0))
            return labels[i].label;
    return NULL;
}
