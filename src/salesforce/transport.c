/* transport: one keep-alive connection to the org's hosts, over libcurl. */
#include "salesforce/transport.h"

#include <pthread.h>
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
    struct transport *transport;
    struct curl_slist *headers;
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
    {CURLE_UNSUPPORTED_PROTOCOL, FAULT_NOT_API}, /* an answer without a status line */
    {CURLE_BAD_CONTENT_ENCODING, FAULT_NOT_API},
    {CURLE_WEIRD_SERVER_REPLY, FAULT_NOT_API},
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

    return atomic_load(post->transport->interrupted);
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

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;
static bool curl_ready;

static void start_curl(void)
{
    curl_ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

int transport_init(struct transport *transport, int64_t timeout_ms, const atomic_bool *interrupted,
                   struct err *err)
{
    *transport = (struct transport){.interrupted = interrupted};
    pthread_once(&curl_once, start_curl);
    if (!curl_ready)
        return err_set(err, ERR_SYSTEM, "libcurl does not start");
    transport->curl = curl_easy_init();
    if (transport->curl == NULL)
        return err_memory(err);
    if (set_up(transport->curl, timeout_ms))
        return 0;
    transport_done(transport);
    return err_set(err, ERR_SYSTEM, "libcurl lacks something that Leadline needs");
}

void transport_done(struct transport *transport)
{
    curl_easy_cleanup(transport->curl);
    transport->curl = NULL;
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

static bool add_header(struct curl_slist **list, const char *header)
{
    struct curl_slist *longer = curl_slist_append(*list, header);

    if (longer != NULL)
        *list = longer;
    return longer != NULL;
}

/* "Expect:" keeps libcurl from waiting a second for 100 Continue before large bodies. */
static bool add_headers(struct post *post, const struct transport_request *request, bool zipped)
{
    bool good = add_header(&post->headers, "Expect:");

    for (size_t i = 0; good && i < request->header_count; i++)
        good = add_header(&post->headers, request->headers[i]);
    return good && (!zipped || add_header(&post->headers, "Content-Encoding: gzip"));
}

static int perform(struct post *post, const char *url, struct org_fault *fault)
{
    CURL *curl = post->transport->curl;
    char detail[CURL_ERROR_SIZE] = "";
    CURLcode rc;

    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, detail);
    curl_easy_setopt(curl, CURLOPT_READDATA, post);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, post);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, post);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, post);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)post->rest_len);
    /* A proxy from the environment (https_proxy, no_proxy) is only for other machines. */
    curl_easy_setopt(curl, CURLOPT_PROXY, strncasecmp(url, "https:", 6) == 0 ? NULL : "");
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, post->headers);
    rc = curl_easy_setopt(curl, CURLOPT_URL, url);
    if (rc == CURLE_OK) {
        rc = curl_easy_perform(curl);
        post->answer->sent = may_have_arrived(curl);
    }
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, NULL);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, NULL);
    if (rc != CURLE_OK)
        return failed(post, rc, detail, fault);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &post->answer->status);
    return 0;
}

/* With the body packed into small when it is long. */
static int send_body(struct post *post, const struct transport_request *request, struct buf *small,
                     struct org_fault *fault)
{
    bool zip = request->len > GZIP_ABOVE_BYTES;
    struct err err;

    if (zip) {
        if (gzip_deflate(request->body, request->len, small, &err) < 0)
            return fault_from_err(fault, &err);
        post->rest = buf_peek(small);
        post->rest_len = small->len;
    }
    if (!add_headers(post, request, zip))
        return fault_set(fault, FAULT_FROM_CALL, FAULT_MEMORY, "no memory for the headers");
    return perform(post, request->url, fault);
}

int transport_post(struct transport *transport, const struct transport_request *request,
                   struct transport_answer *answer, struct org_fault *fault)
{
    struct post post = {
        .transport = transport, .rest = request->body, .rest_len = request->len, .answer = answer};
    struct buf small;
    int rc;

    answer->sent = false;
    if (atomic_load(transport->interrupted))
        return fault_set(fault, FAULT_FROM_CALL, FAULT_INTERRUPTED, "shutting down");
    if (!address_allowed(request->url))
        return fault_set(fault, FAULT_FROM_CALL, FAULT_ADDRESS,
                         "address is neither https nor on this machine");
    buf_init(&small, request->len + 1024);
    rc = send_body(&post, request, &small, fault);
    curl_slist_free_all(post.headers);
    buf_done(&small);
    return rc;
}
