/* leadline check: signs in to each destination and reports what is missing in the org. */
#include <stdio.h>
#include <string.h>

#include "mapping/bindings.h"
#include "programs/leadline/commands.h"
#include "programs/leadline/config.h"
#include "programs/leadline/findings.h"
#include "programs/leadline/options.h"
#include "programs/leadline/print.h"

#define MAX_ANSWER_BYTES (64 * 1024 * 1024)

static const struct options_wanted wanted = {
    .usage = "usage: leadline check [--config FILE] [--json]\n"
             "\n"
             "Reads the configuration, signs in to each enabled destination, asks what its\n"
             "objects look like, and says what is missing: permissions, fields, API calls.\n"
             "Writes nothing anywhere.  Takes a sign-in and one call an object.  Status 1 when\n"
             "something is missing.\n"
             "\n"
             "  --config FILE  what to check (" OPTIONS_DEFAULT_CONFIG ")\n"
             "  --json         the findings, as JSON\n",
    .json = true,
};

static void add_fault(struct findings *findings, const char *what, const struct org_fault *fault)
{
    finding_add(findings, FINDING_ERROR, what, fault->advice, "%s: %s: %s", what, fault->code,
                fault->message);
}

/* One call for each object, so that one that this user may not see does not hide the others. */
static void check_object(struct findings *findings, const struct destination_settings *to,
                         struct org_connection *connection, const char *name)
{
    struct schema *schema = NULL;
    struct org_fault fault = {0};

    if (org_describe(connection, &name, 1, &schema, &fault) < 0 && fault.class == ORG_STALE_SCHEMA)
        findings_hidden(findings, to, name);
    else if (fault.class != ORG_OK)
        add_fault(findings, name, &fault);
    else if (schema_object(schema, name) == NULL)
        finding_add(findings, FINDING_ERROR, name, NULL, "%s: the org does not describe it", name);
    else
        findings_object(findings, to, schema_object(schema, name));
    schema_unref(schema);
}

static void check_line(struct findings *findings, const struct destination_settings *to,
                       struct org *org, struct org_connection *connection)
{
    const struct bound_objects objects = bindings_objects(to);
    struct org_fault fault = {0};
    struct org_counts counts;

    if (org_sign_in(connection, &fault) < 0) {
        add_fault(findings, "sign in", &fault);
        return;
    }
    org_read_counts(org, &counts);
    finding_add(findings, FINDING_OK, "sign in", NULL, "signed in to %s%s%s%s",
                counts.organization[0] != '\0' ? counts.organization : to->login_url,
                counts.org_id[0] != '\0' ? " (" : "", counts.org_id,
                counts.org_id[0] != '\0' ? ")" : "");
    for (size_t i = 0; i < objects.count; i++)
        check_object(findings, to, connection, objects.list[i].object);
    org_read_counts(org, &counts);
    findings_limit(findings, to, &counts);
}

static void check_destination(struct findings *findings, const struct destination_settings *to)
{
    struct org_config config = {
        .login_url = to->login_url,
        .username = to->account_email,
        .password = to->account_password,
        .security_token = to->security_token,
        .client_name = "Leadline/" LEADLINE_VERSION,
        .call_timeout_ms = to->call_timeout_ms,
        .renew_every_ms = to->renew_every_ms,
        .max_answer_bytes = MAX_ANSWER_BYTES,
    };
    struct err err = {0};
    struct org *org = org_new(&config, &err);
    struct org_connection *connection = org != NULL ? org_connection_open(org, &err) : NULL;

    if (connection != NULL)
        check_line(findings, to, org, connection);
    else
        finding_add(findings, FINDING_ERROR, "connection", NULL, "%s", err.text);
    org_connection_close(connection);
    org_free(org);
}

static void print_findings(const struct destination_settings *to, const struct findings *findings)
{
    size_t i;
    json_t *finding;

    printf("%s (%s as %s)\n", to->name, to->login_url, to->account_email);
    json_array_foreach(findings->list, i, finding) {
        const char *advice = json_string_value(json_object_get(finding, "advice"));
        print_line(json_string_value(json_object_get(finding, "level")),
                   json_string_value(json_object_get(finding, "message")));
        if (advice != NULL && advice[0] != '\0')
            print_line("", advice);
    }
    putchar('\n');
}

/* Adds what was found to all; true when no error was found. */
static bool check_one(const struct destination_settings *to, bool json, json_t *all)
{
    struct findings findings = {.list = json_array()};

    check_destination(&findings, to);
    if (!json)
        print_findings(to, &findings);
    json_array_append_new(all,
                          json_pack("{s:s, s:s, s:b, s:I, s:o}", "name", to->name, "login_url",
                                    to->login_url, "ok", (int)(findings.errors == 0), "warnings",
                                    (json_int_t)findings.warnings, "findings", findings.list));
    return findings.errors == 0;
}

static bool check_all(const struct settings *settings, bool json)
{
    json_t *all = json_array(), *result;
    bool ok = true;

    for (size_t i = 0; i < settings->destination_count; i++)
        if (settings->destinations[i].enabled && !check_one(&settings->destinations[i], json, all))
            ok = false;
    if (json_array_size(all) == 0)
        fputs("leadline check: the configuration has no enabled destination\n", stderr);
    result = json_pack("{s:b, s:o}", "ok", (int)ok, "destinations", all);
    if (json)
        print_json(result);
    else
        puts(ok ? "Everything needed is there." : "Something needed is missing.");
    json_decref(result);
    return ok;
}

int cmd_check(int argc, char **argv)
{
    struct options options;
    struct settings *settings;
    bool ok;
    int rc = options_read(argc, argv, &wanted, &options);

    if (rc >= 0)
        return rc;
    settings = config_read("check", options.config, true);
    if (settings == NULL)
        return 1;
    ok = check_all(settings, options.json);
    settings_unref(settings);
    return ok ? 0 : 1;
}
