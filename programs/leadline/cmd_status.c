/* leadline status: the figures of the running server, and what needs a person. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "programs/leadline/commands.h"
#include "programs/leadline/options.h"
#include "programs/leadline/print.h"
#include "programs/leadline/running.h"

#define FIGURES(list) (list), sizeof(list) / sizeof((list)[0])

static const struct options_wanted wanted = {
    .usage = "usage: leadline status [--config FILE] [--json]\n"
             "\n"
             "Asks the running server how it is doing: what came in, what waits, what was\n"
             "written, what needs attention.  Status 1 when something needs a person: a\n"
             "destination has stopped or is paused, dead letters wait for a retry or a discard,\n"
             "or events cannot be stored.\n"
             "\n" OPTIONS_SERVER_USAGE "  --json         everything, as JSON\n",
    .json = true,
    .server = true,
};

static const struct print_figure intake_figures[] = {
    {"requests", "requests"}, {"refused", "refused"},       {"messages", "messages"},
    {"accepted", "accepted"}, {"duplicates", "duplicates"}, {"skipped", "skipped"},
    {"bad", "bad"},
};
static const struct print_figure event_figures[] = {
    {"accepted", "accepted"}, {"waiting", "waiting"},     {"written", "written"},
    {"merged", "merged"},     {"unchanged", "unchanged"}, {"dead", "dead"},
};
static const struct print_figure record_figures[] = {{"created", "created"},
                                                     {"updated", "updated"}};
static const struct print_figure work_figures[] = {{"in_hand", "events in hand"},
                                                   {"calls_in_flight", "calls in flight"}};
static const struct print_figure call_figures[] = {
    {"calls", "all"},   {"sign_ins", "sign-ins"}, {"describes", "describes"},
    {"finds", "finds"}, {"creates", "creates"},   {"updates", "updates"},
};

static void print_uptime(const json_t *status)
{
    long long seconds = json_integer_value(json_object_get(status, "uptime"));

    printf("leadline %s, up %lldd %02lldh %02lldm %02llds\n\n",
           json_string_value(json_object_get(status, "version")), seconds / 86400,
           seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
}

static void print_limit(const json_t *org)
{
    const json_t *used = json_object_get(org, "limit_used"),
                 *max = json_object_get(org, "limit_max");

    if (json_is_integer(used) && json_is_integer(max))
        printf("  %-14s %lld of %lld API calls in 24 hours\n", "limit",
               (long long)json_integer_value(used), (long long)json_integer_value(max));
}

static void print_destination(const json_t *to)
{
    const json_t *org = json_object_get(to, "org");

    putchar('\n');
    print_text(json_string_value(json_object_get(to, "name")));
    printf(": %s\n", json_string_value(json_object_get(to, "mood")));
    print_member(to, "code");
    print_member(to, "message");
    print_member(to, "advice");
    print_line("next attempt", json_string_value(json_object_get(to, "until")));
    print_figures("events", to, FIGURES(event_figures));
    print_figures("records", to, FIGURES(record_figures));
    print_line("oldest waiting", json_string_value(json_object_get(to, "oldest_waiting")));
    print_figures("now", to, FIGURES(work_figures));
    if (org == NULL)
        return;
    print_figures("API calls", org, FIGURES(call_figures));
    print_limit(org);
    print_member(org, "organization");
}

static void print_skips(const json_t *skips)
{
    size_t i;
    json_t *skip;

    if (json_array_size(skips) > 0)
        puts("\nnot wanted");
    json_array_foreach(skips, i, skip) {
        printf("  %-14lld ", (long long)json_integer_value(json_object_get(skip, "count")));
        print_text(json_string_value(json_object_get(skip, "reason")));
        fputs(", from ", stdout);
        print_text(json_string_value(json_object_get(skip, "source")));
        fputs(" to ", stdout);
        print_text(json_string_value(json_object_get(skip, "destination")));
        putchar('\n');
    }
}

/* ---- what needs a person ---- */

static void PRINTF_LIKE(2, 3) need(json_t *needs, const char *format, ...)
{
    va_list args;
    char text[800];

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    json_array_append_new(needs, json_string(text));
}

static void destination_needs(json_t *needs, const json_t *to)
{
    const char *name = json_string_value(json_object_get(to, "name"));
    const char *state = json_string_value(json_object_get(to, "mood"));
    const char *code = json_string_value(json_object_get(to, "code"));
    long long dead = json_integer_value(json_object_get(to, "dead_letters"));

    if (name == NULL || state == NULL)
        return;
    if (strcmp(state, "stopped") == 0)
        need(needs,
             "%s has stopped (%s): when the cause is gone, \"leadline resume %s\" tries again",
             name, code != NULL ? code : "?", name);
    if (strcmp(state, "paused") == 0)
        need(needs, "%s is paused: \"leadline resume %s\" lets it go on", name, name);
    if (dead > 0)
        need(needs, "%s has %lld dead letter%s: \"leadline dead-letters list\" shows why", name,
             dead, dead == 1 ? "" : "s");
}

/* One sentence each; the caller's reference. */
static json_t *what_needs_a_person(const json_t *status)
{
    const json_t *store = json_object_get(status, "store");
    const char *fault = json_string_value(json_object_get(store, "fault"));
    json_t *needs = json_array(), *to;
    size_t i;

    if (!json_is_true(json_object_get(store, "writable")))
        need(needs, "events cannot be stored: %s",
             fault != NULL ? fault : "look at the disk of data_dir");
    if (json_is_string(json_object_get(store, "full")))
        need(needs, "new events are answered 429 (%s): see \"The data directory\" in operations.md",
             json_string_value(json_object_get(store, "full")));
    json_array_foreach(json_object_get(status, "destinations"), i, to)
        destination_needs(needs, to);
    return needs;
}

static void print_needs(const json_t *needs)
{
    size_t i;
    json_t *one;

    if (json_array_size(needs) > 0)
        puts("\nneeds a person");
    json_array_foreach(needs, i, one) {
        fputs("  ", stdout);
        print_text(json_string_value(one));
        putchar('\n');
    }
}

static void print_status(const json_t *status)
{
    const json_t *store = json_object_get(status, "store");
    size_t i;
    json_t *to;

    print_uptime(status);
    puts("tracking API");
    print_figures("since start", json_object_get(status, "intake"), FIGURES(intake_figures));
    print_line("store", json_is_true(json_object_get(store, "writable"))
                            ? "events can be stored"
                            : "events CANNOT be stored now: see what needs a person");
    json_array_foreach(json_object_get(status, "destinations"), i, to)
        print_destination(to);
    print_skips(json_object_get(status, "skips"));
    print_needs(json_object_get(status, "needs_person"));
}

int cmd_status(int argc, char **argv)
{
    struct options options;
    struct err err = {0};
    json_t *status, *needs;
    int rc = options_read(argc, argv, &wanted, &options);

    if (rc >= 0)
        return rc;
    status = running_ask(&options, "/api/status", &err);
    if (status == NULL) {
        fprintf(stderr, "leadline status: %s\n", err.text);
        return 1;
    }
    needs = what_needs_a_person(status);
    json_object_set_new(status, "needs_person", needs);
    if (options.json)
        print_json(status);
    else
        print_status(status);
    rc = json_array_size(needs) == 0 ? 0 : 1;
    json_decref(status);
    return rc;
}
