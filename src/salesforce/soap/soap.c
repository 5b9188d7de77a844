/* soap: the back end that talks to an org through the SOAP Partner API. */
#include "salesforce/soap/soap.h"

#include <string.h>

#include "salesforce/soap/describe.h"
#include "salesforce/soap/find.h"
#include "salesforce/soap/login.h"
#include "salesforce/soap/save.h"

/* Three parts in base64url, the first of them JSON: a token that SOAP refuses however
   fresh, so that signing in again would never end. */
static const char *refuses_session(const struct session *session)
{
    const char *dot = strncmp(session->id, "eyJ", 3) == 0 ? strchr(session->id, '.') : NULL;

    if (dot == NULL || strchr(dot + 1, '.') == NULL)
        return NULL;
    return "The org hands out tokens in JWT format, which its SOAP API refuses: turn "
           "off \"Issue JSON Web Token (JWT)-based access tokens\" for this client.";
}

const struct org_backend soap_backend = {
    .name = "soap",
    .capacity = {.records_a_save = 200, /* SOAP guide, create() */
                 .keys_a_find = 1000,
                 .saves_a_call = 1},
    .sign_in = &login_with_password,
    .refuses_session = refuses_session,
    .describe = soap_describe,
    .find = soap_find,
    .save = soap_save,
};
