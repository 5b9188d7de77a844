#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "programs/leadline/commands.h"
#include "programs/leadline/options.h"
#include "programs/leadline/print.h"
#include "programs/leadline/running.h"

#define LIST_PAGES 100 /* of 100 letters; more are no longer read by people */

static const char usage[] =
    "usage: leadline dead-letters list [--config FILE] [--json]\n"
    "       leadline dead-letters show MESSAGE_ID [--config FILE] [--json]\n"
    "       leadline dead-letters retry MESSAGE_ID|all [--config FILE] [--json]\n"
    "\n"
    "Events that cannot be delivered until a person acts, as the running server keeps them:\n"
    "list them with why and what to do, newest first; show one with all its receipts; let\n"
    "one, or all, wait to be delivered again.\n"
    "\n" OPTIONS_SERVER_USAGE "  --json         the receipts, or how many wait again, as JSON\n";

static const struct options_wanted wanted_list = {.usage = usage, .server = true, .json = true};
static const struct options_wanted wanted_retry = {
    .usage = usage, .server = true, .json = true, .argument = true};

/* ---- list ---- */

/* Appends the receipts of one page to all; the next page's "before", or 0. */
static json_int_t add_page(json_t *all, const json_t *page)
{
    json_array_extend(all, json_object_get(page, "receipts"));
    return json_integer_value(json_object_get(page, "next"));
}

static int list_destination(const struct options *options, const char *name, json_t *all,
                            struct err *err)
{
    char *base = running_path("/api/dead-letters", "destination", name, err);
    json_int_t before = 0;
    int rc = base != NULL ? 0 : -1;

    for (int i = 0; rc == 0 && i < LIST_PAGES && (i == 0 || before > 0); i++) {
        char *path = mem_format("%s&before=%lld", base, (long long)before);
        json_t *page = path != NULL ? running_ask(options, path, err) : NULL;
        if (path == NULL)
            err_memory(err);
        rc = page != NULL ? 0 : -1;
        before = add_page(all, page);
        json_decref(page);
        mem_free(path);
    }
    mem_free(base);
    return rc;
}

static void print_letter(const json_t *receipt)
{
    print_text(json_string_value(json_object_get(receipt, "messageId")));
    putchar('\n');
    print_member(receipt, "destination");
    print_line("reason", json_string_value(json_object_get(receipt, "code")));
    print_member(receipt, "message");
    print_member(receipt, "advice");
    print_member(receipt, "received");
    putchar('\n');
}

static void print_letters(const json_t *all)
{
    size_t i;
    json_t *receipt;

    json_array_foreach(all, i, receipt) print_letter(receipt);
    printf("%zu dead letter%s\n", json_array_size(all), json_array_size(all) == 1 ? "" : "s");
}

static int list(const struct options *options, const json_t *destinations, struct err *err)
{
    json_t *all = json_array(), *to;
    size_t i;
    int rc = 0;

    json_array_foreach(destinations, i, to)
    {
        const char *name = json_string_value(json_object_get(to, "name"));
        if (rc == 0 && name != NULL)
            rc = list_destination(options, name, all, err);
    }
    if (rc == 0 && options->json)
        print_json(all);
    else if (rc == 0)
        print_letters(all);
    json_decref(all);
    return rc;
}

/* ---- retry ---- */

/* How many wait again; -1 with ERR_NOT_FOUND when the event has none there. */
static json_int_t retry_at(const struct options *options, const char *name, const char *message_id,
                           struct err *err)
{
    char *to = running_path("/api/dead-letters/retry", "destination", name, err);
    char *path = to;
    json_int_t count = -1;
    json_t *answer;

    if (to != NULL && strcmp(message_id, "all") != 0)
        path = running_path(to, "messageId", message_id, err);
    answer = path != NULL ? running_tell(options, path, err) : NULL;
    if (answer != NULL)
        count = json_integer_value(json_object_get(answer, "retried"));
    json_decref(answer);
    if (path != to)
        mem_free(path);
    mem_free(to);
    return count;
}

static int retry(const struct options *options, const json_t *destinations, struct err *err)
{
    json_int_t total = 0;
    size_t i;
    json_t *to;

    json_array_foreach(destinations, i, to)
    {
        const char *name = json_string_value(json_object_get(to, "name"));
        const char *mood = json_string_value(json_object_get(to, "mood"));
        json_int_t count = 0;
        if (name == NULL || mood == NULL || strcmp(mood, "disabled") == 0)
            continue;
        count = retry_at(options, name, options->argument, err);
        if (count < 0 && err->kind != ERR_NOT_FOUND)
            return -1;
        total += count > 0 ? count : 0;
    }
    if (total == 0 && strcmp(options->argument, "all") != 0)
        return err_set(err, ERR_NOT_FOUND, "there is no dead letter with this messageId");
    if (options->json)
        printf("{\"retried\": %lld}\n", (long long)total);
    else
        printf("%lld dead letter%s will be tried again\n", (long long)total, total == 1 ? "" : "s");
    return 0;
}

/* ---- the command ---- */

static int run(int argc, char **argv, const struct options_wanted *wanted,
               int (*act)(const struct options *options, const json_t *destinations,
                          struct err *err))
{
    struct options options;
    struct err err = {0};
    json_t *status;
    int rc = options_read(argc, argv, wanted, &options);

    if (rc >= 0)
        return rc;
    status = running_ask(&options, "/api/status", &err);
    rc = status == NULL || act(&options, json_object_get(status, "destinations"), &err) < 0;
    if (rc != 0)
        fprintf(stderr, "leadline dead-letters: %s\n", err.text);
    json_decref(status);
    return rc;
}

int cmd_dead_letters(int argc, char **argv)
{
    char *word = argc > 1 ? argv[1] : (char[1]){""};
    char name[40];

    snprintf(name, sizeof name, "dead-letters %s", word);
    if (argc > 1)
        argv[1] = name; /* as which mistakes in its arguments are reported */
    if (strcmp(word, "list") == 0)
        return run(argc - 1, argv + 1, &wanted_list, list);
    if (strcmp(word, "show") == 0)
        return cmd_trace(argc - 1, argv + 1);
    if (strcmp(word, "retry") == 0)
        return run(argc - 1, argv + 1, &wanted_retry, retry);
    if (word[0] != '\0' && strcmp(word, "--help") != 0)
        fprintf(stderr, "leadline dead-letters: there is no \"%s\"\n", word);
    fputs(usage, strcmp(word, "--help") == 0 ? stdout : stderr);
    return strcmp(word, "--help") == 0 ? 0 : 2;
}
