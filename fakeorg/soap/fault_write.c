/* The table of fault classes, and a fault's envelope. */
#include "fakeorg/soap/fault_write.h"

#include "fakeorg/soap/xml_write.h"

static const struct {
    const char *element;
    bool has_place, prefixed;
} kinds[] = {
    [API_ERROR_UNEXPECTED] = {"UnexpectedErrorFault", false, true},
    /* Recordings of refused sign-ins mostly show a faultcode without prefix. */
    [API_ERROR_LOGIN] = {"LoginFault", false, false},
    [API_ERROR_FIELD] = {"InvalidFieldFault", true, true},
    [API_ERROR_SOBJECT] = {"InvalidSObjectFault", true, true},
    [API_ERROR_QUERY] = {"MalformedQueryFault", true, true},
    [API_ERROR_QUERY_LOCATOR] = {"InvalidQueryLocatorFault", false, true},
    [API_ERROR_ID] = {"InvalidIdFault", false, true},
    [API_ERROR_CLIENT] = {NULL, false, false},
};

static void write_detail(const struct api_error *error, struct buf *out)
{
    const char *element = kinds[error->kind].element;

    buf_format(out, "<detail><sf:%s xsi:type=\"sf:%s\">", element, element);
    xml_element(out, "sf:exceptionCode", error->code);
    xml_element(out, "sf:exceptionMessage", error->message);
    if (kinds[error->kind].has_place) {
        xml_integer(out, "sf:row", error->row);
        xml_integer(out, "sf:column", error->column);
    }
    buf_format(out, "</sf:%s></detail>", element);
}

void fault_write(const struct api_error *error, const char *header, struct buf *out)
{
    buf_text(out, XML_DECLARATION "<soapenv:Envelope xmlns:soapenv=\"" NS_ENVELOPE "\""
                                  " xmlns:sf=\"" NS_FAULT "\" xmlns:xsi=\"" NS_XSI "\">");
    buf_text(out, header);
    buf_text(out, "<soapenv:Body><soapenv:Fault>");
    if (error->kind == API_ERROR_CLIENT) {
        xml_element(out, "faultcode", "soapenv:Client");
        xml_element(out, "faultstring", error->message);
    } else {
        buf_format(out, "<faultcode>%s%s</faultcode><faultstring>%s: ",
                   kinds[error->kind].prefixed ? "sf:" : "", error->code, error->code);
        xml_text(out, error->message);
        buf_text(out, "</faultstring>");
        write_detail(error, out);
    }
    buf_text(out, "</soapenv:Fault></soapenv:Body></soapenv:Envelope>");
}
