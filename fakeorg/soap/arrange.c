/* Sorts the children of an element, and adds those that are missing. */
#include "fakeorg/soap/arrange.h"

#include <string.h>

#include "fakeorg/soap/xml_write.h"

static const char *bare(const char *listed)
{
    return listed + strspn(listed, "!*");
}

static bool is_called(const struct xml_node *node, const char *name)
{
    /* Beatbox sends "id" in a delete, and the service accepts that. */
    return strcmp(node->name, name) == 0 ||
           (strcmp(name, "ids") == 0 && strcmp(node->name, "id") == 0);
}

void arrange_children(struct xml_node *node, const char *const *names, size_t count)
{
    struct xml_node *rest = node->first, **end = &node->first;

    for (size_t i = 0; i < count && names[i] != NULL; i++) {
        const char *name = bare(names[i]);
        struct xml_node **place = &rest;
        while (*place != NULL) {
            struct xml_node *child = *place;
            if (!is_called(child, name)) {
                place = &child->next;
                continue;
            }
            *place = child->next;
            child->space = NS_PARTNER;
            child->name = name;
            *end = child;
            end = &child->next;
        }
    }
    *end = rest;
    for (node->last = node->first; node->last != NULL && node->last->next != NULL;)
        node->last = node->last->next;
}

int arrange_missing(struct xml_node *node, const char *const *names, size_t count,
                    struct arena *arena)
{
    struct xml_node **place = &node->first;

    for (size_t i = 0; i < count && names[i] != NULL; i++) {
        bool there = false;
        while (xml_is(*place, NS_PARTNER, bare(names[i]))) {
            there = true;
            place = &(*place)->next;
        }
        if (there || names[i][0] != '!')
            continue;
        struct xml_node *child = arena_take(arena, sizeof *child);
        if (child == NULL)
            return -1;
        *child = (struct xml_node){
            .space = NS_PARTNER, .name = bare(names[i]), .text = "", .nil = true, .next = *place};
        *place = child;
        place = &child->next;
    }
    return 0;
}

/* No deeper than the reader allows a tree to be. */
static void arrange_record(struct xml_node *node)
{
    for (struct xml_node *child = node->first; child != NULL; child = child->next) {
        child->space = NS_SOBJECT;
        arrange_record(child);
    }
}

void arrange_records(struct xml_node *request)
{
    for (struct xml_node *node = request->first; node != NULL; node = node->next)
        if (xml_is(node, NS_PARTNER, "sObjects"))
            arrange_record(node);
}
