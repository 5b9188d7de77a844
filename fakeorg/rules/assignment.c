/* Reads assignment rules, and finds the entry that applies to a record. */
#include "fakeorg/rules/assignment.h"

#include <stddef.h>
#include <string.h>

#include "fakeorg/query/condition.h"

#define RULE_ID_PREFIX "01Q"

/* An entry: the owner of records that no earlier entry matched. */
struct entry {
    const struct yml_node *when;
    const char *owner_text;
    struct condition *condition; /* NULL: every record */
    char owner[ID_MAX];
    struct entry *next;
};

struct assignment_rule {
    struct rule_link link;
    const char *name, *id_text;
    const struct yml_node *entry_list;
    bool active;
    char id[ID_MAX];
    struct entry *entries;
};

static const struct yml_key rule_keys[] = {
    {"name", WANT_TEXT, true, offsetof(struct assignment_rule, name), 0},
    {"id", WANT_TEXT, false, offsetof(struct assignment_rule, id_text), 0},
    {"active", WANT_FLAG, false, offsetof(struct assignment_rule, active), 0},
    {"entries", WANT_NODE, true, offsetof(struct assignment_rule, entry_list), 0},
};

static const struct yml_key entry_keys[] = {
    {"when", WANT_NODE, false, offsetof(struct entry, when), 0},
    {"owner", WANT_TEXT, true, offsetof(struct entry, owner_text), 0},
};

static bool read_id(const char *text, const char *prefix, char ret[ID_MAX])
{
    return id_read(text, strlen(text), ret) && strncmp(ret, prefix, 3) == 0;
}

static int read_entry(struct orgdata *org, const struct yml_node *node, struct arena *arena,
                      struct entry **ret_entry, struct err *err)
{
    struct entry *entry = arena_take(arena, sizeof *entry);

    if (entry == NULL)
        return err_memory(err);
    if (yml_take(node, entry_keys, sizeof entry_keys / sizeof entry_keys[0], entry, err) < 0)
        return -1;
    if (!read_id(entry->owner_text, "005", entry->owner) &&
        !read_id(entry->owner_text, "00G", entry->owner))
        return yml_fail(yml_member(node, "owner"), err,
                        "expected the id of a user (005...) or a queue (00G...)");
    if (entry->when != NULL) {
        entry->condition = condition_read(entry->when, orgdata_any_object(org, "Lead"), arena, err);
        if (entry->condition == NULL)
            return -1;
    }
    *ret_entry = entry;
    return 0;
}

static const struct assignment_rule *active_one(const struct rule_link *rule)
{
    const struct assignment_rule *found = NULL;

    for (; rule != NULL && found == NULL; rule = rule->next)
        if (((const struct assignment_rule *)rule)->active)
            found = (const struct assignment_rule *)rule;
    return found;
}

static int read_rule(struct orgdata *org, const struct yml_node *node, struct arena *arena,
                     const struct rule_link *earlier, struct rule_link *link, struct err *err)
{
    struct assignment_rule *rule = (struct assignment_rule *)link;

    rule->active = true;
    if (yml_take(node, rule_keys, sizeof rule_keys / sizeof rule_keys[0], rule, err) < 0)
        return -1;
    if (rule->id_text == NULL)
        id_make(RULE_ID_PREFIX, node->position + 1, rule->id);
    else if (!read_id(rule->id_text, RULE_ID_PREFIX, rule->id))
        return yml_fail(yml_member(node, "id"), err, "expected an id that begins with %s",
                        RULE_ID_PREFIX);
    if (yml_is(rule->entry_list, YML_LIST, err) < 0)
        return -1;
    struct entry **place = &rule->entries;
    for (const struct yml_node *child = rule->entry_list->first; child != NULL;
         child = child->next) {
        if (read_entry(org, child, arena, place, err) < 0)
            return -1;
        place = &(*place)->next;
    }
    if (rule->active && active_one(earlier) != NULL)
        return yml_fail(node, err, "only one rule can be active");
    return 0;
}

int assignment_read(struct rules *rules, const struct yml_node *list, struct err *err)
{
    static const struct rule_reader reader = {sizeof(struct assignment_rule), read_rule};

    return rules_read(rules, &rules->assignments, &reader, list, err);
}

/* The rule that the request asks for: by id, active or not, or the active one;
   NULL if none. */
static const struct assignment_rule *wanted_rule(const struct save_context *ctx)
{
    const char *text = ctx->assignment_rule_id;
    char id[ID_MAX];

    if (text == NULL && !ctx->use_default_rule)
        return NULL;
    if (text == NULL || !id_read(text, strlen(text), id))
        return active_one(ctx->rules->assignments.first);
    for (const struct rule_link *at = ctx->rules->assignments.first; at != NULL; at = at->next)
        if (strcmp(((const struct assignment_rule *)at)->id, id) == 0)
            return (const struct assignment_rule *)at;
    return NULL;
}

int assignment_check(const struct save_context *ctx)
{
    if (ctx->assignment_rule_id == NULL || wanted_rule(ctx) != NULL)
        return 0;
    return api_error_set(ctx->error, API_ERROR_UNEXPECTED, "INVALID_ASSIGNMENT_RULE",
                         "there is no assignment rule %.40s", ctx->assignment_rule_id);
}

int assignment_apply(const struct save_context *ctx, struct record *record)
{
    const struct assignment_rule *rule = wanted_rule(ctx);

    if (rule == NULL || record->object != orgdata_any_object(ctx->org, "Lead"))
        return 0;
    for (struct entry *entry = rule->entries; entry != NULL; entry = entry->next) {
        bool meant;
        if (condition_holds(entry->condition, record, &meant, ctx->error) < 0)
            return -1;
        if (!meant)
            continue;
        if (record_set_named(record, "OwnerId", entry->owner) < 0)
            return api_error_memory(ctx->error);
        return 0;
    }
    return 0;
}
