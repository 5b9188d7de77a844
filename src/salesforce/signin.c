/* signin: what a sign-in gives, as a plain value. */
#include "salesforce/signin.h"

#include <string.h>

#include "base/mem.h"

void session_done(struct session *session)
{
    mem_free_secret(session->id);
    mem_free(session->server_url);
    *session = (struct session){0};
}

size_t session_instance_length(const char *url)
{
    const char *host = strstr(url, "://");

    return host == NULL ? 0 : (size_t)(host - url) + 3 + strcspn(host + 3, "/?#");
}
