/*
 * fakeorg: the program.  Reads its options, starts the org, prints its address
 * and waits for SIGTERM or SIGINT.  What it offers: docs/fakeorg.md.
 */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "fakeorg/http/fakeorg.h"

#define STATUS_FAILED 1
#define STATUS_USAGE  2

static const char help[] =
    "usage: fakeorg --listen ADDR:PORT [option]...\n"
    "\n"
    "A Salesforce org on this machine: SOAP at /services/Soap/u/NN.0, a page for people at /.\n"
    "\n"
    "  --listen ADDR:PORT            where to listen; port 0 picks a free one\n"
    "  --username U                  the user (integration@example.com)\n"
    "  --password P                  the password (secret)\n"
    "  --token T                     the security token, sent after the password (token)\n"
    "  --field Object.Name__c=TYPE   a custom field, may be repeated; TYPE is string:N,\n"
    "                                textarea:N, email, phone, url, int, double:P,S,\n"
    "                                currency:P,S, percent:P,S, boolean, date, datetime,\n"
    "                                picklist:A|B, picklist!:A|B (restricted),\n"
    "                                multipicklist:A|B or reference:Object\n"
    "  --org FILE                    what the org is: fields, rules, records, and these\n"
    "                                options; etc/fakeorg.yml shows everything\n"
    "  --data FILE                   keeps the records; in memory without it\n"
    "  --latency-ms N                how long every call takes (0)\n"
    "  --latency-per-record-us N     how much each record adds (0)\n"
    "  --latency-jitter PERCENT      how much it varies up and down (0)\n"
    "  --latency-seed N              seed of that variation (1)\n"
    "  --quirk NAME=VALUE            selects between two behaviours, may be repeated;\n"
    "                                docs/fakeorg.md lists them, GET /_fakeorg/quirks too\n"
    "  --fault SPEC                  a fault on demand, may be repeated, such as\n"
    "                                'create:cut-after-save,nth=3'; see docs/fakeorg.md\n"
    "  --limit NAME=NUMBER           a limit on what a client may do, may be repeated;\n"
    "                                docs/fakeorg.md lists them, GET /_fakeorg/limits too\n"
    "  --daily-limit N               calls in 24 hours (100000)\n"
    "  --max-concurrent N            calls at the same time (any number)\n"
    "  --help, --version\n";

/* One row per option: where its value goes in struct fakeorg_options. */
enum option_kind { TAKES_TEXT, TAKES_LISTEN, TAKES_LIST, TAKES_UNSIGNED, TAKES_64_BITS };

#define AT(member) offsetof(struct fakeorg_options, member)

static const struct {
    const char *name;
    enum option_kind kind;
    size_t at, count_at; /* count_at: of a list */
    unsigned long max;   /* of a number */
} rows[] = {
    {"listen", TAKES_LISTEN, 0, 0, 0},
    {"username", TAKES_TEXT, AT(username), 0, 0},
    {"password", TAKES_TEXT, AT(password), 0, 0},
    {"token", TAKES_TEXT, AT(token), 0, 0},
    {"field", TAKES_LIST, AT(fields), AT(field_count), 0},
    {"latency-ms", TAKES_UNSIGNED, AT(latency_ms), 0, 1000000000},
    {"latency-per-record-us", TAKES_UNSIGNED, AT(latency_per_record_us), 0, 1000000000},
    {"latency-jitter", TAKES_UNSIGNED, AT(latency_jitter_percent), 0, 100},
    {"latency-seed", TAKES_64_BITS, AT(latency_seed), 0, ULONG_MAX},
    {"org", TAKES_TEXT, AT(org_file), 0, 0},
    {"data", TAKES_TEXT, AT(data_file), 0, 0},
    {"quirk", TAKES_LIST, AT(quirks), AT(quirk_count), 0},
    {"fault", TAKES_LIST, AT(faults), AT(fault_count), 0},
    {"limit", TAKES_LIST, AT(limits), AT(limit_count), 0},
    {"daily-limit", TAKES_64_BITS, AT(daily_limit), 0, 1000000000000},
    {"max-concurrent", TAKES_UNSIGNED, AT(max_concurrent), 0, 1000000000},
};

/* Old names of options, accepted for one more release. */
static const struct {
    const char *old, *name;
} old_names[] = {{"switch", "quirk"}};

#define ROWS        (sizeof rows / sizeof rows[0])
#define OLD_NAMES   (sizeof old_names / sizeof old_names[0])
#define OPT_HELP    ((int)ROWS)
#define OPT_VERSION ((int)ROWS + 1)

/* The outcome of reading the command line. */
enum reading { READ_RUN, READ_DONE, READ_WRONG };

static int read_number(const char *option, const char *text, unsigned long max,
                       unsigned long *ret_number, struct err *err)
{
    char *end;

    errno = 0;
    unsigned long number = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || errno != 0 || number > max)
        return err_set(err, ERR_INVALID, "--%s: expected a number from 0 to %lu", option, max);
    *ret_number = number;
    return 0;
}

/* "127.0.0.1:9090"; the text is cut at its colon. */
static int read_listen(char *text, struct fakeorg_options *options, struct err *err)
{
    char *colon = strrchr(text, ':');
    unsigned long port = 0;

    if (colon == NULL || colon == text)
        return err_set(err, ERR_INVALID, "--listen: expected ADDR:PORT");
    if (read_number("listen", colon + 1, 65535, &port, err) < 0)
        return -1;
    *colon = '\0';
    options->address = text;
    options->port = (uint16_t)port;
    return 0;
}

/* A list can hold as many values as there are arguments. */
static int add_to_list(char *options, size_t row, const char *text, int argc, struct err *err)
{
    const char ***list = (const char ***)(options + rows[row].at);
    size_t *count = (size_t *)(options + rows[row].count_at);

    if (*list == NULL && (*list = mem_zero((size_t)argc, sizeof(char *))) == NULL)
        return err_memory(err);
    (*list)[(*count)++] = text;
    return 0;
}

static int read_option(size_t row, char *text, int argc, struct fakeorg_options *options,
                       struct err *err)
{
    char *place = (char *)options + rows[row].at;
    unsigned long number = 0;

    switch (rows[row].kind) {
    case TAKES_LISTEN:
        return read_listen(text, options, err);
    case TAKES_LIST:
        return add_to_list((char *)options, row, text, argc, err);
    case TAKES_TEXT:
        *(const char **)place = text;
        return 0;
    case TAKES_UNSIGNED:
    case TAKES_64_BITS:
        break;
    }
    if (read_number(rows[row].name, text, rows[row].max, &number, err) < 0)
        return -1;
    if (rows[row].kind == TAKES_UNSIGNED)
        *(unsigned *)place = (unsigned)number;
    else
        *(uint64_t *)place = number;
    return 0;
}

static void free_lists(struct fakeorg_options *options)
{
    for (size_t i = 0; i < ROWS; i++)
        if (rows[i].kind == TAKES_LIST)
            mem_free(*(void **)((char *)options + rows[i].at));
}

static int row_named(const char *name)
{
    int row = 0;

    while (strcmp(rows[row].name, name) != 0)
        row++;
    return row;
}

static enum reading read_command_line(int argc, char **argv, struct fakeorg_options *options)
{
    struct option names[ROWS + OLD_NAMES + 3] = {
        [ROWS + OLD_NAMES] = {"help", no_argument, NULL, OPT_HELP},
        {"version", no_argument, NULL, OPT_VERSION}};
    struct err err = {0};
    int option;

    for (size_t i = 0; i < ROWS; i++)
        names[i] = (struct option){rows[i].name, required_argument, NULL, (int)i};
    for (size_t i = 0; i < OLD_NAMES; i++)
        names[ROWS + i] = (struct option){old_names[i].old, required_argument, NULL,
                                          row_named(old_names[i].name)};
    *options = (struct fakeorg_options){0};
    while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
        if (option == OPT_HELP || option == OPT_VERSION) {
            fputs(option == OPT_HELP ? help : "fakeorg " LEADLINE_VERSION "\n", stdout);
            return READ_DONE;
        }
        if (option == '?') /* getopt_long has reported it */
            return READ_WRONG;
        if (read_option((size_t)option, optarg, argc, options, &err) < 0) {
            fprintf(stderr, "fakeorg: %s\n", err.text);
            return READ_WRONG;
        }
    }
    if (optind < argc) {
        fprintf(stderr, "fakeorg: unexpected argument %s\n", argv[optind]);
        return READ_WRONG;
    }
    if (options->address == NULL) {
        fprintf(stderr, "fakeorg: --listen ADDR:PORT is missing\n");
        return READ_WRONG;
    }
    return READ_RUN;
}

static int run(const struct fakeorg_options *options)
{
    struct err err = {0};
    sigset_t signals;
    int caught;

    /* Blocked before any thread starts, so that only sigwait receives them. */
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    struct fakeorg *fakeorg = fakeorg_start(options, &err);
    if (fakeorg == NULL) {
        fprintf(stderr, "fakeorg: %s\n", err.text);
        return err.kind == ERR_INVALID ? STATUS_USAGE : STATUS_FAILED;
    }
    printf("fakeorg: listening on http://%s:%d\n", options->address, fakeorg_port(fakeorg));
    fflush(stdout);
    sigwait(&signals, &caught);
    fakeorg_stop(fakeorg);
    return 0;
}

int main(int argc, char **argv)
{
    struct fakeorg_options options;
    int status = STATUS_FAILED;

    switch (read_command_line(argc, argv, &options)) {
    case READ_DONE:
        status = 0;
        break;
    case READ_WRONG:
        fputs("Try: fakeorg --help\n", stderr);
        status = STATUS_USAGE;
        break;
    case READ_RUN:
        status = run(&options);
        break;
    }
    free_lists(&options);
    return status;
}
