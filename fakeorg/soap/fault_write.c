#include "fakeorg/soap/fault_write.h"

#include "fakeorg/soap/xml_write.h"

static const struct {
    const char *element;
    bool has_place, prefixed;
} kinds[] = {
    [FAULT_UNEXPECTED] = {"UnexpectedErrorFault", false, true},
    /* Recordings of refused sign-ins mostly show a faultcode without prefix. */
    [FAULT_LOGIN] = {"LoginFault", false, false},
    [FAULT_FIELD] = {"InvalidFieldFault", true, true},
    [FAULT_SOBJECT] = {"InvalidSObjectFault", true, true},
    [FAULT_QUERY] = {"MalformedQueryFault", true, true},
    [FAULT_QUERY_LOCATOR] = {"InvalidQueryLocatorFault", false, true},
    [FAULT_ID] = {"InvalidIdFault", false, true},
    [FAULT_CLIENT] = {NULL, false, false},
};

static void write_detail(const struct fault *fault, struct buf *out)
{
    const char *element = kinds[fault->kind].element;

    buf_format(out, "<detail><sf:%s xsi:type=\"sf:%s\">", element, element);
    xml_element(out, "sf:exceptionCode", fault->code);
    xml_element(out, "sf:exceptionMessage", fault->message);
    if (kinds[fault->kind].has_place) {
        xml_integer(out, "sf:row", fault->row);
        xml_integer(out, "sf:column", fault->column);
    }
    buf_format(out, "</sf:%s></detail>", element);
}

void fault_write(const struct fault *fault, const char *header, struct buf *out)
{
    buf_text(out, XML_DECLARATION "<soapenv:Envelope xmlns:soapenv=\"" NS_ENVELOPE "\""
                                  " xmlns:sf=\"" NS_FAULT "\" xmlns:xsi=\"" NS_XSI "\">");
    buf_text(out, header);
    buf_text(out, "<soapenv:Body><soapenv:Fault>");
    if (fault->kind == FAULT_CLIENT) {
        xml_element(out, "faultcode", "soapenv:Client");
        xml_element(out, "faultstring", fault->message);
    } else {
        buf_format(out, "<faultcode>%s%s</faultcode><faultstring>%s: ",
                   kinds[fault->kind].prefixed ? "sf:" : "", fault->code, fault->code);
        xml_text(out, fault->message);
        buf_text(out, "</faultstring>");
        write_detail(fault, out);
    }
    buf_text(out, "</soapenv:Fault></soapenv:Body></soapenv:Envelope>");
}
