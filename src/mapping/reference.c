/* The tables of docs/mapping.md, from the tables that do the work. */
#include "mapping/mapping.h"

#include "mapping/codes.h"
#include "mapping/binding.h"
#include "mapping/values.h"

static void print_place(struct buf *out, const struct place *from)
{
    static const char *const phrases[] = {
        [PLACE_TRAIT] = "`%s`",
        [PLACE_TEXT] = "`%s` if text",
        [PLACE_FIRST_OF] = "first of `%s`",
        [PLACE_FIRST_WORD] = "first word of `%s`",
        [PLACE_REST] = "what follows the first word of `%s`",
        [PLACE_USER_ID] = "the message's `%s`",
        [PLACE_USER_ID_ADDRESS] = "the message's `%s` if it looks like an address",
        [PLACE_ANONYMOUS_ID] = "the message's `%s`",
        [PLACE_GROUP_ID] = "the message's `%s`",
    };
    const char *phrase = phrases[from->kind];

    for (; *phrase != '\0'; phrase++) {
        if (phrase[0] == '%' && phrase[1] == 's') {
            buf_text(out, from->path);
            phrase++;
        } else {
            buf_char(out, *phrase);
        }
    }
}

static void print_rule(struct buf *out, const struct field_rule *rule)
{
    buf_format(out, "| %s | ", rule->field);
    for (const struct place *from = rule->from; from->kind != PLACE_NONE; from++) {
        if (from != rule->from)
            buf_text(out, ", ");
        print_place(out, from);
    }
    if (rule->create_default != NULL)
        buf_format(out, " | else `%s`, on create only |\n", rule->create_default);
    else if (rule->when.key != NULL)
        buf_format(out, " | with `%s` |\n", rule->when.key);
    else
        buf_text(out, " |  |\n");
}

static void print_binding(struct buf *out, const struct binding *binding)
{
    const char *event = event_type_name(binding->event);

    buf_format(out, "### %c%s to %s\n\n", event[0] - 'a' + 'A', event + 1, binding->object);
    buf_format(out, "| %s | from | |\n| --- | --- | --- |\n", binding->object);
    for (size_t i = 0; i < binding->rule_count; i++)
        print_rule(out, &binding->rules[i]);
    buf_char(out, '\n');
}

static void print_successor(struct buf *out, const char *object, const struct successor *successor)
{
    buf_format(out, "### A converted %s's %s\n\n| %s | %s |\n| --- | --- |\n", object,
               successor->object, object, successor->object);
    for (size_t i = 0; i < successor->rename_count; i++) {
        const struct field_rename *rename = &successor->renames[i];
        buf_format(out, "| %s | %s |\n", rename->field,
                   rename->successor == NULL ? "left out" : rename->successor);
    }
    buf_text(out, "| a custom field | the custom field of the same name |\n\n");
}

static void print_codes(struct buf *out, const char *title, const struct mapping_code *codes,
                        size_t count)
{
    buf_format(out, "### %s\n\n| code | meaning |\n| --- | --- |\n", title);
    for (size_t i = 0; i < count; i++)
        buf_format(out, "| `%s` | %s |\n", codes[i].code, codes[i].meaning);
    buf_char(out, '\n');
}

void mapping_print_reference(struct buf *out)
{
    const struct destination_settings none = {0};
    const struct bindings bindings = bindings_of(&none);

    for (size_t i = 0; i < bindings.count; i++)
        print_binding(out, &bindings.list[i]);
    for (size_t i = 0; i < bindings.count; i++)
        if (bindings.list[i].successor != NULL)
            print_successor(out, bindings.list[i].object, bindings.list[i].successor);
    buf_text(out, "### Values\n\n");
    values_print_reference(out);
    buf_char(out, '\n');
    print_codes(out, "Skips", mapping_skip_codes, mapping_skip_code_count);
    print_codes(out, "Rejects", mapping_reject_codes, mapping_reject_code_count);
    print_codes(out, "Notes", mapping_note_codes, mapping_note_code_count);
}
