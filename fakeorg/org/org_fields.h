/*
 * org_fields: the sections "fields", "picklists" and "permissions" of an org's file.
 *
 * Threads: whoever holds the service's lock.
 */
#ifndef FAKEORG_ORG_ORG_FIELDS_H
#define FAKEORG_ORG_ORG_FIELDS_H

#include "base/yaml_tree.h"
#include "fakeorg/data/orgdata.h"

MUST_USE int org_fields_read(struct orgdata *org, const struct yml_node *map, struct err *err);
MUST_USE int org_picklists_read(struct orgdata *org, const struct yml_node *map, struct err *err);
MUST_USE int org_permissions_read(struct orgdata *org, const struct yml_node *map, struct err *err);

#endif
