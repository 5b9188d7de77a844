/*
 * xml_read: parses a request's XML into a tree, with namespaces resolved.
 *
 * A DOCTYPE is refused, as SOAP 1.1 requires, and with it every entity.  Text is
 * kept if an element contains nothing else; comments and processing
 * instructions are dropped.
 *
 * Threads: any.  Memory: the tree lives in the arena given.
 * Limits:  depth XML_MAX_DEPTH; size by the arena's limit.
 */
#ifndef FAKEORG_SOAP_XML_READ_H
#define FAKEORG_SOAP_XML_READ_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

#define XML_MAX_DEPTH 64

struct xml_node {
    const char *space; /* namespace name; "" for none */
    const char *name;
    const char *text;      /* "" for none; never NULL */
    const char *type;      /* xsi:type without its prefix, or NULL */
    bool nil;              /* xsi:nil is true */
    bool must_understand;  /* soapenv:mustUnderstand="1" */
    struct xml_node *next; /* sibling */
    struct xml_node *first, *last;
};

/* The root element, or NULL with *err: ERR_INVALID for bad XML, ERR_FULL if the tree is too
   large, ERR_MEMORY. */
MUST_USE struct xml_node *xml_read(const char *bytes, size_t len, struct arena *arena,
                                   struct err *err);

bool xml_is(const struct xml_node *node, const char *space, const char *name);

/* The first child with that name, or NULL. */
struct xml_node *xml_child(const struct xml_node *node, const char *space, const char *name);

#endif
