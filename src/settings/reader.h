/*
 * reader: sections of the configuration file into their structs, by the table of keys.
 *
 * A mistake is added to the findings and reading continues: a member whose value is
 * wrong stays zero. -1 only when out of memory.
 *
 * Threads: none of its own.  Memory: what was read stays in the struct, for its owner to
 * free.
 */
#ifndef SETTINGS_READER_H
#define SETTINGS_READER_H

#include "settings/keys.h"
#include "settings/tree.h"

struct reader {
    const char *file;     /* for messages */
    const char *base_dir; /* what relative paths start from */
    struct err *err;
    struct settings_findings *findings;
    char place[200]; /* "destinations[0].version" */
};

/* Adds "FILE:LINE: PLACE: what" to the findings, as an error or as a warning.  Returns 0. */
int reader_complain(struct reader *r, int line, const char *what);
void reader_warn(struct reader *r, int line, const char *what);

/* Append a key or an index to place; reader_leave removes it, given what they returned. */
size_t reader_enter(struct reader *r, const char *key);
size_t reader_enter_index(struct reader *r, size_t index);
void reader_leave(struct reader *r, size_t before);

/* Every key of node into base, a zeroed struct of that section, then the defaults. */
MUST_USE int reader_section(struct reader *r, enum section section, const struct tree_node *node,
                            void *base);

/* One key of that section, whether node has it or leaves it out. */
MUST_USE int reader_key(struct reader *r, const struct settings_key *key,
                        const struct tree_node *node, void *base);

/* What node leaves out: the default, or a complaint when the key is required.  node NULL: it
   leaves out everything, and nothing is required. */
MUST_USE int reader_fill_in(struct reader *r, enum section section, const struct tree_node *node,
                            void *base);

#endif
