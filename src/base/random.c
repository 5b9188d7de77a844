/* Random bytes by getrandom. */
#include "base/random.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

static void fill(void *bytes, size_t len)
{
    if (getrandom(bytes, len, 0) != (ssize_t)len)
        abort(); /* up to 256 bytes the kernel never gives less */
}

uint64_t random_below(uint64_t bound)
{
    uint64_t limit = UINT64_MAX - UINT64_MAX % bound, value;

    do
        fill(&value, sizeof value);
    while (value >= limit);
    return value % bound;
}

void random_uuid(char ret[RANDOM_UUID_MAX])
{
    uint8_t b[16];

    fill(b, sizeof b);
    b[6] = (uint8_t)((b[6] & 0x0F) | 0x40);
    b[8] = (uint8_t)((b[8] & 0x3F) | 0x80);
    snprintf(ret, RANDOM_UUID_MAX,
             "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1],
             b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14],
             b[15]);
}
