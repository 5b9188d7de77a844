/* login, logout, getUserInfo and getServerTimestamp. */
#include "fakeorg/soap/call_login.h"

#include "base/isotime.h"
#include "fakeorg/org/login.h"

/* login() was removed from API 65.0 and later. */
#define LAST_LOGIN_VERSION  64
#define LOGIN_REQUEST_BYTES (10 * 1024)

static void write_user_info(struct soap_call *call)
{
    const struct service *service = call->request.service;
    struct buf *out = call->out;
    char profile[ID_MAX];

    id_make("00e", 1, profile);
    xml_boolean(out, "accessibilityMode", false);
    xml_boolean(out, "chatterExternal", false);
    xml_element(out, "currencySymbol", "$");
    xml_integer(out, "orgAttachmentFileSizeLimit", 5242880);
    xml_element(out, "orgDefaultCurrencyIsoCode", "USD");
    xml_element(out, "orgDefaultCurrencyLocale", "en_US");
    xml_boolean(out, "orgDisallowHtmlAttachments", false);
    xml_boolean(out, "orgHasPersonAccounts", false);
    xml_element(out, "organizationId", service->org->id);
    xml_boolean(out, "organizationMultiCurrency", false);
    xml_element(out, "organizationName", "fakeorg");
    xml_element(out, "profileId", profile);
    xml_nil(out, "roleId");
    xml_integer(out, "sessionSecondsValid", service->access.limits.at[LIMIT_SESSION_MINUTES] * 60);
    xml_nil(out, "userDefaultCurrencyIsoCode");
    xml_element(out, "userEmail", service->options.username);
    xml_element(out, "userFullName", "Integration User");
    xml_element(out, "userId", service->org->user_id);
    xml_element(out, "userLanguage", "en_US");
    xml_element(out, "userLocale", "en_US");
    xml_element(out, "userName", service->options.username);
    xml_element(out, "userTimeZone", "GMT");
    xml_element(out, "userType", "Standard");
    xml_element(out, "userUiSkin", "Theme3");
}

/* The address for calls: that of the login, with the org's id. */
static void write_url(struct soap_call *call, const char *element, char api)
{
    buf_format(call->out, "<%s>http://", element);
    xml_text(call->out, call->host);
    buf_format(call->out, "/services/Soap/%c/%d.0/%.15s</%s>", api, call->request.version,
               call->request.service->org->id, element);
}

/* Why login() cannot succeed with any credentials. */
static int check_login(struct soap_call *call)
{
    if (call->request.version > LAST_LOGIN_VERSION)
        return api_error_set(
            call->request.error, API_ERROR_UNEXPECTED, "INVALID_OPERATION",
            "The SOAP Login operation is not available in the API version specified "
            "(%d.0). Refer to the documentation for supported versions.",
            call->request.version);
    if (call->request.bytes > LOGIN_REQUEST_BYTES)
        return api_error_set(call->request.error, API_ERROR_UNEXPECTED, "EXCEEDED_MAX_SIZE_REQUEST",
                             "a login request may not be larger than 10 KB");
    return 0;
}

int call_login(struct soap_call *call)
{
    struct api_error *error = call->request.error;

    if (check_login(call) < 0)
        return -1;
    const char *username = call_argument(call, "username");
    const char *password = username == NULL ? NULL : call_argument(call, "password");
    if (password == NULL)
        return -1;
    if (call->request.service->access.limits.at[LIMIT_SIGN_IN] == 0)
        return api_error_set(error, API_ERROR_LOGIN, "INVALID_OPERATION",
                             "SOAP API login() is disabled by default in this org. Contact the org "
                             "administrator to enable SOAP API login().");
    const char *session = login(&call->request, username, password);
    if (session == NULL)
        return -1;
    buf_text(call->out, "<result>");
    write_url(call, "metadataServerUrl", 'm');
    xml_boolean(call->out, "passwordExpired",
                call->request.service->access.limits.at[LIMIT_PASSWORD_EXPIRED] != 0);
    xml_boolean(call->out, "sandbox", false);
    write_url(call, "serverUrl", 'u');
    xml_element(call->out, "sessionId", session);
    xml_element(call->out, "userId", call->request.service->org->user_id);
    buf_text(call->out, "<userInfo>");
    write_user_info(call);
    buf_text(call->out, "</userInfo></result>");
    return 0;
}

int call_logout(struct soap_call *call)
{
    logout(&call->request);
    return 0;
}

int call_get_user_info(struct soap_call *call)
{
    buf_text(call->out, "<result>");
    write_user_info(call);
    buf_text(call->out, "</result>");
    return 0;
}

int call_get_server_timestamp(struct soap_call *call)
{
    char now[ISOTIME_MAX];

    isotime_format(orgclock_now(&call->request.service->org->clock), now);
    buf_format(call->out, "<result><timestamp>%s</timestamp></result>", now);
    return 0;
}
