/* The sentences for each code, in one table. */
#include "mapping/codes.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

const struct mapping_code mapping_note_codes[] = {
    {"ambiguous_field", "Several custom fields fit the trait's name; left out."},
    {"blank_left_out", "Empty, or only white space; left out."},
    {"control_characters", "Characters that XML 1.0 cannot carry were removed."},
    {"field_set_twice", "Something else set the field first: another trait, or a row of the "
                        "settings; this one is left out."},
    {"not_in_picklist", "A restricted picklist does not list the value; left out."},
    {"not_on_contact", "The converted Lead's Contact has no such field; left out."},
    {"not_visible", "A standard field that the user of the destination cannot see; left out."},
    {"not_writable", "A field that the user of the destination cannot set; left out."},
    {"notes_left_out", "More notes were made about the event than are kept: how many more."},
    {"null_left_out", "`null` changes nothing unless `null_clears` is set, and never empties a "
                      "field that cannot be empty."},
    {"older_than_known", "The event is older than what is still known of its record, so newer "
                         "values may have been overwritten."},
    {"protected_field", "Owner, record type, status, flags and ids are written only when a row in "
                        "the settings names them; left out."},
    {"refused_field", "Salesforce refused the field's value; the rest was written without it."},
    {"fields_not_kept", "How many fields were sent but are too long to be kept with the receipt."},
    {"refused_together",
     "The event was refused in one write with others, and not tried on its own."},
    {"several_matches", "Several records fit the look-up; one of them was written."},
    {"switched_off", "The settings switch off the fields that the trait is for; left out."},
    {"too_many_fields", "The record is full; left out."},
    {"too_many_traits", "The event has more traits than an object has fields; the rest is left "
                        "out."},
    {"truncated", "The value was longer than the field, and was cut."},
    {"unknown_field", "The object has no custom field for the trait, or no rule reads this part of "
                      "it; left out."},
    {"wrong_type", "The field does not take such a value; left out."},
};
const size_t mapping_note_code_count = COUNT(mapping_note_codes);

const struct mapping_code mapping_skip_codes[] = {
    {"not_opted_in", "`integrations` does not name `Salesforce`."},
    {"opted_out", "`integrations` says no to `Salesforce`."},
    {"wrong_case", "`integrations` names it with different case, blanks or signs (`salesforce`)."},
    {"type_not_used", "Neither identify nor group."},
    {"needs_version_2", "A group call, and the destination has `version: 1`."},
};
const size_t mapping_skip_code_count = COUNT(mapping_skip_codes);

const struct mapping_code mapping_reject_codes[] = {
    {"missing_lookup_value", "The event lacks a value by which the record is found."},
    {"lookup_value_too_long", "Such a value is longer than its field; cut, it could be another "
                              "person's."},
    {"lookup_field_unusable", "The user of the destination cannot see the field that records are "
                              "found by, or no query can be limited by it."},
    {"object_not_visible", "The user of the destination cannot see the object."},
};
const size_t mapping_reject_code_count = COUNT(mapping_reject_codes);
