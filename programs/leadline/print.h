/*
 * print: results for people, as lines of a name and a value, and for machines.
 *
 * Text from events and orgs is shown without control characters, so that it cannot control the
 * terminal.
 *
 * Threads: only the main thread.  Memory: nothing is kept.
 */
#ifndef PROGRAMS_LEADLINE_PRINT_H
#define PROGRAMS_LEADLINE_PRINT_H

#include <jansson.h>

/* text on standard output, control characters as '?'. */
void print_text(const char *text);

/* "  name           text"; nothing when text is NULL. */
void print_line(const char *name, const char *text);

/* Prints the member of that name, when it is text. */
void print_member(const json_t *object, const char *member);

/* "  title          first 12, second 0": integers; absent ones are left out. */
struct print_figure {
    const char *member, *label;
};
void print_figures(const char *title, const json_t *object, const struct print_figure *figures,
                   size_t count);

/* For machines: the value, indented, with a newline. */
void print_json(const json_t *value);

#endif
