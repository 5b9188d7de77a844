/*
 * org_records: the section "records" of an org's file.
 *
 * Threads: whoever holds the service's lock.
 */
#ifndef FAKEORG_ORG_ORG_RECORDS_H
#define FAKEORG_ORG_ORG_RECORDS_H

#include "base/yaml_tree.h"
#include "fakeorg/data/orgdata.h"

MUST_USE int org_records_read(struct orgdata *org, const struct yml_node *list, struct err *err);

#endif
