/*
 * xml_write: appends XML to a buffer; all external text goes through xml_text.
 * Errors are kept in the buffer: call buf_check once, at the end.  Threads: any.
 */
#ifndef FAKEORG_SOAP_XML_WRITE_H
#define FAKEORG_SOAP_XML_WRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

#define XML_DECLARATION "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
#define NS_ENVELOPE     "http://schemas.xmlsoap.org/soap/envelope/"
#define NS_XSI          "http://www.w3.org/2001/XMLSchema-instance"
#define NS_PARTNER      "urn:partner.soap.sforce.com"
#define NS_SOBJECT      "urn:sobject.partner.soap.sforce.com"
#define NS_FAULT        "urn:fault.partner.soap.sforce.com"

/* Appends text with &, <, >, quotes and CR escaped. */
void xml_text(struct buf *out, const char *text);

/* <name>text</name>, or the nil element when text is NULL. */
void xml_element(struct buf *out, const char *name, const char *text);

void xml_nil(struct buf *out, const char *name);
void xml_boolean(struct buf *out, const char *name, bool value);
void xml_integer(struct buf *out, const char *name, int64_t value);

#endif
