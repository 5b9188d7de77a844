/* address: where a password or a session may be sent. */
#include "salesforce/address.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include <curl/curl.h>

/* Every name in these domains is Salesforce's own; the last is its cloud in China. */
static const char *const domains[] = {"salesforce.com", "force.com",      "cloudforce.com",
                                      "database.com",   "salesforce.mil", "sfcrmproducts.cn"};

/* An address taken apart by libcurl, which is what connects to it in the end. */
struct address {
    char *scheme, *host;
};

static void address_done(struct address *address)
{
    curl_free(address->scheme);
    curl_free(address->host);
}

static bool loopback(const char *host)
{
    struct in_addr address;

    if (strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0)
        return true;
    return inet_pton(AF_INET, host, &address) == 1 && (ntohl(address.s_addr) >> 24) == 127;
}

/* "example.com." is the same host as "example.com". */
static void drop_last_dot(char *host)
{
    size_t len = strlen(host);

    if (len > 1 && host[len - 1] == '.')
        host[len - 1] = '\0';
}

static bool take_apart(CURLU *parts, const char *url, struct address *ret)
{
    char *user = NULL;
    bool good = curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
                curl_url_get(parts, CURLUPART_SCHEME, &ret->scheme, 0) == CURLUE_OK &&
                curl_url_get(parts, CURLUPART_HOST, &ret->host, 0) == CURLUE_OK &&
                curl_url_get(parts, CURLUPART_USER, &user, 0) == CURLUE_NO_USER;

    curl_free(user);
    if (good)
        drop_last_dot(ret->host);
    return good && (strcmp(ret->scheme, "https") == 0 ||
                    (strcmp(ret->scheme, "http") == 0 && loopback(ret->host)));
}

/* False when the address is not allowed; the caller frees what *ret contains in either case. */
static bool read_address(const char *url, struct address *ret)
{
    CURLU *parts = curl_url();
    bool good;

    *ret = (struct address){0};
    if (parts == NULL)
        return false;
    good = take_apart(parts, url, ret);
    curl_url_cleanup(parts);
    return good;
}

bool address_allowed(const char *url)
{
    struct address address;
    bool good = read_address(url, &address);

    address_done(&address);
    return good;
}

static bool is_below(const char *host, const char *domain)
{
    size_t host_len = strlen(host), len = strlen(domain);

    if (host_len < len || strcasecmp(host + host_len - len, domain) != 0)
        return false;
    return host_len == len || host[host_len - len - 1] == '.';
}

static bool is_salesforce(const char *host)
{
    for (size_t i = 0; i < sizeof domains / sizeof domains[0]; i++)
        if (is_below(host, domains[i]))
            return true;
    return false;
}

bool address_trusted(const char *server_url, const char *login_url)
{
    struct address server, login = {0};
    bool good = read_address(server_url, &server) && read_address(login_url, &login);

    if (good && strcmp(server.scheme, "http") == 0 && strcmp(login.scheme, "https") == 0)
        good = false;
    if (good)
        good = is_salesforce(server.host) || strcasecmp(server.host, login.host) == 0 ||
               (loopback(server.host) && loopback(login.host));
    address_done(&server);
    address_done(&login);
    return good;
}
