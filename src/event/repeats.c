/* Finds repeated names by sorting, once an object is too large to compare each with each. */
#include "event/repeats.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define FEW  16 /* members compared pair by pair, without memory of their own */
#define NONE UINT32_MAX

struct name {
    const char *text; /* decoded */
    size_t len;
    char *own;       /* of text, when it had to be decoded */
    uint32_t place;  /* among the members as written */
    uint32_t node;   /* index */
    uint32_t counts; /* the place of the member that counts; NONE: the name came before */
};

static bool same(const struct name *a, const struct name *b)
{
    return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

static int compare(const void *a, const void *b)
{
    const struct name *left = *(const struct name *const *)a,
                      *right = *(const struct name *const *)b;
    int order;

    if (left->len != right->len)
        return left->len < right->len ? -1 : 1;
    order = memcmp(left->text, right->text, left->len);
    return order != 0 ? order : (left->place > right->place) - (left->place < right->place);
}

static int read_names(const struct doc *doc, uint32_t object, struct name *names)
{
    uint32_t place = 0;

    for (uint32_t i = doc->nodes[object].child; i != 0; i = doc->nodes[i].next_written) {
        const struct doc_node *node = &doc->nodes[i];
        struct name *name = &names[place];
        *name = (struct name){.text = doc->text + node->key,
                              .len = node->key_len,
                              .place = place,
                              .node = i,
                              .counts = place};
        place++;
        if (!node->key_escaped)
            continue;
        name->text = name->own = doc_key(doc, node, &name->len);
        if (name->own == NULL)
            return -1;
    }
    return 0;
}

/* True when a name occurs twice. */
static bool pair_few(struct name *names, uint32_t count)
{
    bool repeated = false;

    for (uint32_t i = 0; i < count; i++)
        for (uint32_t j = i + 1; j < count && names[i].counts != NONE; j++)
            if (same(&names[i], &names[j])) {
                names[i].counts = j;
                names[j].counts = NONE;
                repeated = true;
            }
    return repeated;
}

static int pair_many(struct name *names, uint32_t count, bool *ret_repeated)
{
    struct name **sorted = mem_alloc(count * sizeof *sorted);

    if (sorted == NULL)
        return -1;
    for (uint32_t i = 0; i < count; i++)
        sorted[i] = &names[i];
    qsort(sorted, count, sizeof *sorted, compare);
    for (uint32_t i = 0, first = 0; i < count; i++) {
        if (!same(sorted[first], sorted[i]))
            first = i;
        if (first == i)
            continue;
        sorted[first]->counts = sorted[i]->place;
        sorted[i]->counts = NONE;
        *ret_repeated = true;
    }
    mem_free(sorted);
    return 0;
}

static void link_counting(struct doc *doc, uint32_t object, const struct name *names,
                          uint32_t count)
{
    uint32_t *to = &doc->nodes[object].child;

    doc->nodes[object].count = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (names[i].counts == NONE)
            continue;
        *to = names[names[i].counts].node;
        to = &doc->nodes[*to].next;
        doc->nodes[object].count++;
    }
    *to = 0;
}

int repeats_link(struct doc *doc, uint32_t object, struct err *err)
{
    uint32_t count = doc->nodes[object].count;
    struct name few[FEW], *names = few;
    bool repeated = false;
    int rc = 0;

    if (count < 2)
        return 0;
    if (count > FEW && (names = mem_zero(count, sizeof *names)) == NULL)
        return err_memory(err);
    if (count <= FEW)
        memset(few, 0, count * sizeof *few);
    rc = read_names(doc, object, names);
    if (rc == 0 && count <= FEW)
        repeated = pair_few(names, count);
    else if (rc == 0)
        rc = pair_many(names, count, &repeated);
    if (rc == 0 && repeated)
        link_counting(doc, object, names, count);
    for (uint32_t i = 0; i < count; i++)
        mem_free(names[i].own);
    if (names != few)
        mem_free(names);
    return rc < 0 ? err_memory(err) : 0;
}
