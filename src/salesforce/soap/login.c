#include "salesforce/soap/login.h"

#include <string.h>

#include "base/mem.h"
#include "salesforce/address.h"
#include "salesforce/soap/call.h"
#include "salesforce/faults.h"
#include "salesforce/transport.h"
#include "salesforce/soap/write.h"

void signin_done(struct signin *signin)
{
    mem_free_secret(signin->session_id);
    mem_free(signin->server_url);
    *signin = (struct signin){0};
}

void signin_write(struct buf *out, const struct org_connection *connection, const void *what)
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

int signin_read(const struct soap_node *response, struct signin *ret, struct org_fault *fault)
{
    const struct soap_node *result = soap_child(response, SOAP_PARTNER, "result");
    const struct soap_node *info = soap_child(result, SOAP_PARTNER, "userInfo");
    const char *session_id = soap_child_text(result, "sessionId");
    const char *server_url = soap_child_text(result, "serverUrl");
    struct signin got = {0};
    struct err err;

    if (soap_child_true(result, "passwordExpired"))
        return fault_set(fault, FAULT_FROM_SIGN_IN, "INVALID_OPERATION_WITH_EXPIRED_PASSWORD",
                         "the password of the integration user has expired");
    if (session_id == NULL || session_id[0] == '\0' || server_url == NULL)
        return fault_set(fault, FAULT_FROM_SIGN_IN, FAULT_NOT_SOAP,
                         "the login result lacks a session or an address");
    if (!address_allowed(server_url))
        return fault_set(fault, FAULT_FROM_SIGN_IN, FAULT_ADDRESS,
                         "the login result names an address that is neither https nor on this "
                         "machine");
    got.session_id = mem_text(session_id);
    got.server_url = mem_text(server_url);
    if (got.session_id == NULL || got.server_url == NULL) {
        signin_done(&got);
        err_memory(&err);
        return fault_from_err(fault, &err);
    }
    copy_child(got.user_id, sizeof got.user_id, result, "userId");
    copy_child(got.org_id, sizeof got.org_id, info, "organizationId");
    copy_child(got.organization, sizeof got.organization, info, "organizationName");
    *ret = got;
    return 0;
}

int signin_run(struct org_connection *connection, struct signin *ret, struct org_fault *fault)
{
    static const struct call call = {
        .kind = CALL_SIGN_IN, .answer = "loginResponse", .write = signin_write};
    struct soap_doc *doc = call_once(connection, connection->org->sign_in_url, &call, fault);
    int rc;

    if (doc == NULL)
        return -1;
    rc = signin_read(soap_doc_content(doc), ret, fault);
    soap_doc_free(doc);
    if (rc < 0 || address_trusted(ret->server_url, connection->org->config.login_url))
        return rc;
    signin_done(ret);
    return fault_set(
        fault, FAULT_FROM_SIGN_IN, FAULT_FOREIGN,
        "the login result names a server that is not Salesforce's, or one without TLS");
}
