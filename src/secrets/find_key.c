/* find_key: which key this process was given. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/locked.h"
#include "base/mem.h"
#include "secrets/key.h"

#define CREDENTIAL "leadline.key"
#define VARIABLE   "LEADLINE_SECRETS_KEY"

/* 1 and *ret, where systemd put the credential; 0: there is none; -1: out of memory. */
static int credential_path(char **ret, struct err *err)
{
    const char *folder = secure_getenv("CREDENTIALS_DIRECTORY");

    if (folder == NULL || folder[0] == '\0')
        return 0;
    *ret = mem_format("%s/" CREDENTIAL, folder);
    if (*ret == NULL)
        return err_memory(err);
    if (access(*ret, F_OK) == 0 || errno != ENOENT)
        return 1;
    mem_free(*ret);
    *ret = NULL;
    return 0;
}

/* The variable is visible in /proc as long as the process runs, so it is taken out of there. */
static int take_variable(const char **ret, struct err *err)
{
    static char *taken;
    char *text = secure_getenv(VARIABLE);

    if (text != NULL && text[0] != '\0') {
        char *copy = locked_text(text);
        if (copy == NULL)
            return err_memory(err);
        locked_free(taken);
        taken = copy;
        explicit_bzero(text, strlen(text));
        unsetenv(VARIABLE);
    }
    *ret = taken;
    return 0;
}

struct key *key_find(const char *file, struct err *err)
{
    const char *text = NULL;
    char *path = NULL;
    struct key *key;
    int credential;

    if (file != NULL)
        return key_read(file, err);
    credential = credential_path(&path, err);
    if (credential != 0) {
        key = credential > 0 ? key_read(path, err) : NULL;
        mem_free(path);
        return key;
    }
    if (take_variable(&text, err) < 0)
        return NULL;
    if (text != NULL)
        return key_parse(text, strlen(text), VARIABLE " in the environment", err);
    err_set(err, ERR_NOT_FOUND,
            "there is no key to open secrets with: name its file by secrets_key_file, or give it "
            "as the systemd credential " CREDENTIAL " or as " VARIABLE " in the environment "
            "(\"leadline secrets key FILE\" makes one)");
    return NULL;
}
