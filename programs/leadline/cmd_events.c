/* events: what comes in, and what becomes of it. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "programs/leadline/commands.h"
#include "programs/leadline/options.h"
#include "programs/leadline/print.h"
#include "programs/leadline/running.h"

#define POLL_NS INT64_C(500000000)

enum { FOLLOW, LINES, SOURCE, DESTINATION, OUTCOME };
static const struct options_own own[] = {{"follow", true},   {"lines", false},
                                         {"source", false},  {"destination", false},
                                         {"outcome", false}, {0}};

static const struct options_wanted wanted = {
    .usage =
        "usage: leadline events [--follow] [--lines N] [--source NAME] [--destination NAME]\n"
        "                       [--outcome OUTCOME] [--config FILE | --admin URL] [--json]\n"
        "\n"
        "Shows the newest events that the running server has taken in, oldest first, one\n"
        "a line for each destination: time, source, type, messageId, user, destination,\n"
        "outcome, and the code or the record's Id.  An event that a destination does not\n"
        "want is \"skipped\", with the reason as its code.\n"
        "\n"
        "  --follow             go on with each new event and each change of an outcome as\n"
        "                       it happens, over restarts of the server, until Ctrl-C\n"
        "  --lines N            so many at first, up to 1000 (50), of the newest 10,000\n"
        "  --source NAME        only from that source\n"
        "  --destination NAME   only to that destination\n"
        "  --outcome OUTCOME    only waiting, written, merged, unchanged, dead or skipped ones\n"
        "\n" OPTIONS_SERVER_USAGE "  --json         one JSON object a line\n",
    .json = true,
    .server = true,
    .own = own,
};

/* ---- what was shown ---- */

/* A server may list an outcome twice; the last of each slot is remembered, by seq.  A skipped event
   has no seq, and is listed once. */
#define SHOWN_SLOTS 4096
static struct shown {
    json_int_t seq;
    char outcome[64];
} shown[SHOWN_SLOTS];

static const char *member(const json_t *event, const char *name)
{
    const char *text = json_string_value(json_object_get(event, name));

    return text != NULL && text[0] != '\0' ? text : NULL;
}

static bool is_discarded(const json_t *event)
{
    return json_is_true(json_object_get(event, "discarded"));
}

static bool was_shown(const json_t *event)
{
    const json_t *number = json_object_get(event, "seq");
    json_int_t seq = json_integer_value(number);
    struct shown *slot = &shown[(unsigned long long)seq % SHOWN_SLOTS];
    const char *state = member(event, "state"), *changed = member(event, "changed");
    struct shown now = {.seq = seq};

    snprintf(now.outcome, sizeof now.outcome, "%.12s %.30s %d", state != NULL ? state : "",
             changed != NULL ? changed : "", is_discarded(event));
    if (!json_is_integer(number))
        return false;
    if (slot->seq == seq && strcmp(slot->outcome, now.outcome) == 0)
        return true;
    *slot = now;
    return false;
}

/* ---- showing ---- */

static void print_event(const json_t *event)
{
    static const char *const members[] = {"changed",   "source", "type",
                                          "messageId", "user",   "destination"};
    const char *code = member(event, "code"), *record = member(event, "record_id");

    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        const char *text = member(event, members[i]);
        print_text(text != NULL ? text : "-");
        fputs("  ", stdout);
    }
    print_text(is_discarded(event) ? "discarded" : member(event, "state"));
    fputs("  ", stdout);
    print_text(code != NULL ? code : record != NULL ? record : "-");
    putchar('\n');
}

static void print_events(const struct options *options, const json_t *answer)
{
    size_t i;
    json_t *event;

    json_array_foreach(json_object_get(answer, "events"), i, event) {
        if (was_shown(event))
            continue;
        if (options->json) {
            json_dumpf(event, stdout, JSON_COMPACT);
            putchar('\n');
        } else {
            print_event(event);
        }
    }
    fflush(stdout);
}

/* ---- asking ---- */

/* Puts the option on the path, if it was given; NULL when there is no memory. */
static char *with(char *path, const char *name, const char *value, struct err *err)
{
    char *longer;

    if (path == NULL || value == NULL)
        return path;
    longer = running_path(path, name, value, err);
    mem_free(path);
    return longer;
}

static json_t *ask(const struct options *options, const char *after, struct err *err)
{
    char *path = mem_text("/api/events");
    json_t *answer;

    if (path == NULL)
        err_memory(err);
    path = with(path, "source", options->own[SOURCE], err);
    path = with(path, "destination", options->own[DESTINATION], err);
    path = with(path, "outcome", options->own[OUTCOME], err);
    path = with(path, "lines", after == NULL ? options->own[LINES] : NULL, err);
    path = with(path, "after", after, err);
    answer = path != NULL ? running_ask(options, path, err) : NULL;
    mem_free(path);
    return answer;
}

/* ---- following ---- */

static volatile sig_atomic_t stopped;

static void stop(int signal_number)
{
    (void)signal_number;
    stopped = 1;
}

static void await_next(void)
{
    const struct timespec pause = {.tv_nsec = POLL_NS};

    if (!stopped)
        nanosleep(&pause, NULL); /* a signal ends it */
}

/* Until Ctrl-C.  Takes the last answer; a server that does not answer is waited for. */
static int follow(const struct options *options, json_t *answer)
{
    struct sigaction action = {.sa_handler = stop};
    bool lost = false;

    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    while (!stopped && !ferror(stdout)) {
        struct err err = {0};
        json_t *next;
        if (!json_is_true(json_object_get(answer, "more")))
            await_next();
        next = stopped ? NULL : ask(options, member(answer, "next"), &err);
        if (next == NULL && !stopped && !lost)
            fprintf(stderr, "leadline events: %s; waiting until it answers again\n", err.text);
        lost = next == NULL;
        if (next == NULL) {
            json_object_set_new(answer, "more", json_false());
            continue;
        }
        print_events(options, next);
        json_decref(answer);
        answer = next;
    }
    json_decref(answer);
    return ferror(stdout) ? 1 : 0;
}

int cmd_events(int argc, char **argv)
{
    struct options options;
    struct err err = {0};
    json_t *answer;
    int rc = options_read(argc, argv, &wanted, &options);

    if (rc >= 0)
        return rc;
    answer = ask(&options, NULL, &err);
    if (answer == NULL) {
        fprintf(stderr, "leadline events: %s\n", err.text);
        return 1;
    }
    print_events(&options, answer);
    if (options.own[FOLLOW] != NULL)
        return follow(&options, answer);
    json_decref(answer);
    return 0;
}
