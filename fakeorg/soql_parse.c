#include "fakeorg/soql.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/isotime.h"
#include "base/utf8.h"

#define MAX_NAMES 1000

enum token_kind { TOKEN_END, TOKEN_NAME, TOKEN_STRING, TOKEN_LITERAL, TOKEN_SYMBOL, TOKEN_BAD };

struct parser {
    const char *text;
    size_t len, pos; /* pos: where the next token is looked for */
    enum token_kind kind;
    size_t at, end; /* the token in hand */
    int depth;
    struct arena *arena;
    struct fault *fault;
};

/* The line that holds the place, less what is far from it. */
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

int soql_fault(const char *statement, size_t at, enum fault_kind kind, const char *code,
               struct fault *fault, const char *format, ...)
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
    fault_fill(fault, kind, code, "\n%.*s\n%*s^\nERROR at Row:%d:Column:%d\n%s", length, from,
               before, "", row, column, text);
    fault->row = row;
    fault->column = column;
    return -1;
}

static int malformed(struct parser *p, size_t at, const char *why)
{
    return soql_fault(p->text, at, FAULT_QUERY, "MALFORMED_QUERY", p->fault, "%s", why);
}

static int unexpected(struct parser *p)
{
    if (p->kind == TOKEN_END)
        return malformed(p, p->at, "unexpected token: '<EOF>'");
    size_t len = utf8_cut(p->text + p->at, p->end - p->at, 200);
    return soql_fault(p->text, p->at, FAULT_QUERY, "MALFORMED_QUERY", p->fault,
                      "unexpected token: '%.*s'", (int)len, p->text + p->at);
}

static bool is_name_char(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '.';
}

static size_t string_end(const struct parser *p)
{
    size_t i = p->at + 1;

    while (i < p->len && p->text[i] != '\'')
        i += p->text[i] == '\\' && i + 1 < p->len ? 2 : 1;
    return i;
}

/* Takes the next token in hand. */
static void advance(struct parser *p)
{
    const char *text = p->text;

    while (p->pos < p->len && isspace((unsigned char)text[p->pos]))
        p->pos++;
    p->at = p->end = p->pos;
    if (p->at == p->len) {
        p->kind = TOKEN_END;
        return;
    }
    char c = text[p->at];
    if (isalpha((unsigned char)c)) {
        p->kind = TOKEN_NAME;
        while (p->end < p->len && is_name_char(text[p->end]))
            p->end++;
    } else if (isdigit((unsigned char)c) || c == '-' || c == '+' || c == '.') {
        p->kind = TOKEN_LITERAL;
        do
            p->end++;
        while (p->end < p->len && (isalnum((unsigned char)text[p->end]) ||
                                   (text[p->end] != '\0' && strchr("+-.:", text[p->end]) != NULL)));
    } else if (c == '\'') {
        p->end = string_end(p);
        p->kind = p->end < p->len ? TOKEN_STRING : TOKEN_BAD;
        p->end += p->end < p->len;
    } else if (strchr("!<>", c) != NULL && p->at + 1 < p->len &&
               (text[p->at + 1] == '=' || (c == '<' && text[p->at + 1] == '>'))) {
        p->kind = TOKEN_SYMBOL;
        p->end += 2;
    } else {
        p->kind = strchr(",()=<>", c) != NULL ? TOKEN_SYMBOL : TOKEN_BAD;
        p->end += (unsigned char)c < 0x80 ? 1 : utf8_cut(text + p->at, p->len - p->at, 2);
        if (p->end == p->at)
            p->end++;
    }
    p->pos = p->end;
}

static bool is_word(const struct parser *p, const char *word)
{
    return p->kind == TOKEN_NAME && p->end - p->at == strlen(word) &&
           strncasecmp(p->text + p->at, word, p->end - p->at) == 0;
}

static bool is_symbol(const struct parser *p, const char *symbol)
{
    return p->kind == TOKEN_SYMBOL && p->end - p->at == strlen(symbol) &&
           strncmp(p->text + p->at, symbol, p->end - p->at) == 0;
}

static bool take_word(struct parser *p, const char *word)
{
    bool found = is_word(p, word);

    if (found)
        advance(p);
    return found;
}

static bool take_symbol(struct parser *p, const char *symbol)
{
    bool found = is_symbol(p, symbol);

    if (found)
        advance(p);
    return found;
}

static int parse_name(struct parser *p, struct soql_name *name)
{
    static const char *const reserved[] = {"SELECT", "FROM", "WHERE", "AND",   "OR",
                                           "NOT",    "IN",   "LIKE",  "ORDER", "LIMIT"};

    if (p->kind != TOKEN_NAME)
        return unexpected(p);
    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++)
        if (is_word(p, reserved[i]))
            return unexpected(p);
    name->at = p->at;
    name->text = arena_text(p->arena, p->text + p->at, p->end - p->at);
    if (name->text == NULL)
        return fault_memory(p->fault);
    advance(p);
    return 0;
}

/* The character of \uXXXX whose digits begin at hex; 0 when they are none. */
static uint32_t unicode_escape(const char *hex)
{
    char digits[5] = {0};
    char *end;

    memcpy(digits, hex, strnlen(hex, 4));
    for (int i = 0; i < 4; i++)
        if (!isxdigit((unsigned char)digits[i]))
            return 0;
    uint32_t c = (uint32_t)strtoul(digits, &end, 16);
    return c >= 0xD800 && c <= 0xDFFF ? 0 : c;
}

/* One escape sequence at text (behind the backslash) into out; returns how many
   bytes it took, 0 when there is no such sequence. */
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

/* The string in hand without quotes and escapes. */
static int parse_string(struct parser *p, bool like, struct soql_value *value)
{
    size_t used = 0;
    char *out = arena_take(p->arena, p->end - p->at + 4);

    if (out == NULL)
        return fault_memory(p->fault);
    for (size_t i = p->at + 1; i < p->end - 1;) {
        if (p->text[i] != '\\') {
            out[used++] = p->text[i++];
            continue;
        }
        size_t added, taken = read_escape(p->text + i + 1, like, out + used, &added);
        if (taken == 0 || i + 1 + taken > p->end - 1)
            return malformed(p, i, "Invalid string literal: illegal character sequence");
        used += added;
        i += 1 + taken;
    }
    out[used] = '\0';
    if (utf8_utf16_length(out, used) > SOQL_MAX_STRING)
        return malformed(p, p->at, "a string literal may not be longer than 4000 characters");
    *value = (struct soql_value){.kind = SOQL_STRING, .text = out, .at = p->at};
    return 0;
}

static int parse_literal(struct parser *p, struct soql_value *value)
{
    const char *text = arena_text(p->arena, p->text + p->at, p->end - p->at);
    enum isotime_kind kind;
    int64_t ms;
    char *end;

    if (text == NULL)
        return fault_memory(p->fault);
    value->text = text;
    value->at = p->at;
    if (isotime_parse(text, strlen(text), &ms, &kind) == 0 && kind != ISOTIME_LOCAL) {
        value->kind = kind == ISOTIME_DATE ? SOQL_DATE : SOQL_DATETIME;
        return 0;
    }
    strtod(text, &end);
    if (*end != '\0' || strpbrk(text, "xXnN") != NULL)
        return unexpected(p);
    value->kind = SOQL_NUMBER;
    return 0;
}

static int parse_value(struct parser *p, bool like, struct soql_value **ret_value)
{
    struct soql_value *value = arena_take(p->arena, sizeof *value);
    int rc = 0;

    if (value == NULL)
        return fault_memory(p->fault);
    value->at = p->at;
    if (p->kind == TOKEN_STRING) {
        rc = parse_string(p, like, value);
    } else if (like) {
        return unexpected(p);
    } else if (p->kind == TOKEN_LITERAL) {
        rc = parse_literal(p, value);
    } else if (is_word(p, "null")) {
        value->kind = SOQL_NULL;
    } else if (is_word(p, "true") || is_word(p, "false")) {
        value->kind = SOQL_BOOLEAN;
        value->text = is_word(p, "true") ? "true" : "false";
    } else {
        return unexpected(p);
    }
    if (rc == 0)
        advance(p);
    *ret_value = value;
    return rc;
}

static int parse_list(struct parser *p, struct soql_condition *condition)
{
    struct soql_value **place = &condition->values;

    if (!take_symbol(p, "("))
        return unexpected(p);
    do {
        if (parse_value(p, false, place) < 0)
            return -1;
        place = &(*place)->next;
        condition->value_count++;
    } while (take_symbol(p, ","));
    return take_symbol(p, ")") ? 0 : unexpected(p);
}

static int parse_comparison(struct parser *p, struct soql_condition *condition)
{
    static const struct {
        const char *symbol;
        enum soql_operator operator;
    } operators[] = {{"=", SOQL_EQUAL},        {"!=", SOQL_UNEQUAL},  {"<>", SOQL_UNEQUAL},
                     {"<=", SOQL_NOT_GREATER}, {">=", SOQL_NOT_LESS}, {"<", SOQL_LESS},
                     {">", SOQL_GREATER}};

    condition->kind = SOQL_COMPARISON;
    if (parse_name(p, &condition->name) < 0)
        return -1;
    if (take_word(p, "NOT")) {
        condition->operator= SOQL_NOT_IN;
        return take_word(p, "IN") ? parse_list(p, condition) : unexpected(p);
    }
    if (take_word(p, "IN")) {
        condition->operator= SOQL_IN;
        return parse_list(p, condition);
    }
    condition->value_count = 1;
    if (take_word(p, "LIKE")) {
        condition->operator= SOQL_LIKE;
        return parse_value(p, true, &condition->values);
    }
    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++) {
        if (take_symbol(p, operators[i].symbol)) {
            condition->operator= operators[i].operator;
            return parse_value(p, false, &condition->values);
        }
    }
    return unexpected(p);
}

static int parse_condition(struct parser *p, struct soql_condition **ret_condition);

static int parse_term(struct parser *p, struct soql_condition **ret_condition)
{
    struct soql_condition *condition;
    int rc;

    if (p->depth == SOQL_MAX_DEPTH)
        return soql_fault(p->text, p->at, FAULT_QUERY, "QUERY_TOO_COMPLICATED", p->fault,
                          "the query is nested too deeply");
    p->depth++;
    if (take_symbol(p, "(")) {
        rc = parse_condition(p, ret_condition);
        if (rc == 0 && !take_symbol(p, ")"))
            rc = unexpected(p);
    } else {
        condition = arena_take(p->arena, sizeof *condition);
        if (condition == NULL)
            return fault_memory(p->fault);
        if (take_word(p, "NOT")) {
            condition->kind = SOQL_NOT;
            rc = parse_term(p, &condition->first);
        } else {
            rc = parse_comparison(p, condition);
        }
        *ret_condition = condition;
    }
    p->depth--;
    return rc;
}

static int parse_condition(struct parser *p, struct soql_condition **ret_condition)
{
    struct soql_condition *first, *both, **place;
    const char *word;

    if (parse_term(p, &first) < 0)
        return -1;
    *ret_condition = first;
    if (!is_word(p, "AND") && !is_word(p, "OR"))
        return 0;
    both = arena_take(p->arena, sizeof *both);
    if (both == NULL)
        return fault_memory(p->fault);
    both->kind = is_word(p, "AND") ? SOQL_AND : SOQL_OR;
    word = both->kind == SOQL_AND ? "AND" : "OR";
    both->first = first;
    place = &first->next;
    while (take_word(p, word)) {
        if (parse_term(p, place) < 0)
            return -1;
        place = &(*place)->next;
    }
    *ret_condition = both;
    /* AND beside OR without brackets is refused, as the real grammar does. */
    return is_word(p, "AND") || is_word(p, "OR") ? unexpected(p) : 0;
}

static int parse_orders(struct parser *p, struct soql_order **place)
{
    do {
        struct soql_order *order = arena_take(p->arena, sizeof *order);
        if (order == NULL)
            return fault_memory(p->fault);
        if (parse_name(p, &order->name) < 0)
            return -1;
        if (take_word(p, "DESC"))
            order->descending = true;
        else
            (void)take_word(p, "ASC");
        if (take_word(p, "NULLS")) {
            order->nulls_last = is_word(p, "LAST");
            if (!take_word(p, "LAST") && !take_word(p, "FIRST"))
                return unexpected(p);
        }
        *place = order;
        place = &order->next;
    } while (take_symbol(p, ","));
    return 0;
}

static int parse_names(struct parser *p, struct soql_query *query)
{
    query->names = arena_take(p->arena, MAX_NAMES * sizeof *query->names);
    if (query->names == NULL)
        return fault_memory(p->fault);
    do {
        if (query->name_count == MAX_NAMES)
            return malformed(p, p->at, "too many fields are selected");
        if (parse_name(p, &query->names[query->name_count]) < 0)
            return -1;
        for (size_t i = 0; i < query->name_count; i++)
            if (strcasecmp(query->names[i].text, query->names[query->name_count].text) == 0)
                return soql_fault(p->text, query->names[query->name_count].at, FAULT_QUERY,
                                  "MALFORMED_QUERY", p->fault, "duplicate field selected: %.200s",
                                  query->names[i].text);
        query->name_count++;
    } while (take_symbol(p, ","));
    return 0;
}

static int parse_limit(struct parser *p, struct soql_query *query)
{
    size_t len = p->end - p->at;

    if (p->kind != TOKEN_LITERAL || len > 9 || strspn(p->text + p->at, "0123456789") < len)
        return unexpected(p);
    query->has_limit = true;
    query->limit = strtoul(p->text + p->at, NULL, 10);
    advance(p);
    return 0;
}

struct soql_query *soql_parse(const char *statement, struct arena *arena, struct fault *fault)
{
    struct parser p = {.text = statement, .len = strlen(statement), .arena = arena, .fault = fault};
    struct soql_query *query = arena_take(arena, sizeof *query);

    if (query == NULL) {
        fault_memory(fault);
        return NULL;
    }
    if (utf8_utf16_length(statement, p.len) > SOQL_MAX_STATEMENT) {
        malformed(&p, 0, "SOQL statements cannot be longer than 100000 characters.");
        return NULL;
    }
    query->statement = statement;
    advance(&p);
    if (!take_word(&p, "SELECT")) {
        unexpected(&p);
        return NULL;
    }
    if (parse_names(&p, query) < 0)
        return NULL;
    if (!take_word(&p, "FROM")) {
        unexpected(&p);
        return NULL;
    }
    if (parse_name(&p, &query->object) < 0 ||
        (take_word(&p, "WHERE") && parse_condition(&p, &query->where) < 0))
        return NULL;
    if (take_word(&p, "ORDER")) {
        if (!take_word(&p, "BY")) {
            unexpected(&p);
            return NULL;
        }
        if (parse_orders(&p, &query->orders) < 0)
            return NULL;
    }
    if (take_word(&p, "LIMIT") && parse_limit(&p, query) < 0)
        return NULL;
    if (p.kind != TOKEN_END) {
        unexpected(&p);
        return NULL;
    }
    return query;
}
