#include "programs/leadline/options.h"

#include <getopt.h>
#include <stdio.h>

static int misused(const char *name, const char *what, const char *which, const char *usage)
{
    fprintf(stderr, "leadline %s: %s%s\n%s", name, what, which, usage);
    return 2;
}

int options_read(int argc, char **argv, const struct options_wanted *wanted, struct options *ret)
{
    static const struct option longs[] = {
        {"config", required_argument, NULL, 'c'},
        {"admin", required_argument, NULL, 'a'},
        {"json", no_argument, NULL, 'j'},
        {"help", no_argument, NULL, 'h'},
        {0},
    };
    int c;

    *ret = (struct options){.config = OPTIONS_DEFAULT_CONFIG};
    optind = 1;
    opterr = 0;
    while ((c = getopt_long(argc, argv, ":c:h", longs, NULL)) != -1) {
        if (c == 'h') {
            fputs(wanted->usage, stdout);
            return 0;
        } else if (c == 'c') {
            ret->config = optarg;
        } else if (c == 'a' && wanted->server) {
            ret->admin = optarg;
        } else if (c == 'j' && wanted->json) {
            ret->json = true;
        } else {
            return misused(argv[0], c == ':' ? "a value is missing after " : "unknown option ",
                           argv[optind - 1], wanted->usage);
        }
    }
    if (wanted->argument && optind == argc)
        return misused(argv[0], "an argument is missing", "", wanted->usage);
    if (wanted->argument || (wanted->optional && optind < argc))
        ret->argument = argv[optind++];
    if (optind < argc)
        return misused(argv[0], "unknown argument ", argv[optind], wanted->usage);
    return -1;
}
