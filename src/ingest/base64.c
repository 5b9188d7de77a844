/* Decodes base64 with libsodium, after bringing its variants into one form. */
#include "ingest/base64.h"

#include <string.h>

#include <sodium.h>

#include "base/mem.h"

/* The variant that the library decodes. */
static char usual_letter(char c)
{
    switch (c) {
    case '-':
    case ' ':
        return '+';
    case '_':
        return '/';
    default:
        return c;
    }
}

char *base64_decode(const char *text, size_t *ret_len, struct err *err)
{
    size_t len = strlen(text);
    char *usual, *bytes;
    int rc;

    while (len > 0 && text[len - 1] == '=')
        len--;
    usual = mem_text_n(text, len);
    bytes = mem_alloc(len + 1);
    if (usual == NULL || bytes == NULL) {
        rc = err_memory(err);
        goto out;
    }
    for (size_t i = 0; i < len; i++)
        usual[i] = usual_letter(usual[i]);
    rc = sodium_base642bin((unsigned char *)bytes, len + 1, usual, len, NULL, ret_len, NULL,
                           sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
    if (rc < 0)
        err_set(err, ERR_INVALID, "not valid base64");
    else
        bytes[*ret_len] = '\0';
out:
    mem_free(usual);
    if (rc < 0) {
        mem_free(bytes);
        bytes = NULL;
    }
    return bytes;
}
