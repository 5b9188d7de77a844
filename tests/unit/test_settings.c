#include "check.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "settings/keys.h"
#include "settings/settings.h"
#include "settings/tree.h"

#define DEST_LINES                                                                                 \
    "destinations:\n"                                                                              \
    "  - name: Salesforce\n"                                                                       \
    "    account_email: integration@example.com\n"                                                 \
    "    account_password: hunter2\n"

static struct settings *parse(const char *text, struct err *err)
{
    return settings_parse(text, strlen(text), "leadline.yml", "/srv/leadline", err);
}

/* Text that must be refused, and what is said about it. */
static void check_refused(const char *text, const char *message)
{
    struct err err = {0};
    struct settings *s = parse(text, &err);

    if (s != NULL || strstr(err.text, message) == NULL)
        print_error("said: %s\nnot:  %s\n", s == NULL ? err.text : "nothing", message);
    CHECK(s == NULL);
    CHECK_INT(err.kind, ERR_INVALID);
    CHECK(strstr(err.text, message) != NULL);
}

/* The same for one more line of a destination, line 5 of its file. */
static void check_destination_refused(const char *line, const char *message)
{
    char text[2000], at[600];

    snprintf(text, sizeof text, DEST_LINES "    %s\n", line);
    snprintf(at, sizeof at, "leadline.yml:5: destinations[0].%s", message);
    check_refused(text, at);
}

static void check_top_refused(const char *line, const char *message)
{
    char at[600];

    snprintf(at, sizeof at, "leadline.yml:1: %s", message);
    check_refused(line, at);
}

TEST(the_documented_example_is_read_whole)
{
    static const char text[] = "listen: 127.0.0.1:8080            # tracking API\n"
                               "admin_listen: 127.0.0.1:8081\n"
                               "data_dir: ./data\n"
                               "sources:\n"
                               "  - {name: website, write_key: WRITE_KEY, "
                               "destinations: [Salesforce]}\n"
                               "destinations:\n"
                               "  - name: Salesforce\n"
                               "    login_url: http://127.0.0.1:9090/\n"
                               "    account_email: integration@example.com\n"
                               "    account_password: secret\n"
                               "    security_token: token\n"
                               "    sandbox: false\n"
                               "    version: 2\n"
                               "    send_address_as_billing: true\n"
                               "    send_address_as_shipping: false\n"
                               "    custom_lead_lookup_fields: {email: Email}\n";
    struct err err = {0};
    struct settings *s = parse(text, &err);
    const struct destination_settings *d;

    CHECK(s != NULL);
    CHECK_STR(s->listen, "127.0.0.1:8080");
    CHECK_STR(s->data_dir, "/srv/leadline/data");
    CHECK_INT(s->source_count, 1);
    CHECK(settings_source(s, "WRITE_KEY") == &s->sources[0]);
    CHECK(settings_source(s, "write_key") == NULL);
    CHECK_STR(s->sources[0].destinations[0], "Salesforce");
    d = settings_destination(s, "Salesforce");
    CHECK(d != NULL);
    CHECK_STR(d->login_url, "http://127.0.0.1:9090");
    CHECK_STR(d->account_password, "secret");
    CHECK_STR(d->security_token, "token");
    CHECK_INT(d->version, 2);
    CHECK_INT(d->lead_lookup_count, 1);
    CHECK_STR(d->lead_lookup[0].trait, "email");
    CHECK_STR(d->lead_lookup[0].field, "Email");
    settings_unref(s);
}

static void check_defaults(const struct destination_settings *d)
{
    CHECK_STR(d->login_url, "https://login.salesforce.com");
    CHECK_STR(d->security_token, "");
    CHECK(d->enabled && !d->sandbox && !d->always_enabled && !d->null_clears);
    CHECK(d->send_address_as_billing && !d->send_address_as_shipping);
    CHECK(!d->save_past_duplicate_alerts);
    CHECK_INT(d->version, 2);
    CHECK_INT(d->several_matches, SEVERAL_NEWEST);
    CHECK_INT(d->converted_lead, CONVERTED_CONTACT);
    CHECK_INT(d->assignment_rules, ASSIGN_ON_CREATE);
    CHECK_INT(d->linger_ms, 1000);
    CHECK_INT(d->max_concurrent_calls, 4);
    CHECK_INT(d->batch_size, 200);
    CHECK_INT(d->renew_every_ms, 30 * 60 * 1000);
    CHECK_INT(d->remember_ids_ms, 15 * 60 * 1000);
    CHECK_INT(d->unknown_outcome_wait_ms, 10 * 60 * 1000);
    CHECK_INT(d->call_timeout_ms, 2 * 60 * 1000);
    CHECK_INT(d->retry_first_ms, 1000);
    CHECK_INT(d->retry_longest_ms, 10 * 60 * 1000);
    CHECK_INT(d->reserve_calls, 0);
    CHECK_INT(d->lead_lookup_count, 0);
}

TEST(what_is_left_out_has_its_default)
{
    struct err err = {0};
    struct settings *s = parse(DEST_LINES, &err);

    CHECK(s != NULL);
    CHECK_STR(s->listen, "127.0.0.1:8080");
    CHECK_STR(s->admin_listen, "127.0.0.1:8081");
    CHECK(s->public_host == NULL);
    CHECK_INT(s->log_level, LOG_INFO);
    CHECK_INT(s->keep_receipts_ms, INT64_C(7) * 24 * 3600 * 1000);
    CHECK_INT(s->source_count, 0);
    check_defaults(&s->destinations[0]);
    settings_unref(s);
    s = settings_default(&err);
    CHECK(s != NULL);
    CHECK_STR(s->destinations[0].name, "Salesforce");
    CHECK_STR(s->destinations[0].account_password, "");
    check_defaults(&s->destinations[0]);
    settings_unref(s);
}

static struct settings *read_admin(const char *text, struct err *err)
{
    char path[] = "/tmp/leadline-admin-XXXXXX";
    int fd = mkstemp(path);
    struct settings *s;

    CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    s = settings_read_admin(path, err);
    close(fd);
    unlink(path);
    return s;
}

TEST(the_address_of_the_server_is_read_without_the_rest)
{
    struct err err = {0};
    struct settings *s = read_admin("destinations:\n"
                                    "  - name: Salesforce\n"
                                    "    account_password_file: /nowhere\n"
                                    "sources: nonsense\n"
                                    "data_dir: data\n"
                                    "admin_listen: 127.0.0.1:9\n",
                                    &err);

    CHECK(s != NULL);
    CHECK_STR(s->admin_listen, "127.0.0.1:9");
    CHECK_STR(s->data_dir, "/tmp/data");
    CHECK_INT(s->destination_count, 0);
    settings_unref(s);
    s = read_admin("{}", &err);
    CHECK(s != NULL);
    CHECK_STR(s->admin_listen, "127.0.0.1:8081");
    settings_unref(s);
    CHECK(read_admin("admin_listen: nonsense\n", &err) == NULL);
    CHECK(strstr(err.text, ":1: admin_listen: found ") != NULL);
    CHECK(read_admin("[a, list]\n", &err) == NULL);
}

static bool found(const struct settings_findings *all, bool error, const char *text)
{
    for (size_t i = 0; i < all->count; i++)
        if (all->list[i].error == error && strstr(all->list[i].text, text) != NULL)
            return true;
    print_error("not said: %s\n", text);
    return false;
}

static struct settings *parse_all(const char *text, struct settings_findings *all, struct err *err)
{
    return settings_parse_all(text, strlen(text), "leadline.yml", "/srv/leadline", all, err);
}

TEST(every_mistake_is_named_at_once_by_its_line)
{
    static const char *const lines[][2] = {
        {"listen: nonsense", ":1: listen: found"},
        {"listne: 1", ":2: listne: unknown key; did you mean listen?"},
        {"keep_receipts: 1s", ":3: keep_receipts: found"},
        {"log_level: info", NULL},
        {"log_level: info", ":5: log_level: the key stands twice"},
        {"sources:", NULL},
        {"  - {name: a, write_key: 'a b', destinations: [S, Nowhere, '!']}",
         ":7: sources[0].write_key: found something else"},
        {"  - {name: A, write_key: K, destinations: [S]}", ":8: sources[1].name: another source"},
        {"  - {name: c, write_key: K, destinations: S}", ":9: sources[2].destinations: found"},
        {"  - nonsense", ":10: sources[3]: expected keys"},
        {"destinations:", NULL},
        {"  - name: S", ":12: destinations[0].account_password: found nothing"},
        {"    account_email: a@b", NULL},
        {"    version: 3", ":14: destinations[0].version: found"},
        {"    retry_longest: 10ms", ":15: destinations[0].retry_longest: is shorter than"},
        {"    lead_fields: {a: Title, b: Title, c: '!'}", ":16: destinations[0].lead_fields.b:"},
        {"  - name: T", ":17: destinations[1].account_email: found nothing"},
        {"    account_password_file: /nowhere/at/all",
         ":18: destinations[1].account_password_file"},
    };
    static const char *const more[] = {":7: sources[0].destinations[1]: found",
                                       ":7: sources[0].destinations: found",
                                       ":9: sources[2].write_key: source A has the same write key",
                                       ":16: destinations[0].lead_fields.c: expected the API name"};
    static struct settings_findings all;
    struct err err = {0};
    struct buf text;
    size_t expected = sizeof more / sizeof more[0];

    buf_init(&text, 4000);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        buf_format(&text, "%s\n", lines[i][0]);
    CHECK(parse_all(buf_peek(&text), &all, &err) == NULL);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        expected += lines[i][1] != NULL;
        CHECK(lines[i][1] == NULL || found(&all, true, lines[i][1]));
    }
    for (size_t i = 0; i < sizeof more / sizeof more[0]; i++)
        CHECK(found(&all, true, more[i]));
    for (size_t i = 0; i < all.count && all.errors != expected; i++)
        print_error("%s\n", all.list[i].text);
    CHECK_INT(all.errors, expected);
    CHECK_INT(all.count, expected);
    for (size_t i = 1; i < all.count; i++)
        CHECK(all.list[i - 1].line <= all.list[i].line);
    CHECK_INT(err.kind, ERR_INVALID);
    CHECK_STR(err.text, all.list[0].text);
    buf_done(&text);
}

TEST(past_fifty_findings_the_rest_is_counted)
{
    static struct settings_findings all;
    struct err err = {0};
    struct buf text;

    buf_init(&text, 4000);
    for (int i = 0; i < 70; i++)
        buf_format(&text, "zzzzzzzz%d: 1\n", i);
    CHECK(parse_all(buf_peek(&text), &all, &err) == NULL);
    CHECK_INT(all.count, 50);
    CHECK_INT(all.left_out, 20);
    CHECK_INT(all.errors, 70);
    buf_done(&text);
}

TEST(a_comment_that_may_cut_a_secret_is_pointed_out)
{
    static const struct {
        const char *value;
        bool warned;
    } values[] = {
        {"abc #def", true},        {"abc\t# def", true},  {"\xc3\xa9\xf0\x9f\x98\x80x #y", true},
        {"'abc #def'", false},     {"abc#def", false},    {"abc", false},
        {"'abc' # a note", false}, {"\"abc\" #x", false}, {"abc   # a note", true},
    };
    static struct settings_findings all;

    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        struct err err = {0};
        char text[400];
        snprintf(text, sizeof text,
                 "# \xe2\x82\xac\r\ndestinations:\n  - name: S\n    account_email: a@b # yes\n"
                 "    account_password: %s\n",
                 values[i].value);
        struct settings *s = parse_all(text, &all, &err);
        CHECK(s != NULL);
        CHECK_INT(all.count, values[i].warned);
        if (values[i].warned)
            CHECK(found(&all, false,
                        ":5: destinations[0].account_password: the value ends before "
                        "the #"));
        settings_unref(s);
    }
    struct err err = {0};
    CHECK(parse_all("destinations:\n  - account_password: #secret\n    name: S\n"
                    "    account_email: a@b\n",
                    &all, &err) == NULL);
    CHECK(found(&all, true,
                ":2: destinations[0].account_password: found nothing (a # begins a "
                "comment: put a password that holds one in quotes)"));
}

TEST(a_byte_order_mark_is_passed_over)
{
    struct err err = {0};
    struct settings *s = parse("\xef\xbb\xbflisten: 127.0.0.1:1\n", &err);

    CHECK(s != NULL);
    CHECK_STR(s->listen, "127.0.0.1:1");
    settings_unref(s);
    check_refused("\xef\xbb\xbf\nlisten: 1\n", "leadline.yml:2: listen: found");
}

TEST(two_destinations_of_one_user_in_one_org_are_pointed_out)
{
    static const char text[] = "destinations:\n"
                               "  - {name: A, account_email: a@b, account_password: p}\n"
                               "  - {name: B, account_email: A@B, account_password: q%s}\n";
    static struct settings_findings all;
    static const struct {
        const char *more;
        size_t warnings;
    } cases[] = {{"", 1},
                 {", sandbox: true", 0},
                 {", enabled: false", 0},
                 {", login_url: 'https://LOGIN.salesforce.com/'", 1}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err err = {0};
        char full[400];
        snprintf(full, sizeof full, text, cases[i].more);
        struct settings *s = parse_all(full, &all, &err);
        CHECK(s != NULL);
        CHECK_INT(all.count, cases[i].warnings);
        if (cases[i].warnings > 0)
            CHECK(found(&all, false,
                        ":3: destinations[1]: the same user of the same org as "
                        "destination A"));
        settings_unref(s);
    }
}

static size_t warnings_of(const char *path, mode_t mode, const char *said)
{
    static struct settings_findings all;
    struct err err = {0};
    struct settings *s;

    CHECK_INT(chmod(path, mode), 0);
    s = settings_examine(path, &all, &err);
    CHECK(s != NULL);
    settings_unref(s);
    if (all.count > 0)
        CHECK(found(&all, false, said));
    return all.count;
}

TEST(a_secret_that_others_can_read_is_pointed_out)
{
    char config[] = "/tmp/leadline-mode-XXXXXX", secret[] = "/tmp/leadline-mode-XXXXXX";
    int config_fd = mkstemp(config), secret_fd = mkstemp(secret);
    static const mode_t open[] = {0604, 0640, 0644}, closed[] = {0600, 0400, 0700};

    CHECK(write(secret_fd, "p\n", 2) == 2);
    dprintf(config_fd, "destinations: [{name: S, account_email: a@b, account_password_file: %s}]\n",
            secret);
    for (size_t i = 0; i < 3; i++) { /* the file that holds no secret itself may be read */
        CHECK_INT(chmod(secret, open[i]), 0);
        CHECK_INT(warnings_of(config, 0644, "account_password_file: others on this machine"), 1);
        CHECK_INT(chmod(secret, closed[i]), 0);
        CHECK_INT(warnings_of(config, 0644, ""), 0);
    }
    CHECK_INT(ftruncate(config_fd, 0) + (int)lseek(config_fd, 0, SEEK_SET), 0);
    dprintf(config_fd, "destinations: [{name: S, account_email: a@b, account_password: p}]\n");
    for (size_t i = 0; i < 3; i++) {
        CHECK_INT(warnings_of(config, open[i], "can read the passwords in it: chmod 600"), 1);
        CHECK_INT(warnings_of(config, closed[i], ""), 0);
    }
    close(config_fd);
    close(secret_fd);
    unlink(config);
    unlink(secret);
}

TEST(every_key_takes_its_values)
{
    struct err err = {0};
    struct settings *s =
        parse("{listen: '[::1]:0', admin_listen: 0.0.0.0:0, public_host: 'events.example.com:443', "
              "data_dir: /var/lib/leadline, log_level: debug, keep_receipts: 30d, "
              "max_connections: 5,\n"
              "destinations: [{name: A b-c.1, account_email: a@b, account_password: p, "
              "sandbox: Yes, version: 1, always_enabled: on, null_clears: TRUE, "
              "send_address_as_billing: no, several_matches: reject, converted_lead: create, "
              "assignment_rules: always, save_past_duplicate_alerts: true, linger: 250ms, "
              "max_concurrent_calls: 25, batch_size: 1, renew_every: 2h, remember_ids: 0s, "
              "reserve_calls: 5000, lead_fields: {plan: Plan__c, address.zip: PostalCode}, "
              "account_fields: {tier: Tier__c}, enabled: false}]}",
              &err);
    const struct destination_settings *d;

    CHECK(s != NULL);
    CHECK_STR(s->listen, "[::1]:0");
    CHECK_STR(s->data_dir, "/var/lib/leadline");
    CHECK_INT(s->log_level, LOG_DEBUG);
    CHECK_INT(s->max_connections, 5);
    d = &s->destinations[0];
    CHECK_STR(d->login_url, "https://test.salesforce.com");
    CHECK(d->sandbox && d->always_enabled && d->null_clears && d->save_past_duplicate_alerts);
    CHECK(!d->send_address_as_billing && !d->enabled);
    CHECK_INT(d->several_matches, SEVERAL_REJECT);
    CHECK_INT(d->converted_lead, CONVERTED_CREATE);
    CHECK_INT(d->assignment_rules, ASSIGN_ALWAYS);
    CHECK_INT(d->linger_ms, 250);
    CHECK_INT(d->renew_every_ms, 2 * 3600 * 1000);
    CHECK_INT(d->reserve_calls, 5000);
    CHECK_INT(d->lead_fields_count, 2);
    CHECK_STR(d->lead_fields[1].trait, "address.zip");
    CHECK_STR(d->account_fields[0].field, "Tier__c");
    settings_unref(s);
}

TEST(a_bad_value_is_named_with_line_key_and_what_was_expected)
{
    check_destination_refused("version: 3", "version: found \"3\", expected 1 or 2");
    check_destination_refused("version: [1]", "version: found a list, expected 1 or 2");
    check_destination_refused("sandbox: maybe", "sandbox: found \"maybe\", expected true or false");
    check_destination_refused("linger: 30", "linger: found \"30\", expected a duration from 0s to");
    check_destination_refused("linger: 2m", "linger: found \"2m\"");
    check_destination_refused("linger: -1s", "linger: found");
    check_destination_refused("linger: 99999999999999999999s", "linger: found");
    check_destination_refused("batch_size: 201", "batch_size: found \"201\", expected 1 to 200");
    check_destination_refused("batch_size: 99999999999999999999", "batch_size: found");
    check_destination_refused("several_matches: new",
                              "several_matches: found \"new\", expected newest, oldest or reject");
    check_destination_refused("retry_first: 11m", "retry_longest: is shorter than retry_first");
    check_destination_refused("lead_fields: {a: 1x}", "lead_fields.a: expected the API name");
    check_destination_refused("lead_fields: {a: Xy, b: xY}", "lead_fields.b: another trait");
    check_destination_refused("lead_fields: [a]", "lead_fields: found a list, expected a map");
    check_top_refused("keep_receipts: 6d", "keep_receipts: found \"6d\"");
    check_top_refused("log_level: loud", "log_level: found \"loud\", expected debug, info, warn");
    check_top_refused("max_connections: 0", "max_connections: found \"0\", expected 1 to 100000");
    check_top_refused("sources: website", "sources: found \"website\", expected a list");
    check_top_refused("sources: [website]", "sources[0]: expected keys with values");
    check_top_refused("- a", "expected keys with values");
}

TEST(addresses_to_listen_on_are_numeric_with_a_port)
{
    static const char *const bad[] = {
        "127.0.0.1", "8080",   "localhost:80", "127.0.0.1:x",    ":8080",     "127.0.0.1:65536",
        "[::1]",     "::1:80", "[::1:80",      "[127.0.0.1]:80", "127.0.0.1:"};

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char line[100];
        snprintf(line, sizeof line, "listen: '%s'", bad[i]);
        check_top_refused(line, "listen: found");
    }
    check_top_refused("{listen: 127.0.0.1:80, admin_listen: 127.0.0.1:80}",
                      "admin_listen: is the same as listen");
}

TEST(plain_http_is_taken_for_loopback_alone)
{
    static const char *const good[] = {"http://127.0.0.1:9090", "http://localhost",
                                       "http://[::1]:80", "https://example.my.salesforce.com",
                                       "http://127.8.8.8"};
    static const char *const bad[] = {"http://example.com",
                                      "http://localhost.example.com",
                                      "http://127.0.0.1.example.com",
                                      "http://10.0.0.1",
                                      "http://[::2]",
                                      "http://127.0.0.1@example.com"};
    static const char *const odd[] = {"example.com",
                                      "ftp://localhost",
                                      "https://",
                                      "https://login.salesforce.com/services/Soap/u/58.0",
                                      "https://me:secret@example.com",
                                      "https://example.com?x"};
    struct err err = {0};
    char line[200];

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct settings *s;
        snprintf(line, sizeof line, DEST_LINES "    login_url: %s\n", good[i]);
        s = parse(line, &err);
        CHECK(s != NULL);
        CHECK_STR(s->destinations[0].login_url, good[i]);
        settings_unref(s);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        snprintf(line, sizeof line, "login_url: %s", bad[i]);
        check_destination_refused(line, "login_url: found");
    }
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        snprintf(line, sizeof line, "login_url: '%s'", odd[i]);
        check_destination_refused(line, "login_url: found \"");
    }
}

TEST(an_unknown_key_is_refused_with_the_one_that_was_probably_meant)
{
    check_destination_refused("securty_token: x", "securty_token: unknown key; did you mean "
                                                  "security_token?");
    check_destination_refused("sendAddressAsBilling: true",
                              "sendAddressAsBilling: unknown key; did you mean "
                              "send_address_as_billing?");
    check_destination_refused("write_key: x", "write_key: unknown key here; it belongs into an "
                                              "element of sources");
    check_destination_refused("colour: red", "colour: unknown key; \"leadline help settings\"");
    check_top_refused("lisetn: 127.0.0.1:80", "lisetn: unknown key; did you mean listen?");
    check_top_refused("x: 1", "x: unknown key;");
}

TEST(what_is_required_is_missed_by_name)
{
    check_refused("sources:\n  - {name: a, destinations: []}\n",
                  "leadline.yml:2: sources[0].write_key: found nothing, expected up to 128");
    check_refused("destinations:\n  - name: a\n", "leadline.yml:2: destinations[0].account_email");
    check_refused("destinations:\n  - {name: a, account_email: x}\n",
                  "leadline.yml:2: destinations[0].account_password: found nothing, expected "
                  "account_password or account_password_file");
    check_refused("destinations:\n  - name:\n    account_email: x\n",
                  "destinations[0].name: found");
    check_refused("", "leadline.yml:1: found nothing, expected settings");
}

TEST(names_and_write_keys_stand_once_and_sources_name_known_destinations)
{
    check_refused(DEST_LINES "  - {name: salesforce, account_email: x, account_password: y}\n",
                  "leadline.yml:5: destinations[1].name: another destination has this name");
    check_refused(DEST_LINES "sources:\n  - {name: a, write_key: k, destinations: []}\n"
                             "  - {name: A, write_key: l, destinations: []}\n",
                  "leadline.yml:7: sources[1].name: another source has this name");
    check_refused(DEST_LINES "sources:\n  - {name: a, write_key: KEY1, destinations: []}\n"
                             "  - {name: b, write_key: KEY1, destinations: []}\n",
                  "leadline.yml:7: sources[1].write_key: source a has the same write key");
    check_refused(DEST_LINES "sources:\n  - name: a\n    write_key: k\n    destinations:\n"
                             "      - Salesforce\n      - Slaesforce\n",
                  "leadline.yml:10: sources[0].destinations[1]: found \"Slaesforce\"");
    check_refused(DEST_LINES "sources:\n  - {name: a, write_key: k, "
                             "destinations: [Salesforce, Salesforce]}\n",
                  "leadline.yml:6: sources[0].destinations: found \"Salesforce\"");
    check_refused(DEST_LINES "sources:\n  - {name: ../a, write_key: k, destinations: []}\n",
                  "sources[0].name: found \"../a\"");
}

TEST(no_message_shows_a_secret)
{
    static const char *const lines[] = {"account_password: [hunter2]",
                                        "security_token: \"hunter2\\n\"",
                                        "account_password_file: /dev/null",
                                        "security_token: {hunter2: x}",
                                        "security_token: hunter2\n  version: hunter2",
                                        "- hunter2: hunter2: hunter2"};
    struct err err = {0};

    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        char text[300];
        snprintf(text, sizeof text, "destinations:\n  - name: a\n    account_email: x\n    %s\n",
                 lines[i]);
        CHECK(parse(text, &err) == NULL);
        CHECK(strstr(err.text, "hunter2") == NULL);
    }
    check_refused("sources: [{name: a, write_key: 'se cret', destinations: []}]",
                  "sources[0].write_key: found something else, expected up to 128 visible");
}

TEST(a_password_may_stand_in_a_file_of_its_own)
{
    char dir[] = "/tmp/leadline-settings-XXXXXX", path[100], text[400];
    struct err err = {0};
    struct settings *s;
    FILE *f;

    CHECK(mkdtemp(dir) != NULL);
    snprintf(path, sizeof path, "%s/password", dir);
    f = fopen(path, "w");
    CHECK(f != NULL);
    fputs("p: #w \nsecond line\n", f);
    fclose(f);
    snprintf(text, sizeof text,
             "destinations: [{name: a, account_email: x, "
             "account_password_file: ./password}]");
    s = settings_parse(text, strlen(text), "x.yml", dir, &err);
    CHECK(s != NULL);
    CHECK_STR(s->destinations[0].account_password, "p: #w ");
    settings_unref(s);
    snprintf(text, sizeof text,
             "destinations: [{name: a, account_email: x, account_password: y, "
             "account_password_file: password}]");
    CHECK(settings_parse(text, strlen(text), "x.yml", dir, &err) == NULL);
    CHECK(strstr(err.text, "expected one of the two") != NULL);
    unlink(path);
    CHECK(settings_parse(text, strlen(text) - 40, "x.yml", dir, &err) == NULL);
    snprintf(text, sizeof text,
             "destinations: [{name: a, account_email: x, "
             "account_password_file: password}]");
    CHECK(settings_parse(text, strlen(text), "x.yml", dir, &err) == NULL);
    CHECK(strstr(err.text, "x.yml:1: destinations[0].account_password_file: cannot read") != NULL);
    rmdir(dir);
}

TEST(the_environment_fills_in_what_a_single_destination_leaves_out)
{
    static const char one[] = "destinations: [{name: a, account_email: x}]";
    static const char two[] = "destinations:\n  - {name: a, account_email: x}\n"
                              "  - {name: b, account_email: y, account_password: z}\n";
    struct err err = {0};
    struct settings *s;

    setenv("LEADLINE_ACCOUNT_PASSWORD", "from outside", 1);
    setenv("LEADLINE_SECURITY_TOKEN", "token outside", 1);
    s = parse(one, &err);
    CHECK(s != NULL);
    CHECK_STR(s->destinations[0].account_password, "from outside");
    CHECK_STR(s->destinations[0].security_token, "token outside");
    settings_unref(s);
    s = parse(DEST_LINES, &err);
    CHECK(s != NULL);
    CHECK_STR(s->destinations[0].account_password, "hunter2");
    settings_unref(s);
    CHECK(parse(two, &err) == NULL);
    unsetenv("LEADLINE_ACCOUNT_PASSWORD");
    unsetenv("LEADLINE_SECURITY_TOKEN");
}

TEST(yaml_that_says_one_thing_and_means_another_is_refused)
{
    check_refused("a: &x 1\nb: *x\n", "leadline.yml:1: anchors (&) and tags (!) are not read");
    check_refused("a: *x\n", "aliases (*) are not read");
    check_refused("<<: {a: 1}\n", "merge keys (<<) are not read");
    check_refused("listen: !!str 127.0.0.1:80\n", "anchors (&) and tags (!)");
    check_refused("a: 1\n---\nb: 2\n", "leadline.yml:2: a second document");
    check_refused("listen: 127.0.0.1:1\nlisten: 127.0.0.1:2\n",
                  "leadline.yml:2: listen: the key stands twice");
    check_refused("a: [\n", "not readable as YAML");
    check_refused("a: \xff\n", "not readable as YAML");
    check_refused("a: \"\\0\"\n", "a NUL character");
    check_refused("? [a]\n: b\n", "a key must be plain text");
    check_refused("[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]", "nested too deeply");
}

TEST(size_is_bounded)
{
    struct err err = {0};
    struct buf buf;

    buf_init(&buf, 2 * TREE_MAX_BYTES);
    buf_text(&buf, "sources: [");
    for (int i = 0; i < 3000; i++)
        buf_text(&buf, "a, ");
    buf_text(&buf, "]");
    check_refused(buf_peek(&buf), "too many values");
    for (int i = 0; i < 150000; i++)
        buf_text(&buf, "# filler");
    CHECK(parse(buf_peek(&buf), &err) == NULL);
    CHECK_STR(err.text, "leadline.yml:1: larger than 1048576 bytes");
    buf_done(&buf);
}

static struct settings *read_file(const char *path, struct err *err)
{
    struct settings_findings findings;

    return settings_examine(path, &findings, err);
}

TEST(a_file_that_cannot_be_read_is_named)
{
    struct err err = {0};

    CHECK(read_file("/nowhere/leadline.yml", &err) == NULL);
    CHECK_STR(err.text, "cannot read /nowhere/leadline.yml: No such file or directory");
    CHECK(read_file("/tmp", &err) == NULL);
    CHECK_STR(err.text, "cannot read /tmp: it is a directory");
}

TEST(a_file_is_read_and_its_folder_is_where_paths_begin)
{
    char dir[] = "/tmp/leadline-settings-XXXXXX", path[100], data[100];
    struct err err = {0};
    struct settings *s;
    FILE *f;

    CHECK(mkdtemp(dir) != NULL);
    snprintf(path, sizeof path, "%s/leadline.yml", dir);
    snprintf(data, sizeof data, "%s/events", dir);
    f = fopen(path, "w");
    CHECK(f != NULL);
    fputs("data_dir: events\n" DEST_LINES, f);
    fclose(f);
    s = read_file(path, &err);
    CHECK(s != NULL);
    CHECK_STR(s->data_dir, data);
    settings_unref(settings_ref(s));
    CHECK_STR(s->data_dir, data);
    settings_unref(s);
    unlink(path);
    rmdir(dir);
}

TEST(destinations_are_equal_until_any_key_differs)
{
    static const char *const changes[] = {"version: 1",          "account_password: other",
                                          "security_token: t",   "linger: 2s",
                                          "sandbox: on",         "several_matches: reject",
                                          "reserve_calls: 1",    "null_clears: true",
                                          "lead_fields: {a: A}", "login_url: https://example.com"};
    struct err err = {0};
    struct settings *s = parse(DEST_LINES, &err), *same = parse(DEST_LINES, &err);
    char text[400];

    CHECK(s != NULL && same != NULL);
    CHECK(settings_destination_equal(&s->destinations[0], &same->destinations[0]));
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        struct settings *other;
        snprintf(text, sizeof text,
                 "destinations:\n  - name: Salesforce\n    account_email: integration@example.com\n"
                 "    %s%s\n",
                 i == 1 ? "" : "account_password: hunter2\n    ", changes[i]);
        other = parse(text, &err);
        CHECK(other != NULL);
        CHECK(!settings_destination_equal(&s->destinations[0], &other->destinations[0]));
        settings_unref(other);
    }
    settings_unref(same);
    settings_unref(s);
}

TEST(running_out_of_memory_anywhere_is_an_error_and_leaks_nothing)
{
    static const char text[] =
        "sources: [{name: a, write_key: k, destinations: [Salesforce]}]\n" DEST_LINES
        "    lead_fields: {a: A, b: B}\n"
        "    login_url: https://example.com\n";
    struct err err = {0};

    for (size_t nth = 1; nth < 10000; nth++) {
        struct settings *s;
        mem_fail_at(nth);
        s = parse(text, &err);
        mem_fail_at(0);
        if (s != NULL) { /* in a build without the fault, at once */
            settings_unref(s);
            return;
        }
        CHECK_INT(err.kind, ERR_MEMORY);
    }
    fail();
}

TEST(the_sample_configuration_is_valid_and_says_the_defaults)
{
    struct err err = {0};
    struct settings *s = read_file(TEST_DATA "/../../etc/leadline.yml", &err);

    if (s == NULL)
        print_error("%s\n", err.text);
    CHECK(s != NULL);
    CHECK_INT(s->source_count, 1);
    check_defaults(&s->destinations[0]);
    settings_unref(s);
}

TEST(the_document_shows_the_table_as_it_is)
{
    static char document[256 * 1024];
    FILE *f = fopen(TEST_DATA "/../../docs/configuration.md", "r");
    const char *begin, *end;
    struct buf table;
    size_t len;

    CHECK(f != NULL);
    len = fread(document, 1, sizeof document - 1, f);
    document[len] = '\0';
    fclose(f);
    buf_init(&table, sizeof document);
    settings_print_reference(&table);
    begin = strstr(document, "<!-- printed by: leadline help settings -->\n\n");
    end = strstr(document, "\n<!-- end -->");
    CHECK(begin != NULL && end != NULL);
    begin = strchr(begin, '\n') + 2;
    if ((size_t)(end - begin) != table.len || memcmp(begin, buf_peek(&table), table.len) != 0)
        print_error("docs/configuration.md is out of date: "
                    "put the output of \"leadline help settings\" between its marks\n");
    CHECK_INT(end - begin, table.len);
    CHECK(memcmp(begin, buf_peek(&table), table.len) == 0);
    buf_done(&table);
}

TEST_MAIN(TEST_CASE(the_documented_example_is_read_whole),
          TEST_CASE(what_is_left_out_has_its_default),
          TEST_CASE(the_address_of_the_server_is_read_without_the_rest),
          TEST_CASE(every_mistake_is_named_at_once_by_its_line),
          TEST_CASE(past_fifty_findings_the_rest_is_counted),
          TEST_CASE(a_comment_that_may_cut_a_secret_is_pointed_out),
          TEST_CASE(a_byte_order_mark_is_passed_over),
          TEST_CASE(two_destinations_of_one_user_in_one_org_are_pointed_out),
          TEST_CASE(a_secret_that_others_can_read_is_pointed_out),
          TEST_CASE(every_key_takes_its_values),
          TEST_CASE(a_bad_value_is_named_with_line_key_and_what_was_expected),
          TEST_CASE(addresses_to_listen_on_are_numeric_with_a_port),
          TEST_CASE(plain_http_is_taken_for_loopback_alone),
          TEST_CASE(an_unknown_key_is_refused_with_the_one_that_was_probably_meant),
          TEST_CASE(what_is_required_is_missed_by_name),
          TEST_CASE(names_and_write_keys_stand_once_and_sources_name_known_destinations),
          TEST_CASE(no_message_shows_a_secret),
          TEST_CASE(a_password_may_stand_in_a_file_of_its_own),
          TEST_CASE(the_environment_fills_in_what_a_single_destination_leaves_out),
          TEST_CASE(yaml_that_says_one_thing_and_means_another_is_refused),
          TEST_CASE(size_is_bounded), TEST_CASE(a_file_that_cannot_be_read_is_named),
          TEST_CASE(a_file_is_read_and_its_folder_is_where_paths_begin),
          TEST_CASE(destinations_are_equal_until_any_key_differs),
          TEST_CASE(running_out_of_memory_anywhere_is_an_error_and_leaks_nothing),
          TEST_CASE(the_sample_configuration_is_valid_and_says_the_defaults),
          TEST_CASE(the_document_shows_the_table_as_it_is))
