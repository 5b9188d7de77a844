/* JSON strings and the commas between members, into a buffer. */
#include "base/buf_json.h"

#include <string.h>

void buf_json_string(struct buf *buf, const char *text, size_t len)
{
    size_t plain = 0; /* start of the bytes that need no escape */

    buf_char(buf, '"');
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        buf_put(buf, text + plain, i - plain);
        plain = i + 1;
        if (c == '"' || c == '\\')
            buf_format(buf, "\\%c", c);
        else if (c == '\n')
            buf_text(buf, "\\n");
        else
            buf_format(buf, "\\u%04x", c);
    }
    buf_put(buf, text + plain, len - plain);
    buf_char(buf, '"');
}

void buf_json_comma(struct buf *buf)
{
    char last = buf->len > 0 ? buf->data[buf->len - 1] : '{';

    if (last != '{' && last != '[' && last != ':')
        buf_char(buf, ',');
}

void buf_json_key(struct buf *buf, const char *name)
{
    buf_json_comma(buf);
    buf_json_string(buf, name, strlen(name));
    buf_char(buf, ':');
}
