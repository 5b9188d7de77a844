/* dead-letters: lists, shows, retries, discards and exports them. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "programs/leadline/commands.h"
#include "programs/leadline/dead_letter_pages.h"
#include "programs/leadline/options.h"
#include "programs/leadline/print.h"
#include "programs/leadline/running.h"

#define LIST_MAX 10000 /* nobody reads more */

static const char usage[] =
    "usage: leadline dead-letters list [--code CODE] [--destination NAME]\n"
    "       leadline dead-letters show MESSAGE_ID\n"
    "       leadline dead-letters retry all|MESSAGE_ID... [--code CODE] [--destination NAME]\n"
    "       leadline dead-letters discard all|MESSAGE_ID... [--code CODE] [--destination NAME]\n"
    "                             [--yes]\n"
    "       leadline dead-letters export [all|MESSAGE_ID...] [--code CODE] [--destination NAME]\n"
    "       with each: [--config FILE | --admin URL] [--json]\n"
    "\n"
    "Events that cannot be delivered until a person acts, as the running server keeps them:\n"
    "  list     one a line, newest first: messageId, user, reason, when, destination\n"
    "  show     one event: why, what to do, and the event as it was received\n"
    "  retry    they wait to be delivered again\n"
    "  discard  they are dead for good: no longer listed or retried, and forgotten after\n"
    "           keep_receipts; \"discard all\" asks first, unless there is --yes\n"
    "  export   JSON lines: \"event\" as it was received, with destination, code, message,\n"
    "           advice and received\n"
    "\n"
    "  --code CODE         only those with this reason (with \"all\", not with MESSAGE_ID)\n"
    "  --destination NAME  only those of one destination\n" OPTIONS_SERVER_USAGE
    "  --json         the receipts, or how many it were, as JSON\n";

static const struct options_own own[] = {
    {"code", false}, {"destination", false}, {"yes", true}, {0}};

/* What each word after dead-letters does. */
struct act {
    const char *word;
    const struct options_wanted wanted;
    int (*run)(const struct act *act, const struct options *options, struct err *err);
    const char *path, *member; /* retry, discard: where to post it, and the count in the answer */
    const char *done;          /* and how the result reads */
    bool all;                  /* export: without an argument, all */
};

static bool is_all(const struct options *options)
{
    return options->argument_count == 0 ||
           (options->argument_count == 1 && strcmp(options->arguments[0], "all") == 0);
}

/* ---- list ---- */

static void keep(json_t *receipt, void *arg)
{
    json_array_append(arg, receipt);
}

static void print_one_line(const json_t *receipt)
{
    static const char *const members[] = {"messageId", "user", "code", "changed", "destination"};

    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        const char *text = json_string_value(json_object_get(receipt, members[i]));
        fputs(i > 0 ? "  " : "", stdout);
        print_text(text != NULL && text[0] != '\0' ? text : "-");
    }
    putchar('\n');
}

static int list(const struct act *act, const struct options *options, struct err *err)
{
    json_t *all = json_array(), *receipt;
    struct dead_letters_walk walk = {options, false, LIST_MAX, keep, all};
    int rc = dead_letters_walk(&walk, err);
    size_t i;

    (void)act;
    if (rc == 0 && options->json) {
        print_json(all);
    } else if (rc == 0) {
        json_array_foreach(all, i, receipt)
            print_one_line(receipt);
        printf("%zu dead letter%s\n", json_array_size(all), json_array_size(all) == 1 ? "" : "s");
    }
    json_decref(all);
    return rc;
}

/* ---- show ---- */

static json_t *ask_event(const struct options *options, const char *message_id, struct err *err)
{
    char *path = running_path("/api/dead-letters", "messageId", message_id, err);
    json_t *answer = path != NULL ? running_ask(options, path, err) : NULL;

    mem_free(path);
    return answer;
}

static void print_notes(const json_t *notes)
{
    size_t i;
    json_t *note;

    json_array_foreach(notes, i, note) {
        print_line("note", json_string_value(json_object_get(note, "code")));
        print_member(note, "trait");
        print_member(note, "detail");
    }
}

static void print_receipt(const json_t *receipt)
{
    static const char *const members[] = {"source",  "type",   "user",     "object",
                                          "message", "advice", "received", "changed"};
    bool discarded = json_is_true(json_object_get(receipt, "discarded"));

    print_text(json_string_value(json_object_get(receipt, "destination")));
    printf(": %s%s\n", json_string_value(json_object_get(receipt, "state")),
           discarded ? " (discarded)" : "");
    print_line("reason", json_string_value(json_object_get(receipt, "code")));
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        print_member(receipt, members[i]);
    printf("  %-14s %lld\n", "attempts",
           (long long)json_integer_value(json_object_get(receipt, "attempts")));
    print_notes(json_object_get(receipt, "notes"));
    putchar('\n');
}

static void print_event(const json_t *answer)
{
    const json_t *receipts = json_object_get(answer, "receipts");
    size_t i;
    json_t *receipt;

    print_text(json_string_value(json_object_get(answer, "messageId")));
    putchar('\n');
    json_array_foreach(receipts, i, receipt)
        print_receipt(receipt);
    print_json(json_object_get(json_array_get(receipts, 0), "event"));
}

static int show(const struct act *act, const struct options *options, struct err *err)
{
    json_t *answer = ask_event(options, options->argument, err);
    int rc = answer != NULL ? 0 : -1;

    (void)act;
    if (answer != NULL && options->json)
        print_json(answer);
    else if (answer != NULL)
        print_event(answer);
    json_decref(answer);
    return rc;
}

/* ---- retry and discard ---- */

struct change {
    const struct act *act;
    const struct options *options;
    const char *message_id; /* NULL: all */
    json_int_t count;
};

static char *change_path(const struct change *change, const char *destination, struct err *err)
{
    const char *code = change->options->own[DEAD_LETTERS_CODE];
    char *to = running_path(change->act->path, "destination", destination, err), *path = to;

    if (to != NULL && change->message_id != NULL)
        path = running_path(to, "messageId", change->message_id, err);
    else if (to != NULL && code != NULL)
        path = running_path(to, "code", code, err);
    if (path != to)
        mem_free(to);
    return path;
}

static int change_one(const char *name, const json_t *status, void *arg, struct err *err)
{
    struct change *change = arg;
    const char *state = json_string_value(json_object_get(status, "mood"));
    bool disabled = state != NULL && strcmp(state, "disabled") == 0;
    char *path;
    json_t *answer;

    if (disabled && strcmp(change->act->word, "retry") == 0)
        return 0; /* it would have no effect */
    path = change_path(change, name, err);
    answer = path != NULL ? running_post(change->options, path, err) : NULL;
    mem_free(path);
    if (answer == NULL && err->kind == ERR_NOT_FOUND) { /* it has none there */
        *err = (struct err){0};
        return 0;
    }
    change->count += json_integer_value(json_object_get(answer, change->act->member));
    json_decref(answer);
    return answer != NULL ? 0 : -1;
}

/* Each event by its messageId; one that is not a dead letter does not stop the others. */
static int change_events(struct change *change, struct err *err)
{
    const struct options *options = change->options;
    int missing = 0;

    for (int i = 0; i < options->argument_count; i++) {
        json_int_t before = change->count;
        change->message_id = options->arguments[i];
        if (dead_letters_each_destination(options, change_one, change, err) < 0)
            return -1;
        if (change->count > before)
            continue;
        missing++;
        err_set(err, ERR_NOT_FOUND, "there is no dead letter with the messageId \"%.200s\"",
                options->arguments[i]);
        if (i + 1 < options->argument_count)
            fprintf(stderr, "leadline dead-letters: %s\n", err->text);
    }
    return missing == 0 ? 0 : -1;
}

/* Everything would be discarded for good, and no option confirms it. */
static bool is_to_be_asked(const struct act *act, const struct options *options)
{
    return strcmp(act->word, "discard") == 0 && is_all(options) &&
           options->own[DEAD_LETTERS_CODE] == NULL &&
           options->own[DEAD_LETTERS_DESTINATION] == NULL && options->own[DEAD_LETTERS_YES] == NULL;
}

/* A person at a terminal is asked. */
static bool is_meant(void)
{
    int c, answer;

    fputs("discard all dead letters for good? [y/N] ", stderr);
    answer = c = getchar();
    while (c != '\n' && c != EOF)
        c = getchar();
    return answer == 'y' || answer == 'Y';
}

static int run_change(const struct act *act, const struct options *options, struct err *err)
{
    struct change change = {.act = act, .options = options};
    int rc;

    if (is_to_be_asked(act, options) && !is_meant())
        return err_set(err, ERR_INVALID, "nothing was discarded");
    rc = is_all(options) ? dead_letters_each_destination(options, change_one, &change, err)
                         : change_events(&change, err);
    if (rc < 0 && change.count == 0)
        return rc;
    if (options->json)
        printf("{\"%s\": %lld}\n", act->member, (long long)change.count);
    else
        printf("%lld dead letter%s %s\n", (long long)change.count, change.count == 1 ? "" : "s",
               act->done);
    return rc;
}

/* ---- export ---- */

static void export_one(json_t *receipt, void *arg)
{
    static const char *const members[] = {"destination", "code", "message", "advice", "received"};
    json_t *line = json_object();

    (void)arg;
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        json_object_set(line, members[i], json_object_get(receipt, members[i]));
    json_object_set(line, "event", json_object_get(receipt, "event"));
    json_dumpf(line, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(line);
}

static bool is_dead_letter_of(const json_t *receipt, const char *destination)
{
    const char *state = json_string_value(json_object_get(receipt, "state"));
    const char *name = json_string_value(json_object_get(receipt, "destination"));

    return state != NULL && name != NULL && strcmp(state, "dead") == 0 &&
           !json_is_true(json_object_get(receipt, "discarded")) &&
           (destination == NULL || strcmp(name, destination) == 0);
}

static int export_event(const struct options *options, const char *message_id, struct err *err)
{
    json_t *answer = ask_event(options, message_id, err), *receipt;
    size_t i, count = 0;

    if (answer == NULL)
        return -1;
    json_array_foreach(json_object_get(answer, "receipts"), i, receipt) {
        if (!is_dead_letter_of(receipt, options->own[DEAD_LETTERS_DESTINATION]))
            continue;
        count++;
        export_one(receipt, NULL);
    }
    json_decref(answer);
    return count > 0 ? 0
                     : err_set(err, ERR_NOT_FOUND,
                               "there is no dead letter with the messageId \"%.200s\"", message_id);
}

static int export(const struct act *act, const struct options *options, struct err *err)
{
    struct dead_letters_walk walk = {options, true, SIZE_MAX, export_one, NULL};
    int rc = 0;

    (void)act;
    if (is_all(options))
        return dead_letters_walk(&walk, err);
    for (int i = 0; rc == 0 && i < options->argument_count; i++)
        rc = export_event(options, options->arguments[i], err);
    return rc;
}

/* ---- the command ---- */

#define MANY .usage = usage, .server = true, .json = true, .many = true, .own = own

static const struct act acts[] = {
    {.word = "list",
     .wanted = {.usage = usage, .server = true, .json = true, .own = own},
     .run = list,
     .all = true},
    {.word = "show",
     .wanted = {.usage = usage, .server = true, .json = true, .argument = true},
     .run = show},
    {.word = "retry",
     .wanted = {MANY},
     .run = run_change,
     .path = "/api/dead-letters/retry",
     .member = "retried",
     .done = "will be tried again"},
    {.word = "discard",
     .wanted = {MANY},
     .run = run_change,
     .path = "/api/dead-letters/discard",
     .member = "discarded",
     .done = "discarded"},
    {.word = "export", .wanted = {MANY}, .run = export, .all = true},
};

static int misused(const struct act *act, const char *what)
{
    fprintf(stderr, "leadline dead-letters %s: %s\n%s", act->word, what, usage);
    return 2;
}

/* Checks combinations of options; 0 when valid. */
static int check(const struct act *act, const struct options *options)
{
    if (options->argument_count == 0 && !act->all)
        return misused(act, "an argument is missing");
    if (!is_all(options) && options->own[DEAD_LETTERS_CODE] != NULL)
        return misused(act, "--code goes with \"all\"");
    if (is_to_be_asked(act, options) && !isatty(STDIN_FILENO))
        return misused(act, "\"discard all\" needs --yes, --code or --destination");
    return 0;
}

static int run(const struct act *act, int argc, char **argv)
{
    struct options options;
    struct err err = {0};
    int rc = options_read(argc, argv, &act->wanted, &options);

    if (rc >= 0)
        return rc;
    rc = check(act, &options);
    if (rc != 0)
        return rc;
    if (act->run(act, &options, &err) == 0)
        return 0;
    fprintf(stderr, "leadline dead-letters: %s\n", err.text);
    return 1;
}

int cmd_dead_letters(int argc, char **argv)
{
    char *word = argc > 1 ? argv[1] : (char[1]){""};
    bool help = strcmp(word, "--help") == 0;
    char name[40];

    snprintf(name, sizeof name, "dead-letters %s", word);
    if (argc > 1)
        argv[1] = name; /* for messages about its arguments */
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++)
        if (strcmp(word, acts[i].word) == 0)
            return run(&acts[i], argc - 1, argv + 1);
    if (word[0] != '\0' && !help)
        fprintf(stderr, "leadline dead-letters: there is no \"%s\"\n", word);
    fputs(usage, help ? stdout : stderr);
    return help ? 0 : 2;
}
