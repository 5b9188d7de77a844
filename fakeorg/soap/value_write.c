/* Writes values of records as XML. */
#include "fakeorg/soap/value_write.h"

#include <string.h>

#include "fakeorg/soap/xml_write.h"

/* The parts of a compound address, in the order of the WSDL's address type. */
static void write_address(struct buf *out, const struct record *record, const struct field *field)
{
    static const struct {
        const char *element, *part;
    } parts[] = {{"latitude", "Latitude"},
                 {"longitude", "Longitude"},
                 {"city", "City"},
                 {"country", "Country"},
                 {"countryCode", NULL},
                 {"geocodeAccuracy", "GeocodeAccuracy"},
                 {"postalCode", "PostalCode"},
                 {"state", "State"},
                 {"stateCode", NULL},
                 {"street", "Street"}};
    size_t prefix = strlen(field->fact.name) - strlen("Address");

    buf_format(out, "<sf:%s xsi:type=\"address\">", field->fact.name);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        char name[80];
        const char *value = NULL;
        if (parts[i].part != NULL && prefix + strlen(parts[i].part) < sizeof name) {
            memcpy(name, field->fact.name, prefix);
            memcpy(name + prefix, parts[i].part, strlen(parts[i].part) + 1);
            value = record_value_named(record, name);
        }
        xml_element(out, parts[i].element, value);
    }
    buf_format(out, "</sf:%s>", field->fact.name);
}

void value_write(struct buf *out, const struct field *field, const char *value)
{
    if (value == NULL) {
        buf_format(out, "<sf:%s xsi:nil=\"true\"/>", field->fact.name);
        return;
    }
    bool whole = field_type_info(field->fact.type)->kind == KIND_NUMBER &&
                 field->fact.type != FIELD_INT && strchr(value, '.') == NULL;
    buf_format(out, "<sf:%s>", field->fact.name);
    xml_text(out, value);
    buf_format(out, "%s</sf:%s>", whole ? ".0" : "", field->fact.name);
}

void value_write_of(struct buf *out, const struct record *record, const struct field *field)
{
    if (field->fact.type == FIELD_ADDRESS)
        write_address(out, record, field);
    else
        value_write(out, field, record_value(record, field));
}
