/* Escapes in JSON strings: the same rules for the reader that checks them and for those who decode.
 */
#include "event/escape.h"

#include <string.h>

#include "base/utf8.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int32_t escape_hex_unit(const char *at, const char *end)
{
    int32_t unit = 0;

    if (end - at < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(at[i]);
        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

bool escape_is_high_surrogate(int32_t unit)
{
    return unit >= 0xD800 && unit < 0xDC00;
}

bool escape_is_low_surrogate(int32_t unit)
{
    return unit >= 0xDC00 && unit < 0xE000;
}

const char *escape_next(const char **at, const char *end, char ret[4], size_t *ret_len)
{
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    const char *start = *at;
    uint32_t c;

    if (*start != '\\') {
        const char *slash = memchr(start, '\\', (size_t)(end - start));
        *at = slash != NULL ? slash : end;
        *ret_len = (size_t)(*at - start);
        return start;
    }
    if (start[1] != 'u') {
        ret[0] = meanings[strchr(letters, start[1]) - letters];
        *ret_len = 1;
        *at = start + 2;
        return ret;
    }
    c = (uint32_t)escape_hex_unit(start + 2, end);
    *at = start + 6;
    if (escape_is_high_surrogate((int32_t)c)) {
        c = 0x10000 + ((c - 0xD800) << 10) + ((uint32_t)escape_hex_unit(start + 8, end) - 0xDC00);
        *at = start + 12;
    }
    *ret_len = utf8_encode(c, ret);
    return ret;
}
