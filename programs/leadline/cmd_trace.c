/* leadline trace: the receipts of an event, or of the events of a person or record. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "programs/leadline/commands.h"
#include "programs/leadline/options.h"
#include "programs/leadline/print.h"
#include "programs/leadline/running.h"

static const struct options_wanted wanted = {
    .usage = "usage: leadline trace WHAT [--config FILE] [--json]\n"
             "\n"
             "Asks the running server what became of events.  WHAT is a messageId, userId,\n"
             "anonymousId, groupId, e-mail or record Id.  For each event and destination:\n"
             "the record it was written to, with a link and the fields sent, or why it was\n"
             "not, and notes about its traits.  Status 1 when nothing is known.\n"
             "\n" OPTIONS_SERVER_USAGE "  --json         the receipts, as JSON\n",
    .json = true,
    .server = true,
    .argument = true,
};

static void print_notes(const json_t *notes)
{
    static const char *const members[] = {"code", "trait", "detail"};
    size_t i;
    json_t *note;

    json_array_foreach(notes, i, note) {
        const char *before = "";
        printf("  %-14s ", i == 0 ? "notes" : "");
        for (size_t m = 0; m < sizeof members / sizeof members[0]; m++) {
            const char *text = json_string_value(json_object_get(note, members[m]));
            if (text == NULL || text[0] == '\0')
                continue;
            fputs(before, stdout);
            print_text(text);
            before = m == 0 ? "  " : ": ";
        }
        putchar('\n');
    }
}

static void print_fields(const json_t *fields)
{
    const char *title = "fields", *name;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)fields, name, value) {
        printf("  %-14s ", title);
        print_text(name);
        if (json_is_string(value)) {
            fputs(": ", stdout);
            print_text(json_string_value(value));
        } else {
            fputs(" cleared", stdout);
        }
        putchar('\n');
        title = "";
    }
}

/* Details that depend on its state. */
static const char *detail_of(const json_t *receipt)
{
    const char *state = json_string_value(json_object_get(receipt, "state"));

    if (json_is_true(json_object_get(receipt, "discarded")))
        return " (discarded)";
    if (state == NULL || strcmp(state, "written") != 0)
        return "";
    return json_is_true(json_object_get(receipt, "created")) ? " (created)" : " (updated)";
}

static void print_receipt(const json_t *receipt)
{
    print_text(json_string_value(json_object_get(receipt, "destination")));
    printf(": %s%s\n", json_string_value(json_object_get(receipt, "state")), detail_of(receipt));
    print_member(receipt, "object");
    print_line("record", json_string_value(json_object_get(receipt, "record_id")));
    print_line("link", json_string_value(json_object_get(receipt, "record_url")));
    print_line("merged into", json_string_value(json_object_get(receipt, "into")));
    print_line("reason", json_string_value(json_object_get(receipt, "code")));
    print_member(receipt, "message");
    print_member(receipt, "advice");
    print_line("next attempt", json_string_value(json_object_get(receipt, "next_attempt")));
    print_member(receipt, "source");
    print_member(receipt, "type");
    print_member(receipt, "received");
    print_member(receipt, "changed");
    if (json_is_integer(json_object_get(receipt, "attempts")))
        printf("  %-14s %lld\n", "attempts",
               (long long)json_integer_value(json_object_get(receipt, "attempts")));
    print_fields(json_object_get(receipt, "fields"));
    print_notes(json_object_get(receipt, "notes"));
}

static void print_trace(const json_t *trace)
{
    const char *before = "", *id;
    size_t i;
    json_t *receipt;

    json_array_foreach(json_object_get(trace, "receipts"), i, receipt) {
        id = json_string_value(json_object_get(receipt, "messageId"));
        if (i > 0)
            putchar('\n');
        if (id != NULL && strcmp(id, before) != 0) {
            print_text(id);
            fputs("\n\n", stdout);
            before = id;
        }
        print_receipt(receipt);
    }
    if (json_is_true(json_object_get(trace, "more")))
        puts("\nThere are older ones: these are the newest 100.");
}

int cmd_trace(int argc, char **argv)
{
    struct options options;
    struct err err = {0};
    char *path;
    json_t *trace = NULL;
    int rc = options_read(argc, argv, &wanted, &options);

    if (rc >= 0)
        return rc;
    path = running_path("/api/trace", "q", options.argument, &err);
    if (path != NULL)
        trace = running_ask(&options, path, &err);
    if (trace == NULL)
        fprintf(stderr, "leadline trace: %s\n", err.text);
    else if (options.json)
        print_json(trace);
    else
        print_trace(trace);
    rc = trace != NULL ? 0 : 1;
    json_decref(trace);
    mem_free(path);
    return rc;
}
