/* Tokens, literals and paths; errors with their position in the statement. */
#include "fakeorg/query/soql_lex.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/isotime.h"
#include "base/utf8.h"

#define MAX_DIGITS 9 /* of LIMIT, OFFSET and :n */
#define DAY_MS     ((int64_t)24 * 3600 * 1000)
#define MAX_UNITS  9999 /* the n of LAST_N_DAYS:n */

/* The line around the position, without what is far from it. */
static int shown_piece(const char *statement, size_t at, int *ret_before, const char **ret_from)
{
    const size_t around = 40;
    size_t from = at, to = at;

    while (from > 0 && statement[from - 1] != '\n' &&
           (at - from < around || ((unsigned char)statement[from] & 0xC0) == 0x80))
        from--;
    while (statement[to] != '\0' && statement[to] != '\n' &&
           (to - at < around || ((unsigned char)statement[to] & 0xC0) == 0x80))
        to++;
    *ret_from = statement + from;
    *ret_before = (int)utf8_utf16_length(statement + from, at - from);
    return (int)(to - from);
}

int soql_error(const char *statement, size_t at, enum api_error_kind kind, const char *code,
               struct api_error *error, const char *format, ...)
{
    char text[1024];
    const char *from;
    int before, row = 1, length = shown_piece(statement, at, &before, &from);
    size_t line = 0;
    va_list args;

    for (size_t i = 0; i < at; i++) {
        if (statement[i] == '\n') {
            row++;
            line = i + 1;
        }
    }
    int column = 1 + (int)utf8_utf16_length(statement + line, at - line);
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    api_error_set(error, kind, code, "\n%.*s\n%*s^\nERROR at Row:%d:Column:%d\n%s", length, from,
                  before, "", row, column, text);
    error->row = row;
    error->column = column;
    return -1;
}

int lex_malformed(struct lexer *l, size_t at, const char *why)
{
    return soql_error(l->text, at, API_ERROR_QUERY, "MALFORMED_QUERY", l->error, "%s", why);
}

int lex_unexpected(struct lexer *l)
{
    if (l->kind == TOKEN_END)
        return lex_malformed(l, l->at, "unexpected token: '<EOF>'");
    size_t len = utf8_cut(l->text + l->at, l->end - l->at, 200);
    return soql_error(l->text, l->at, API_ERROR_QUERY, "MALFORMED_QUERY", l->error,
                      "unexpected token: '%.*s'", (int)len, l->text + l->at);
}

int lex_unsupported(struct lexer *l, const char *what)
{
    return soql_error(l->text, l->at, API_ERROR_QUERY, "MALFORMED_QUERY", l->error,
                      "%s is SOQL that fakeorg does not run", what);
}

static bool is_name_char(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '.';
}

static size_t string_end(const struct lexer *l)
{
    size_t i = l->at + 1;

    while (i < l->len && l->text[i] != '\'')
        i += l->text[i] == '\\' && i + 1 < l->len ? 2 : 1;
    return i;
}

void lex_advance(struct lexer *l)
{
    const char *text = l->text;

    while (l->pos < l->len && isspace((unsigned char)text[l->pos]))
        l->pos++;
    l->at = l->end = l->pos;
    if (l->at == l->len) {
        l->kind = TOKEN_END;
        return;
    }
    char c = text[l->at];
    if (isalpha((unsigned char)c)) {
        l->kind = TOKEN_NAME;
        while (l->end < l->len && is_name_char(text[l->end]))
            l->end++;
    } else if (isdigit((unsigned char)c) || c == '-' || c == '+' || c == '.') {
        l->kind = TOKEN_LITERAL;
        do
            l->end++;
        while (l->end < l->len && (isalnum((unsigned char)text[l->end]) ||
                                   (text[l->end] != '\0' && strchr("+-.:", text[l->end]) != NULL)));
    } else if (c == '\'') {
        l->end = string_end(l);
        l->kind = l->end < l->len ? TOKEN_STRING : TOKEN_BAD;
        l->end += l->end < l->len;
    } else if (strchr("!<>", c) != NULL && l->at + 1 < l->len &&
               (text[l->at + 1] == '=' || (c == '<' && text[l->at + 1] == '>'))) {
        l->kind = TOKEN_SYMBOL;
        l->end += 2;
    } else {
        l->kind = strchr(",():=<>", c) != NULL ? TOKEN_SYMBOL : TOKEN_BAD;
        l->end += (unsigned char)c < 0x80 ? 1 : utf8_cut(text + l->at, l->len - l->at, 2);
        if (l->end == l->at)
            l->end++;
    }
    l->pos = l->end;
}

bool lex_is_word(const struct lexer *l, const char *word)
{
    return l->kind == TOKEN_NAME && l->end - l->at == strlen(word) &&
           strncasecmp(l->text + l->at, word, l->end - l->at) == 0;
}

bool lex_is_symbol(const struct lexer *l, const char *symbol)
{
    return l->kind == TOKEN_SYMBOL && l->end - l->at == strlen(symbol) &&
           strncmp(l->text + l->at, symbol, l->end - l->at) == 0;
}

bool lex_take_word(struct lexer *l, const char *word)
{
    bool found = lex_is_word(l, word);

    if (found)
        lex_advance(l);
    return found;
}

bool lex_take_symbol(struct lexer *l, const char *symbol)
{
    bool found = lex_is_symbol(l, symbol);

    if (found)
        lex_advance(l);
    return found;
}

/* SOQL and SOSL reference, "Reserved Keywords", and the keywords that begin a clause. */
bool lex_is_reserved(const struct lexer *l)
{
    static const char *const words[] = {
        "ALL",    "AND",      "ASC",   "DESC",   "EXCLUDES", "FIRST", "FOR",  "FROM",  "GROUP",
        "HAVING", "IN",       "LAST",  "LIKE",   "LIMIT",    "NOT",   "NULL", "NULLS", "OFFSET",
        "OR",     "INCLUDES", "ORDER", "SELECT", "USING",    "WHERE", "WITH"};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (lex_is_word(l, words[i]))
            return true;
    return false;
}

int lex_path(struct lexer *l, struct soql_name *name)
{
    if (l->kind != TOKEN_NAME || lex_is_reserved(l))
        return lex_unexpected(l);
    for (size_t i = l->at + 1; i < l->end; i++)
        if (!isalpha((unsigned char)l->text[i]) && l->text[i - 1] == '.')
            return lex_unexpected(l);
    if (l->text[l->end - 1] == '.')
        return lex_unexpected(l);
    name->at = l->at;
    name->text = arena_text(l->arena, l->text + l->at, l->end - l->at);
    if (name->text == NULL)
        return api_error_memory(l->error);
    lex_advance(l);
    return 0;
}

int lex_digits(struct lexer *l, size_t *ret_number)
{
    size_t len = l->end - l->at;

    if (l->kind != TOKEN_LITERAL || len > MAX_DIGITS || strspn(l->text + l->at, "0123456789") < len)
        return lex_unexpected(l);
    *ret_number = strtoul(l->text + l->at, NULL, 10);
    lex_advance(l);
    return 0;
}

/* The character of \uXXXX whose digits begin at hex; 0 when they are not digits, or encode
   a character used for escaped wildcards, which texts cannot contain. */
static uint32_t unicode_escape(const char *hex)
{
    char digits[5] = {0};
    char *end;

    memcpy(digits, hex, strnlen(hex, 4));
    for (int i = 0; i < 4; i++)
        if (!isxdigit((unsigned char)digits[i]))
            return 0;
    uint32_t c = (uint32_t)strtoul(digits, &end, 16);
    return c <= SOQL_PLAIN_UNDERSCORE || (c >= 0xD800 && c <= 0xDFFF) ? 0 : c;
}

/* Decodes the escape sequence at text (after the backslash) into out; returns its length
   in bytes, 0 when there is no such sequence. */
static size_t read_escape(const char *text, bool like, char *out, size_t *out_len)
{
    static const char from[] = "nrtbf\"'\\", to[] = "\n\r\t\b\f\"'\\";
    const char *known = *text == '\0' ? NULL : strchr(from, tolower((unsigned char)*text));

    *out_len = 1;
    if (known != NULL) {
        *out = to[known - from];
        return 1;
    }
    if (like && (*text == '%' || *text == '_')) {
        *out = *text == '%' ? SOQL_PLAIN_PERCENT : SOQL_PLAIN_UNDERSCORE;
        return 1;
    }
    if (*text == 'u' || *text == 'U') {
        uint32_t c = unicode_escape(text + 1);
        *out_len = utf8_encode(c, out);
        return c == 0 ? 0 : 5;
    }
    return 0;
}

/* The current string without quotes and escapes. */
static int read_string(struct lexer *l, bool like, struct soql_value *value)
{
    size_t used = 0;
    char *out = arena_take(l->arena, l->end - l->at + 4);

    if (out == NULL)
        return api_error_memory(l->error);
    for (size_t i = l->at + 1; i < l->end - 1;) {
        if (l->text[i] != '\\') {
            out[used++] = l->text[i++];
            continue;
        }
        size_t added, taken = read_escape(l->text + i + 1, like, out + used, &added);
        if (taken == 0 || i + 1 + taken > l->end - 1)
            return lex_malformed(l, i, "Invalid string literal: illegal character sequence");
        used += added;
        i += 1 + taken;
    }
    out[used] = '\0';
    if (utf8_utf16_length(out, used) > SOQL_MAX_STRING)
        return lex_malformed(l, l->at, "a string literal may not be longer than 4000 characters");
    value->kind = SOQL_STRING;
    value->text = out;
    return 0;
}

/* "10:05:00Z" in the stored form; NULL when it is not a time of day. */
static const char *read_time(struct lexer *l, const char *text)
{
    char day[2 * ISOTIME_MAX], out[ISOTIME_MAX];
    enum isotime_kind kind;
    int64_t ms;

    if (strlen(text) < 3 || text[2] != ':')
        return NULL;
    int len = snprintf(day, sizeof day, "1970-01-01T%s", text);
    if (len >= (int)sizeof day || isotime_parse(day, (size_t)len, &ms, &kind) < 0 ||
        kind != ISOTIME_INSTANT)
        return NULL;
    isotime_format((ms % DAY_MS + DAY_MS) % DAY_MS, out);
    return arena_text(l->arena, strchr(out, 'T') + 1, strlen(out) - sizeof "1970-01-01");
}

/* A number, a date, a dateTime or a time. */
static int read_literal(struct lexer *l, struct soql_value *value)
{
    const char *text = arena_text(l->arena, l->text + l->at, l->end - l->at);
    enum isotime_kind kind;
    int64_t ms;
    char *end;

    if (text == NULL)
        return api_error_memory(l->error);
    value->text = text;
    if (isotime_parse(text, strlen(text), &ms, &kind) == 0 && kind != ISOTIME_LOCAL) {
        value->kind = kind == ISOTIME_DATE ? SOQL_DATE : SOQL_DATETIME;
        return 0;
    }
    const char *time = read_time(l, text);
    if (time != NULL) {
        value->kind = SOQL_TIME;
        value->text = time;
        return 0;
    }
    strtod(text, &end);
    if (*end != '\0' || strpbrk(text, "xXnN") != NULL)
        return lex_unexpected(l);
    value->kind = SOQL_NUMBER;
    return 0;
}

/* TODAY, or LAST_N_DAYS : 7; stops at its last token. */
static int read_date_literal(struct lexer *l, bool takes_n, struct soql_value *value)
{
    value->kind = SOQL_DATE_LITERAL;
    value->text = arena_text(l->arena, l->text + l->at, l->end - l->at);
    if (value->text == NULL)
        return api_error_memory(l->error);
    if (!takes_n)
        return 0;
    lex_advance(l);
    if (!lex_take_symbol(l, ":") || l->kind != TOKEN_LITERAL ||
        strspn(l->text + l->at, "0123456789") < l->end - l->at || l->end - l->at > MAX_DIGITS)
        return lex_unexpected(l);
    value->n = (int)strtol(l->text + l->at, NULL, 10);
    return value->n <= MAX_UNITS ? 0 : lex_malformed(l, l->at, "the number may be 9999 at most");
}

static int read_word(struct lexer *l, struct soql_value *value)
{
    bool takes_n;

    if (lex_is_word(l, "null")) {
        value->kind = SOQL_NULL;
    } else if (lex_is_word(l, "true") || lex_is_word(l, "false")) {
        value->kind = SOQL_BOOLEAN;
        value->text = lex_is_word(l, "true") ? "true" : "false";
    } else if (soql_date_literal(l->text + l->at, l->end - l->at, &takes_n)) {
        return read_date_literal(l, takes_n, value);
    } else {
        return lex_unexpected(l);
    }
    return 0;
}

int lex_value(struct lexer *l, bool like, struct soql_value **ret_value)
{
    struct soql_value *value = arena_take(l->arena, sizeof *value);
    int rc;

    if (value == NULL)
        return api_error_memory(l->error);
    value->at = l->at;
    if (l->kind == TOKEN_STRING)
        rc = read_string(l, like, value);
    else if (!like && l->kind == TOKEN_LITERAL)
        rc = read_literal(l, value);
    else if (!like && l->kind == TOKEN_NAME)
        rc = read_word(l, value);
    else
        rc = lex_unexpected(l);
    if (rc == 0)
        lex_advance(l);
    *ret_value = value;
    return rc;
}
