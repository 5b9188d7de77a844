/* The defaults. */
#include "fakeorg/org/options.h"

struct fakeorg_options fakeorg_defaults(void)
{
    return (struct fakeorg_options){.address = "127.0.0.1",
                                    .username = "integration@example.com",
                                    .password = "secret",
                                    .token = "token",
                                    .latency_seed = 1};
}
