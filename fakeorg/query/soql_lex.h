/*
 * soql_lex: splits a statement into tokens, and makes errors that point into it.
 * For the soql files only.  Threads: any.  Memory: texts live in the arena.
 */
#ifndef FAKEORG_QUERY_SOQL_LEX_H
#define FAKEORG_QUERY_SOQL_LEX_H

#include "fakeorg/query/soql.h"

enum token_kind { TOKEN_END, TOKEN_NAME, TOKEN_STRING, TOKEN_LITERAL, TOKEN_SYMBOL, TOKEN_BAD };

struct lexer {
    const char *text;
    size_t len, pos; /* pos: where the next token starts */
    enum token_kind kind;
    size_t at, end;     /* the current token */
    int depth;          /* of open brackets */
    size_t comparisons; /* read so far */
    struct arena *arena;
    struct api_error *error;
};

/* Moves to the next token. */
void lex_advance(struct lexer *l);

bool lex_is_word(const struct lexer *l, const char *word);
bool lex_is_symbol(const struct lexer *l, const char *symbol);

/* Skips the keyword or symbol if it is the current token. */
bool lex_take_word(struct lexer *l, const char *word);
bool lex_take_symbol(struct lexer *l, const char *symbol);

/* True when the current token is a reserved word. */
bool lex_is_reserved(const struct lexer *l);

/* MALFORMED_QUERY: at a byte; for the current token; for SOQL that fakeorg does not
   support.  All return -1. */
int lex_malformed(struct lexer *l, size_t at, const char *why);
int lex_unexpected(struct lexer *l);
int lex_unsupported(struct lexer *l, const char *what);

/* Reads the current token and moves on.  A path is names separated by dots. */
MUST_USE int lex_path(struct lexer *l, struct soql_name *name);
MUST_USE int lex_digits(struct lexer *l, size_t *ret_number);

/* A literal; with like, only a string, in which \% and \_ are escapes. */
MUST_USE int lex_value(struct lexer *l, bool like, struct soql_value **ret_value);

/* soql_where.c: the condition after WHERE. */
MUST_USE int soql_parse_condition(struct lexer *l, struct soql_condition **ret_condition);

#endif
