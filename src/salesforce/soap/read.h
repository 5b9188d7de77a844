/*
 * read: an answer of the org as a tree, read with expat.
 *
 * Elements are matched by namespace and local name, never by prefix.  The answer is not
 * trusted: a DOCTYPE, and with it every entity of its own, is refused; depth and number
 * of elements are bounded (its bytes by who received them).
 *
 * Threads: a tree belongs to one thread.
 * Memory:  soap_doc_free frees the tree with every text in it.
 */
#ifndef SALESFORCE_SOAP_READ_H
#define SALESFORCE_SOAP_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum soap_space {
    SOAP_ANY,      /* for asking only: whatever the namespace */
    SOAP_NONE,     /* in no namespace */
    SOAP_ENVELOPE, /* http://schemas.xmlsoap.org/soap/envelope/ */
    SOAP_PARTNER,  /* urn:partner.soap.sforce.com */
    SOAP_SOBJECT,  /* urn:sobject.partner.soap.sforce.com */
    SOAP_FAULT,    /* urn:fault.partner.soap.sforce.com */
    SOAP_OTHER
};

struct soap_node {
    enum soap_space space;
    bool nil;         /* xsi:nil="true" */
    const char *name; /* without prefix */
    const char *text; /* of an element without children; else "" */
    const struct soap_node *first, *next;
};

struct soap_doc;

/* Reads an Envelope.  NULL: ERR_INVALID when the bytes are none, ERR_FULL past a bound. */
MUST_USE struct soap_doc *soap_read(const char *bytes, size_t len, struct err *err);
void soap_doc_free(struct soap_doc *doc); /* NULL is allowed */

/* The Header, or NULL; the one element in the Body, or NULL. */
const struct soap_node *soap_doc_header(const struct soap_doc *doc);
const struct soap_node *soap_doc_content(const struct soap_doc *doc);

/* The first child of that name; the next sibling of that name.  A NULL node has none. */
const struct soap_node *soap_child(const struct soap_node *node, enum soap_space space,
                                   const char *name);
const struct soap_node *soap_again(const struct soap_node *node);

/* xsd:boolean: "true" and "1", "false" and "0"; other texts are neither. */
bool soap_says_true(const char *text);
bool soap_says_false(const char *text);

/* A partner child's text, NULL when it is missing or nil; true when it says true; its
   number held between 0 and max, fallback when it is missing or none. */
const char *soap_child_text(const struct soap_node *node, const char *name);
bool soap_child_true(const struct soap_node *node, const char *name);
int64_t soap_child_number(const struct soap_node *node, const char *name, int64_t max,
                          int64_t fallback);

/* A field of an sObject, by name in any case; NULL when it is missing. */
const struct soap_node *soap_field(const struct soap_node *sobject, const char *name);

#endif
