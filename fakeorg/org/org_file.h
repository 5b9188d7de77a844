/*
 * org_file: an org defined in a file that people read and write: YAML, or JSON.
 * etc/fakeorg.yml shows every key.  The same text, or a part of it, may be posted while
 * the org runs.
 *
 * Sections are applied in the order of the table in org_file.c; at the first error the
 * rest is left.  A list of rules or locks takes the place of the one before it; fields
 * and records are added.
 *
 * Threads: whoever holds the service's lock.
 * Memory:  nothing of the text is kept but what is copied.
 */
#ifndef FAKEORG_ORG_ORG_FILE_H
#define FAKEORG_ORG_ORG_FILE_H

#include "base/yaml_tree.h"
#include "fakeorg/org/service.h"

#define ORG_FILE_BYTES ((size_t)64 * 1024 * 1024)

/* Reads the file at path; NULL with *err. */
MUST_USE struct yml_node *org_file_read(const char *path, struct arena *arena, struct err *err);

/* Sections user and latency, where options say nothing (NULL or 0); texts are copied
   into arena. */
MUST_USE int org_file_options(const struct yml_node *root, struct fakeorg_options *options,
                              struct arena *arena, struct err *err);

/* When a section is applied: before what the command line says of the same, with the
   org's fields and rules, or, when the org has no records yet, last. */
enum org_stage { STAGE_SETTINGS, STAGE_DEFINITION, STAGE_RECORDS };

MUST_USE int org_file_apply(struct service *service, const struct yml_node *root,
                            enum org_stage stage, struct err *err);

/* What was posted: all sections. */
MUST_USE int org_file_post(struct service *service, const char *text, struct err *err);

#endif
