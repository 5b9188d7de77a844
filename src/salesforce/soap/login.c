/* login: signing in by login() with user name, password and security token. */
#include "salesforce/soap/login.h"

#include <string.h>

#include "base/mem.h"
#include "salesforce/address.h"
#include "salesforce/soap/call.h"
#include "salesforce/faults.h"
#include "salesforce/soap/write.h"

void login_write(struct buf *out, const struct org_connection *connection, const void *what)
{
    const struct org_config *config = &connection->org->config;

    soap_open(out, NULL, config->client_name);
    soap_body(out);
    buf_text(out, "<p:login>");
    soap_partner(out, "username", config->username);
    buf_text(out, "<p:password>"); /* password and token, no separator */
    soap_text(out, config->password);
    soap_text(out, config->security_token);
    buf_text(out, "</p:password></p:login>");
    soap_close(out);
}

static void copy_child(char *ret, size_t size, const struct soap_node *node, const char *name)
{
    const char *text = soap_child_text(node, name);

    fault_copy_text(ret, size, text != NULL ? text : "");
}

int login_read(const struct soap_node *response, struct session *ret, struct org_fault *fault)
{
    const struct soap_node *result = soap_child(response, SOAP_PARTNER, "result");
    const struct soap_node *info = soap_child(result, SOAP_PARTNER, "userInfo");
    const char *session_id = soap_child_text(result, "sessionId");
    const char *server_url = soap_child_text(result, "serverUrl");
    struct session got = {0};
    struct err err;

    if (soap_child_true(result, "passwordExpired"))
        return fault_set(fault, FAULT_FROM_SIGN_IN, "INVALID_OPERATION_WITH_EXPIRED_PASSWORD",
                         "the password of the integration user has expired");
    if (session_id == NULL || session_id[0] == '\0' || server_url == NULL)
        return fault_set(fault, FAULT_FROM_SIGN_IN, FAULT_NOT_API,
                         "the login result lacks a session or an address");
    if (!address_allowed(server_url))
        return fault_set(fault, FAULT_FROM_SIGN_IN, FAULT_ADDRESS,
                         "the login result names an address that is neither https nor on this "
                         "machine");
    got.id = mem_text(session_id);
    got.server_url = mem_text(server_url);
    if (got.id == NULL || got.server_url == NULL) {
        session_done(&got);
        err_memory(&err);
        return fault_from_err(fault, &err);
    }
    copy_child(got.user_id, sizeof got.user_id, result, "userId");
    copy_child(got.org_id, sizeof got.org_id, info, "organizationId");
    copy_child(got.organization, sizeof got.organization, info, "organizationName");
    *ret = got;
    return 0;
}

static int run(struct org_connection *connection, struct session *ret, struct org_fault *fault)
{
    static const struct soap_call call = {
        .kind = REQUEST_SIGN_IN, .answer = "loginResponse", .write = login_write};
    const char *login_url = connection->org->config.login_url;
    size_t len = strlen(login_url);
    struct soap_doc *doc;
    char *url;
    int rc;

    while (len > 0 && login_url[len - 1] == '/')
        len--;
    url = mem_format("%.*s" SOAP_PATH, (int)len, login_url);
    if (url == NULL)
        return fault_set(fault, FAULT_FROM_CALL, FAULT_MEMORY, "no memory for an address");
    doc = soap_call_once(connection, url, &call, fault);
    mem_free(url);
    if (doc == NULL)
        return -1;
    rc = login_read(soap_doc_content(doc), ret, fault);
    soap_doc_free(doc);
    return rc;
}

const struct signin_method login_with_password = {.name = "password", .run = run};
