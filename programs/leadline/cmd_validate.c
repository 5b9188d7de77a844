/*
 * leadline validate: a configuration file checked without a network.
 */
#include <stdio.h>

#include "programs/leadline/commands.h"
#include "programs/leadline/options.h"
#include "programs/leadline/print.h"
#include "settings/settings.h"

static const struct options_wanted wanted = {
    .usage =
        "usage: leadline validate [FILE] [--json]\n"
        "\n"
        "Reads a configuration as \"leadline serve\" would and says everything that is wrong\n"
        "with it, by line, and what is allowed but probably not meant.  Asks no server and no\n"
        "org.  Passwords that the file leaves to other files or to the environment have to be\n"
        "there.  Status 1 when it is not valid.\n"
        "\n"
        "  FILE, --config FILE  what to check (" OPTIONS_DEFAULT_CONFIG ")\n"
        "  --json               what was found, as JSON\n",
    .json = true,
    .optional = true,
};

static void print_found(const struct settings_findings *findings)
{
    size_t warnings = findings->count + findings->left_out - findings->errors;

    for (size_t i = 0; i < findings->count; i++) {
        fputs(findings->list[i].error ? "error    " : "warning  ", stdout);
        print_text(findings->list[i].text);
        putchar('\n');
    }
    if (findings->left_out > 0)
        printf("and %zu more\n", findings->left_out);
    printf("%zu error%s, %zu warning%s: the configuration is %svalid\n", findings->errors,
           findings->errors == 1 ? "" : "s", warnings, warnings == 1 ? "" : "s",
           findings->errors == 0 ? "" : "not ");
}

static void print_found_json(const struct settings_findings *findings)
{
    json_t *list = json_array(), *result;

    for (size_t i = 0; i < findings->count; i++)
        json_array_append_new(list,
                              json_pack("{s:s, s:i, s:s}", "level",
                                        findings->list[i].error ? "error" : "warning", "line",
                                        findings->list[i].line, "message", findings->list[i].text));
    result = json_pack("{s:b, s:I, s:o}", "valid", (int)(findings->errors == 0), "left_out",
                       (json_int_t)findings->left_out, "findings", list);
    print_json(result);
    json_decref(result);
}

int cmd_validate(int argc, char **argv)
{
    struct options options;
    struct settings_findings findings;
    struct err err = {0};
    struct settings *settings;
    int rc = options_read(argc, argv, &wanted, &options);

    if (rc >= 0)
        return rc;
    settings = settings_examine(options.argument != NULL ? options.argument : options.config,
                                &findings, &err);
    if (settings == NULL && findings.errors == 0)
        fprintf(stderr, "leadline validate: %s\n", err.text);
    else if (options.json)
        print_found_json(&findings);
    else
        print_found(&findings);
    rc = settings != NULL ? 0 : 1;
    settings_unref(settings);
    return rc;
}
