/* The JSON texts of a receipt. */
#include "delivery/receipt_text.h"

#include <stdio.h>
#include <string.h>

#include "base/buf_json.h"

#define SENT_MAX  (16 * 1024)  /* of the fields kept with a receipt */
#define NOTES_MAX (256 * 1024) /* more than a mapping's notes can take */

static void note(struct buf *out, const char *trait, const char *code, const char *detail)
{
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
}

static void notes_of(const struct mapping_result *mapped, struct buf *out)
{
    for (size_t i = 0; i < mapped->note_count; i++)
        note(out, mapped->notes[i].trait, mapped->notes[i].code, mapped->notes[i].detail);
}

char *receipt_text_sent(const struct merged *merged, size_t *ret_left_out, bool *failed)
{
    struct buf out;
    struct err err = {0};
    char *sent = NULL;

    buf_init(&out, SENT_MAX);
    buf_char(&out, '{');
    *ret_left_out = 0;
    for (size_t i = 0; i < merged->field_count; i++) {
        const struct org_field *field = &merged->fields[i];
        size_t longest = 6 * (strlen(field->name) + (field->value ? strlen(field->value) : 0)) + 20;
        if (out.len + longest > SENT_MAX) {
            ++*ret_left_out;
            continue;
        }
        buf_json_key(&out, field->name);
        if (field->value != NULL)
            buf_json_string(&out, field->value, strlen(field->value));
        else
            buf_text(&out, "null");
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

char *receipt_text_notes(const struct group *group, const struct item *item,
                         const struct store_outcome *outcome, size_t left_out, bool *failed)
{
    struct buf out;
    struct err err = {0};
    char text[80], *notes;

    buf_init(&out, NOTES_MAX);
    buf_char(&out, '[');
    notes_of(&item->mapped, &out);
    notes_of(&group->merged.contact, &out);
    if (group->matches > 1) {
        snprintf(text, sizeof text, "%d records fit the look-up; one was taken", group->matches);
        note(&out, "", "several_matches", text);
    }
    if (group->search.together > 0) {
        snprintf(text, sizeof text, "refused in one write of %zu events, not tried alone",
                 group->search.together);
        note(&out, "", "refused_together", text);
    }
    for (size_t i = 0; i < group->dropped_count; i++)
        note(&out, "", "refused_field", group->dropped[i]);
    if (left_out > 0) {
        snprintf(text, sizeof text, "%zu fields were sent that are too long to be kept", left_out);
        note(&out, "", "fields_not_kept", text);
    }
    if (item->unremembered && may_overwrite(outcome))
        note(&out, "", "older_than_known",
             "said before keep_known_records begins: it may have gone over a newer value");
    buf_char(&out, ']');
    if (buf_check(&out, "notes", &err) < 0 || out.len == 2) {
        *failed |= err.kind == ERR_MEMORY;
        buf_done(&out);
        return NULL;
    }
    notes = buf_take(&out, NULL);
    *failed |= notes == NULL;
    return notes;
}
