/* Reads the grammar of faults on demand; the table of kinds. */
#include "fakeorg/faults/fault_spec.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define MAX_SPEC     2000
#define MAX_AFTER_MS 3600000

const struct fault_kind fault_kinds[] = {
    {"cut-before-reading", RESPONSE_CUT, 0, false, false, true, 0,
     "the connection ends after the request's headers; for operation * only"},
    {"cut-before-save", RESPONSE_CUT, 0, false, false, false, 0,
     "the request is read, nothing is done, the connection ends"},
    {"cut-after-save", RESPONSE_CUT, 0, true, false, false, 0,
     "the call is done, the connection ends without an answer"},
    {"late-commit", RESPONSE_CUT, 0, true, true, false, 2000,
     "the connection ends at once, the call is done after= later (2s)"},
    {"cut-in-answer", RESPONSE_HALF, 0, true, false, false, 0,
     "the call is done, the connection ends in the middle of the answer"},
    {"late-answer", RESPONSE_WHOLE, 0, true, false, false, 5000,
     "the call is done, its answer comes after= later (5s)"},
    {"truncated", RESPONSE_TRUNCATED, 0, true, false, false, 0,
     "the call is done, the answer is half a document"},
    {"garbage", RESPONSE_GARBAGE, 200, true, false, false, 0,
     "the call is done, the answer is not XML"},
    {"empty", RESPONSE_EMPTY, 200, true, false, false, 0,
     "the call is done, the answer has no body"},
    {"no-http", RESPONSE_NO_HTTP, 0, true, false, false, 0,
     "the call is done, the reply is not HTTP"},
    {"http-200", RESPONSE_PAGE, 200, false, false, false, 0, "an HTML page instead of an answer"},
    {"http-302", RESPONSE_PAGE, 302, false, false, false, 0, "a redirect to another host"},
    {"http-307", RESPONSE_PAGE, 307, false, false, false, 0, "a redirect that repeats the request"},
    {"http-404", RESPONSE_PAGE, 404, false, false, false, 0, "an HTML page, status 404"},
    {"http-500", RESPONSE_PAGE, 500, false, false, false, 0, "an HTML page, status 500, no fault"},
    {"http-503", RESPONSE_PAGE, 503, false, false, false, 0, "an HTML page, status 503"},
};

const size_t fault_kinds_count = sizeof fault_kinds / sizeof fault_kinds[0];

/* "create/update", "*" */
static int read_operations(char *text, struct fault_rule *rule, struct err *err)
{
    char *rest = NULL;

    if (strcmp(text, "*") == 0) {
        rule->operations = UINT64_MAX;
        return 0;
    }
    for (char *name = strtok_r(text, "/", &rest); name != NULL; name = strtok_r(NULL, "/", &rest)) {
        enum operation operation = operation_named(name);
        if (operation == OPERATIONS)
            return err_set(err, ERR_INVALID, "there is no operation %.100s", name);
        rule->operations |= (uint64_t)1 << operation;
    }
    if (rule->operations == 0)
        return err_set(err, ERR_INVALID, "expected operation:kind");
    return 0;
}

/* A code that is not in the table needs as= to say whether it is of calls or records. */
static int read_code(const char *code, const char *variant, enum code_choice choice,
                     struct fault_rule *rule, struct err *err)
{
    const struct api_error_code *fault = api_error_code_find(code, variant, OF_CALLS);
    const struct api_error_code *error = api_error_code_find(code, variant, OF_RECORDS);
    const struct api_error_code unlisted = {
        code, NULL, OF_CALLS, API_ERROR_UNEXPECTED, "An error that is not listed", NULL};

    if (fault == NULL && error == NULL && variant == NULL && choice != AS_EITHER)
        fault = error = &unlisted;
    if (fault == NULL && error == NULL)
        return err_set(err, ERR_INVALID,
                       "there is no such code; any other needs as=fault or "
                       "as=record");
    if (choice == AS_FAULT)
        error = NULL;
    if (choice == AS_RECORD)
        fault = NULL;
    if (fault == NULL && error == NULL)
        return err_set(err, ERR_INVALID, "as= does not fit %.100s", code);
    rule->error_first = error != NULL && (fault == NULL || error < fault || rule->field != NULL);
    if (fault != NULL)
        rule->fault = *fault;
    if (error != NULL)
        rule->error = *error;
    return 0;
}

/* A name from the table of kinds, quirk=value, CODE or CODE=variant. */
static int read_what(char *text, enum code_choice choice, struct fault_rule *rule, struct err *err)
{
    size_t len = strcspn(text, "=");
    char *value = text[len] == '=' ? text + len + 1 : NULL;
    struct quirks scratch;

    rule->quirk_id = QUIRKS;
    for (size_t i = 0; i < fault_kinds_count && value == NULL; i++)
        if (strcmp(fault_kinds[i].name, text) == 0)
            rule->kind = &fault_kinds[i];
    if (rule->kind != NULL && rule->kind->early &&
        (rule->operations != UINT64_MAX || rule->field != NULL))
        return err_set(
            err, ERR_INVALID,
            "%s: neither operation nor records are known yet, write * without when=", text);
    if (rule->kind != NULL)
        return 0;
    if (value != NULL && (rule->quirk_id = quirk_named(text, len)) != QUIRKS) {
        rule->quirk_value = value;
        return quirk_set(&scratch, rule->quirk_id, value, err);
    }
    if (text[0] < 'A' || text[0] > 'Z' || strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") != len)
        return err_set(err, ERR_INVALID, "there is no kind %.100s", text);
    text[len] = '\0';
    return read_code(text, value, choice, rule, err);
}

static int read_count(const char *text, uint64_t *ret, struct err *err)
{
    char *end;

    errno = 0;
    *ret = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || errno != 0)
        return err_set(err, ERR_INVALID, "expected a number, not %.100s", text);
    return 0;
}

static int read_chance(const char *text, struct fault_rule *rule, struct err *err)
{
    char *end;

    rule->chance = strtod(text, &end);
    rule->by_chance = true;
    if (*text == '\0' || *end != '\0' || !(rule->chance >= 0 && rule->chance <= 1))
        return err_set(err, ERR_INVALID, "chance: expected 0 to 1, not %.100s", text);
    return 0;
}

/* "250ms", "2s" */
static int read_after(const char *text, struct fault_rule *rule, struct err *err)
{
    char *end;
    long number = strtol(text, &end, 10);
    bool seconds = strcmp(end, "s") == 0;

    if (*text < '0' || *text > '9' || (!seconds && strcmp(end, "ms") != 0) || number < 0 ||
        number > MAX_AFTER_MS / (seconds ? 1000 : 1))
        return err_set(err, ERR_INVALID, "after: expected 250ms or 2s, an hour at most");
    rule->after_ms = number * (seconds ? 1000 : 1);
    return 0;
}

/* "Email=x@example.com", "Email~@bad.example" */
static int read_when(char *text, struct fault_rule *rule, struct err *err)
{
    size_t len = strcspn(text, "=~");

    if (len == 0 || text[len] == '\0')
        return err_set(err, ERR_INVALID, "when: expected Field=value or Field~piece");
    rule->contains = text[len] == '~';
    text[len] = '\0';
    rule->field = text;
    rule->value = text + len + 1;
    return 0;
}

/* One of two words, or none. */
static int read_either(const char *key, const char *text, const char *first, const char *second,
                       int *ret, struct err *err)
{
    *ret = strcmp(text, first) == 0 ? 1 : strcmp(text, second) == 0 ? 2 : 0;
    if (*ret == 0)
        return err_set(err, ERR_INVALID, "%s: expected %s or %s", key, first, second);
    return 0;
}

struct words {
    const char *text, *field;
    int as, saved;
};

static int read_key(char *key, char *value, struct fault_rule *rule, struct words *words,
                    struct err *err)
{
    const struct {
        const char *key;
        uint64_t *count;
    } counts[] = {{"nth", &rule->nth},
                  {"every", &rule->every},
                  {"times", &rule->times},
                  {"seed", &rule->random}};

    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        if (strcmp(key, counts[i].key) == 0)
            return read_count(value, counts[i].count, err);
    if (strcmp(key, "chance") == 0)
        return read_chance(value, rule, err);
    if (strcmp(key, "after") == 0)
        return read_after(value, rule, err);
    if (strcmp(key, "when") == 0)
        return read_when(value, rule, err);
    if (strcmp(key, "as") == 0)
        return read_either(key, value, "fault", "record", &words->as, err);
    if (strcmp(key, "saved") == 0)
        return read_either(key, value, "yes", "no", &words->saved, err);
    if (strcmp(key, "text") != 0 && strcmp(key, "field") != 0)
        return err_set(err, ERR_INVALID, "there is no key %.100s", key);
    *(strcmp(key, "text") == 0 ? &words->text : &words->field) = value;
    return 0;
}

/* The keys after the kind; text= takes the rest. */
static int read_keys(char *text, struct fault_rule *rule, struct words *words, struct err *err)
{
    while (text != NULL) {
        char *value = strchr(text, '=');
        if (value == NULL)
            return err_set(err, ERR_INVALID, "expected key=value, not %.100s", text);
        *value++ = '\0';
        char *next = strcmp(text, "text") == 0 ? NULL : strchr(value, ',');
        if (next != NULL)
            *next++ = '\0';
        if (read_key(text, value, rule, words, err) < 0)
            return -1;
        text = next;
    }
    return 0;
}

static int read_parts(char *text, struct fault_rule *rule, struct err *err)
{
    char *what = strchr(text, ':'), *keys;
    struct words words = {0};

    if (what == NULL)
        return err_set(err, ERR_INVALID, "expected operation:kind");
    *what++ = '\0';
    if ((keys = strchr(what, ',')) != NULL)
        *keys++ = '\0';
    if (read_operations(text, rule, err) < 0 || read_keys(keys, rule, &words, err) < 0 ||
        read_what(what, (enum code_choice)words.as, rule, err) < 0)
        return -1;
    rule->saved = words.saved;
    if (words.text != NULL)
        rule->fault.text = rule->error.text = words.text;
    if (words.field != NULL)
        rule->error.field = words.field;
    return 0;
}

int fault_rule_read(const char *spec, struct fault_rule *ret_rule, struct err *err)
{
    struct fault_rule rule = {.after_ms = -1, .random = 1};

    if (strlen(spec) > MAX_SPEC)
        return err_set(err, ERR_INVALID, "fault: longer than %d characters", MAX_SPEC);
    rule.spec = mem_text(spec);
    rule.texts = mem_text(spec);
    if (rule.spec == NULL || rule.texts == NULL) {
        fault_rule_done(&rule);
        return err_memory(err);
    }
    if (read_parts(rule.texts, &rule, err) < 0) {
        fault_rule_done(&rule);
        return err_wrap(err, "fault %.200s", spec);
    }
    *ret_rule = rule;
    return 0;
}

void fault_rule_done(struct fault_rule *rule)
{
    mem_free(rule->spec);
    mem_free(rule->texts);
}
