/* The tables of docs/mapping.md, from the tables that do the work. */
#include "mapping/mapping.h"

#include "mapping/codes.h"
#include "mapping/rules.h"
#include "mapping/values.h"

static const char *const whens[] = {
    [ALWAYS] = "",
    [IF_BILLING] = "with `send_address_as_billing`",
    [IF_SHIPPING] = "with `send_address_as_shipping`",
};

static void print_source(struct buf *out, const struct source *from)
{
    static const char *const phrases[] = {
        [SOURCE_TRAIT] = "`%s`",
        [SOURCE_TEXT] = "`%s` if text",
        [SOURCE_FIRST_OF] = "first of `%s`",
        [SOURCE_FIRST_WORD] = "first word of `%s`",
        [SOURCE_REST] = "what follows the first word of `%s`",
        [SOURCE_USER_ID] = "the message's `%s`",
        [SOURCE_USER_ID_ADDRESS] = "the message's `%s` if it looks like an address",
        [SOURCE_ANONYMOUS_ID] = "the message's `%s`",
        [SOURCE_GROUP_ID] = "the message's `%s`",
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

static void print_rules(struct buf *out, const char *title, const struct rules *rules)
{
    buf_format(out, "### %s\n\n", title);
    buf_format(out, "| %s | from | |\n| --- | --- | --- |\n", rules->object);
    for (size_t i = 0; i < rules->count; i++) {
        const struct rule *rule = &rules->rows[i];
        buf_format(out, "| %s | ", rule->field);
        for (const struct source *from = rule->from; from->kind != SOURCE_NONE; from++) {
            if (from != rule->from)
                buf_text(out, ", ");
            print_source(out, from);
        }
        if (rule->filler != NULL)
            buf_format(out, " | else `%s`, on create only |\n", rule->filler);
        else
            buf_format(out, " | %s |\n", whens[rule->when]);
    }
    buf_char(out, '\n');
}

static void print_contact(struct buf *out)
{
    buf_text(out, "### A converted Lead's Contact\n\n| Lead | Contact |\n| --- | --- |\n");
    for (size_t i = 0; i < rules_contact_count; i++)
        buf_format(out, "| %s | %s |\n", rules_contact[i].lead,
                   rules_contact[i].contact == NULL ? "left out" : rules_contact[i].contact);
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
    print_rules(out, "Identify to Lead", &rules_lead);
    print_rules(out, "Group to Account", &rules_account);
    print_contact(out);
    buf_text(out, "### Values\n\n");
    values_print_reference(out);
    buf_char(out, '\n');
    print_codes(out, "Skips", mapping_skip_codes, mapping_skip_code_count);
    print_codes(out, "Rejects", mapping_reject_codes, mapping_reject_code_count);
    print_codes(out, "Notes", mapping_note_codes, mapping_note_code_count);
}
