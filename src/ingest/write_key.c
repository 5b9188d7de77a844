/* Reads the Authorization header and finds the source that all keys agree on. */
#include "ingest/write_key.h"

#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "ingest/base64.h"

int write_key_of_header(const char *authorization, char **ret_key, struct refusal *ret_refusal)
{
    static const char basic[] = "Basic ";
    struct err err = {0};
    const char *coded;
    char *user;
    size_t len;

    *ret_key = NULL;
    if (authorization == NULL || strncasecmp(authorization, basic, sizeof basic - 1) != 0)
        return 0;
    coded = authorization + sizeof basic - 1;
    coded += strspn(coded, " ");
    user = base64_decode(coded, &len, &err);
    if (user == NULL)
        return err.kind == ERR_MEMORY
                   ? refuse(ret_refusal, 503, "out_of_memory", "out of memory; send it again later")
                   : refuse(ret_refusal, 401, "bad_authorization",
                            "the Authorization header is not Basic with base64 of \"WRITE_KEY:\"");
    user[strcspn(user, ":")] = '\0';
    if (*user != '\0') {
        *ret_key = user;
        return 0;
    }
    mem_free(user);
    return 0;
}

const struct source_settings *write_key_source(const struct settings *settings,
                                               const char *const *keys, size_t count,
                                               struct refusal *ret_refusal)
{
    const struct source_settings *source;
    const char *key = NULL;

    for (size_t i = 0; i < count; i++) {
        if (keys[i] == NULL || *keys[i] == '\0')
            continue;
        if (key != NULL && strcmp(key, keys[i]) != 0) {
            refuse(ret_refusal, 401, "write_keys_disagree",
                   "the write key of the Authorization header, the query and the body differ");
            return NULL;
        }
        key = keys[i];
    }
    if (key == NULL) {
        refuse(ret_refusal, 401, "missing_write_key",
               "send the write key as the user name of Basic authorization or as writeKey");
        return NULL;
    }
    source = settings_source(settings, key);
    if (source == NULL)
        refuse(ret_refusal, 401, "unknown_write_key", "no source has this write key");
    else if (!source->enabled)
        refuse(ret_refusal, 401, "source_disabled", "the source of this write key is disabled");
    return source != NULL && source->enabled ? source : NULL;
}
