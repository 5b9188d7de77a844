#include "salesforce/transport.h"

#include <string.h>
#include <strings.h>

#include "base/gzip.h"
#include "base/mem.h"
#include "salesforce/address.h"
#include "salesforce/faults.h"

#define CONNECT_TIMEOUT_MS 10000L
#define GZIP_ABOVE_BYTES   1024
#define MAX_HEADER_BYTES   65536
#define KEEP_IDLE_SECONDS  55L /* front ends drop idle connections after a minute or two */

/* One request in flight. */
struct post {
    struct org_connection *connection;
    const char *rest;
    size_t rest_len, header_bytes;
    struct transport_answer *answer;
};

static const struct {
    CURLcode curl;
    const char *code;
} codes[] = {
    {CURLE_OPERATION_TIMEDOUT, FAULT_TIMEOUT},
    {CURLE_ABORTED_BY_CALLBACK, FAULT_INTERRUPTED},
    {CURLE_PEER_FAILED_VERIFICATION, FAULT_CERTIFICATE},
    {CURLE_SSL_CACERT_BADFILE, FAULT_CERTIFICATE},
    {CURLE_SSL_CONNECT_ERROR, FAULT_TLS},
    {CURLE_SSL_CIPHER, FAULT_TLS},
    {CURLE_USE_SSL_FAILED, FAULT_TLS},
    {CURLE_URL_MALFORMAT, FAULT_ADDRESS},
    {CURLE_UNSUPPORTED_PROTOCOL, FAULT_NOT_SOAP}, /* an answer without a status line */
    {CURLE_BAD_CONTENT_ENCODING, FAULT_NOT_SOAP},
    {CURLE_WEIRD_SERVER_REPLY, FAULT_NOT_SOAP},
    {CURLE_OUT_OF_MEMORY, FAULT_MEMORY},
};

static const char *code_of(CURLcode curl)
{
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (codes[i].curl == curl)
            return codes[i].code;
    return FAULT_CONNECTION;
}

/* ---- what libcurl calls ---- */

/* The body goes out through here and nothing can rewind it: that is what keeps libcurl
   from sending a request a second time. */
static size_t on_read(char *to, size_t size, size_t count, void *user)
{
    struct post *post = user;
    size_t len = size * count < post->rest_len ? size * count : post->rest_len;

    memcpy(to, post->rest, len);
    post->rest += len;
    post->rest_len -= len;
    return len;
}

static size_t on_write(char *bytes, size_t size, size_t count, void *user)
{
    struct post *post = user;

    buf_put(&post->answer->body, bytes, size * count);
    return buf_failed(&post->answer->body) ? 0 : size * count;
}

static size_t on_header(char *bytes, size_t size, size_t count, void *user)
{
    struct post *post = user;

    post->header_bytes += size * count;
    return post->header_bytes > MAX_HEADER_BYTES ? 0 : size * count;
}

static int on_progress(void *user, curl_off_t down_all, curl_off_t down, curl_off_t up_all,
                       curl_off_t up)
{
    struct post *post = user;

    return atomic_load(&post->connection->org->interrupted);
}

/* ---- life ---- */

static bool set_up(CURL *curl, int64_t timeout_ms)
{
    long connect_ms = timeout_ms < CONNECT_TIMEOUT_MS ? (long)timeout_ms : CONNECT_TIMEOUT_MS;

    return curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_POST, 1L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "gzip") == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)timeout_ms) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, connect_ms) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_MAXAGE_CONN, KEEP_IDLE_SECONDS) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_TCP_KEEPALIVE, 1L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_READFUNCTION, on_read) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_write) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L) == CURLE_OK;
}

/* "Expect:" keeps libcurl from waiting a second for 100 Continue before large bodies. */
static struct curl_slist *header_list(const char *encoding)
{
    static const char *const lines[] = {"Content-Type: text/xml; charset=UTF-8", "SOAPAction: \"\"",
                                        "Expect:"};
    struct curl_slist *list = NULL, *longer = NULL;

    for (size_t i = 0; i <= sizeof lines / sizeof lines[0]; i++) {
        const char *header = i < sizeof lines / sizeof lines[0] ? lines[i] : encoding;

        if (header == NULL)
            break;
        longer = curl_slist_append(list, header);
        if (longer == NULL) {
            curl_slist_free_all(list);
            return NULL;
        }
        list = longer;
    }
    return list;
}

int transport_init(struct org_connection *connection, struct err *err)
{
    connection->curl = curl_easy_init();
    connection->headers = header_list(NULL);
    connection->headers_gzip = header_list("Content-Encoding: gzip");
    if (connection->curl == NULL || connection->headers == NULL || connection->headers_gzip == NULL)
        return err_memory(err);
    if (!set_up(connection->curl, connection->org->config.call_timeout_ms))
        return err_set(err, ERR_SYSTEM, "libcurl lacks something that Leadline needs");
    return 0;
}

void transport_done(struct org_connection *connection)
{
    curl_easy_cleanup(connection->curl);
    curl_slist_free_all(connection->headers);
    curl_slist_free_all(connection->headers_gzip);
}

/* ---- one request ---- */

/* False only when not even the header went out, so that the server surely did nothing. */
static bool may_have_arrived(CURL *curl)
{
    long header_bytes = 0;

    curl_easy_getinfo(curl, CURLINFO_REQUEST_SIZE, &header_bytes);
    return header_bytes > 0;
}

static int failed(struct post *post, CURLcode rc, const char *detail, struct org_fault *fault)
{
    const struct buf *body = &post->answer->body;

    if (rc == CURLE_WRITE_ERROR && body->why == ERR_MEMORY)
        return fault_set(fault, FAULT_FROM_CALL, FAULT_MEMORY, "no memory for the answer");
    if (rc == CURLE_WRITE_ERROR)
        return fault_set(fault, FAULT_FROM_CALL, FAULT_ANSWER_TOO_LARGE,
                         "answer is larger than %zu bytes, or its header than %d", body->max,
                         MAX_HEADER_BYTES);
    return fault_set(fault, FAULT_FROM_CALL, code_of(rc), "%s",
                     detail[0] != '\0' ? detail : curl_easy_strerror(rc));
}

static int perform(struct post *post, const char *url, bool zipped, struct org_fault *fault)
{
    CURL *curl = post->connection->curl;
    char detail[CURL_ERROR_SIZE] = "";
    CURLcode rc;

    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, detail);
    curl_easy_setopt(curl, CURLOPT_READDATA, post);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, post);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, post);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, post);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)post->rest_len);
    /* A proxy of the environment (https_proxy, no_proxy) is for the world outside alone. */
    curl_easy_setopt(curl, CURLOPT_PROXY, strncasecmp(url, "https:", 6) == 0 ? NULL : "");
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER,
                     zipped ? post->connection->headers_gzip : post->connection->headers);
    rc = curl_easy_setopt(curl, CURLOPT_URL, url);
    if (rc == CURLE_OK) {
        rc = curl_easy_perform(curl);
        post->answer->sent = may_have_arrived(curl);
    }
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, NULL);
    if (rc != CURLE_OK)
        return failed(post, rc, detail, fault);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &post->answer->status);
    return 0;
}

int transport_post(struct org_connection *connection, const char *url, const char *body, size_t len,
                   struct transport_answer *answer, struct org_fault *fault)
{
    struct post post = {.connection = connection, .rest = body, .rest_len = len, .answer = answer};
    struct buf small;
    struct err err;
    bool zip = len > GZIP_ABOVE_BYTES;
    int rc;

    answer->sent = false;
    if (atomic_load(&connection->org->interrupted))
        return fault_set(fault, FAULT_FROM_CALL, FAULT_INTERRUPTED, "shutting down");
    if (!address_allowed(url))
        return fault_set(fault, FAULT_FROM_CALL, FAULT_ADDRESS,
                         "address is neither https nor on this machine");
    buf_init(&small, len + 1024);
    if (zip) {
        if (gzip_deflate(body, len, &small, &err) < 0) {
            buf_done(&small);
            return fault_from_err(fault, &err);
        }
        post.rest = buf_peek(&small);
        post.rest_len = small.len;
    }
    rc = perform(&post, url, zip, fault);
    buf_done(&small);
    return rc;
}
