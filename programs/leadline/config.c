/* Reads the configuration file and prints what is wrong with it. */
#include "programs/leadline/config.h"

#include <stdio.h>

struct settings *config_read(const char *command, const char *path, bool warn)
{
    struct settings_findings findings;
    struct err err = {0};
    struct settings *settings = settings_examine(path, &findings, &err);

    for (size_t i = 0; i < findings.count; i++)
        if (findings.list[i].error || warn)
            fprintf(stderr, "leadline %s: %s%s\n", command,
                    findings.list[i].error ? "" : "warning: ", findings.list[i].text);
    if (findings.left_out > 0)
        fprintf(stderr, "leadline %s: and %zu more\n", command, findings.left_out);
    if (settings == NULL && findings.errors == 0)
        fprintf(stderr, "leadline %s: %s\n", command, err.text);
    return settings;
}
