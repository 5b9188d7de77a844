/* Prints the table of keys as Markdown for docs/configuration.md. */
#include "settings/keys.h"

#include <string.h>

static const struct {
    enum section section;
    const char *heading, *intro;
} chapters[] = {
    {SECTION_TOP, "At the top of the file", ""},
    {SECTION_SOURCE, "In each element of `sources`", "A source is somebody who sends events.\n\n"},
    {SECTION_DESTINATION, "In each element of `destinations`",
     "A destination is one Salesforce org with its settings.\n\n"},
};

static void print_default(const struct settings_key *key, struct buf *out)
{
    if (key->required)
        buf_text(out, "required");
    else if (key->default_text != NULL)
        buf_format(out, "`%s`", key->default_text);
    else
        buf_text(out, "-");
}

static void print_row(const struct settings_key *key, struct buf *out)
{
    buf_format(out, "| `%s` | ", key->name);
    settings_key_expects(key, out);
    buf_text(out, " | ");
    print_default(key, out);
    buf_format(out, " | %s |\n", key->help);
}

void settings_print_reference(struct buf *out)
{
    for (size_t i = 0; i < sizeof chapters / sizeof chapters[0]; i++) {
        buf_format(out,
                   "%s### %s\n\n%s| Key | Takes | Default | Meaning |\n| --- | --- | --- | --- |\n",
                   i > 0 ? "\n" : "", chapters[i].heading, chapters[i].intro);
        for (size_t k = 0; k < settings_key_count; k++)
            if (settings_keys[k].section == chapters[i].section)
                print_row(&settings_keys[k], out);
    }
}
