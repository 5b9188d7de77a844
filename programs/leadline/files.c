/* Raises the limit on open files as far as the connections need it. */
#include "programs/leadline/files.h"

#include <sys/resource.h>

#include "base/log.h"

int files_for_connections(int wanted)
{
    struct rlimit limit;
    rlim_t needed = (rlim_t)wanted + FILES_OF_THE_REST, most;

    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return wanted;
    if (limit.rlim_cur < needed && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max < needed ? limit.rlim_max : needed;
        if (setrlimit(RLIMIT_NOFILE, &limit) < 0 || getrlimit(RLIMIT_NOFILE, &limit) < 0)
            return wanted; /* the server logs an accept that fails for lack of files */
    }
    if (limit.rlim_cur >= needed)
        return wanted;
    most = limit.rlim_cur > FILES_OF_THE_REST ? limit.rlim_cur - FILES_OF_THE_REST : 1;
    log_line(LOG_WARN, "settings.few_files",
             "max_connections=%d possible=%d advice=\"%llu files may be open (ulimit -n, "
             "LimitNOFILE): raise that to %llu, or lower max_connections\"",
             wanted, (int)most, (unsigned long long)limit.rlim_cur, (unsigned long long)needed);
    return (int)most;
}
