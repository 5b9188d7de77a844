/*
 * soql_lex: a statement cut into tokens, and the errors that point into it.
 * Within the soql files only.  Threads: any.  Memory: texts live in the arena.
 */
#ifndef FAKEORG_QUERY_SOQL_LEX_H
#define FAKEORG_QUERY_SOQL_LEX_H

#include "fakeorg/query/soql.h"

enum token_kind { TOKEN_END, TOKEN_NAME, TOKEN_STRING, TOKEN_LITERAL, TOKEN_SYMBOL, TOKEN_BAD };

struct lexer {
    const char *text;
    size_t len, pos; /* pos: where the next token is looked for */
    enum token_kind kind;
    size_t at, end;     /* the token in hand */
    int depth;          /* of open brackets */
    size_t comparisons; /* read so far */
    struct arena *arena;
    struct api_error *error;
};

/* Takes the next token in hand. */
void lex_advance(struct lexer *l);

bool lex_is_word(const struct lexer *l, const char *word);
bool lex_is_symbol(const struct lexer *l, const char *symbol);

/* Past the word or symbol, when it is the one in hand. */
bool lex_take_word(struct lexer *l, const char *word);
bool lex_take_symbol(struct lexer *l, const char *symbol);

/* True when the token in hand is one of the reserved words. */
bool lex_is_reserved(const struct lexer *l);

/* MALFORMED_QUERY: at a byte; for the token in hand; for what SOQL has and fakeorg
   has not.  All return -1. */
int lex_malformed(struct lexer *l, size_t at, const char *why);
int lex_unexpected(struct lexer *l);
int lex_unsupported(struct lexer *l, const char *what);

/* Reads the token in hand and goes past it.  A path is names with dots between. */
MUST_USE int lex_path(struct lexer *l, struct soql_name *name);
MUST_USE int lex_digits(struct lexer *l, size_t *ret_number);

/* A literal; with like only a string, in which \% and \_ are escapes. */
MUST_USE int lex_value(struct lexer *l, bool like, struct soql_value **ret_value);

/* soql_where.c: what stands behind WHERE. */
MUST_USE int soql_parse_condition(struct lexer *l, struct soql_condition **ret_condition);

#endif
