/* Finds the address of the running server and asks its admin over HTTP, with libcurl. */
#include "programs/leadline/running.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <curl/curl.h>

#include "base/mem.h"

#define MAX_ADDRESS 300
#define MAX_ANSWER  (64 * 1024 * 1024)

static char *note_path(const struct settings *settings, const char *ending)
{
    return mem_format("%s/admin.address%s", settings->data_dir, ending);
}

/* Atomic: a reader meanwhile sees the old one. */
static int write_note(const char *path, const char *new_path, const char *address)
{
    FILE *file = fopen(new_path, "we");
    bool written;

    if (file == NULL)
        return -1;
    written = fprintf(file, "%s\n", address) > 0;
    return fclose(file) == 0 && written && rename(new_path, path) == 0 ? 0 : -1;
}

int running_note(const struct settings *settings, const char *address, struct err *err)
{
    char *path = note_path(settings, ""), *new_path = note_path(settings, ".new");
    int rc = 0;

    if (path == NULL || new_path == NULL)
        rc = err_memory(err);
    else if (write_note(path, new_path, address) < 0)
        rc = err_set(err, ERR_SYSTEM, "cannot write %.300s: %s", path, strerror(errno));
    mem_free(new_path);
    mem_free(path);
    return rc;
}

void running_forget(const struct settings *settings)
{
    char *path = note_path(settings, "");

    if (path != NULL)
        unlink(path);
    mem_free(path);
}

/* An address to listen on everywhere is reached on loopback. */
static void point_to_loopback(char address[MAX_ADDRESS])
{
    static const char *const everywhere[][2] = {{"0.0.0.0:", "127.0.0.1:"}, {"[::]:", "[::1]:"}};
    char port[8];

    for (size_t i = 0; i < 2; i++) {
        size_t len = strlen(everywhere[i][0]);
        if (strncmp(address, everywhere[i][0], len) != 0)
            continue;
        snprintf(port, sizeof port, "%s", address + len);
        snprintf(address, MAX_ADDRESS, "%s%s", everywhere[i][1], port);
        return;
    }
}

/* As configured, or as written to the file when the kernel chose the port. */
static int find_address(const struct settings *settings, char ret[MAX_ADDRESS], struct err *err)
{
    const char *port = strrchr(settings->admin_listen, ':');
    char *path = NULL;
    FILE *note = NULL;
    int rc = 0;

    if (strcmp(port, ":0") != 0) {
        snprintf(ret, MAX_ADDRESS, "%s", settings->admin_listen);
    } else if ((path = note_path(settings, "")) == NULL) {
        rc = err_memory(err);
    } else if ((note = fopen(path, "re")) == NULL || fgets(ret, MAX_ADDRESS, note) == NULL) {
        rc = err_set(err, ERR_RETRY, "no \"leadline serve\" runs with this configuration");
    } else {
        ret[strcspn(ret, "\n")] = '\0';
    }
    if (note != NULL)
        fclose(note);
    mem_free(path);
    if (rc == 0)
        point_to_loopback(ret);
    return rc;
}

static size_t receive(char *bytes, size_t size, size_t count, void *arg)
{
    struct buf *body = arg;

    buf_put(body, bytes, size * count);
    return buf_failed(body) ? 0 : size * count;
}

/* The server's message about what went wrong, or a generic one. */
static void complain(const char *body, long status, struct err *err)
{
    json_t *answer = json_loads(body, 0, NULL);
    const char *message = json_string_value(json_object_get(answer, "message"));

    err_set(err, status == 404 ? ERR_NOT_FOUND : ERR_RETRY, "%s",
            message != NULL ? message : "what answers there is no leadline server");
    json_decref(answer);
}

static int perform(CURL *curl, const char *url, const char *address, struct buf *body,
                   struct err *err)
{
    long status = 0;
    CURLcode code;

    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, 5L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 60L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, receive);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);
    code = curl_easy_perform(curl);
    if (code == CURLE_COULDNT_CONNECT)
        return err_set(err, ERR_RETRY,
                       "no server answers on %s: is \"leadline serve\" running, with this "
                       "admin_listen?",
                       address);
    if (code != CURLE_OK)
        return err_set(err, ERR_RETRY, "ask %s: %s", address, curl_easy_strerror(code));
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (status == 200)
        return 0;
    complain(buf_peek(body), status, err);
    return -1;
}

static json_t *read_answer(const struct buf *body, const char *address, struct err *err)
{
    json_t *answer = json_loadb(buf_peek(body), body->len, 0, NULL);

    if (answer == NULL)
        err_set(err, ERR_RETRY, "what answers on %s is no leadline server", address);
    return answer;
}

static json_t *ask(const char *address, const char *path, bool post, struct err *err)
{
    char *url =
        mem_format("%s%s%s", strstr(address, "://") != NULL ? "" : "http://", address, path);
    CURL *curl = curl_easy_init();
    json_t *answer = NULL;
    struct buf body;

    buf_init(&body, MAX_ANSWER);
    if (url == NULL || curl == NULL) {
        err_memory(err);
    } else {
        if (post)
            curl_easy_setopt(curl, CURLOPT_POSTFIELDS, "");
        if (perform(curl, url, address, &body, err) == 0)
            answer = read_answer(&body, address, err);
    }
    curl_easy_cleanup(curl);
    mem_free(url);
    buf_done(&body);
    return answer;
}

/* As given, without the trailing slash of an address copied from a browser. */
static int take_address(const char *admin, char ret[MAX_ADDRESS], struct err *err)
{
    size_t len = strlen(admin);

    while (len > 0 && admin[len - 1] == '/')
        len--;
    if (len == 0 || len >= MAX_ADDRESS)
        return err_set(err, ERR_INVALID,
                       "--admin takes the address of a server, such as http://127.0.0.1:8081");
    memcpy(ret, admin, len);
    ret[len] = '\0';
    return 0;
}

static int read_address(const char *config, char ret[MAX_ADDRESS], struct err *err)
{
    struct settings *settings = settings_read_admin(config, err);
    int rc = settings != NULL ? find_address(settings, ret, err) : -1;

    if (settings == NULL && err->kind == ERR_INVALID)
        err_wrap(err, "cannot tell the server's address (--admin URL names it)");
    settings_unref(settings);
    return rc;
}

static json_t *ask_server(const struct options *options, const char *path, bool post,
                          struct err *err)
{
    char address[MAX_ADDRESS];
    int rc = options->admin != NULL ? take_address(options->admin, address, err)
                                    : read_address(options->config, address, err);

    return rc == 0 ? ask(address, path, post, err) : NULL;
}

json_t *running_ask(const struct options *options, const char *path, struct err *err)
{
    return ask_server(options, path, false, err);
}

json_t *running_post(const struct options *options, const char *path, struct err *err)
{
    return ask_server(options, path, true, err);
}

char *running_path(const char *path, const char *name, const char *value, struct err *err)
{
    char *escaped = curl_easy_escape(NULL, value, 0);
    char *full = escaped != NULL
                     ? mem_format("%s%c%s=%s", path, strchr(path, '?') ? '&' : '?', name, escaped)
                     : NULL;

    curl_free(escaped);
    if (full == NULL)
        err_memory(err);
    return full;
}
