/* Any bytes as a configuration: read or refused, never worse; what is read keeps the
   promises of settings.h. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "settings/settings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int promise)
{
    if (!promise)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err = {0};
    struct settings *s;

    if (memmem(data, size, "_file", 5) != NULL) /* would read this machine's files */
        return 0;
    s = settings_parse((const char *)data, size, "fuzz.yml", "/nowhere", &err);
    if (s == NULL) {
        require(err.kind == ERR_INVALID && strncmp(err.text, "fuzz.yml:", 9) == 0);
        return 0;
    }
    require(s->listen != NULL && s->admin_listen != NULL && s->data_dir[0] == '/');
    for (size_t i = 0; i < s->destination_count; i++) {
        const struct destination_settings *d = &s->destinations[i];
        require(settings_destination(s, d->name) == d);
        require(d->login_url != NULL && d->account_email != NULL && d->account_password != NULL &&
                d->security_token != NULL);
        require(d->batch_size >= 1 && d->batch_size <= 200);
    }
    for (size_t i = 0; i < s->source_count; i++)
        for (size_t j = 0; j < s->sources[i].destination_count; j++)
            require(settings_destination(s, s->sources[i].destinations[j]) != NULL);
    settings_unref(s);
    return 0;
}
