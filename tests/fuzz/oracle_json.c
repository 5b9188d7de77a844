#include "oracle_json.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

void oracle_string(struct buf *out, const char *bytes, size_t len)
{
    buf_format(out, "%zu:", len);
    buf_put(out, bytes, len);
}

void oracle_number(struct buf *out, const char *digits)
{
    if (strpbrk(digits, ".eE") == NULL)
        buf_format(out, "%lld ", strtoll(digits, NULL, 10));
    else
        buf_format(out, "%.17g ", strtod(digits, NULL));
}

static void put_value(struct buf *out, json_t *value)
{
    const char *key;
    size_t key_len, i;
    json_t *inner;

    switch (json_typeof(value)) {
    case JSON_OBJECT:
        buf_char(out, '{');
        json_object_keylen_foreach(value, key, key_len, inner) {
            oracle_string(out, key, key_len);
            put_value(out, inner);
        }
        buf_char(out, '}');
        break;
    case JSON_ARRAY:
        buf_char(out, '[');
        json_array_foreach(value, i, inner)
            put_value(out, inner);
        buf_char(out, ']');
        break;
    case JSON_STRING:
        oracle_string(out, json_string_value(value), json_string_length(value));
        break;
    case JSON_INTEGER:
        buf_format(out, "%lld ", json_integer_value(value));
        break;
    case JSON_REAL:
        buf_format(out, "%.17g ", json_real_value(value));
        break;
    case JSON_TRUE:
        buf_char(out, 't');
        break;
    case JSON_FALSE:
        buf_char(out, 'f');
        break;
    case JSON_NULL:
        buf_char(out, 'n');
        break;
    }
}

enum oracle_verdict oracle_read(const char *text, size_t len, struct buf *out)
{
    json_error_t error;
    json_t *value = json_loadb(text, len, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);

    if (value != NULL) {
        put_value(out, value);
        json_decref(value);
        return ORACLE_ACCEPTS;
    }
    switch (json_error_code(&error)) {
    case json_error_numeric_overflow:
    case json_error_null_byte_in_key:
        return ORACLE_CANNOT;
    default:
        return ORACLE_REFUSES;
    }
}
