/* Cleans texts for a terminal and lays out lines of name and value. */
#include "programs/leadline/print.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

void print_text(const char *text)
{
    size_t len = text != NULL ? strlen(text) : 0, n;
    uint32_t c;

    if (text == NULL || !utf8_valid(text, len)) {
        putchar('?');
        return;
    }
    for (; (n = utf8_next(text, len, &c)) > 0; text += n, len -= n) {
        bool is_control = c < 0x20 || (c >= 0x7f && c < 0xa0);
        fwrite(is_control ? "?" : text, 1, is_control ? 1 : n, stdout);
    }
}

void print_line(const char *name, const char *text)
{
    if (text == NULL)
        return;
    printf("  %-14s ", name);
    print_text(text);
    putchar('\n');
}

void print_member(const json_t *object, const char *member)
{
    print_line(member, json_string_value(json_object_get(object, member)));
}

void print_figures(const char *title, const json_t *object, const struct print_figure *figures,
                   size_t count)
{
    const char *before = "";

    printf("  %-14s ", title);
    for (size_t i = 0; i < count; i++) {
        const json_t *value = json_object_get(object, figures[i].member);
        if (!json_is_integer(value))
            continue;
        printf("%s%s %lld", before, figures[i].label, (long long)json_integer_value(value));
        before = ", ";
    }
    putchar('\n');
}

void print_json(const json_t *value)
{
    json_dumpf(value, stdout, JSON_INDENT(2));
    putchar('\n');
}
