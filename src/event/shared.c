/* The members are sorted once by key, so that hiding some is a search for each. */
#include "event/shared.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static int compare_keys(const struct shared_key *a, const struct shared_key *b)
{
    if (a->len != b->len)
        return a->len < b->len ? -1 : 1;
    return memcmp(a->text, b->text, a->len);
}

static int compare_members(const void *a, const void *b)
{
    const struct shared_member *const *left = a, *const *right = b;

    return compare_keys(&(*left)->key, &(*right)->key);
}

static int compare_with_key(const void *key, const void *member)
{
    const struct shared_member *const *right = member;

    return compare_keys(key, &(*right)->key);
}

int shared_read(struct shared *shared, const struct doc *doc, const struct doc_node *object,
                const char *name, struct err *err)
{
    shared->object = object;
    if (object == NULL)
        return 0;
    if (object->count > SHARED_MAX || object->len > SHARED_MAX_BYTES)
        return err_set(err, ERR_FULL, "a batch's %s may have at most %d members and %d bytes", name,
                       SHARED_MAX, SHARED_MAX_BYTES);
    for (const struct doc_node *m = doc_first(doc, object); m != NULL; m = doc_next(doc, m)) {
        struct shared_member *to = &shared->members[shared->count];
        to->node = m;
        to->own_text = doc_key(doc, m, &to->key.len);
        if (to->own_text == NULL)
            return err_memory(err);
        to->key.text = to->own_text;
        shared->by_key[shared->count++] = to;
    }
    qsort(shared->by_key, shared->count, sizeof shared->by_key[0], compare_members);
    return 0;
}

void shared_done(struct shared *shared)
{
    for (size_t i = 0; i < shared->count; i++)
        mem_free(shared->members[i].own_text);
}

/* Each of its members costs one search. */
int shared_hide(struct shared *shared, const struct doc *doc, const struct doc_node *own,
                struct err *err)
{
    for (size_t i = 0; i < shared->count; i++)
        shared->members[i].hidden = false;
    for (const struct doc_node *m = doc_first(doc, own); m != NULL; m = doc_next(doc, m)) {
        struct shared_key key = {doc->text + m->key, m->key_len};
        struct shared_member **found;
        char *decoded = NULL;
        if (m->key_escaped) {
            key.text = decoded = doc_key(doc, m, &key.len);
            if (decoded == NULL)
                return err_memory(err);
        }
        found = bsearch(&key, shared->by_key, shared->count, sizeof shared->by_key[0],
                        compare_with_key);
        mem_free(decoded);
        if (found != NULL)
            (*found)->hidden = true;
    }
    return 0;
}
