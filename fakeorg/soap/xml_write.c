/* Escapes text, writes elements. */
#include "fakeorg/soap/xml_write.h"

#include <inttypes.h>
#include <string.h>

static const char *escape_of(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return "&#13;";
    }
}

void xml_text(struct buf *out, const char *text)
{
    for (;;) {
        size_t plain = strcspn(text, "&<>\"'\r");
        buf_put(out, text, plain);
        if (text[plain] == '\0')
            return;
        buf_text(out, escape_of(text[plain]));
        text += plain + 1;
    }
}

void xml_element(struct buf *out, const char *name, const char *text)
{
    if (text == NULL) {
        xml_nil(out, name);
        return;
    }
    buf_char(out, '<');
    buf_text(out, name);
    buf_char(out, '>');
    xml_text(out, text);
    buf_text(out, "</");
    buf_text(out, name);
    buf_char(out, '>');
}

void xml_nil(struct buf *out, const char *name)
{
    buf_char(out, '<');
    buf_text(out, name);
    buf_text(out, " xsi:nil=\"true\"/>");
}

void xml_boolean(struct buf *out, const char *name, bool value)
{
    xml_element(out, name, value ? "true" : "false");
}

void xml_integer(struct buf *out, const char *name, int64_t value)
{
    buf_format(out, "<%s>%" PRId64 "</%s>", name, value, name);
}
