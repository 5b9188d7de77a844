/*
 * org_file: the file that defines an org, in YAML or JSON.
 * etc/fakeorg.yml shows every key.  The same text, or sections of it, can be posted
 * while the org runs.
 *
 * Sections are applied in the order of the table in org_file.c; at the first error the
 * rest is skipped.  A list of rules or locks replaces the previous one; fields and
 * records are added.
 *
 * Threads: whoever holds the service's lock.
 * Memory:  what is needed of the text is copied.
 */
#ifndef FAKEORG_ORG_ORG_FILE_H
#define FAKEORG_ORG_ORG_FILE_H

#include "base/yaml_tree.h"
#include "fakeorg/org/service.h"

#define ORG_FILE_BYTES ((size_t)64 * 1024 * 1024)

/* Reads the file at path; NULL with *err. */
MUST_USE struct yml_node *org_file_read(const char *path, struct arena *arena, struct err *err);

/* Applies the sections user and latency where options are not set (NULL or 0); texts are
   copied into arena. */
MUST_USE int org_file_options(const struct yml_node *root, struct fakeorg_options *options,
                              struct arena *arena, struct err *err);

/* When a section is applied: before the command line's values of the same kind, with the
   org's fields and rules, or last, if the org has no records yet. */
enum org_stage { STAGE_SETTINGS, STAGE_DEFINITION, STAGE_RECORDS };

MUST_USE int org_file_apply(struct service *service, const struct yml_node *root,
                            enum org_stage stage, struct err *err);

/* Applies all sections of a posted text. */
MUST_USE int org_file_post(struct service *service, const char *text, struct err *err);

#endif
