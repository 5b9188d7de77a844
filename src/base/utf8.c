/* Checking, cutting and folding text; folding is libunistring's. */
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

#include "base/mem.h"

bool utf8_valid(const char *bytes, size_t len)
{
    return u8_check((const uint8_t *)bytes, len) == NULL;
}

size_t utf8_next(const char *bytes, size_t len, uint32_t *ret_char)
{
    ucs4_t c;

    if (len == 0)
        return 0;
    size_t used = (size_t)u8_mbtouc(&c, (const uint8_t *)bytes, len);
    *ret_char = c;
    return used;
}

size_t utf8_encode(uint32_t c, char out[4])
{
    int used = u8_uctomb((uint8_t *)out, c, 4);

    return used < 0 ? 0 : (size_t)used;
}

size_t utf8_utf16_length(const char *bytes, size_t len)
{
    size_t units = 0;

    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if ((c & 0xC0) != 0x80)
            units += c >= 0xF0 ? 2 : 1;
    }
    return units;
}

size_t utf8_cut(const char *bytes, size_t len, size_t max_units)
{
    size_t at = 0, units = 0;

    while (at < len) {
        uint32_t c;
        size_t used = utf8_next(bytes + at, len - at, &c);
        units += c >= 0x10000 ? 2 : 1;
        if (units > max_units)
            break;
        at += used;
    }
    return at;
}

bool utf8_xml_char(uint32_t c)
{
    return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c < 0xD800) ||
           (c >= 0xE000 && c < 0xFFFE) || (c >= 0x10000 && c <= 0x10FFFF);
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

char *utf8_fold(const char *text, size_t len)
{
    size_t folded_len = 0;
    uint8_t *folded;
    char *copy;

    while (len > 0 && is_space(text[0])) {
        text++;
        len--;
    }
    while (len > 0 && is_space(text[len - 1]))
        len--;
    if (len == 0)
        return mem_text("");
    folded = u8_casefold((const uint8_t *)text, len, NULL, UNINORM_NFC, NULL, &folded_len);
    if (folded == NULL)
        return NULL;
    copy = mem_text_n((const char *)folded, folded_len);
    free(folded);
    return copy;
}

/* Removes the marks that combine with letters, in place. */
static void drop_marks(char *text)
{
    size_t len = strlen(text), to = 0;

    for (size_t at = 0; at < len;) {
        uint32_t c;
        size_t used = utf8_next(text + at, len - at, &c);
        if (!uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Mn)) {
            memmove(text + to, text + at, used);
            to += used;
        }
        at += used;
    }
    text[to] = '\0';
}

char *utf8_base_letters(const char *text, size_t len)
{
    size_t apart_len = 0;
    uint8_t *apart;
    char *copy, *folded;

    if (len == 0)
        return mem_text("");
    apart = u8_normalize(UNINORM_NFKD, (const uint8_t *)text, len, NULL, &apart_len);
    if (apart == NULL)
        return NULL;
    copy = mem_text_n((const char *)apart, apart_len);
    free(apart);
    if (copy == NULL)
        return NULL;
    drop_marks(copy);
    folded = utf8_fold(copy, strlen(copy));
    mem_free(copy);
    return folded;
}
