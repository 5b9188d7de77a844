/* leadline version: prints the version. */
#include <stdio.h>

#include "programs/leadline/commands.h"
#include "programs/leadline/options.h"

static const struct options_wanted wanted = {
    .usage = "usage: leadline version\n"
             "\n"
             "Prints the version.\n",
};

int cmd_version(int argc, char **argv)
{
    struct options options;
    int status = options_read(argc, argv, &wanted, &options);

    if (status >= 0)
        return status;
    puts("leadline " LEADLINE_VERSION);
    return 0;
}
