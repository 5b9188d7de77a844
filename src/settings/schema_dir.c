/* The folder in the data directory that keeps a destination's schema. */
#include <ctype.h>
#include <string.h>

#include "base/mem.h"
#include "settings/settings.h"

/* DATA_DIR/schema-NAME-LOGIN-HOST, with '_' for what a file name should not contain. */
char *settings_schema_dir(const struct settings *settings,
                          const struct destination_settings *destination)
{
    const char *user = destination->account_email != NULL ? destination->account_email : "";
    char *dir = mem_format("%s/schema-%s-%s-%s", settings->data_dir, destination->name, user,
                           destination->login_url);

    if (dir == NULL)
        return NULL;
    for (char *p = dir + strlen(settings->data_dir) + strlen("/schema-"); *p != '\0'; p++)
        if (!isalnum((unsigned char)*p) && *p != '-')
            *p = '_';
    return dir;
}
