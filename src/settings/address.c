/* Addresses, hosts and URLs: inet_pton knows the first, libcurl the last. */
#include "settings/address.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include <curl/curl.h>

#include "settings/digits.h"

#define HOST_MAX_BYTES 259

/* Splits "host:port" or "[::1]:port" into host (without brackets) and port text. */
static bool split_address(const char *text, char *host, size_t capacity, const char **ret_port)
{
    const char *colon = strrchr(text, ':');
    size_t len = colon != NULL ? (size_t)(colon - text) : 0;

    if (len >= 2 && text[0] == '[' && text[len - 1] == ']') {
        text++;
        len -= 2;
    } else if (memchr(text, ':', len) != NULL) {
        return false; /* IPv6 without its brackets */
    }
    if (len == 0 || len >= capacity)
        return false;
    memcpy(host, text, len);
    host[len] = '\0';
    *ret_port = colon + 1;
    return true;
}

static bool is_ip(const char *host)
{
    unsigned char ip[sizeof(struct in6_addr)];

    return inet_pton(AF_INET, host, ip) == 1 || inet_pton(AF_INET6, host, ip) == 1;
}

bool address_is_listen(const char *text)
{
    char host[INET6_ADDRSTRLEN];
    const char *port_text;
    int64_t port;

    if (!split_address(text, host, sizeof host, &port_text) || !is_ip(host) ||
        (strchr(host, ':') != NULL) != (text[0] == '[') || !digits_number(port_text, 65535, &port))
        return false;
    return true;
}

bool address_is_host(const char *text)
{
    size_t len = strlen(text);

    if (len == 0 || len > HOST_MAX_BYTES)
        return false;
    for (const char *p = text; *p != '\0'; p++)
        if (!digits_or_letter(*p) && strchr(".-:[]", *p) == NULL)
            return false;
    return true;
}

static bool is_loopback(const char *host)
{
    unsigned char ip[4];

    return strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
           (inet_pton(AF_INET, host, ip) == 1 && ip[0] == 127);
}

/* One part of a URL copied into ret; "" when it has none or does not fit. */
static void url_part(CURLU *url, CURLUPart part, char *ret, size_t capacity)
{
    char *text = NULL;

    ret[0] = '\0';
    if (curl_url_get(url, part, &text, 0) == CURLUE_OK && strlen(text) < capacity)
        memcpy(ret, text, strlen(text) + 1);
    curl_free(text);
}

static int check_url(CURLU *url, const char *text, struct err *err)
{
    static const CURLUPart unwanted[] = {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_QUERY,
                                         CURLUPART_FRAGMENT};
    char scheme[8], host[HOST_MAX_BYTES], path[4];

    if (curl_url_set(url, CURLUPART_URL, text, 0) != CURLUE_OK)
        return err_set(err, ERR_INVALID, "%s", "");
    for (size_t i = 0; i < sizeof unwanted / sizeof unwanted[0]; i++) {
        char *found = NULL;
        bool has = curl_url_get(url, unwanted[i], &found, 0) == CURLUE_OK;
        curl_free(found);
        if (has)
            return err_set(err, ERR_INVALID, "%s", "");
    }
    url_part(url, CURLUPART_SCHEME, scheme, sizeof scheme);
    url_part(url, CURLUPART_HOST, host, sizeof host);
    url_part(url, CURLUPART_PATH, path, sizeof path);
    if (host[0] == '\0' || strcmp(path, "/") != 0)
        return err_set(err, ERR_INVALID, "%s", "");
    if (strcmp(scheme, "http") == 0 && !is_loopback(host))
        return err_set(err, ERR_INVALID,
                       "found plain http, which would show the password to the network; "
                       "expected https (http is taken for loopback hosts only)");
    return strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0
               ? 0
               : err_set(err, ERR_INVALID, "%s", "");
}

int address_check_url(const char *text, struct err *err)
{
    CURLU *url = curl_url();
    int rc;

    if (url == NULL)
        return err_memory(err);
    rc = check_url(url, text, err);
    curl_url_cleanup(url);
    return rc;
}
