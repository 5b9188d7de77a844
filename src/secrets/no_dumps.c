/* no_dumps: no core file of this process, by two ways. */
#include "secrets/no_dumps.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

int no_dumps(struct err *err)
{
    const struct rlimit none = {0};

    if (secure_getenv(NO_DUMPS_VARIABLE) != NULL)
        return 0;
    /* The limit alone does not keep a core from a program that core_pattern names, and a service
       may be forbidden to set it; so what counts is that the process is not dumpable. */
    (void)setrlimit(RLIMIT_CORE, &none);
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
        return err_set(err, ERR_SYSTEM, "core dumps cannot be switched off: %s", strerror(errno));
    return 0;
}
