/* session: who is signed in, for how long, and who signs in next. */
#include "salesforce/session.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "salesforce/address.h"
#include "salesforce/faults.h"

/* A renewal ahead of need that failed is tried again after this long. */
#define RENEWAL_PAUSE_MS 60000

/* How long a server may be gone before a sign-in asks for another. */
#define NO_API_MS 60000

static void forget(struct org *org)
{
    session_done(&org->session);
    org->counts.signed_in = false;
}

static void note_instance(struct org_counts *counts, const char *server_url)
{
    size_t len = session_instance_length(server_url);

    if (len >= sizeof counts->instance)
        len = 0;
    memcpy(counts->instance, server_url, len);
    counts->instance[len] = '\0';
}

/* When a session obtained now is renewed ahead of need: well before it may end. */
static int64_t renewal_time(const struct org *org)
{
    int64_t after = org->config.renew_every_ms;

    if (org->session.lifetime_ms > 0 && org->session.lifetime_ms / 2 < after)
        after = org->session.lifetime_ms / 2;
    return org->signed_in_ms + after;
}

/* Under the mutex: the result of a sign-in becomes the org's session. */
static void adopt(struct org *org, struct session *got)
{
    forget(org);
    org->session = *got;
    *got = (struct session){0};
    note_instance(&org->counts, org->session.server_url);
    org->generation++;
    org->signed_in_ms = clock_mono();
    org->no_api_since_ms = 0;
    org->renew_at_ms = renewal_time(org);
    org->counts.signed_in = true;
    memcpy(org->counts.user_id, org->session.user_id, sizeof org->counts.user_id);
    memcpy(org->counts.org_id, org->session.org_id, sizeof org->counts.org_id);
    memcpy(org->counts.organization, org->session.organization, sizeof org->counts.organization);
}

static void stop(struct org *org, const struct org_fault *fault)
{
    forget(org);
    org->stop = *fault;
    org->stop.outcome_unknown = false; /* of the one call, not of those that follow */
    org->counts.stopped = true;
    org->counts.last_fault = *fault;
    org->counts.last_fault_ms = clock_wall();
}

/* By the org's way of signing in; a session goes to no server but Salesforce's. */
static int run_method(struct org_connection *connection, struct session *ret,
                      struct org_fault *fault)
{
    struct org *org = connection->org;

    if (atomic_load(&org->interrupted))
        return fault_set(fault, FAULT_FROM_SIGN_IN, FAULT_INTERRUPTED, "shutting down");
    if (org->backend->sign_in->run(connection, ret, fault) < 0)
        return -1;
    if (address_trusted(ret->server_url, org->config.login_url))
        return 0;
    session_done(ret);
    return fault_set(fault, FAULT_FROM_SIGN_IN, FAULT_FOREIGN,
                     "the sign-in names a server that is not Salesforce's, or one without TLS");
}

/* Called and returns with the mutex held; releases it during the call. */
static int sign_in(struct org_connection *connection, struct org_fault *fault)
{
    struct org *org = connection->org;
    struct session got = {0};
    int rc;

    org->signing_in = true;
    pthread_mutex_unlock(&org->mutex);
    rc = run_method(connection, &got, fault);
    pthread_mutex_lock(&org->mutex);
    org->signing_in = false;
    org->sign_ins_ended++;
    if (rc == 0) {
        adopt(org, &got);
        org->last_sign_in = (struct org_fault){.advice = ""};
    } else {
        org->last_sign_in = *fault;
        org->counts.last_fault = *fault;
        org->counts.last_fault_ms = clock_wall();
        if (fault->class == ORG_STOP)
            stop(org, fault);
    }
    session_done(&got);
    pthread_cond_broadcast(&org->changed);
    return rc;
}

/* Under the mutex: waits for the sign-in in flight and shares its result. */
static int await_sign_in(struct org *org, struct org_fault *fault)
{
    uint64_t before = org->sign_ins_ended;

    while (org->sign_ins_ended == before)
        pthread_cond_wait(&org->changed, &org->mutex);
    if (org->last_sign_in.class == ORG_OK)
        return 0;
    *fault = org->last_sign_in;
    return -1;
}

static int copy_session(struct org_connection *connection, struct org_fault *fault)
{
    struct org *org = connection->org;
    struct err err;

    if (connection->session.id != NULL && connection->generation == org->generation)
        return 0;
    session_done(&connection->session);
    connection->session.id = mem_text(org->session.id);
    connection->session.server_url = mem_text(org->session.server_url);
    connection->generation = org->generation;
    if (connection->session.id != NULL && connection->session.server_url != NULL)
        return 0;
    session_done(&connection->session);
    err_memory(&err);
    return fault_from_err(fault, &err);
}

/* Under the mutex: signs in, or waits for the connection that does, until there is a session or
   a stop. */
static int need_session(struct org_connection *connection, struct org_fault *fault)
{
    struct org *org = connection->org;
    int rc = 0;

    while (rc == 0 && org->session.id == NULL && org->stop.class == ORG_OK)
        rc = org->signing_in ? await_sign_in(org, fault) : sign_in(connection, fault);
    if (rc == 0 && org->stop.class != ORG_OK) {
        *fault = org->stop;
        rc = -1;
    }
    return rc;
}

/* Under the mutex: a new session ahead of need.  When that fails for a reason that may
   pass, the old one stays in use; when it is refused, the org is stopped. */
static void renew_ahead(struct org_connection *connection)
{
    struct org *org = connection->org;
    struct org_fault fault;

    if (org->signing_in || clock_mono() < org->renew_at_ms)
        return;
    org->renew_at_ms = clock_mono() + RENEWAL_PAUSE_MS;
    if (sign_in(connection, &fault) < 0)
        log_line(LOG_DEBUG, "org.renewal_failed", "code=%s", LOG_TEXT(fault.code));
}

int session_take(struct org_connection *connection, struct org_fault *fault)
{
    struct org *org = connection->org;
    int rc;

    if (atomic_load(&org->interrupted))
        return fault_set(fault, FAULT_FROM_CALL, FAULT_INTERRUPTED, "shutting down");
    pthread_mutex_lock(&org->mutex);
    rc = need_session(connection, fault);
    if (rc == 0) {
        renew_ahead(connection);
        rc = need_session(connection, fault); /* it may be gone by now */
    }
    if (rc == 0)
        rc = copy_session(connection, fault);
    pthread_mutex_unlock(&org->mutex);
    return rc;
}

void session_lost(struct org_connection *connection)
{
    struct org *org = connection->org;

    pthread_mutex_lock(&org->mutex);
    if (org->generation == connection->generation)
        forget(org);
    pthread_mutex_unlock(&org->mutex);
}

static bool is_astray(const struct org_fault *fault)
{
    static const char *const codes[] = {"HTTP_301", "HTTP_302", "HTTP_303",
                                        "HTTP_307", "HTTP_308", "HTTP_404",
                                        "HTTP_410", "HTTP_503", FAULT_CONNECTION};

    for (size_t i = 0; fault != NULL && i < sizeof codes / sizeof codes[0]; i++)
        if (strcmp(codes[i], fault->code) == 0)
            return true;
    return false;
}

/* Under the mutex, of the session in use. */
static bool ask_for_server(struct org *org, struct org_fault *fault)
{
    int64_t now = clock_mono();

    if (!is_astray(fault)) {
        org->no_api_since_ms = 0;
        return false;
    }
    if (now - org->signed_in_ms < NO_API_MS)
        return false;
    if (fault->class == ORG_STOP)
        fault->class = ORG_RETRY;
    if (org->no_api_since_ms == 0)
        org->no_api_since_ms = now;
    if (now - org->no_api_since_ms < NO_API_MS)
        return false;
    org->no_api_since_ms = now; /* should the sign-in fail, it is tried again in a minute */
    org->renew_at_ms = now;
    return true;
}

bool session_ended(struct org_connection *connection, struct org_fault *fault)
{
    struct org *org = connection->org;
    bool due = false;

    pthread_mutex_lock(&org->mutex);
    if (org->generation == connection->generation)
        due = ask_for_server(org, fault);
    else if (is_astray(fault) && fault->class == ORG_STOP)
        fault->class = ORG_RETRY; /* of a server that has been replaced meanwhile */
    pthread_mutex_unlock(&org->mutex);
    return due;
}

void session_stop(struct org *org, const struct org_fault *fault)
{
    pthread_mutex_lock(&org->mutex);
    stop(org, fault);
    pthread_mutex_unlock(&org->mutex);
}

void session_reset(struct org *org)
{
    pthread_mutex_lock(&org->mutex);
    forget(org);
    org->stop = (struct org_fault){.advice = ""};
    org->counts.stopped = false;
    pthread_mutex_unlock(&org->mutex);
}
