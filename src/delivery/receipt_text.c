/* The JSON texts of a receipt. */
#include "delivery/receipt_text.h"

#include <stdio.h>
#include <string.h>

#include "base/buf_json.h"
#include "base/mem.h"

#define SENT_MAX  (16 * 1024)   /* of the fields kept with a receipt */
#define NOTES_MAX (256 * 1024)  /* of its notes */
#define OWN_MAX   (16 * 1024)   /* the part of it reserved for the notes of the delivery */
#define LAST_MAX  200           /* and for the note that says how many more there were */
#define ENTRY_MAX (1024 * 1024) /* a single field or note, escaped, before it is cut */

/* Keeps what was printed after the first begin bytes if the list is still no longer than max. */
static void keep_or_count(struct buf *out, size_t begin, size_t max, size_t *left_out)
{
    if (out->len <= max)
        return;
    buf_cut(out, begin);
    ++*left_out;
}

struct notes {
    struct buf out;
    size_t left_out;
};

static void note(struct notes *notes, size_t max, const char *trait, const char *code,
                 const char *detail)
{
    struct buf *out = &notes->out;
    size_t begin = out->len;

    buf_json_comma(out);
    buf_char(out, '{');
    buf_json_key(out, "trait");
    buf_json_string(out, trait, strlen(trait));
    buf_json_key(out, "code");
    buf_json_string(out, code, strlen(code));
    if (detail != NULL) {
        buf_json_key(out, "detail");
        buf_json_string(out, detail, strlen(detail));
    }
    buf_char(out, '}');
    keep_or_count(out, begin, max, &notes->left_out);
}

static void notes_of(const struct mapping_result *mapped, struct notes *notes)
{
    for (size_t i = 0; i < mapped->note_count; i++)
        note(notes, NOTES_MAX - OWN_MAX, mapped->notes[i].trait, mapped->notes[i].code,
             mapped->notes[i].detail);
}

char *receipt_text_sent(const struct merged *merged, size_t *ret_left_out, bool *failed)
{
    struct buf out;
    struct err err = {0};
    char *sent = NULL;

    buf_init(&out, SENT_MAX + ENTRY_MAX);
    buf_char(&out, '{');
    *ret_left_out = 0;
    for (size_t i = 0; i < merged->field_count; i++) {
        const struct org_field *field = &merged->fields[i];
        size_t begin = out.len;
        buf_json_key(&out, field->name);
        if (field->value != NULL)
            buf_json_string(&out, field->value, strlen(field->value));
        else
            buf_text(&out, "null");
        keep_or_count(&out, begin, SENT_MAX - 1, ret_left_out);
    }
    buf_char(&out, '}');
    if (buf_check(&out, "fields", &err) == 0)
        sent = buf_take(&out, NULL);
    else
        buf_done(&out);
    *failed |= sent == NULL;
    return sent;
}

static bool may_overwrite(const struct store_outcome *outcome)
{
    return outcome->state == STORE_MERGED || (outcome->state == STORE_WRITTEN && !outcome->created);
}

/* What happened to the group. */
static void own_notes(const struct group *group, const struct item *item,
                      const struct store_outcome *outcome, size_t fields_left_out,
                      struct notes *notes)
{
    const size_t max = NOTES_MAX - LAST_MAX;
    char text[80];

    if (group->matches > 1) {
        snprintf(text, sizeof text, "%d records fit the look-up; one was taken", group->matches);
        note(notes, max, "", "several_matches", text);
    }
    if (group->search.together > 0) {
        snprintf(text, sizeof text, "refused in one write of %zu events, not tried alone",
                 group->search.together);
        note(notes, max, "", "refused_together", text);
    }
    if (fields_left_out > 0) {
        snprintf(text, sizeof text, "%zu fields were sent that are too long to be kept",
                 fields_left_out);
        note(notes, max, "", "fields_not_kept", text);
    }
    if (item->unremembered && may_overwrite(outcome))
        note(notes, max, "", "older_than_known",
             "said before keep_known_records begins: it may have gone over a newer value");
    for (size_t i = 0; i < group->dropped_count; i++)
        note(notes, max, "", "refused_field", group->dropped[i]);
}

char *receipt_text_notes(const struct group *group, const struct item *item,
                         const struct store_outcome *outcome, size_t left_out, bool *failed)
{
    struct notes notes = {.left_out = 0};
    struct err err = {0};
    char text[80], *taken;

    buf_init(&notes.out, NOTES_MAX + ENTRY_MAX);
    buf_char(&notes.out, '[');
    notes_of(&item->mapped, &notes);
    notes_of(&group->merged.successor, &notes);
    own_notes(group, item, outcome, left_out, &notes);
    if (notes.left_out > 0) {
        snprintf(text, sizeof text, "%zu more notes are too long to be kept.", notes.left_out);
        note(&notes, NOTES_MAX - 1, "", "notes_left_out", text);
    }
    buf_char(&notes.out, ']');
    if (buf_check(&notes.out, "notes", &err) < 0 || notes.out.len == 2) {
        *failed |= err.kind == ERR_MEMORY;
        buf_done(&notes.out);
        return NULL;
    }
    taken = buf_take(&notes.out, NULL);
    *failed |= taken == NULL;
    return taken;
}

/* The position after the note at `at`, which is an object of texts. */
static const char *behind_note(const char *at)
{
    bool in_text = false;

    for (; *at != '\0' && (in_text || *at != '}'); at++) {
        if (*at == '\\' && at[1] != '\0')
            at++;
        else if (*at == '"')
            in_text = !in_text;
    }
    return *at == '}' ? at + 1 : at;
}

char *receipt_text_shorten(const char *notes)
{
    static const char last[] =
        "%s{\"trait\":\"\",\"code\":\"notes_left_out\",\"detail\":\"%zu more "
        "notes were left out while the disk was full.\"}]";
    size_t most = RECEIPT_TEXT_SHORT - sizeof last - 20, kept = 1, left_out = 0;
    const char *at = notes + 1;

    if (strlen(notes) <= RECEIPT_TEXT_SHORT)
        return mem_text(notes);
    while (*at == '{') {
        at = behind_note(at);
        if (left_out == 0 && (size_t)(at - notes) <= most)
            kept = (size_t)(at - notes);
        else
            left_out++;
        if (*at == ',')
            at++;
    }
    char *end = mem_format(last, kept > 1 ? "," : "", left_out);
    char *text = end != NULL ? mem_format("%.*s%s", (int)kept, notes, end) : NULL;
    mem_free(end);
    return text;
}
