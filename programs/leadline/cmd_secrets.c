/* secrets: what is sealed in the data directory, and the key to it. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/isotime.h"
#include "base/locked.h"
#include "programs/leadline/ask_secret.h"
#include "programs/leadline/commands.h"
#include "programs/leadline/options.h"
#include "programs/leadline/print.h"
#include "secrets/private_file.h"
#include "secrets/secrets.h"
#include "settings/settings.h"

static const char usage[] =
    "usage: leadline secrets key [FILE]\n"
    "       leadline secrets set NAME [--kind KIND] [--file FILE]\n"
    "       leadline secrets list\n"
    "       leadline secrets rotate NAME [--file FILE | --undo | --finish]\n"
    "       leadline secrets delete NAME\n"
    "       leadline secrets rekey [--new-key-file FILE]\n"
    "       with each but key: [--config FILE] [--key-file FILE]; with each: [--json]\n"
    "\n"
    "Passwords, tokens and private keys, sealed in data_dir under a key that is kept elsewhere.\n"
    "The configuration names them: account_password: {secret: NAME}.\n"
    "  key     makes a key: into a new FILE that only its owner can read, else prints it\n"
    "  set     sets a value: asked for on the terminal and not shown, else read from standard\n"
    "          input or from --file, without the newline at its end\n"
    "  list    names, kinds, when they were set, under which key, and whether they open\n"
    "  rotate  replaces a value and keeps the previous one, until --finish; --undo makes the\n"
    "          previous one current again\n"
    "  delete  deletes a secret\n"
    "  rekey   seals everything under a new key, which replaces the old one in its\n"
    "          file; after a crash, call it again.  Where the key is not in a file, or is to be\n"
    "          kept: under the key in --new-key-file\n"
    "A running server takes changes when it reads its configuration again (SIGHUP).\n"
    "\n"
    "  --kind KIND      password (what a new one is without it), security_token, client_secret,\n"
    "                   refresh_token or private_key; the last may have several lines\n"
    "  --key-file FILE  the key (secrets_key_file of the configuration; else the systemd\n"
    "                   credential leadline.key; else LEADLINE_SECRETS_KEY in the environment)\n"
    "  --config FILE    the configuration, read only for data_dir and secrets_key_file\n"
    "                   (" OPTIONS_DEFAULT_CONFIG ")\n"
    "  --json           the result, as JSON\n";

/* --key-file is the first of each that takes it. */
enum { KEY_FILE, FILE_OPTION, KIND, UNDO = KIND, FINISH, NEW_KEY_FILE = FILE_OPTION };
static const struct options_own key_alone[] = {{"key-file", false}, {0}};
static const struct options_own of_set[] = {
    {"key-file", false}, {"file", false}, {"kind", false}, {0}};
static const struct options_own of_rotate[] = {
    {"key-file", false}, {"file", false}, {"undo", true}, {"finish", true}, {0}};
static const struct options_own of_rekey[] = {{"key-file", false}, {"new-key-file", false}, {0}};

struct act;

/* One call of the command. */
struct task {
    const struct act *act;
    const struct options *options;
    struct secrets *secrets; /* NULL for key */
    enum entry_kind kind;    /* of the value, for those that ask for one */
    char *value;             /* locked; NULL: none was asked for */
    size_t len;
};

/* What runs for a word after secrets. */
struct act {
    const char *word;
    const struct options_wanted wanted;
    int (*run)(struct task *task, struct err *err);
    bool without_secrets; /* opens no secrets */
    bool write;
    bool asks; /* for a value */
};

/* ---- output ---- */

static void add_text(json_t *object, const char *member, const char *text)
{
    json_object_set_new(object, member, text != NULL ? json_string(text) : json_null());
}

static void add_time(json_t *object, const char *member, const struct entry_value *value)
{
    char text[ISOTIME_MAX];

    isotime_format(value->set_ms, text);
    add_text(object, member, value->sealed.bytes != NULL ? text : NULL);
}

static void add_id(json_t *object, const unsigned char id[KEY_ID_BYTES])
{
    char text[KEY_ID_TEXT_MAX];

    key_id_text(id, text);
    add_text(object, "key", text);
}

static json_t *entry_json(const struct entry *entry)
{
    json_t *object = json_object();

    add_text(object, "name", entry->name);
    add_text(object, "kind", entry_kind_name(entry->kind));
    add_time(object, "set_at", &entry->now);
    add_time(object, "previous_set_at", &entry->previous);
    add_id(object, sealed_key_id(&entry->now.sealed));
    return object;
}

/* The entry as it is now, or a sentence about it. */
static void print_result(const struct task *task, const char *sentence)
{
    const struct options *options = task->options;
    const struct entry *entry = entries_find(secrets_entries(task->secrets), options->argument);
    json_t *object;

    if (!options->json) {
        printf("%s %s\n", options->argument, sentence);
        return;
    }
    object = entry != NULL ? entry_json(entry) : json_pack("{s:s}", "name", options->argument);
    print_json(object);
    json_decref(object);
}

/* ---- list ---- */

/* Whether a value opens, in a word. */
static const char *state_of(const struct secrets *secrets, const struct entry *entry)
{
    struct err err = {0};
    size_t len;
    char *value = secrets_value(secrets, entry->name, &len, &err);

    locked_free(value);
    if (value != NULL)
        return "opens";
    return err.kind == ERR_AUTH ? "other key" : err.kind == ERR_INVALID ? "damaged" : "no key";
}

static void print_entry(const json_t *object)
{
    const char *previous = json_string_value(json_object_get(object, "previous_set_at"));

    printf("%-24s  %-14s  %s  %s  %s\n", json_string_value(json_object_get(object, "name")),
           json_string_value(json_object_get(object, "kind")),
           json_string_value(json_object_get(object, "set_at")),
           json_string_value(json_object_get(object, "key")),
           json_string_value(json_object_get(object, "state")));
    if (previous != NULL)
        printf("%-24s  the previous value is kept, set %s\n", "", previous);
}

static int list(struct task *task, struct err *err)
{
    const struct entries *entries = secrets_entries(task->secrets);
    const struct key *key = secrets_key(task->secrets, err);
    json_t *all = json_array(), *result = json_object(), *one;
    size_t i;

    for (i = 0; i < entries->count; i++) {
        one = entry_json(&entries->list[i]);
        add_text(one, "state", state_of(task->secrets, &entries->list[i]));
        json_array_append_new(all, one);
    }
    if (key != NULL)
        add_id(result, key->id);
    else
        add_text(result, "key", NULL);
    json_object_set_new(result, "secrets", all);
    if (task->options->json) {
        print_json(result);
    } else {
        json_array_foreach(all, i, one)
            print_entry(one);
        if (key == NULL)
            fprintf(stderr, "leadline secrets: %s\n", err->text);
    }
    json_decref(result);
    return 0;
}

/* ---- one secret ---- */

static int check_value(enum entry_kind kind, const char *value, size_t len, struct err *err)
{
    if (len == 0)
        return err_set(err, ERR_INVALID, "the value is empty: nothing was changed");
    if (len > SEAL_VALUE_MAX)
        return err_set(err, ERR_INVALID, "the value is longer than %d bytes", SEAL_VALUE_MAX);
    for (size_t i = 0; kind != KIND_PRIVATE_KEY && i < len; i++)
        if ((unsigned char)value[i] < 0x20 || value[i] == 0x7f)
            return err_set(err, ERR_INVALID,
                           "a %s is one line without control characters (--kind private_key may "
                           "have several)",
                           entry_kind_name(kind));
    return 0;
}

/* The kind of the value that is to be set. */
static int find_kind(struct task *task, struct err *err)
{
    const char *name = task->options->argument;
    const struct entry *entry = entries_find(secrets_entries(task->secrets), name);
    const char *kind = task->act->wanted.own == of_set ? task->options->own[KIND] : NULL;

    task->kind = entry != NULL ? entry->kind : KIND_PASSWORD;
    if (kind != NULL && !entry_kind_parse(kind, &task->kind))
        return err_set(err, ERR_INVALID,
                       "--kind is password, security_token, client_secret, refresh_token or "
                       "private_key");
    return entry_check_name(name, err);
}

/* Reads the value; before that, checks everything that would make asking for it useless. */
static int take_value(struct task *task, struct err *err)
{
    const char *file = task->options->own[FILE_OPTION];

    if (secrets_key(task->secrets, err) == NULL || find_kind(task, err) < 0)
        return -1;
    task->value = file == NULL && isatty(STDIN_FILENO)
                      ? ask_secret_terminal(task->options->argument, &task->len, err)
                      : ask_secret_read(file, &task->len, err);
    return task->value != NULL ? check_value(task->kind, task->value, task->len, err) : -1;
}

static int store_value(struct task *task, bool keep, struct err *err)
{
    return secrets_set(task->secrets, task->options->argument, task->kind, task->value, task->len,
                       keep, err);
}

static int set(struct task *task, struct err *err)
{
    if (store_value(task, false, err) < 0)
        return -1;
    print_result(task, "is set");
    return 0;
}

static int rotate(struct task *task, struct err *err)
{
    const char *name = task->options->argument;
    const char *result = "has its new value, and the previous one is kept: check it, then finish "
                         "with --finish or --undo";
    int rc;

    if (task->options->own[UNDO] != NULL) {
        rc = secrets_take_back(task->secrets, name, err);
        result = "has its previous value again";
    } else if (task->options->own[FINISH] != NULL) {
        rc = secrets_forget_previous(task->secrets, name, err);
        result = "keeps only its new value";
    } else {
        rc = store_value(task, true, err);
    }
    if (rc == 0)
        print_result(task, result);
    return rc;
}

static int take_out(struct task *task, struct err *err)
{
    if (secrets_remove(task->secrets, task->options->argument, err) < 0)
        return -1;
    print_result(task, "is deleted");
    return 0;
}

/* ---- keys ---- */

static void print_key(const struct task *task, const unsigned char id[KEY_ID_BYTES],
                      const char *before, const char *after, const char *file)
{
    char text[KEY_ID_TEXT_MAX];
    json_t *result;

    key_id_text(id, text);
    if (task->options->json) {
        result = json_pack("{s:s, s:s?}", "key", text, "file", file);
        print_json(result);
        json_decref(result);
    } else {
        printf("%s %s%s%s\n", before, text, after, file != NULL ? file : "");
    }
}

static int rekey(struct task *task, struct err *err)
{
    const char *file = task->options->own[NEW_KEY_FILE];
    unsigned char id[KEY_ID_BYTES];

    if (secrets_rekey(task->secrets, file, id, err) < 0)
        return -1;
    print_key(task, id, "everything is sealed under the key",
              file == NULL ? " now, which is in the file of the old one"
                           : " now: the server needs it; it is in ",
              file);
    return 0;
}

static int make_key(struct task *task, struct err *err)
{
    const char *file = task->options->argument;
    struct key *key = key_make(err);
    char *text = locked_alloc(KEY_TEXT_MAX);
    int rc = -1;

    if (key != NULL && text == NULL) {
        err_memory(err);
    } else if (key != NULL) {
        key_print(key, text);
        rc = file == NULL ? 0 : private_create(file, NULL, text, strlen(text), err);
    }
    if (rc == 0 && file == NULL)
        fputs(text, stdout);
    else if (rc == 0)
        print_key(task, key->id, "the key", " (keep a copy in a safe place) is in ", file);
    locked_free(text);
    key_free(key);
    return rc;
}

/* ---- the command ---- */

#define ONE .usage = usage, .json = true, .argument = true

static const struct act acts[] = {
    {.word = "key",
     .wanted = {.usage = usage, .json = true, .optional = true},
     .run = make_key,
     .without_secrets = true},
    {.word = "set", .wanted = {ONE, .own = of_set}, .run = set, .write = true, .asks = true},
    {.word = "list", .wanted = {.usage = usage, .json = true, .own = key_alone}, .run = list},
    {.word = "rotate",
     .wanted = {ONE, .own = of_rotate},
     .run = rotate,
     .write = true,
     .asks = true},
    {.word = "delete", .wanted = {ONE, .own = key_alone}, .run = take_out, .write = true},
    {.word = "rekey",
     .wanted = {.usage = usage, .json = true, .own = of_rekey},
     .run = rekey,
     .write = true},
};

static struct secrets *open_secrets(const struct options *options, bool write, struct err *err)
{
    const char *file = options->own[KEY_FILE];
    struct settings *settings = settings_read_admin(options->config, err);
    struct secrets *secrets = NULL;

    if (settings != NULL)
        secrets = secrets_open(settings->data_dir, file != NULL ? file : settings->secrets_key_file,
                               write, err);
    settings_unref(settings);
    return secrets;
}

/* True when rotate ends what an earlier one began. */
static bool is_end(const struct act *act, const struct options *options)
{
    return act->run == rotate && (options->own[UNDO] != NULL || options->own[FINISH] != NULL);
}

/* Do not make others wait while a person types. */
static int ask(struct task *task, struct err *err)
{
    int rc;

    task->secrets = open_secrets(task->options, false, err);
    rc = task->secrets != NULL ? take_value(task, err) : -1;
    secrets_close(task->secrets);
    task->secrets = NULL;
    return rc;
}

static int carry_out(struct task *task, struct err *err)
{
    const struct act *act = task->act;
    int rc = 0;

    if (act->asks && !is_end(act, task->options))
        rc = ask(task, err);
    if (rc == 0 && !act->without_secrets) {
        task->secrets = open_secrets(task->options, act->write, err);
        rc = task->secrets != NULL ? 0 : -1;
    }
    if (rc == 0)
        rc = act->run(task, err);
    secrets_close(task->secrets);
    locked_free(task->value);
    return rc;
}

static int run(const struct act *act, int argc, char **argv)
{
    struct options options;
    struct task task = {.act = act, .options = &options};
    struct err err = {0};
    int rc = options_read(argc, argv, &act->wanted, &options);

    if (rc >= 0)
        return rc;
    if (act->run == rotate && (options.own[FILE_OPTION] != NULL) + (options.own[UNDO] != NULL) +
                                      (options.own[FINISH] != NULL) >
                                  1) {
        fprintf(stderr, "leadline secrets rotate: takes one of --file, --undo, --finish\n");
        return 2;
    }
    if (carry_out(&task, &err) == 0)
        return 0;
    fprintf(stderr, "leadline secrets: %s\n", err.text);
    return 1;
}

int cmd_secrets(int argc, char **argv)
{
    char *word = argc > 1 ? argv[1] : (char[1]){""};
    bool help = strcmp(word, "--help") == 0;
    char name[40];

    snprintf(name, sizeof name, "secrets %s", word);
    if (argc > 1)
        argv[1] = name; /* for messages about its arguments */
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++)
        if (strcmp(word, acts[i].word) == 0)
            return run(&acts[i], argc - 1, argv + 1);
    if (word[0] != '\0' && !help)
        fprintf(stderr, "leadline secrets: there is no \"%s\"\n", word);
    fputs(usage, help ? stdout : stderr);
    return help ? 0 : 2;
}
