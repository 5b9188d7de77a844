/* How long to wait after so many failures. */
#include "delivery/backoff.h"

#include "base/random.h"

int64_t backoff_ms(int failures, int64_t first_ms, int64_t longest_ms)
{
    int64_t bound = first_ms;

    for (int i = 1; i < failures && bound < longest_ms; i++)
        bound *= 2;
    if (bound > longest_ms)
        bound = longest_ms;
    return 1 + (int64_t)random_below((uint64_t)(bound > 0 ? bound : 1));
}
