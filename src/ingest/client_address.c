/* Which address a request came from, seen through trusted proxies. */
#include "ingest/limits.h"

#include <arpa/inet.h>
#include <string.h>

/* The n-th from the end of a comma-separated list, n from 1, without surrounding spaces. */
static bool from_end(const char *list, int n, char ret[LIMITS_ADDRESS])
{
    const char *end = list + strlen(list), *start;
    size_t len;

    for (;;) {
        start = end;
        while (start > list && start[-1] != ',')
            start--;
        if (--n == 0)
            break;
        if (start == list)
            return false;
        end = start - 1;
    }
    while (start < end && (*start == ' ' || *start == '\t'))
        start++;
    while (end > start && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    len = (size_t)(end - start);
    if (len >= LIMITS_ADDRESS)
        return false;
    memcpy(ret, start, len);
    ret[len] = '\0';
    return true;
}

/* The canonical form of an address.  False when it is not an address. */
static bool canonical(const char *text, char ret[LIMITS_ADDRESS])
{
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
    unsigned char bytes[16];

    if (inet_pton(AF_INET, text, bytes) == 1)
        return inet_ntop(AF_INET, bytes, ret, LIMITS_ADDRESS) != NULL;
    if (inet_pton(AF_INET6, text, bytes) != 1)
        return false;
    if (memcmp(bytes, mapped, sizeof mapped) == 0)
        return inet_ntop(AF_INET, bytes + sizeof mapped, ret, LIMITS_ADDRESS) != NULL;
    memset(bytes + 8, 0, 8);
    return inet_ntop(AF_INET6, bytes, ret, LIMITS_ADDRESS) != NULL;
}

void client_address(const char *peer, const char *forwarded, int trusted_proxies,
                    char ret[LIMITS_ADDRESS])
{
    char text[LIMITS_ADDRESS];

    if (trusted_proxies > 0 && forwarded != NULL && from_end(forwarded, trusted_proxies, text) &&
        canonical(text, ret))
        return;
    if (!canonical(peer, ret))
        ret[0] = '\0';
}
