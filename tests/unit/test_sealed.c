/* Secrets that a configuration names: {secret: NAME}. */
#include "scratch_dir.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/locked.h"
#include "base/mem.h"
#include "secrets/secrets.h"
#include "settings/settings.h"

static char dir[64], key_file[100], file[100];
static struct err err;

static void make_key_file(void)
{
    struct key *key = key_make(&err);
    char text[KEY_TEXT_MAX];
    FILE *out;

    unlink(key_file);
    key_print(key, text);
    key_free(key);
    out = fopen(key_file, "w");
    CHECK(out != NULL && fputs(text, out) >= 0 && fclose(out) == 0 && chmod(key_file, 0400) == 0);
}

static void set(const char *name, const char *value)
{
    struct secrets *s = secrets_open(dir, key_file, true, &err);

    CHECK(s != NULL);
    CHECK_INT(secrets_set(s, name, KIND_PASSWORD, value, strlen(value), false, &err), 0);
    secrets_close(s);
}

static void begin(void)
{
    CHECK(scratch_dir(dir, sizeof dir, "sealed") == 0);
    snprintf(key_file, sizeof key_file, "%s/key", dir);
    snprintf(file, sizeof file, "%s/" SECRETS_FILE, dir);
    make_key_file();
    set("pw", "hunter2");
    set("tok", "s3cret");
}

static void end(void)
{
    unlink(file);
    unlink(key_file);
    CHECK(rmdir(dir) == 0);
}

/* A destination with these lines, line 5 and on. */
static struct settings *read_with(const char *lines, struct settings_findings *findings)
{
    char text[2000];

    snprintf(text, sizeof text,
             "data_dir: .\nsecrets_key_file: ./key\ndestinations:\n"
             "  - {name: A, account_email: a@example.com,\n%s}\n",
             lines);
    err = (struct err){0};
    return settings_parse_all(text, strlen(text), "l.yml", dir, findings, &err);
}

static void check_refused(const char *lines, const char *message)
{
    struct settings_findings findings;

    CHECK(read_with(lines, &findings) == NULL);
    if (strstr(err.text, message) == NULL)
        print_error("said: %s\nnot:  %s\n", err.text, message);
    CHECK(strstr(err.text, message) != NULL);
    CHECK(strstr(err.text, "hunter2") == NULL);
}

#define PASSWORD "account_password: {secret: pw}"

TEST(a_password_and_a_token_are_taken_from_the_sealed_secrets)
{
    struct settings_findings findings;
    struct settings *s, *again;

    begin();
    s = read_with(PASSWORD ",\n security_token: {secret: tok}", &findings);
    CHECK(s != NULL);
    CHECK(!findings.secrets); /* the file itself holds none */
    CHECK_STR(s->destinations[0].account_password, "hunter2");
    CHECK_STR(s->destinations[0].security_token, "s3cret");
    set("pw", "hunter3");
    again = read_with(PASSWORD ",\n security_token: {secret: tok}", &findings);
    CHECK(again != NULL);
    CHECK(!settings_destination_equal(&s->destinations[0], &again->destinations[0]));
    settings_unref(s);
    settings_unref(again);
    end();
}

TEST(a_secret_that_cannot_be_had_is_said_by_line_with_what_to_do)
{
    char bytes[2000];
    FILE *f;
    size_t len = 0;

    begin();
    check_refused("account_password: {secret: other}",
                  "l.yml:5: destinations[0].account_password: there is no secret other: \"leadline "
                  "secrets set other\"");
    check_refused("account_password: {secrets: pw}",
                  "expected text on one line, or {secret: NAME}");
    check_refused("account_password: {secret: pw, more: 1}", "or {secret: NAME}");
    check_refused("account_password: {secret: [pw]}", "or {secret: NAME}");
    check_refused("account_password_file: ./key,\n" PASSWORD,
                  "stands beside account_password_file");
    CHECK(chmod(key_file, 0444) == 0);
    check_refused(PASSWORD, "others on this machine can read");
    make_key_file();
    check_refused(PASSWORD, "is not the one that the secret is sealed under");
    unlink(key_file);
    check_refused(PASSWORD, "there is no key in");
    CHECK(chmod(file, 0644) == 0);
    check_refused(PASSWORD, "others on this machine can read");
    CHECK(chmod(file, 0600) == 0);
    f = fopen(file, "r+");
    CHECK(f != NULL && (len = fread(bytes, 1, sizeof bytes, f)) > 0);
    CHECK(truncate(file, (off_t)len / 2) == 0);
    fclose(f);
    check_refused(PASSWORD, "is damaged");
    end();
}

/* One fault that shuts all of them is said once. */
TEST(a_missing_key_is_one_finding)
{
    struct settings_findings findings;

    begin();
    unlink(key_file);
    CHECK(read_with(PASSWORD ",\n security_token: {secret: tok}", &findings) == NULL);
    CHECK_INT(findings.errors, 1);
    CHECK_INT(findings.list[0].line, 5);
    end();
}

TEST(a_secret_must_fit_its_key)
{
    char longer[400];

    begin();
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    set("pw", longer);
    check_refused(PASSWORD, "the secret pw is not one line of 1 to 255 bytes");
    end();
}

TEST(a_destination_that_is_off_needs_no_secret)
{
    struct settings_findings findings;
    struct settings *s;

    begin();
    s = read_with("enabled: false, account_password: {secret: other}", &findings);
    CHECK(s != NULL);
    settings_unref(s);
    end();
}

TEST(the_end_of_memory_anywhere_is_an_error)
{
    bool failed = true;

    begin();
    for (size_t nth = 1; failed; nth++) {
        struct settings_findings findings;
        struct settings *s;
        mem_fail_at(nth);
        s = read_with(PASSWORD, &findings);
        failed = mem_fail_at(0) == 0;
        CHECK(s == NULL || !failed || strcmp(s->destinations[0].account_password, "hunter2") == 0);
        CHECK(s != NULL || (failed && err.kind == ERR_MEMORY));
        settings_unref(s);
    }
    end();
}

TEST_MAIN(TEST_CASE(a_password_and_a_token_are_taken_from_the_sealed_secrets),
          TEST_CASE(a_secret_that_cannot_be_had_is_said_by_line_with_what_to_do),
          TEST_CASE(a_missing_key_is_one_finding), TEST_CASE(a_secret_must_fit_its_key),
          TEST_CASE(a_destination_that_is_off_needs_no_secret),
          TEST_CASE(the_end_of_memory_anywhere_is_an_error))
