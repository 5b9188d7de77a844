#include "salesforce/org.h"

#include <string.h>

#include "base/mem.h"
#include "salesforce/address.h"
#include "salesforce/faults.h"
#include "salesforce/transport.h"
#include "salesforce/org_state.h"
#include "salesforce/session.h"

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;
static bool curl_ready;

static void start_curl(void)
{
    curl_ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

static void config_done(struct org_config *config)
{
    mem_free((char *)config->login_url);
    mem_free((char *)config->username);
    mem_free_secret((char *)config->password);
    mem_free_secret((char *)config->security_token);
    mem_free((char *)config->client_name);
}

static int config_copy(struct org_config *to, const struct org_config *from, struct err *err)
{
    *to = *from;
    to->login_url = mem_text(from->login_url);
    to->username = mem_text(from->username);
    to->password = mem_text(from->password);
    to->security_token = mem_text(from->security_token != NULL ? from->security_token : "");
    to->client_name = mem_text(from->client_name);
    if (to->login_url == NULL || to->username == NULL || to->password == NULL ||
        to->security_token == NULL || to->client_name == NULL)
        return err_memory(err);
    return 0;
}

static char *sign_in_url(const char *login_url)
{
    size_t len = strlen(login_url);

    while (len > 0 && login_url[len - 1] == '/')
        len--;
    return mem_format("%.*s" ORG_SIGN_IN_PATH, (int)len, login_url);
}

struct org *org_new(const struct org_config *config, struct err *err)
{
    struct org *org = mem_zero(1, sizeof *org);

    if (org == NULL) {
        err_memory(err);
        return NULL;
    }
    pthread_once(&curl_once, start_curl);
    pthread_mutex_init(&org->mutex, NULL);
    pthread_cond_init(&org->changed, NULL);
    org->counts.limit_used = -1;
    org->counts.limit_max = -1;
    org->counts.last_fault.advice = "";
    if (config_copy(&org->config, config, err) < 0)
        goto out;
    org->sign_in_url = sign_in_url(config->login_url);
    if (org->sign_in_url == NULL)
        err_memory(err);
    else if (!curl_ready)
        err_set(err, ERR_SYSTEM, "libcurl does not start");
    else if (!address_allowed(org->sign_in_url))
        err_set(err, ERR_INVALID,
                "login_url must begin with https:// (http:// is accepted for "
                "this machine only)");
    else
        return org;
out:
    org_free(org);
    return NULL;
}

void org_free(struct org *org)
{
    if (org == NULL)
        return;
    session_reset(org);
    pthread_cond_destroy(&org->changed);
    pthread_mutex_destroy(&org->mutex);
    config_done(&org->config);
    mem_free(org->sign_in_url);
    mem_free(org);
}

void org_reset(struct org *org)
{
    atomic_store(&org->interrupted, false);
    session_reset(org);
}

void org_interrupt(struct org *org)
{
    atomic_store(&org->interrupted, true);
}

struct org_connection *org_connection_open(struct org *org, struct err *err)
{
    struct org_connection *connection = mem_zero(1, sizeof *connection);

    if (connection == NULL) {
        err_memory(err);
        return NULL;
    }
    connection->org = org;
    if (transport_init(connection, err) == 0)
        return connection;
    org_connection_close(connection);
    return NULL;
}

void org_connection_close(struct org_connection *connection)
{
    if (connection == NULL)
        return;
    transport_done(connection);
    mem_free_secret(connection->session_id);
    mem_free(connection->server_url);
    mem_free(connection);
}

int org_sign_in(struct org_connection *connection, struct org_fault *fault)
{
    return session_take(connection, fault);
}

void org_read_counts(struct org *org, struct org_counts *ret)
{
    pthread_mutex_lock(&org->mutex);
    *ret = org->counts;
    pthread_mutex_unlock(&org->mutex);
}

const struct org_api org_soap = {
    .open = org_new,
    .close = org_free,
    .connection_open = org_connection_open,
    .connection_close = org_connection_close,
    .sign_in = org_sign_in,
    .describe = org_describe,
    .find = org_find,
    .save = org_save,
    .reset = org_reset,
    .interrupt = org_interrupt,
    .read_counts = org_read_counts,
};
