/* Looks for a value at the places of a rule, in their order. */
#include "mapping/place.h"

#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "event/traits.h"
#include "mapping/text.h"

void found_done(struct found *found)
{
    mem_free(found->text);
    found->text = NULL;
}

/* Takes text; only white space counts as nothing. */
static void found_text(struct record *record, struct found *ret, enum doc_type type, char *text,
                       size_t len, const char *trait)
{
    if (text == NULL) {
        record->no_memory = true;
    } else if (text_is_blank(text, len)) {
        record_note(record, trait, "blank_left_out", "There is nothing in it.");
        mem_free(text);
    } else {
        mem_free(ret->text);
        *ret = (struct found){FOUND_VALUE, type, text, len, trait, NULL};
    }
}

static void wrong_type(struct record *record, const char *trait, const char *what)
{
    record_note(record, trait, "wrong_type", "%s was expected.", what);
}

static void read_list(struct record *record, const struct event *event,
                      const struct doc_node *array, const char *trait, struct found *ret)
{
    struct buf joined;
    size_t len = 0;

    buf_init(&joined, event->doc.len);
    for (const struct doc_node *n = doc_first(&event->doc, array); n != NULL;
         n = doc_next(&event->doc, n)) {
        struct found element = {0};
        place_read(record, event, n, trait, false, &element);
        if (element.kind == FOUND_VALUE) {
            if (joined.len > 0)
                buf_char(&joined, ';');
            buf_put(&joined, element.text, element.len);
        }
        found_done(&element);
    }
    if (joined.len > 0 || buf_failed(&joined) || array->count == 0) {
        char *text = buf_take(&joined, &len);
        found_text(record, ret, DOC_STRING, text, len, trait);
    }
    buf_done(&joined);
}

void place_read(struct record *record, const struct event *event, const struct doc_node *node,
                const char *trait, bool lists, struct found *ret)
{
    size_t len = 0;

    record_see(record, node, node->type != DOC_NULL); /* a null only when it counts */
    if (node->type == DOC_NULL) {
        if (ret->kind == FOUND_NOTHING)
            *ret = (struct found){.kind = FOUND_NULL, .trait = trait, .null = node};
    } else if (node->type == DOC_ARRAY && lists) {
        read_list(record, event, node, trait, ret);
    } else if (node->type == DOC_ARRAY || node->type == DOC_OBJECT) {
        wrong_type(record, trait, "A text, a number or true or false");
    } else {
        char *text = doc_text(&event->doc, node, &len);
        found_text(record, ret, node->type, text, len, trait);
    }
}

/* The array's first element that is present. */
static void read_first(struct record *record, const struct event *event,
                       const struct doc_node *node, const char *trait, struct found *ret)
{
    if (node->type == DOC_NULL) {
        place_read(record, event, node, trait, false, ret);
        return;
    }
    if (node->type != DOC_ARRAY) {
        record_see(record, node, true);
        wrong_type(record, trait, "An array");
        return;
    }
    for (const struct doc_node *n = doc_first(&event->doc, node);
         n != NULL && ret->kind != FOUND_VALUE; n = doc_next(&event->doc, n))
        place_read(record, event, n, trait, false, ret);
}

/* Reduces a full name to its first word, or to what follows it. */
static void split_name(struct found *found, enum place_kind which)
{
    const char *name = found->text;
    size_t len = found->len;

    text_trim(&name, &len);
    size_t first = text_first_word(name, len);
    if (which == PLACE_REST) {
        name += first;
        len -= first;
        text_trim(&name, &len);
    } else {
        len = first;
    }
    memmove(found->text, name, len);
    found->text[len] = '\0';
    found->len = len;
    if (text_is_blank(found->text, len)) {
        found_done(found);
        *found = (struct found){.kind = FOUND_NOTHING};
    }
}

/* True when a later place looks inside the object at path, as company.name does. */
static bool goes_inside(const struct place *later, const char *path)
{
    size_t len = strlen(path);

    for (; later->kind != PLACE_NONE; later++) {
        if (strncmp(later->path, path, len) == 0 && later->path[len] == '.')
            return true;
    }
    return false;
}

static void find_trait(struct record *record, const struct event *event, const struct place *from,
                       bool lists, struct found *ret)
{
    const struct doc_node *node = traits_find(&event->doc, event->traits, from->path);
    bool seen_before;

    if (node == NULL)
        return;
    seen_before = record_saw(record, node);
    if (from->kind == PLACE_FIRST_OF) {
        read_first(record, event, node, from->path, ret);
        return;
    }
    if (node->type == DOC_OBJECT && goes_inside(from + 1, from->path))
        return;
    if (from->kind == PLACE_TEXT && node->type != DOC_STRING && node->type != DOC_NULL) {
        record_see(record, node, true);
        wrong_type(record, from->path, "A text");
        return;
    }
    place_read(record, event, node, from->path, lists, ret);
    if ((from->kind == PLACE_FIRST_WORD || from->kind == PLACE_REST) && ret->kind == FOUND_VALUE) {
        split_name(ret, from->kind);
        if (ret->kind == FOUND_NOTHING) /* its other part may still be wanted */
            record_see(record, node, seen_before);
    }
}

static bool looks_like_address(const char *text)
{
    size_t len;

    if (text == NULL)
        return false;
    len = strlen(text);
    text_trim(&text, &len);
    return text_is_address(text, len);
}

static void find_member(struct record *record, const char *text, const char *name,
                        struct found *ret)
{
    if (text != NULL)
        found_text(record, ret, DOC_STRING, mem_text(text), strlen(text), name);
}

void place_find(struct record *record, const struct event *event, const struct place *from,
                bool lists, struct found *ret)
{
    *ret = (struct found){.kind = FOUND_NOTHING};
    for (; from->kind != PLACE_NONE && ret->kind != FOUND_VALUE; from++) {
        switch (from->kind) {
        case PLACE_USER_ID:
            find_member(record, event->user_id, from->path, ret);
            break;
        case PLACE_USER_ID_ADDRESS:
            if (looks_like_address(event->user_id))
                find_member(record, event->user_id, from->path, ret);
            break;
        case PLACE_ANONYMOUS_ID:
            find_member(record, event->anonymous_id, from->path, ret);
            break;
        case PLACE_GROUP_ID:
            find_member(record, event->group_id, from->path, ret);
            break;
        default:
            find_trait(record, event, from, lists, ret);
        }
    }
    if (ret->kind == FOUND_NULL)
        record_see(record, ret->null, true);
}

void place_named(const char *name, struct place ret[RULE_PLACES])
{
    static const struct {
        const char *name;
        struct place from[2];
    } members[] = {
        {"userId", {USER_ID}},
        {"anonymousId", {ANONYMOUS_ID}},
        {"groupId", {GROUP_ID}},
        {"email", {TRAIT("email"), USER_ID_IF_ADDRESS}},
    };

    memset(ret, 0, RULE_PLACES * sizeof(*ret));
    ret[0] = (struct place){PLACE_TRAIT, name};
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        if (strcasecmp(members[i].name, name) == 0)
            memcpy(ret, members[i].from, sizeof(members[i].from));
    }
}

void place_uses(const struct place *from, const char *path, struct place_use *use)
{
    for (; from->kind != PLACE_NONE; from++) {
        enum traits_fit fit =
            from->kind >= PLACE_USER_ID ? TRAITS_DIFFERENT : traits_fit(path, from->path);
        use->value |= fit == TRAITS_SAME;
        use->parts |= fit == TRAITS_CONTAINS;
    }
}
