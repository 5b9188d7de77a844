#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "programs/leadline/commands.h"
#include "programs/leadline/options.h"
#include "programs/leadline/print.h"
#include "programs/leadline/running.h"

static const struct options_wanted wanted = {
    .usage = "usage: leadline trace MESSAGE_ID [--config FILE] [--json]\n"
             "\n"
             "Asks the running server what became of one event: for each destination its\n"
             "receipt, with the record it was written to, or why it was not, and notes about\n"
             "its traits.  Status 1 when the event is not known.\n"
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

    json_array_foreach(notes, i, note)
    {
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

static void print_receipt(const json_t *receipt)
{
    const char *state = json_string_value(json_object_get(receipt, "state"));
    bool written = state != NULL && strcmp(state, "written") == 0;
    bool created = json_is_true(json_object_get(receipt, "created"));

    putchar('\n');
    print_text(json_string_value(json_object_get(receipt, "destination")));
    printf(": %s%s\n", state, !written ? "" : created ? " (created)" : " (updated)");
    print_member(receipt, "object");
    print_line("record", json_string_value(json_object_get(receipt, "record_id")));
    print_line("merged into", json_string_value(json_object_get(receipt, "into")));
    print_line("reason", json_string_value(json_object_get(receipt, "code")));
    print_member(receipt, "message");
    print_member(receipt, "advice");
    print_line("next attempt", json_string_value(json_object_get(receipt, "next_attempt")));
    print_member(receipt, "source");
    print_member(receipt, "type");
    print_member(receipt, "received");
    print_member(receipt, "changed");
    printf("  %-14s %lld\n", "attempts",
           (long long)json_integer_value(json_object_get(receipt, "attempts")));
    print_notes(json_object_get(receipt, "notes"));
}

static void print_trace(const json_t *trace)
{
    size_t i;
    json_t *receipt;

    print_text(json_string_value(json_object_get(trace, "messageId")));
    putchar('\n');
    json_array_foreach(json_object_get(trace, "receipts"), i, receipt) print_receipt(receipt);
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
    path = running_path("/api/trace", "messageId", options.argument, &err);
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
