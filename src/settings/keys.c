/* The table of keys, with suggestions for unknown ones and what each takes. */
#include "settings/keys.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

#define AT(of)          .member = offsetof(struct settings, of)
#define SOURCE_AT(of)   .member = offsetof(struct source_settings, of)
#define DEST_AT(of)     .member = offsetof(struct destination_settings, of)
#define DEST_COUNT(of)  .count_member = offsetof(struct destination_settings, of)
#define RANGE(low, top) .min = (low), .max = (top)

const struct settings_key settings_keys[] = {
    {SECTION_TOP, "listen", KEY_ADDRESS, AT(listen), .default_text = "127.0.0.1:8080",
     .help = "Where the tracking API listens. Port 0 takes a free one."},
    {SECTION_TOP, "admin_listen", KEY_ADDRESS, AT(admin_listen), .default_text = "127.0.0.1:8081",
     .help = "Where the status page, the status API and the metrics listen. It asks for no "
             "password: keep it on loopback, or behind a proxy that does."},
    {SECTION_TOP, "public_host", KEY_HOST, AT(public_host),
     .help = "The host by which browsers reach the tracking API, given to SDKs that ask for "
             "their settings. Left out: taken from their request."},
    {SECTION_TOP, "data_dir", KEY_PATH, AT(data_dir), .default_text = "./data",
     .help = "The folder for events, receipts and what is known of the orgs. Created if "
             "missing, for this user alone. Relative to the folder of the configuration file."},
    {SECTION_TOP, "secrets_key_file", KEY_PATH, AT(secrets_key_file),
     .help = "The file with the key that opens the secrets of data_dir (`leadline secrets`). Left "
             "out: the systemd credential `leadline.key`, or `LEADLINE_SECRETS_KEY` in the "
             "environment."},
    {SECTION_TOP, "log_level", KEY_CHOICE, AT(log_level), .default_text = "info",
     .choices = "debug|info|warn|error", .help = "The least important lines to log."},
    {SECTION_TOP, "keep_receipts", KEY_DURATION, AT(keep_receipts_ms), .default_text = "7d",
     RANGE(7 * DAY, 3650 * DAY),
     .help = "How long receipts of finished events are kept. For as long, a repeated messageId is "
             "not stored twice. Waiting events and dead letters are kept longer."},
    {SECTION_TOP, "keep_dead_letters", KEY_DURATION, AT(keep_dead_letters_ms),
     .default_text = "90d", RANGE(7 * DAY, 36500 * DAY),
     .help = "How long dead letters wait for a person. After that they are forgotten, with their "
             "events."},
    {SECTION_TOP, "keep_known_records", KEY_DURATION, AT(keep_known_ms), .default_text = "400d",
     RANGE(7 * DAY, 3650 * DAY),
     .help = "How long after the last write the time of a record's values is kept, so that an "
             "older event never overwrites a newer value. An event that is older than "
             "this is written with the note `older_than_known`. About 500 bytes a record."},
    {SECTION_TOP, "max_queue_events", KEY_COUNT, AT(max_queue_events), .default_text = "10000000",
     RANGE(1, INT64_C(1000000000000)),
     .help = "The most events that may wait to be delivered, each counted once per destination. "
             "Beyond that, new ones are answered 429."},
    {SECTION_TOP, "max_store_size", KEY_SIZE, AT(max_store_size), .default_text = "100GiB",
     RANGE(INT64_C(1) << 20, INT64_C(1) << 50),
     .help = "What the store may hold on disk: waiting events, dead letters, receipts, known "
             "records. Beyond that, new events are answered 429, and delivery continues."},
    {SECTION_TOP, "min_free_disk", KEY_SIZE, AT(min_free_disk), .default_text = "256MiB",
     RANGE(0, INT64_C(1) << 50),
     .help = "The space that stays free on the disk of data_dir. Below that, new events are "
             "answered 429, and delivery continues."},
    {SECTION_TOP, "max_connections", KEY_INT, AT(max_connections), .default_text = "1000",
     RANGE(1, 100000), .help = "Connections to the tracking API at the same time."},
    {SECTION_TOP, "trusted_proxies", KEY_INT, AT(trusted_proxies), .default_text = "0",
     RANGE(0, 10),
     .help = "How many of your proxies are in front of the tracking API. Each must add the address "
             "of its client to `X-Forwarded-For`; the client address is then counted from the end "
             "of that header. 0: the address of the connection."},
    {SECTION_TOP, "sources", KEY_SECTIONS, AT(sources), RANGE(0, 1000),
     .count_member = offsetof(struct settings, source_count), .elements = SECTION_SOURCE,
     .help = "Who may send events; see below."},
    {SECTION_TOP, "destinations", KEY_SECTIONS, AT(destinations), RANGE(0, 100),
     .count_member = offsetof(struct settings, destination_count), .elements = SECTION_DESTINATION,
     .help = "The Salesforce orgs; see below."},

    {SECTION_SOURCE, "name", KEY_NAME, SOURCE_AT(name), .required = true,
     .help = "The name in receipts and figures."},
    {SECTION_SOURCE, "write_key", KEY_WRITE_KEY, SOURCE_AT(write_key), .required = true,
     .help = "What SDKs send as their write key. No two sources may share one."},
    {SECTION_SOURCE, "enabled", KEY_BOOL, SOURCE_AT(enabled), .default_text = "true",
     .help = "false: its events are refused."},
    {SECTION_SOURCE, "destinations", KEY_NAMES, SOURCE_AT(destinations), .required = true,
     RANGE(0, 100), .count_member = offsetof(struct source_settings, destination_count),
     .help = "The names of the destinations its events are offered to."},
    {SECTION_SOURCE, "max_events_per_second", KEY_COUNT, SOURCE_AT(max_events_per_second),
     .default_text = "0", RANGE(0, 1000000),
     .help = "Events a second that are accepted from it; more are answered 429, and SDKs send them "
             "again later. 0: no limit. A key that browsers use should have one."},
    {SECTION_SOURCE, "max_bytes_per_day", KEY_COUNT, SOURCE_AT(max_bytes_per_day),
     .default_text = "0", RANGE(0, 1000000000000000),
     .help = "Bytes of events, decompressed, that are accepted from it in 24 hours. 0: no limit."},
    {SECTION_SOURCE, "max_events_per_second_per_address", KEY_COUNT,
     SOURCE_AT(max_events_per_second_per_address), .default_text = "0", RANGE(0, 1000000),
     .help = "The same as max_events_per_second for each client address. Behind a proxy set "
             "trusted_proxies, or all clients have the proxy's address."},
    {SECTION_SOURCE, "max_bytes_per_day_per_address", KEY_COUNT,
     SOURCE_AT(max_bytes_per_day_per_address), .default_text = "0", RANGE(0, 1000000000000000),
     .help = "The same as max_bytes_per_day for each client address."},

    {SECTION_DESTINATION, "name", KEY_NAME, DEST_AT(name), .required = true,
     .help = "The name in receipts and figures. Events wait for a destination under its name, so "
             "do not change it."},
    {SECTION_DESTINATION, "enabled", KEY_BOOL, DEST_AT(enabled), .default_text = "true",
     .help = "false: nothing is sent, and no new events are accepted for it."},
    {SECTION_DESTINATION, "login_url", KEY_URL, DEST_AT(login_url),
     .help = "Where to sign in, such as https://example.my.salesforce.com. Left out: "
             "https://login.salesforce.com, or https://test.salesforce.com with `sandbox`. Plain "
             "http is accepted for loopback only."},
    {SECTION_DESTINATION, "account_email", KEY_TEXT, DEST_AT(account_email), .required = true,
     RANGE(1, 255), .help = "The user name of the Salesforce user that Leadline works as."},
    {SECTION_DESTINATION, "account_password", KEY_SECRET, DEST_AT(account_password), RANGE(1, 255),
     .help = "Its password; {secret: NAME} takes the one that `leadline secrets set NAME` has "
             "sealed. With a single destination it may be given as "
             "`LEADLINE_ACCOUNT_PASSWORD` in the environment instead."},
    {SECTION_DESTINATION, "account_password_file", KEY_SECRET_FILE, DEST_AT(account_password),
     RANGE(1, 255), .help = "A file whose first line is the password, instead of it."},
    {SECTION_DESTINATION, "security_token", KEY_SECRET, DEST_AT(security_token), RANGE(0, 255),
     .help = "Its security token, or {secret: NAME}. With a single destination it may be given as "
             "`LEADLINE_SECURITY_TOKEN` in the environment instead. Not needed where the org "
             "trusts this machine's address."},
    {SECTION_DESTINATION, "sandbox", KEY_BOOL, DEST_AT(sandbox), .default_text = "false",
     .help = "The org is a sandbox."},
    {SECTION_DESTINATION, "version", KEY_INT, DEST_AT(version), .default_text = "2", RANGE(1, 2),
     .help = "1: identify only. 2: group too, as Accounts found by their AccountNumber."},
    {SECTION_DESTINATION, "always_enabled", KEY_BOOL, DEST_AT(always_enabled),
     .default_text = "false",
     .help = "true: events are taken even if they do not ask for Salesforce in `integrations`. "
             "Those that say no are still left out."},
    {SECTION_DESTINATION, "send_address_as_billing", KEY_BOOL, DEST_AT(send_address_as_billing),
     .default_text = "true", .help = "An Account's address is its billing address."},
    {SECTION_DESTINATION, "send_address_as_shipping", KEY_BOOL, DEST_AT(send_address_as_shipping),
     .default_text = "false", .help = "An Account's address is its shipping address."},
    {SECTION_DESTINATION, "custom_lead_lookup_fields", KEY_ROWS, DEST_AT(lead_lookup), RANGE(0, 8),
     DEST_COUNT(lead_lookup_count),
     .help = "What makes two events the same Lead: all of these, instead of Email. "
             "For example {email: Email, plan: Plan__c}."},
    {SECTION_DESTINATION, "lead_fields", KEY_ROWS, DEST_AT(lead_fields), RANGE(0, 500),
     DEST_COUNT(lead_fields_count),
     .help = "Further traits of identify and the Lead field each one is written to. Opens fields "
             "that no trait reaches by its name, such as Status."},
    {SECTION_DESTINATION, "account_fields", KEY_ROWS, DEST_AT(account_fields), RANGE(0, 500),
     DEST_COUNT(account_fields_count), .help = "The same for traits of group and the Account."},
    {SECTION_DESTINATION, "null_clears", KEY_BOOL, DEST_AT(null_clears), .default_text = "false",
     .help = "true: a trait that is null empties its field. false: it is left out."},
    {SECTION_DESTINATION, "several_matches", KEY_CHOICE, DEST_AT(several_matches),
     .default_text = "newest", .choices = "newest|oldest|reject",
     .help = "Which one to write when several unconverted Leads match: the one changed last, the "
             "one changed first, or none (a dead letter)."},
    {SECTION_DESTINATION, "converted_lead", KEY_CHOICE, DEST_AT(converted_lead),
     .default_text = "contact", .choices = "contact|create|reject",
     .help = "What to do when only a converted Lead matches: update its Contact, create a new "
             "Lead, or nothing (a dead letter)."},
    {SECTION_DESTINATION, "assignment_rules", KEY_CHOICE, DEST_AT(assignment_rules),
     .default_text = "on_create", .choices = "on_create|never|always",
     .help = "When the org's active assignment rule chooses the owner of a Lead."},
    {SECTION_DESTINATION, "save_past_duplicate_alerts", KEY_BOOL,
     DEST_AT(save_past_duplicate_alerts), .default_text = "false",
     .help = "true: save although a duplicate rule that allows it raises an alert. false: the "
             "record it names is updated."},
    {SECTION_DESTINATION, "linger", KEY_DURATION, DEST_AT(linger_ms), .default_text = "1s",
     RANGE(0, MINUTE),
     .help = "How long the first record of a batch waits for more. Longer means fewer API calls."},
    {SECTION_DESTINATION, "batch_size", KEY_INT, DEST_AT(batch_size), .default_text = "200",
     RANGE(1, 200), .help = "Records in one call. 200 is the most Salesforce takes."},
    {SECTION_DESTINATION, "max_concurrent_calls", KEY_INT, DEST_AT(max_concurrent_calls),
     .default_text = "4", RANGE(1, 25), .help = "Calls at the same time."},
    {SECTION_DESTINATION, "reserve_calls", KEY_COUNT, DEST_AT(reserve_calls), .default_text = "0",
     RANGE(0, 100000000),
     .help = "API calls of the org's 24-hour allowance that are left for others."},
    {SECTION_DESTINATION, "call_timeout", KEY_DURATION, DEST_AT(call_timeout_ms),
     .default_text = "2m", RANGE(100, 20 * MINUTE), .help = "How long one call may take."},
    {SECTION_DESTINATION, "unknown_outcome_wait", KEY_DURATION, DEST_AT(unknown_outcome_wait_ms),
     .default_text = "10m", RANGE(0, HOUR),
     .help = "After a create whose answer was lost, its record is looked up repeatedly; it is "
             "created again only when it has not appeared for this long. 10 minutes is the longest "
             "that Salesforce works on a call."},
    {SECTION_DESTINATION, "retry_first", KEY_DURATION, DEST_AT(retry_first_ms),
     .default_text = "1s", RANGE(10, HOUR), .help = "The longest wait before the first retry."},
    {SECTION_DESTINATION, "retry_longest", KEY_DURATION, DEST_AT(retry_longest_ms),
     .default_text = "10m", RANGE(10, DAY), .help = "The longest wait before any retry."},
    {SECTION_DESTINATION, "refused_window", KEY_DURATION, DEST_AT(refused_window_ms),
     .default_text = "1h", RANGE(10, DAY),
     .help = "The time in which a person (or company) whose record Salesforce refuses may cause at "
             "most 48 refused or partial writes. Then its events wait until that time has passed "
             "and are written together. A person's retry of its dead letters is done at once."},
    {SECTION_DESTINATION, "renew_every", KEY_DURATION, DEST_AT(renew_every_ms),
     .default_text = "30m", RANGE(SECOND, 12 * HOUR),
     .help = "How often the session is renewed and the objects are described again."},
    {SECTION_DESTINATION, "remember_ids", KEY_DURATION, DEST_AT(remember_ids_ms),
     .default_text = "15m", RANGE(0, DAY),
     .help = "How long the record of a person is remembered without looking it up again."},
};
const size_t settings_key_count = sizeof settings_keys / sizeof settings_keys[0];

static const struct {
    const char *title;
    size_t size;
} sections[SECTIONS] = {
    [SECTION_TOP] = {"settings", sizeof(struct settings)},
    [SECTION_SOURCE] = {"sources", sizeof(struct source_settings)},
    [SECTION_DESTINATION] = {"destinations", sizeof(struct destination_settings)},
};

size_t section_size(enum section section)
{
    return sections[section].size;
}

const char *section_title(enum section section)
{
    return sections[section].title;
}

const struct settings_key *settings_key(enum section section, const char *name)
{
    for (size_t i = 0; i < settings_key_count; i++)
        if (settings_keys[i].section == section && strcmp(settings_keys[i].name, name) == 0)
            return &settings_keys[i];
    return NULL;
}

#define LIKE_MAX 40 /* letters compared; every key is shorter */

/* The letters and digits of name in lower case: accountEmail and account-email are
   account_email to a reader.  False when it is longer than any key. */
static bool plain_letters(const char *name, char ret[LIKE_MAX + 1])
{
    size_t n = 0;

    for (; *name != '\0'; name++) {
        char c = *name >= 'A' && *name <= 'Z' ? (char)(*name - 'A' + 'a') : *name;
        if (c == '_' || c == '-' || c == ' ')
            continue;
        if (n == LIKE_MAX)
            return false;
        ret[n++] = c;
    }
    ret[n] = '\0';
    return true;
}

/* Letters to add, drop or change, or to swap with their neighbour, to make b of a. */
static size_t distance(const char *a, const char *b)
{
    size_t rows[3][LIKE_MAX + 1], *before = rows[0], *last = rows[1], *now = rows[2], *spare;
    size_t na = strlen(a), nb = strlen(b);

    for (size_t j = 0; j <= nb; j++)
        last[j] = j;
    for (size_t i = 1; i <= na; i++) {
        now[0] = i;
        for (size_t j = 1; j <= nb; j++) {
            size_t best = last[j - 1] + (a[i - 1] != b[j - 1]);
            if (last[j] + 1 < best)
                best = last[j] + 1;
            if (now[j - 1] + 1 < best)
                best = now[j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            now[j] = best;
        }
        spare = before;
        before = last;
        last = now;
        now = spare;
    }
    return last[nb];
}

const struct settings_key *settings_key_like(enum section section, const char *name)
{
    const struct settings_key *like = NULL;
    char wanted[LIKE_MAX + 1], offered[LIKE_MAX + 1];
    size_t nearest = 3; /* two typing errors at most */

    if (!plain_letters(name, wanted))
        return NULL;
    for (size_t i = 0; i < settings_key_count; i++) {
        size_t slips;
        if (settings_keys[i].section != section || !plain_letters(settings_keys[i].name, offered))
            continue;
        slips = distance(wanted, offered);
        if (slips < nearest && slips < strlen(wanted)) {
            nearest = slips;
            like = &settings_keys[i];
        }
    }
    return like;
}

/* 1800000 as "30m": the largest unit that divides it. */
static void duration_text(int64_t ms, char *ret, size_t size)
{
    static const struct {
        const char *unit;
        int64_t ms;
    } units[] = {{"d", DAY}, {"h", HOUR}, {"m", MINUTE}, {"s", SECOND}, {"ms", 1}};
    size_t i = 0;

    while (ms % units[i].ms != 0 || (ms == 0 && units[i].ms != SECOND))
        i++;
    snprintf(ret, size, "%lld%s", (long long)(ms / units[i].ms), units[i].unit);
}

static void expects_choice(const char *choices, struct buf *out)
{
    const char *bar;

    for (; (bar = strchr(choices, '|')) != NULL; choices = bar + 1) {
        buf_put(out, choices, (size_t)(bar - choices));
        buf_text(out, strchr(bar + 1, '|') != NULL ? ", " : " or ");
    }
    buf_text(out, choices);
}

static void expects_duration(const struct settings_key *key, struct buf *out)
{
    char low[32], top[32];

    duration_text(key->min, low, sizeof low);
    duration_text(key->max, top, sizeof top);
    buf_format(out, "a duration from %s to %s, such as 250ms, 1s, 30m, 2h or 7d", low, top);
}

static void expects_number(const struct settings_key *key, struct buf *out)
{
    bool pair = key->max == key->min + 1;

    buf_format(out, "%lld %s %lld", (long long)key->min, pair ? "or" : "to", (long long)key->max);
}

void settings_key_expects(const struct settings_key *key, struct buf *out)
{
    static const char *const texts[] = {
        [KEY_TEXT] = "text on one line",
        [KEY_SECRET] = "text on one line, or {secret: NAME}",
        [KEY_SECRET_FILE] = "a path",
        [KEY_NAME] = "up to 64 letters, digits, spaces and . _ -, the first a letter or digit",
        [KEY_WRITE_KEY] = "up to 128 visible ASCII characters, without a colon",
        [KEY_PATH] = "a path",
        [KEY_ADDRESS] = "ADDRESS:PORT, such as 127.0.0.1:8080 or [::1]:8080",
        [KEY_HOST] = "host or host:port",
        [KEY_URL] = "https://HOST[:PORT] without a path; http:// for loopback hosts only",
        [KEY_BOOL] = "true or false",
        [KEY_NAMES] = "a list of names of destinations, each once",
        [KEY_ROWS] = "a map of trait: Field",
        [KEY_SECTIONS] = "a list",
    };

    if (key->kind == KEY_CHOICE)
        expects_choice(key->choices, out);
    else if (key->kind == KEY_SIZE)
        buf_text(out, "a size, such as 0, 500MiB, 20GiB or 1TiB");
    else if (key->kind == KEY_DURATION)
        expects_duration(key, out);
    else if (key->kind == KEY_INT || key->kind == KEY_COUNT)
        expects_number(key, out);
    else
        buf_text(out, texts[key->kind]);
    if (key->kind == KEY_ROWS)
        buf_format(out, ", at most %lld", (long long)key->max);
}
