/* White space, control characters and lengths, as a field takes them. */
#include "mapping/text.h"

#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

static bool is_line_space(uint32_t c)
{
    return c >= 0x09 && c <= 0x0D;
}

/* What JavaScript's trim() removes. */
static bool is_space(uint32_t c)
{
    return is_line_space(c) || c == ' ' || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
           c == 0x205F || c == 0x3000 || c == 0xFEFF;
}

/* The beginning of the last character. */
static size_t last_char(const char *bytes, size_t len, uint32_t *ret_char)
{
    size_t at = len - 1;

    while (at > 0 && ((unsigned char)bytes[at] & 0xC0) == 0x80)
        at--;
    utf8_next(bytes + at, len - at, ret_char);
    return at;
}

void text_trim(const char **bytes, size_t *len)
{
    uint32_t c = 0;

    while (*len > 0) {
        size_t used = utf8_next(*bytes, *len, &c);
        if (!is_space(c))
            break;
        *bytes += used;
        *len -= used;
    }
    while (*len > 0) {
        size_t at = last_char(*bytes, *len, &c);
        if (!is_space(c))
            break;
        *len = at;
    }
}

bool text_is_blank(const char *bytes, size_t len)
{
    uint32_t c = 0;

    for (size_t at = 0; at < len; at += utf8_next(bytes + at, len - at, &c)) {
        utf8_next(bytes + at, len - at, &c);
        if (utf8_xml_char(c) && !is_space(c))
            return false;
    }
    return true;
}

char *text_clean(const char *bytes, size_t len, enum text_lines lines, bool *ret_removed)
{
    char *copy = mem_alloc(len + 1);
    size_t kept = 0, used;
    uint32_t c = 0;

    *ret_removed = false;
    if (copy == NULL)
        return NULL;
    for (size_t at = 0; at < len; at += used) {
        used = utf8_next(bytes + at, len - at, &c);
        if (!utf8_xml_char(c)) {
            *ret_removed = true;
        } else if (lines == TEXT_ONE_LINE && is_line_space(c)) {
            if (c != '\n' || at == 0 || bytes[at - 1] != '\r') /* CR LF is one break */
                copy[kept++] = ' ';
        } else {
            memcpy(copy + kept, bytes + at, used);
            kept += used;
        }
    }
    const char *start = copy;
    text_trim(&start, &kept);
    memmove(copy, start, kept);
    copy[kept] = '\0';
    return copy;
}

size_t text_first_word(const char *bytes, size_t len)
{
    size_t at = 0;

    while (at < len && bytes[at] != ' ' && !is_line_space((unsigned char)bytes[at]))
        at++;
    return at;
}

bool text_is_address(const char *bytes, size_t len)
{
    const char *at = memchr(bytes, '@', len);

    if (at == NULL || at == bytes)
        return false;
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)bytes[i] <= ' ' || bytes[i] == ',' || bytes[i] == ';')
            return false;
    }
    const char *domain = at + 1, *end = bytes + len;
    const char *dot = memchr(domain, '.', (size_t)(end - domain));
    return dot != NULL && dot > domain && end[-1] != '.' &&
           memchr(domain, '@', (size_t)(end - domain)) == NULL;
}
