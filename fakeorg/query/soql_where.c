/* The grammar of a WHERE clause. */
#include "fakeorg/query/soql_lex.h"

static int too_complicated(struct lexer *l)
{
    return soql_error(l->text, l->at, API_ERROR_QUERY, "QUERY_TOO_COMPLICATED", l->error,
                      "Query is either selecting too many fields or the filter conditions are too "
                      "complicated.");
}

static int parse_list(struct lexer *l, bool strings, struct soql_condition *condition)
{
    struct soql_value **place = &condition->values;

    if (!lex_take_symbol(l, "("))
        return lex_unexpected(l);
    if (lex_is_word(l, "SELECT"))
        return lex_unsupported(l, "a query in a list");
    do {
        if (strings && l->kind != TOKEN_STRING)
            return lex_unexpected(l);
        if (lex_value(l, false, place) < 0)
            return -1;
        place = &(*place)->next;
        condition->value_count++;
    } while (lex_take_symbol(l, ","));
    return lex_take_symbol(l, ")") ? 0 : lex_unexpected(l);
}

static int parse_comparison(struct lexer *l, struct soql_condition *condition)
{
    static const struct {
        const char *symbol;
        enum soql_operator operator;
    } symbols[] = {{"=", SOQL_EQUAL},        {"!=", SOQL_UNEQUAL},  {"<>", SOQL_UNEQUAL},
                   {"<=", SOQL_NOT_GREATER}, {">=", SOQL_NOT_LESS}, {"<", SOQL_LESS},
                   {">", SOQL_GREATER}};
    static const struct {
        const char *word;
        enum soql_operator operator;
        bool strings;
    } lists[] = {{"IN", SOQL_IN, false},
                 {"INCLUDES", SOQL_INCLUDES, true},
                 {"EXCLUDES", SOQL_EXCLUDES, true}};

    condition->kind = SOQL_COMPARISON;
    if (++l->comparisons > SOQL_MAX_COMPARISONS)
        return too_complicated(l);
    if (lex_path(l, &condition->name) < 0)
        return -1;
    if (lex_is_symbol(l, "("))
        return lex_unsupported(l, "a function in a condition");
    if (lex_take_word(l, "NOT")) {
        condition->operator= SOQL_NOT_IN;
        return lex_take_word(l, "IN") ? parse_list(l, false, condition) : lex_unexpected(l);
    }
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        if (lex_take_word(l, lists[i].word)) {
            condition->operator= lists[i].operator;
            return parse_list(l, lists[i].strings, condition);
        }
    }
    condition->value_count = 1;
    if (lex_take_word(l, "LIKE")) {
        condition->operator= SOQL_LIKE;
        return lex_value(l, true, &condition->values);
    }
    for (size_t i = 0; i < sizeof symbols / sizeof symbols[0]; i++) {
        if (lex_take_symbol(l, symbols[i].symbol)) {
            condition->operator= symbols[i].operator;
            return lex_value(l, false, &condition->values);
        }
    }
    return lex_unexpected(l);
}

static int parse_term(struct lexer *l, struct soql_condition **ret_condition)
{
    struct soql_condition *condition;
    int rc;

    if (l->depth == SOQL_MAX_DEPTH)
        return too_complicated(l);
    l->depth++;
    if (lex_take_symbol(l, "(")) {
        rc = soql_parse_condition(l, ret_condition);
        if (rc == 0 && !lex_take_symbol(l, ")"))
            rc = lex_unexpected(l);
    } else {
        condition = arena_take(l->arena, sizeof *condition);
        if (condition == NULL)
            return api_error_memory(l->error);
        if (lex_take_word(l, "NOT")) {
            condition->kind = SOQL_NOT;
            rc = parse_term(l, &condition->first);
        } else {
            rc = parse_comparison(l, condition);
        }
        *ret_condition = condition;
    }
    l->depth--;
    return rc;
}

int soql_parse_condition(struct lexer *l, struct soql_condition **ret_condition)
{
    struct soql_condition *first, *both, **place;

    if (parse_term(l, &first) < 0)
        return -1;
    *ret_condition = first;
    if (!lex_is_word(l, "AND") && !lex_is_word(l, "OR"))
        return 0;
    both = arena_take(l->arena, sizeof *both);
    if (both == NULL)
        return api_error_memory(l->error);
    both->kind = lex_is_word(l, "AND") ? SOQL_AND : SOQL_OR;
    both->first = first;
    place = &first->next;
    while (lex_take_word(l, both->kind == SOQL_AND ? "AND" : "OR")) {
        if (parse_term(l, place) < 0)
            return -1;
        place = &(*place)->next;
    }
    *ret_condition = both;
    /* AND mixed with OR needs brackets, as in the real grammar. */
    return lex_is_word(l, "AND") || lex_is_word(l, "OR") ? lex_unexpected(l) : 0;
}
