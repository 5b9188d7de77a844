#include <stddef.h>
#include <string.h>

#include "fakeorg/rules/rules.h"

#define RULE_ID_PREFIX "01Q"

/* Who gets the records that no earlier entry took. */
struct entry {
    const struct yml_node *when;
    const char *owner_text;
    struct condition *condition; /* NULL: every record */
    char owner[ID_MAX];
    struct entry *next;
};

struct assignment_rule {
    const char *name, *id_text;
    const struct yml_node *entry_list;
    bool active;
    char id[ID_MAX];
    struct entry *entries;
    struct assignment_rule *next;
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

static int read_rule(struct orgdata *org, const struct yml_node *node, struct arena *arena,
                     struct assignment_rule **ret_rule, struct err *err)
{
    struct assignment_rule *rule = arena_take(arena, sizeof *rule);

    if (rule == NULL)
        return err_memory(err);
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
    *ret_rule = rule;
    return 0;
}

int assignment_read(struct service *service, const struct yml_node *list, struct err *err)
{
    struct rules *rules = service->rules;
    struct orgdata *org = service->org;
    struct assignment_rule *first = NULL, **place = &first;
    const struct assignment_rule *active = NULL;
    struct arena arena;
    int rc = yml_is(list, YML_LIST, err);

    arena_init(&arena, RULES_ARENA_BYTES);
    for (const struct yml_node *node = list->first; node != NULL && rc == 0; node = node->next) {
        rc = read_rule(org, node, &arena, place, err);
        if (rc == 0 && (*place)->active && active != NULL)
            rc = yml_fail(node, err, "only one rule can be active");
        if (rc == 0 && (*place)->active)
            active = *place;
        if (rc == 0)
            place = &(*place)->next;
    }
    if (rc < 0) {
        arena_done(&arena);
        return -1;
    }
    rules_arena_swap(&rules->assignment_arena, &arena);
    rules->assignments = first;
    return 0;
}

/* The rule that the call's AssignmentRuleHeader asks for: one by id, active or not, or
   the one that is active; NULL for none. */
static struct assignment_rule *wanted_rule(const struct call *call)
{
    struct assignment_rule *rule = call->service->rules->assignments;
    char id[ID_MAX];

    if (call->headers.assignment_rule_id == NULL && !call->headers.use_default_rule)
        return NULL;
    bool by_id =
        call->headers.assignment_rule_id != NULL &&
        id_read(call->headers.assignment_rule_id, strlen(call->headers.assignment_rule_id), id);
    while (rule != NULL && (by_id ? strcmp(rule->id, id) != 0 : !rule->active))
        rule = rule->next;
    return rule;
}

int assignment_check(struct call *call)
{
    if (call->headers.assignment_rule_id == NULL || wanted_rule(call) != NULL)
        return 0;
    return api_error_set(call->error, API_ERROR_UNEXPECTED, "INVALID_ASSIGNMENT_RULE",
                         "there is no assignment rule %.40s", call->headers.assignment_rule_id);
}

int assignment_apply(struct call *call, struct record *record)
{
    struct assignment_rule *rule = wanted_rule(call);

    if (rule == NULL || record->object != orgdata_any_object(call->service->org, "Lead"))
        return 0;
    for (struct entry *entry = rule->entries; entry != NULL; entry = entry->next) {
        bool meant;
        if (condition_holds(entry->condition, record, &meant, call->error) < 0)
            return -1;
        if (!meant)
            continue;
        if (record_set_named(record, "OwnerId", entry->owner) < 0)
            return api_error_memory(call->error);
        return 0;
    }
    return 0;
}
