/* The traits that a rule or a row names and that were not read in the end: another place came
   first, or nothing reads that part.  Nothing that was sent is dropped silently. */
#include "mapping/work.h"

#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "mapping/text.h"

static void add_use(struct work_use *use, const struct place *from, const char *path,
                    const char *field)
{
    struct place_use one = {0};

    place_uses(from, path, &one);
    if (one.value && (use->field == NULL || use->field[0] == '\0'))
        use->field = field;
    use->use.value |= one.value;
    use->use.parts |= one.parts;
}

struct work_use work_use(const struct work *work, const char *path)
{
    struct work_use use = {0};
    const struct settings_row *rows[2];
    size_t counts[2];

    rows[0] = work_rows(work, &counts[0]);
    rows[1] = work_lookup_rows(work, &counts[1]);
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < counts[k]; i++) {
            struct place from[RULE_PLACES];
            place_named(rows[k][i].trait, from);
            add_use(&use, from, path, rows[k][i].field);
        }
    for (size_t i = 0; i < work->binding->rule_count; i++) {
        const struct field_rule *rule = &work->binding->rules[i];
        add_use(&use, rule->from, path, rule_is_on(rule, work->to) ? rule->field : "");
    }
    return use;
}

static void note(struct work *work, const struct doc_node *node, const char *shown,
                 const struct work_use *use)
{
    struct record *record = &work->record;
    bool empty = (node->type == DOC_OBJECT || node->type == DOC_ARRAY) && node->count == 0;

    if (empty ||
        (node->type == DOC_STRING && text_is_blank(work->event->doc.text + node->start, node->len)))
        record_note(record, shown, "blank_left_out", "There is nothing in it.");
    else if (node->type == DOC_NULL)
        record_note(record, shown, "null_left_out", "A null here changes nothing.");
    else if (!use->use.value && use->use.parts)
        record_note(record, shown, "wrong_type", "An object with its parts was expected.");
    else if (!use->use.value)
        record_note(record, shown, "unknown_field",
                    "Nothing reads this part; a row in %s can name it.", work_rows_key(work));
    else if (use->field[0] == '\0')
        record_note(record, shown, "switched_off",
                    "The settings switch off the fields that it is for.");
    else
        record_note(record, shown, "field_set_twice", "%s was set by something that came first.",
                    use->field);
}

static bool all_seen(const struct record *record, const struct doc_node *array)
{
    const struct doc_node *n = doc_first(record->doc, array);

    if (n == NULL)
        return false;
    while (n != NULL && record_saw(record, n))
        n = doc_next(record->doc, n);
    return n == NULL;
}

/* path with one key more; NULL: out of memory. */
static char *path_into(const struct doc *doc, const struct doc_node *member, const char *path)
{
    char *name = work_name(doc, member);
    char *full = name == NULL ? NULL : mem_format("%s.%s", path, name);

    mem_free(name);
    return full;
}

/* Goes in only where a rule or a row does, so no deeper than their paths. */
static void go_inside(struct work *work, const struct doc_node *object, const char *path)
{
    const struct doc *doc = &work->event->doc;

    for (const struct doc_node *m = doc_first(doc, object); m != NULL && !work->record.no_memory;
         m = doc_next(doc, m)) {
        char *inner = path_into(doc, m, path);
        if (inner == NULL)
            work->record.no_memory = true;
        else
            left_over(work, m, inner);
        mem_free(inner);
    }
}

void left_over(struct work *work, const struct doc_node *node, const char *path)
{
    struct work_use use;
    char *shown;

    if (record_saw(&work->record, node) ||
        (node->type == DOC_ARRAY && all_seen(&work->record, node)))
        return;
    if (work->record.result->note_count >= RECORD_MAX_NOTES) {
        record_note(&work->record, path, "unknown_field", "%s", ""); /* is only counted */
        return;
    }
    use = work_use(work, path);
    if (node->type == DOC_OBJECT && node->count > 0 && use.use.parts) {
        go_inside(work, node, path);
        return;
    }
    shown = mem_text_n(path, utf8_cut(path, strlen(path), WORK_MAX_SHOWN));
    if (shown == NULL)
        work->record.no_memory = true;
    else
        note(work, node, shown, &use);
    mem_free(shown);
}
