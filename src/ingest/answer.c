/* Success and refusals as JSON, script or image, CORS headers, and the settings for SDKs. */
#include "ingest/answer.h"

#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/buf_json.h"

#define MAX_CALLBACK     64
#define MAX_HOST         255
#define MAX_SDK_SETTINGS 4096
#define LETTERS          "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define DIGITS           "0123456789"

static const char success[] = "{\"success\": true}";

static const unsigned char transparent_gif[] = {
    'G', 'I', 'F', '8', '9', 'a',  1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0x21, 0xf9, 4,
    1,   0,   0,   0,   0,   0x2c, 0, 0, 0, 0, 1,    0, 1, 0, 0, 2, 2,    0x44, 1,    0,    0x3b,
};

bool answer_callback_valid(const char *callback)
{
    size_t len = strlen(callback);

    return len > 0 && len <= MAX_CALLBACK && strspn(callback, LETTERS DIGITS "_$") == len &&
           strspn(callback, DIGITS) == 0;
}

static void answer_image(struct http_request *request)
{
    http_header_add(request, "Cache-Control", "no-store");
    http_answer(request, 200, "image/gif", transparent_gif, sizeof transparent_gif);
}

/* The comment in front keeps a callback from being the first bytes of anything else. */
static void answer_script(struct http_request *request, const char *callback)
{
    struct buf script;

    buf_init(&script, MAX_CALLBACK + 64);
    buf_format(&script, "/**/%s(%s);", callback, success);
    http_header_add(request, "X-Content-Type-Options", "nosniff");
    http_answer(request, 200, "application/javascript", buf_peek(&script), script.len);
    buf_done(&script);
}

void answer_success(struct http_request *request, enum answer_form form, const char *callback)
{
    switch (form) {
    case ANSWER_SCRIPT:
        answer_script(request, callback);
        break;
    case ANSWER_IMAGE:
        answer_image(request);
        break;
    case ANSWER_JSON:
        http_answer(request, 200, NULL, success, sizeof success - 1);
    }
}

void answer_refusal(struct http_request *request, enum answer_form form, int status,
                    const char *code, const char *message)
{
    if (form == ANSWER_IMAGE)
        answer_image(request);
    else
        http_answer_error(request, status, code, message);
}

void answer_preflight(struct http_request *request)
{
    http_header_add(request, "Access-Control-Allow-Methods", "GET, POST, OPTIONS");
    http_header_add(request, "Access-Control-Allow-Headers",
                    "authorization, content-type, x-retry-count");
    http_header_add(request, "Access-Control-Max-Age", "7200");
    http_answer(request, 200, NULL, success, sizeof success - 1);
}

void answer_cors(void *arg, struct http_request *request)
{
    const char *origin = http_header(request, "Origin");

    (void)arg;
    http_header_add(request, "Vary", "Origin");
    if (origin == NULL)
        return;
    /* A * would not do: pages may send with credentials. */
    http_header_add(request, "Access-Control-Allow-Origin", origin);
    http_header_add(request, "Access-Control-Allow-Credentials", "true");
    http_header_add(request, "Access-Control-Expose-Headers", "Retry-After");
}

/* ---- the SDKs' settings ---- */

static bool host_valid(const char *host)
{
    size_t len = strlen(host);

    return len > 0 && len <= MAX_HOST && strspn(host, LETTERS DIGITS ".-:[]") == len;
}

/* This server speaks plain HTTP; a proxy that terminates TLS says so in X-Forwarded-Proto.  Without
   that header, a public host other than the requested host means that there is a proxy, which is
   assumed to use TLS. */
static const char *protocol(const char *forwarded, const char *asked, const char *public_host)
{
    if (forwarded != NULL && strcasecmp(forwarded, "https") == 0)
        return "https";
    if (forwarded != NULL && strcasecmp(forwarded, "http") == 0)
        return "http";
    if (public_host != NULL && (asked == NULL || strcasecmp(asked, public_host) != 0))
        return "https";
    return "http";
}

int answer_sdk_settings(struct http_request *request, const char *write_key,
                        const char *public_host, struct err *err)
{
    const char *asked = http_header(request, "Host");
    const char *host = public_host != NULL ? public_host : asked;
    struct buf body;
    int rc;

    if (host == NULL || !host_valid(host))
        return err_set(err, ERR_INVALID, "the Host header is no host name");
    buf_init(&body, MAX_SDK_SETTINGS);
    /* Any second integration would make browsers load code that only Segment has. */
    buf_text(&body, "{\"integrations\":{\"Segment.io\":{\"apiKey\":");
    buf_json_string(&body, write_key, strlen(write_key));
    buf_format(&body, ",\"apiHost\":\"%s/v1\",\"protocol\":\"%s\"", host,
               protocol(http_header(request, "X-Forwarded-Proto"), asked, public_host));
    /* Makes the mobile SDKs heed Retry-After, and drop what is refused for good. */
    buf_text(&body, ",\"httpConfig\":{\"rateLimitConfig\":{\"enabled\":true},"
                    "\"backoffConfig\":{\"enabled\":true}}}}}");
    rc = buf_check(&body, "the SDK's settings", err);
    if (rc == 0) {
        http_header_add(request, "Cache-Control", "max-age=300");
        http_answer(request, 200, NULL, buf_peek(&body), body.len);
    }
    buf_done(&body);
    return rc;
}
