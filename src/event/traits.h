/*
 * traits: finding a trait the way Segment's own libraries do (Facade and obj-case).
 *
 * Keys are compared after removing every character that is not a letter A-Z, a
 * digit or a dot, and folding case: firstName, first_name and "First Name" are the
 * same.  Own keys are tried in order; the first that equals the beginning of the
 * path (up to a dot, or whole) is taken, even if its value is null, and later spellings
 * are not tried; "company.name" may be one key or two.  Keys without a letter or digit of
 * these (a name all in Chinese) match nothing.  Arrays are not searched.
 *
 * Threads: any.  Memory: nothing is allocated; nodes belong to the document.
 */
#ifndef EVENT_TRAITS_H
#define EVENT_TRAITS_H

#include "event/doc.h"

/* path is "email" or "company.name".  root may be NULL.  NULL when not found. */
const struct doc_node *traits_find(const struct doc *doc, const struct doc_node *root,
                                   const char *path);

/* True when the key of member, compared that way, is name. */
bool traits_key_matches(const struct doc *doc, const struct doc_node *member, const char *name);

/* How a path of keys, joined by dots, fits name, compared that way. */
enum traits_fit {
    TRAITS_DIFFERENT,
    TRAITS_CONTAINS, /* name continues inside: "company" for "company.name" */
    TRAITS_SAME
};
enum traits_fit traits_fit(const char *path, const char *name);

/* JavaScript truth: false for null, false, 0, "" and NULL. */
bool traits_truthy(const struct doc *doc, const struct doc_node *node);

#endif
