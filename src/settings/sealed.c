/* sealed: opens the secrets that a configuration names. */
#include "settings/sealed.h"

#include <stdio.h>
#include <string.h>

#include "base/locked.h"
#include "secrets/secrets.h"
#include "settings/values.h"

/* The secrets of one configuration, opened when the first one is needed. */
struct sealed_source {
    struct reader *r;
    const struct settings *settings;
    struct secrets *secrets; /* NULL: not opened */
    bool hopeless;           /* the reason why none can be opened is already reported */
};

/* The name in {secret: NAME}, or NULL when it is something else. */
static const char *name_in(const struct tree_node *node)
{
    const struct tree_node *name = tree_member(node, "secret");

    return node->count == 1 && name != NULL && name->kind == TREE_TEXT && entry_is_name(name->text)
               ? name->text
               : NULL;
}

/* Turns an error into a finding; -1 when it cannot be one. */
static int complain(struct sealed_source *source, const struct tree_node *node, struct err *err)
{
    if (err->kind == ERR_MEMORY)
        return err_memory(source->r->err);
    return reader_complain(source->r, node->line, err->text);
}

/* The value of a secret; locked_free it.  *ret NULL: the reason has been reported. */
static int open_secret(struct sealed_source *source, const struct tree_node *node, const char *name,
                       char **ret)
{
    const struct settings *s = source->settings;
    struct err err = {0};
    size_t len;

    *ret = NULL;
    if (source->hopeless || s->data_dir == NULL)
        return 0; /* that has its own complaint */
    if (source->secrets == NULL)
        source->secrets = secrets_open(s->data_dir, s->secrets_key_file, false, &err);
    source->hopeless = source->secrets == NULL || secrets_key(source->secrets, &err) == NULL;
    if (!source->hopeless)
        *ret = secrets_value(source->secrets, name, &len, &err);
    source->hopeless |= err.kind == ERR_AUTH;
    return *ret != NULL ? 0 : complain(source, node, &err);
}

static int fill_in(struct sealed_source *source, const struct settings_key *key,
                   const struct tree_node *node, bool needed, void *section)
{
    const char *name = name_in(node);
    struct err err = {0};
    char *text;
    int rc;

    if (name == NULL)
        return reader_complain(source->r, node->line,
                               "found a map, expected text on one line, or {secret: NAME} with "
                               "the name of a sealed secret");
    if (*(char **)(void *)((char *)section + key->member) != NULL)
        return reader_complain(source->r, node->line,
                               "stands beside account_password_file; expected one of the two");
    if (!needed)
        return 0;
    if (open_secret(source, node, name, &text) < 0)
        return -1;
    if (text == NULL)
        return 0;
    rc = value_read(key, text, source->r->base_dir, section, &err);
    locked_free(text);
    if (rc < 0 && err.kind == ERR_INVALID)
        err_set(&err, ERR_INVALID, "the secret %s is not one line of %lld to %lld bytes", name,
                (long long)key->min, (long long)key->max);
    return rc == 0 ? 0 : complain(source, node, &err);
}

static int fill_in_destination(struct sealed_source *source, struct destination_settings *d,
                               const struct tree_node *node)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < settings_key_count; i++) {
        const struct settings_key *key = &settings_keys[i];
        const struct tree_node *member = tree_member(node, key->name);
        size_t before;
        if (key->section != SECTION_DESTINATION || key->kind != KEY_SECRET || member == NULL ||
            member->kind != TREE_MAP)
            continue;
        before = reader_enter(source->r, key->name);
        rc = fill_in(source, key, member, d->enabled, d);
        reader_leave(source->r, before);
    }
    return rc;
}

int sealed_fill_in(struct reader *r, struct settings *s, const struct tree_node *root)
{
    struct sealed_source source = {.r = r, .settings = s};
    const struct tree_node *list = tree_member(root, "destinations");
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < s->destination_count; i++) {
        size_t before = reader_enter(r, "destinations");
        reader_enter_index(r, i);
        rc = fill_in_destination(&source, &s->destinations[i], tree_element(list, i));
        reader_leave(r, before);
    }
    secrets_close(source.secrets);
    if (!locked_all())
        reader_warn(r, root->line,
                    "the system lets too little memory be locked, so passwords may be swapped to "
                    "disk: raise LimitMEMLOCK in the unit (ulimit -l), or encrypt the swap");
    return rc;
}
