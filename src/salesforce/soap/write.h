/*
 * write: SOAP 1.1 envelopes of the Partner API, appended to a bounded buffer.
 *
 * Element names are ours or pass names_valid; all text from outside goes through
 * soap_text, the one place that escapes.  Failures are the buffer's: ask buf_check once,
 * at the end.  Prefixes: p partner, s sObject.  Threads: any.
 */
#ifndef SALESFORCE_SOAP_WRITE_H
#define SALESFORCE_SOAP_WRITE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* Envelope, Header, CallOptions and, unless session_id is NULL, SessionHeader; further
   headers may follow, then soap_body. */
void soap_open(struct buf *out, const char *session_id, const char *client);
void soap_body(struct buf *out);
void soap_close(struct buf *out);

/* text with &, <, >, quotes and CR escaped; what XML 1.0 does not allow is dropped. */
void soap_text(struct buf *out, const char *text);

/* <p:name>text</p:name>, <s:name>text</s:name>; <p:name xsi:nil="true"/>. */
void soap_partner(struct buf *out, const char *name, const char *text);
void soap_partner_boolean(struct buf *out, const char *name, bool value);
void soap_partner_nil(struct buf *out, const char *name);
void soap_sobject(struct buf *out, const char *name, const char *text);

#endif
