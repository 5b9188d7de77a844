/* Reads the Host and Origin headers of a request to the admin. */
#include "admin/access.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

/* The host of "host:port" is an address or localhost. */
static bool is_plain_host(const char *host)
{
    unsigned char ip[sizeof(struct in6_addr)];
    size_t len = host[0] == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":");
    char name[64];

    if (host[0] == '[') {
        host++;
        len = len >= 2 ? len - 2 : 0;
    }
    if (len == 0 || len >= sizeof name)
        return false;
    memcpy(name, host, len);
    name[len] = '\0';
    return strcasecmp(name, "localhost") == 0 || inet_pton(AF_INET, name, ip) == 1 ||
           inet_pton(AF_INET6, name, ip) == 1;
}

bool access_is_allowed(const struct http_request *request, bool loopback)
{
    const char *host = http_header(request, "Host");
    const char *origin = http_header(request, "Origin");
    const char *slashes = origin != NULL ? strstr(origin, "://") : NULL;

    if (host == NULL || (loopback && !is_plain_host(host)))
        return false;
    return origin == NULL || (slashes != NULL && strcasecmp(slashes + 3, host) == 0);
}
