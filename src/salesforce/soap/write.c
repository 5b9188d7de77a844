/* write: SOAP 1.1 envelopes of the Partner API. */
#include "salesforce/soap/write.h"

#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

void soap_open(struct buf *out, const char *session_id, const char *client)
{
    buf_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
                  "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\""
                  " xmlns:p=\"urn:partner.soap.sforce.com\""
                  " xmlns:s=\"urn:sobject.partner.soap.sforce.com\""
                  " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><soapenv:Header>");
    if (session_id != NULL) {
        buf_text(out, "<p:SessionHeader>");
        soap_partner(out, "sessionId", session_id);
        buf_text(out, "</p:SessionHeader>");
    }
    buf_text(out, "<p:CallOptions>");
    soap_partner(out, "client", client);
    soap_partner_nil(out, "defaultNamespace");
    buf_text(out, "</p:CallOptions>");
}

void soap_body(struct buf *out)
{
    buf_text(out, "</soapenv:Header><soapenv:Body>");
}

void soap_close(struct buf *out)
{
    buf_text(out, "</soapenv:Body></soapenv:Envelope>");
}

/* Bytes of the character at text, 0 when it is broken UTF-8 or not for XML. */
static size_t xml_character(const char *text, size_t len)
{
    unsigned char lead = (unsigned char)text[0];
    size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    uint32_t c;

    if (size > len || !utf8_valid(text, size))
        return 0;
    utf8_next(text, size, &c);
    return utf8_xml_char(c) ? size : 0;
}

static const char *escaped(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&apos;";
    case '\r': /* a parser would read it as a line feed */
        return "&#13;";
    default:
        return NULL;
    }
}

void soap_text(struct buf *out, const char *text)
{
    size_t len = strlen(text), run = 0, i = 0;

    while (i < len) {
        size_t size = xml_character(text + i, len - i);
        const char *instead = size == 1 ? escaped(text[i]) : NULL;

        if (size > 0 && instead == NULL) {
            i += size;
            continue;
        }
        buf_put(out, text + run, i - run);
        if (instead != NULL)
            buf_text(out, instead);
        i++;
        run = i;
    }
    buf_put(out, text + run, len - run);
}

static void element(struct buf *out, char prefix, const char *name, const char *text)
{
    buf_char(out, '<');
    buf_char(out, prefix);
    buf_char(out, ':');
    buf_text(out, name);
    buf_char(out, '>');
    soap_text(out, text);
    buf_text(out, "</");
    buf_char(out, prefix);
    buf_char(out, ':');
    buf_text(out, name);
    buf_char(out, '>');
}

void soap_partner(struct buf *out, const char *name, const char *text)
{
    element(out, 'p', name, text);
}

void soap_partner_boolean(struct buf *out, const char *name, bool value)
{
    element(out, 'p', name, value ? "true" : "false");
}

void soap_partner_nil(struct buf *out, const char *name)
{
    buf_format(out, "<p:%s xsi:nil=\"true\"/>", name);
}

void soap_sobject(struct buf *out, const char *name, const char *text)
{
    element(out, 's', name, text);
}
