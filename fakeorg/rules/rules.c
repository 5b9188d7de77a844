/* The lists of rules, and the code that reads any of them. */
#include "fakeorg/rules/rules.h"

#include <string.h>

#include "base/mem.h"

#define ARENA_BYTES ((size_t)16 * 1024 * 1024)

struct rules *rules_new(struct orgdata *org)
{
    struct rules *rules = mem_zero(1, sizeof *rules);

    if (rules == NULL)
        return NULL;
    rules->org = org;
    arena_init(&rules->validations.arena, ARENA_BYTES);
    arena_init(&rules->duplicates.arena, ARENA_BYTES);
    arena_init(&rules->assignments.arena, ARENA_BYTES);
    arena_init(&rules->locks.arena, ARENA_BYTES);
    return rules;
}

void rules_free(struct rules *rules)
{
    if (rules == NULL)
        return;
    arena_done(&rules->validations.arena);
    arena_done(&rules->duplicates.arena);
    arena_done(&rules->assignments.arena);
    arena_done(&rules->locks.arena);
    mem_free(rules->preview);
    mem_free(rules);
}

static int read_list(struct rules *rules, struct rule_list *list, const struct rule_reader *reader,
                     const struct yml_node *node, struct err *err)
{
    struct rule_link **place = &list->first;

    for (const struct yml_node *child = node->first; child != NULL; child = child->next) {
        struct rule_link *rule = arena_take(&list->arena, reader->size);
        if (rule == NULL)
            return err_memory(err);
        if (reader->read(rules->org, child, &list->arena, list->first, rule, err) < 0)
            return -1;
        *place = rule;
        place = &rule->next;
    }
    return 0;
}

int rules_read(struct rules *rules, struct rule_list *list, const struct rule_reader *reader,
               const struct yml_node *node, struct err *err)
{
    struct rule_list fresh = {.first = NULL};

    if (yml_is(node, YML_LIST, err) < 0)
        return -1;
    arena_init(&fresh.arena, ARENA_BYTES);
    if (read_list(rules, &fresh, reader, node, err) < 0) {
        arena_done(&fresh.arena);
        return -1;
    }
    arena_done(&list->arena);
    *list = fresh;
    return 0;
}

struct object *rules_object_named(struct orgdata *org, const char *name)
{
    struct object *object = orgdata_any_object(org, name);

    return object != NULL && strcmp(object->prefix, USER_ID_PREFIX) != 0 ? object : NULL;
}

struct object *rules_object(struct orgdata *org, const struct yml_node *node, struct err *err)
{
    struct object *object = rules_object_named(org, node->text);

    if (object == NULL)
        yml_fail(node, err, "expected an object: Lead, Account or Contact");
    return object;
}

int rules_keep_text(struct arena *arena, const char **text, struct err *err)
{
    *text = arena_text(arena, *text, strlen(*text));
    return *text == NULL ? err_memory(err) : 0;
}
