/* leadline help: the commands, one of them, or a reference printed from the tables. */
#include "programs/leadline/help.h"

#include <stdio.h>
#include <string.h>

#include "admin/metrics.h"
#include "mapping/mapping.h"
#include "salesforce/org.h"
#include "settings/settings.h"

#define MAX_REFERENCE (1024 * 1024)

/* References printed from the tables that the programs use. */
static const struct {
    const char *name;
    void (*print)(struct buf *out);
    const char *summary;
} topics[] = {
    {"settings", settings_print_reference, "every key of the configuration file (Markdown)"},
    {"mapping", mapping_print_reference, "which traits make which field (Markdown)"},
    {"faults", org_print_reference, "what each code of Salesforce means (Markdown)"},
    {"metrics", metrics_print_reference, "every metric of the admin (Markdown)"},
};

static int print_topic(void (*print)(struct buf *out))
{
    struct err err = {0};
    struct buf text;
    int rc;

    buf_init(&text, MAX_REFERENCE);
    print(&text);
    rc = buf_check(&text, "the reference", &err);
    if (rc < 0)
        fprintf(stderr, "leadline help: %s\n", err.text);
    else
        fputs(buf_peek(&text), stdout);
    buf_done(&text);
    return rc < 0 ? 1 : 0;
}

const struct command *command_named(const struct command *commands, const char *name)
{
    for (const struct command *command = commands; command->name != NULL; command++)
        if (strcmp(command->name, name) == 0)
            return command;
    return NULL;
}

static void print_overview(const struct command *commands)
{
    puts("usage: leadline COMMAND ...\n"
         "\n"
         "Segment identify and group calls become Salesforce Leads and Accounts.\n");
    for (const struct command *command = commands; command->name != NULL; command++)
        printf("  %-13s %s\n", command->name, command->summary);
    puts("\nleadline help COMMAND explains a command.  References:\n");
    for (size_t i = 0; i < sizeof topics / sizeof topics[0]; i++)
        printf("  help %-13s %s\n", topics[i].name, topics[i].summary);
    puts("\nExit status: 0 done, 1 failed, 2 wrong usage.");
}

int help(const struct command *commands, int argc, char **argv)
{
    const char *subject = argc > 1 ? argv[1] : "help";
    const struct command *command = command_named(commands, subject);
    char option[] = "--help", *words[] = {argv[argc - 1], option, NULL};

    if (argc <= 2 && (strcmp(subject, "help") == 0 || strcmp(subject, option) == 0)) {
        print_overview(commands);
        return 0;
    }
    for (size_t i = 0; argc == 2 && i < sizeof topics / sizeof topics[0]; i++)
        if (strcmp(topics[i].name, subject) == 0)
            return print_topic(topics[i].print);
    if (argc == 2 && command != NULL)
        return command->run(2, words);
    fputs("usage: leadline help [COMMAND", stderr);
    for (size_t i = 0; i < sizeof topics / sizeof topics[0]; i++)
        fprintf(stderr, "|%s", topics[i].name);
    fputs("]\n", stderr);
    return 2;
}
