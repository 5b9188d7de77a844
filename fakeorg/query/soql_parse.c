/* SELECT, FROM, ORDER BY, LIMIT and OFFSET. */
#include "fakeorg/query/soql_lex.h"

#include <string.h>
#include <strings.h>

#include "base/utf8.h"

#define MAX_ITEMS 1000

/* Refuses an item of real SOQL that fakeorg does not support. */
static const struct {
    const char *word, *what;
} unsupported_clauses[] = {{"GROUP", "GROUP BY"}, {"HAVING", "HAVING"}, {"WITH", "WITH"},
                           {"FOR", "FOR"},        {"USING", "USING"},   {"ALL", "ALL ROWS"},
                           {"UPDATE", "UPDATE"}};

static int parse_text(struct lexer *l, const char **ret_text)
{
    struct soql_name name;

    if (lex_path(l, &name) < 0)
        return -1;
    if (strchr(name.text, '.') != NULL)
        return lex_malformed(l, name.at, "an alias may not contain a dot");
    *ret_text = name.text;
    return 0;
}

/* After the name of a function, at its bracket. */
static int parse_function(struct lexer *l, struct soql_query *query, struct soql_item *item)
{
    if (strcasecmp(item->name.text, "COUNT") != 0) {
        l->at = item->name.at;
        return lex_unsupported(l, strcasecmp(item->name.text, "FIELDS") == 0 ? "FIELDS()"
                                                                             : "a function");
    }
    lex_advance(l);
    if (query->item_count == 0 && lex_take_symbol(l, ")")) {
        query->counts_rows = true;
        return 0;
    }
    item->counted = true;
    if (lex_path(l, &item->name) < 0)
        return -1;
    if (!lex_take_symbol(l, ")"))
        return lex_unexpected(l);
    return l->kind == TOKEN_NAME && !lex_is_reserved(l) ? parse_text(l, &item->alias) : 0;
}

static int parse_item(struct lexer *l, struct soql_query *query)
{
    struct soql_item *item = &query->items[query->item_count];

    if (lex_is_symbol(l, "("))
        return lex_unsupported(l, "a query among the fields");
    if (lex_is_word(l, "TYPEOF"))
        return lex_unsupported(l, "TYPEOF");
    if (lex_path(l, &item->name) < 0)
        return -1;
    if (lex_is_symbol(l, "(") && parse_function(l, query, item) < 0)
        return -1;
    if (query->counts_rows)
        return 0;
    if (item->counted != query->items[0].counted)
        return soql_error(l->text, item->counted ? query->items[0].name.at : item->name.at,
                          API_ERROR_QUERY, "MALFORMED_QUERY", l->error,
                          "Field must be grouped or aggregated: %.200s",
                          item->counted ? query->items[0].name.text : item->name.text);
    query->item_count++;
    return 0;
}

static int parse_items(struct lexer *l, struct soql_query *query)
{
    size_t capacity = 1; /* at most one item more than commas */

    for (size_t i = 0; i < l->len && capacity < MAX_ITEMS; i++)
        capacity += l->text[i] == ',';
    query->items = arena_take(l->arena, capacity * sizeof *query->items);
    if (query->items == NULL)
        return api_error_memory(l->error);
    do {
        if (query->item_count == capacity)
            return soql_error(l->text, l->at, API_ERROR_QUERY, "QUERY_TOO_COMPLICATED", l->error,
                              "too many fields are selected");
        if (parse_item(l, query) < 0)
            return -1;
    } while (!query->counts_rows && lex_take_symbol(l, ","));
    return 0;
}

static int parse_orders(struct lexer *l, struct soql_order **place)
{
    do {
        struct soql_order *order = arena_take(l->arena, sizeof *order);
        if (order == NULL)
            return api_error_memory(l->error);
        if (lex_path(l, &order->name) < 0)
            return -1;
        if (lex_is_symbol(l, "("))
            return lex_unsupported(l, "a function in ORDER BY");
        if (lex_take_word(l, "DESC"))
            order->descending = true;
        else
            (void)lex_take_word(l, "ASC");
        if (lex_take_word(l, "NULLS")) {
            order->nulls_last = lex_is_word(l, "LAST");
            if (!lex_take_word(l, "LAST") && !lex_take_word(l, "FIRST"))
                return lex_unexpected(l);
        }
        *place = order;
        place = &order->next;
    } while (lex_take_symbol(l, ","));
    return 0;
}

static int parse_source(struct lexer *l, struct soql_query *query)
{
    if (!lex_take_word(l, "FROM"))
        return lex_unexpected(l);
    if (lex_path(l, &query->object) < 0)
        return -1;
    if (l->kind == TOKEN_NAME && !lex_is_reserved(l) && parse_text(l, &query->alias) < 0)
        return -1;
    return lex_is_symbol(l, ",") ? lex_unsupported(l, "a second object in FROM") : 0;
}

static int parse_order_by(struct lexer *l, struct soql_query *query)
{
    if (query->counts_rows)
        return lex_unexpected(l);
    lex_advance(l);
    return lex_take_word(l, "BY") ? parse_orders(l, &query->orders) : lex_unexpected(l);
}

static int parse_bounds(struct lexer *l, struct soql_query *query)
{
    if (lex_take_word(l, "LIMIT")) {
        query->has_limit = true;
        if (lex_digits(l, &query->limit) < 0)
            return -1;
    }
    if (!lex_take_word(l, "OFFSET"))
        return 0;
    query->offset_at = l->at;
    return lex_digits(l, &query->offset);
}

static int parse_query(struct lexer *l, struct soql_query *query)
{
    if (!lex_take_word(l, "SELECT"))
        return lex_unexpected(l);
    if (parse_items(l, query) < 0 || parse_source(l, query) < 0)
        return -1;
    if (lex_take_word(l, "WHERE") && soql_parse_condition(l, &query->where) < 0)
        return -1;
    query->comparisons = l->comparisons;
    if (lex_is_word(l, "ORDER") && parse_order_by(l, query) < 0)
        return -1;
    if (parse_bounds(l, query) < 0)
        return -1;
    for (size_t i = 0; i < sizeof unsupported_clauses / sizeof unsupported_clauses[0]; i++)
        if (lex_is_word(l, unsupported_clauses[i].word))
            return lex_unsupported(l, unsupported_clauses[i].what);
    return l->kind == TOKEN_END ? 0 : lex_unexpected(l);
}

struct soql_query *soql_parse(const char *statement, struct arena *arena, struct api_error *error)
{
    struct lexer l = {.text = statement, .len = strlen(statement), .arena = arena, .error = error};
    struct soql_query *query = arena_take(arena, sizeof *query);

    if (query == NULL) {
        api_error_memory(error);
        return NULL;
    }
    if (utf8_utf16_length(statement, l.len) > SOQL_MAX_STATEMENT) {
        lex_malformed(&l, 0, "SOQL statements cannot be longer than 100000 characters.");
        return NULL;
    }
    query->statement = statement;
    lex_advance(&l);
    return parse_query(&l, query) < 0 ? NULL : query;
}
