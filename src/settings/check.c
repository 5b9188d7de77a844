/* What the table of keys cannot express: what keys mean for each other, and for other sections. */
#include "settings/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/locked.h"
#include "base/mem.h"
#include "settings/sealed.h"

#define LOGIN_SANDBOX "https://test.salesforce.com"

/* A complaint about a key below the place of r. */
static void complain_of(struct reader *r, const char *key, int line, const char *what)
{
    size_t before = reader_enter(r, key);

    reader_complain(r, line, what);
    reader_leave(r, before);
}

/* The line of a key, or of the map that lacks it. */
static int line_of(const struct tree_node *node, const char *key)
{
    const struct tree_node *member = tree_member(node, key);

    return member != NULL ? member->line : node->line;
}

/* What a single destination leaves out may be in the environment. */
static int from_environment(struct reader *r, const struct tree_node *node, const char *variable,
                            char **member)
{
    const char *text = secure_getenv(variable);
    char what[100];

    if (*member != NULL || text == NULL || text[0] == '\0')
        return 0;
    snprintf(what, sizeof what, "%s in the environment is longer than 255 bytes", variable);
    if (strlen(text) > 255)
        return reader_complain(r, node->line, what);
    *member = locked_text(text);
    return *member != NULL ? 0 : err_memory(r->err);
}

int no_secret(struct reader *r, char **member)
{
    if (*member == NULL)
        *member = locked_text("");
    return *member != NULL ? 0 : err_memory(r->err);
}

int never_null(struct reader *r, char **member, const char *text)
{
    if (*member == NULL)
        *member = mem_text(text);
    return *member != NULL ? 0 : err_memory(r->err);
}

/* A key whose value was wrong has its own complaint. */
static bool is_said(const struct tree_node *node, const char *key)
{
    const struct tree_node *member = tree_member(node, key);

    return member != NULL && member->kind != TREE_NOTHING;
}

static void miss_password(struct reader *r, const struct tree_node *node)
{
    const struct tree_node *member = tree_member(node, "account_password");
    bool comment = member != NULL && member->comment;
    char what[300];

    if (is_said(node, "account_password") || is_said(node, "account_password_file"))
        return;
    snprintf(what, sizeof what,
             "found nothing%s, expected account_password or account_password_file (with a single "
             "destination also LEADLINE_ACCOUNT_PASSWORD in the environment)",
             comment ? " (a # begins a comment: put a password that holds one in quotes)" : "");
    complain_of(r, "account_password", line_of(node, "account_password"), what);
}

static int finish_destination(struct reader *r, struct destination_settings *d, bool single,
                              const struct tree_node *node)
{
    if (single &&
        (from_environment(r, node, "LEADLINE_ACCOUNT_PASSWORD", &d->account_password) < 0 ||
         from_environment(r, node, "LEADLINE_SECURITY_TOKEN", &d->security_token) < 0))
        return -1;
    if (d->account_password == NULL && d->enabled)
        miss_password(r, node);
    if (d->retry_longest_ms > 0 && d->retry_longest_ms < d->retry_first_ms)
        complain_of(r, "retry_longest",
                    line_of(node, is_said(node, "retry_longest") ? "retry_longest" : "retry_first"),
                    "is shorter than retry_first");
    if (never_null(r, &d->login_url, d->sandbox ? LOGIN_SANDBOX : LOGIN_PRODUCTION) < 0 ||
        no_secret(r, &d->account_password) < 0 || no_secret(r, &d->security_token) < 0)
        return -1;
    return 0;
}

static bool alike(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcasecmp(a, b) == 0;
}

/* Against the destinations before it. */
static void compare_destination(struct reader *r, const struct settings *s, size_t index,
                                const struct tree_node *node)
{
    const struct destination_settings *d = &s->destinations[index], *other;
    char what[200];

    for (other = s->destinations; other < d; other++) {
        if (alike(d->name, other->name))
            complain_of(r, "name", line_of(node, "name"), "another destination has this name");
        if (d->enabled && other->enabled && alike(d->login_url, other->login_url) &&
            alike(d->account_email, other->account_email)) {
            snprintf(what, sizeof what,
                     "the same user of the same org as destination %s: what both get is written "
                     "twice over, and each ends the other's sessions when it signs out",
                     other->name != NULL ? other->name : "before it");
            reader_warn(r, line_of(node, "account_email"), what);
        }
    }
}

static int check_destinations(struct reader *r, struct settings *s, const struct tree_node *list)
{
    for (size_t i = 0; i < s->destination_count; i++) {
        const struct tree_node *node = tree_element(list, i);
        size_t before = reader_enter(r, "destinations");
        reader_enter_index(r, i);
        if (node->kind == TREE_MAP) {
            if (finish_destination(r, &s->destinations[i], s->destination_count == 1, node) < 0)
                return -1;
            compare_destination(r, s, i, node);
        }
        reader_leave(r, before);
    }
    return 0;
}

static bool all_destinations_named(const struct settings *s)
{
    for (size_t i = 0; i < s->destination_count; i++)
        if (s->destinations[i].name == NULL)
            return false;
    return true;
}

/* The names in a source that are not destinations. */
static void check_offers(struct reader *r, const struct settings *s,
                         const struct source_settings *source, const struct tree_node *list)
{
    size_t before = reader_enter(r, "destinations"), index = 0;
    char what[200];

    for (const struct tree_node *child = list->first; child != NULL; child = child->next, index++) {
        size_t inside = reader_enter_index(r, index);
        bool is_name = false;
        for (size_t i = 0; i < source->destination_count; i++)
            is_name |= strcmp(source->destinations[i], child->text) == 0;
        snprintf(what, sizeof what, "found %s, expected the name of a destination of this file",
                 LOG_TEXT(child->text));
        if (is_name && settings_destination(s, child->text) == NULL)
            reader_complain(r, child->line, what);
        reader_leave(r, inside);
    }
    reader_leave(r, before);
}

static void check_source(struct reader *r, const struct settings *s, size_t index,
                         const struct tree_node *node)
{
    const struct source_settings *source = &s->sources[index], *other;
    const struct tree_node *offers = tree_member(node, "destinations");
    char what[200];

    for (other = s->sources; other < source; other++) {
        if (alike(source->name, other->name))
            complain_of(r, "name", line_of(node, "name"), "another source has this name");
        if (source->write_key == NULL || other->write_key == NULL ||
            strcmp(source->write_key, other->write_key) != 0)
            continue;
        snprintf(what, sizeof what, "source %s has the same write key",
                 other->name != NULL ? other->name : "before it");
        complain_of(r, "write_key", line_of(node, "write_key"), what);
    }
    if (offers != NULL && all_destinations_named(s))
        check_offers(r, s, source, offers);
}

int check_settings(struct reader *r, struct settings *s, const struct tree_node *root)
{
    const struct tree_node *sources = tree_member(root, "sources");

    if (alike(s->listen, s->admin_listen) && strcmp(strrchr(s->listen, ':'), ":0") != 0)
        complain_of(r, "admin_listen", line_of(root, "admin_listen"), "is the same as listen");
    if (sealed_fill_in(r, s, root) < 0 ||
        check_destinations(r, s, tree_member(root, "destinations")) < 0)
        return -1;
    for (size_t i = 0; i < s->source_count; i++) {
        const struct tree_node *node = tree_element(sources, i);
        size_t before = reader_enter(r, "sources");
        reader_enter_index(r, i);
        if (node->kind == TREE_MAP)
            check_source(r, s, i, node);
        reader_leave(r, before);
    }
    return 0;
}
