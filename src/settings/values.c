/* One reader for each kind of value. */
#include "settings/values.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/locked.h"
#include "base/mem.h"
#include "secrets/private_file.h"
#include "settings/address.h"
#include "settings/digits.h"

#define NAME_MAX_BYTES 64
#define KEY_MAX_BYTES  128
#define PATH_MAX_BYTES 1000

struct value {
    const struct settings_key *key;
    const char *text;
    const char *base_dir;
    void *member;
};

static int unexpected(struct err *err)
{
    return err_set(err, ERR_INVALID, "%s", "");
}

static int keep_text(const struct value *v, char *text, struct err *err)
{
    if (text == NULL)
        return err_memory(err);
    *(char **)v->member = text;
    return 0;
}

static bool is_one_line(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return false;
    return true;
}

static bool is_secret(const struct settings_key *key)
{
    return key->kind == KEY_SECRET || key->kind == KEY_SECRET_FILE;
}

static int read_text(const struct value *v, struct err *err)
{
    size_t len = strlen(v->text);

    if (len < (size_t)v->key->min || len > (size_t)v->key->max || !is_one_line(v->text))
        return unexpected(err);
    return keep_text(v, is_secret(v->key) ? locked_text(v->text) : mem_text(v->text), err);
}

char *value_path(const char *dir, const char *text)
{
    while (strncmp(text, "./", 2) == 0 && text[2] != '\0')
        text += 2;
    return text[0] == '/' ? mem_text(text) : mem_format("%s/%s", dir, text);
}

bool value_others_read(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 && private_others_read(path, &info);
}

static int read_path(const struct value *v, struct err *err)
{
    size_t len = strlen(v->text);

    if (len == 0 || len > PATH_MAX_BYTES || !is_one_line(v->text))
        return unexpected(err);
    return keep_text(v, value_path(v->base_dir, v->text), err);
}

static int read_secret_file(const struct value *v, struct err *err)
{
    char bytes[512];
    char *path = value_path(v->base_dir, v->text);
    ssize_t len = -1;
    struct value first_line = *v;
    int fd, rc;

    if (path == NULL)
        return err_memory(err);
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd >= 0)
        len = read(fd, bytes, sizeof bytes - 1);
    if (len < 0)
        err_set(err, ERR_INVALID, "cannot read %.300s: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    mem_free(path);
    if (len < 0)
        return -1;
    bytes[len] = '\0';
    bytes[strcspn(bytes, "\r\n")] = '\0';
    first_line.text = bytes;
    rc = read_text(&first_line, err);
    if (rc < 0 && err->kind == ERR_INVALID)
        err_set(err, ERR_INVALID, "the file's first line is not text of %lld to %lld bytes",
                (long long)v->key->min, (long long)v->key->max);
    explicit_bzero(bytes, sizeof bytes);
    return rc;
}

bool value_is_name(const char *text)
{
    size_t len = strlen(text);

    if (len == 0 || len > NAME_MAX_BYTES || !digits_or_letter(text[0]) || text[len - 1] == ' ')
        return false;
    for (; *text != '\0'; text++)
        if (!digits_or_letter(*text) && strchr(" ._-", *text) == NULL)
            return false;
    return true;
}

/* Object reference: letters, digits and underscores, beginning with a letter; a
   namespace, 40 characters and __c. */
bool value_is_field(const char *text)
{
    if (strlen(text) > 80 || !digits_or_letter(text[0]) || (text[0] >= '0' && text[0] <= '9'))
        return false;
    for (; *text != '\0'; text++)
        if (!digits_or_letter(*text) && *text != '_')
            return false;
    return true;
}

static int read_name(const struct value *v, struct err *err)
{
    return value_is_name(v->text) ? keep_text(v, mem_text(v->text), err) : unexpected(err);
}

static int read_write_key(const struct value *v, struct err *err)
{
    size_t len = strlen(v->text);

    if (len == 0 || len > KEY_MAX_BYTES)
        return unexpected(err);
    for (const char *p = v->text; *p != '\0'; p++)
        if (*p <= 0x20 || *p >= 0x7f || *p == ':')
            return unexpected(err);
    return keep_text(v, mem_text(v->text), err);
}

static int read_address(const struct value *v, struct err *err)
{
    return address_is_listen(v->text) ? keep_text(v, mem_text(v->text), err) : unexpected(err);
}

static int read_host(const struct value *v, struct err *err)
{
    return address_is_host(v->text) ? keep_text(v, mem_text(v->text), err) : unexpected(err);
}

static int read_url(const struct value *v, struct err *err)
{
    size_t len = strlen(v->text);

    if (!is_one_line(v->text))
        return unexpected(err);
    if (address_check_url(v->text, err) < 0)
        return -1;
    while (len > 0 && v->text[len - 1] == '/')
        len--;
    return keep_text(v, mem_text_n(v->text, len), err);
}

static int read_bool(const struct value *v, struct err *err)
{
    static const struct {
        const char *text;
        bool value;
    } words[] = {{"true", true},   {"yes", true}, {"on", true},
                 {"false", false}, {"no", false}, {"off", false}};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcasecmp(v->text, words[i].text) == 0) {
            *(bool *)v->member = words[i].value;
            return 0;
        }
    return unexpected(err);
}

static int read_count(const struct value *v, struct err *err)
{
    int64_t number;

    if (!digits_number(v->text, v->key->max, &number) || number < v->key->min)
        return unexpected(err);
    if (v->key->kind == KEY_INT)
        *(int *)v->member = (int)number;
    else
        *(int64_t *)v->member = number;
    return 0;
}

struct unit {
    const char *name;
    int64_t size;
};

/* Digits and one of the units, from min to max. */
static int read_with_unit(const struct value *v, const struct unit *units, struct err *err)
{
    size_t digits = strspn(v->text, "0123456789");
    char number_text[16];
    int64_t number;

    if (digits == 0 || digits >= sizeof number_text)
        return unexpected(err);
    memcpy(number_text, v->text, digits);
    number_text[digits] = '\0';
    for (; units->name != NULL; units++) {
        if (strcmp(v->text + digits, units->name) != 0)
            continue;
        if (!digits_number(number_text, v->key->max / units->size, &number) ||
            number * units->size < v->key->min)
            return unexpected(err);
        *(int64_t *)v->member = number * units->size;
        return 0;
    }
    return unexpected(err);
}

static int read_duration(const struct value *v, struct err *err)
{
    static const struct unit units[] = {{"ms", 1},      {"s", 1000},     {"m", 60000},
                                        {"h", 3600000}, {"d", 86400000}, {NULL, 0}};

    return read_with_unit(v, units, err);
}

static int read_size(const struct value *v, struct err *err)
{
    static const struct unit units[] = {{"", 1},
                                        {"KiB", INT64_C(1) << 10},
                                        {"MiB", INT64_C(1) << 20},
                                        {"GiB", INT64_C(1) << 30},
                                        {"TiB", INT64_C(1) << 40},
                                        {NULL, 0}};

    return read_with_unit(v, units, err);
}

static int read_choice(const struct value *v, struct err *err)
{
    const char *choice = v->key->choices;
    unsigned index = 0;

    for (;; index++) {
        size_t len = strcspn(choice, "|");
        if (strlen(v->text) == len && memcmp(choice, v->text, len) == 0)
            break;
        if (choice[len] == '\0')
            return unexpected(err);
        choice += len + 1;
    }
    memcpy(v->member, &index, sizeof index); /* an enum without negative values */
    return 0;
}

int value_read(const struct settings_key *key, const char *text, const char *base_dir,
               void *section, struct err *err)
{
    static int (*const readers[])(const struct value *, struct err *) = {
        [KEY_TEXT] = read_text,
        [KEY_SECRET] = read_text,
        [KEY_SECRET_FILE] = read_secret_file,
        [KEY_NAME] = read_name,
        [KEY_WRITE_KEY] = read_write_key,
        [KEY_PATH] = read_path,
        [KEY_ADDRESS] = read_address,
        [KEY_HOST] = read_host,
        [KEY_URL] = read_url,
        [KEY_BOOL] = read_bool,
        [KEY_INT] = read_count,
        [KEY_COUNT] = read_count,
        [KEY_DURATION] = read_duration,
        [KEY_SIZE] = read_size,
        [KEY_CHOICE] = read_choice,
    };
    struct value value = {key, text, base_dir, (char *)section + key->member};

    return readers[key->kind](&value, err);
}
