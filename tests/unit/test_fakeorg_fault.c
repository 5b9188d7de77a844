#include "fakeorg_answers.h"

#include "fakeorg/faults/fault.h"
#include "fakeorg/faults/latency.h"
#include "fakeorg/http/views.h"

static void inject(struct org_under_test *org, const char *spec)
{
    struct err err = {0};

    if (faults_add(&org->service->faults, &spec, 1, &err) < 0)
        fail_msg("%s", err.text);
}

static void set(struct org_under_test *org, const char *text)
{
    struct err err = {0};

    CHECK_INT(quirks_set(&org->service->quirks, text, &err), 0);
}

static size_t count_of(const char *text, const char *piece)
{
    size_t count = 0;

    while ((text = strstr(text, piece)) != NULL) {
        count++;
        text += strlen(piece);
    }
    return count;
}

#define PERSON(email) LEAD(DOE "<s:Email>" email "</s:Email>")

TEST(a_bad_spec_is_refused_with_what_was_expected)
{
    static const char *const specs[][2] = {
        {"create", "expected operation:kind"},
        {":http-503", "expected operation:kind"},
        {"reate:http-503", "there is no operation reate"},
        {"create:htp", "there is no kind htp"},
        {"create:", "there is no kind "},
        {"create:BAD_CODE", "there is no such code"},
        {"create:REQUEST_LIMIT_EXCEEDED=never", "there is no such code"},
        {"create:STRING_TOO_LONG,as=fault", "as= does not fit STRING_TOO_LONG"},
        {"create:ids=thrice", "quirk ids: expected one of twice, once"},
        {"create:http-503,nth", "expected key=value"},
        {"create:http-503,nth=x", "expected a number"},
        {"create:http-503,nth=99999999999999999999", "expected a number"},
        {"create:http-503,chance=2", "chance: expected 0 to 1"},
        {"create:http-503,after=2", "after: expected 250ms or 2s"},
        {"create:http-503,after=3601s", "after: expected 250ms or 2s"},
        {"create:http-503,when=Email", "when: expected Field=value"},
        {"create:http-503,saved=maybe", "saved: expected yes or no"},
        {"create:http-503,color=red", "there is no key color"},
        {"create:cut-before-reading", "neither operation nor records are known yet"},
        {"*:cut-before-reading,when=Email~a", "neither operation nor records are known yet"},
    };

    for (size_t i = 0; i < sizeof specs / sizeof specs[0]; i++) {
        struct fault_rule rule;
        struct err err = {0};
        CHECK_INT(fault_rule_read(specs[i][0], &rule, &err), -1);
        CHECK_INT(err.kind, ERR_INVALID);
        if (!holds(err.text, specs[i][1]))
            fail_msg("%s: %s", specs[i][0], err.text);
    }
}

TEST(several_specs_are_added_all_or_none)
{
    const char *const specs[] = {"create:http-503", "nonsense"};
    static struct faults faults;
    struct err err = {0};

    CHECK_INT(faults_add(&faults, specs, 2, &err), -1);
    CHECK_INT(faults.count, 0);
    CHECK_INT(faults_add(&faults, specs, 1, &err), 0);
    CHECK_INT(faults.count, 1);
    faults_clear(&faults);
}

TEST(a_fault_is_injected_into_the_nth_call_every_n_and_so_many_times)
{
    static const struct {
        const char *spec, *hits;
    } cases[] = {
        {"create:SERVER_UNAVAILABLE", "xxxxxx"},
        {"create/update:SERVER_UNAVAILABLE", "xxxxxx"},
        {"*:SERVER_UNAVAILABLE", "xxxxxx"},
        {"update:SERVER_UNAVAILABLE", "......"},
        {"create:SERVER_UNAVAILABLE,nth=3", "..x..."},
        {"create:SERVER_UNAVAILABLE,every=2", ".x.x.x"},
        {"create:SERVER_UNAVAILABLE,every=2,times=1", ".x...."},
        {"create:SERVER_UNAVAILABLE,times=2", "xx...."},
        {"create:SERVER_UNAVAILABLE,chance=0", "......"},
        {"create:SERVER_UNAVAILABLE,chance=1", "xxxxxx"},
        {"create:SERVER_UNAVAILABLE,when=Email~EXAMPLE", "xxxxxx"},
        {"create:SERVER_UNAVAILABLE,when=Email=a@x.example,nth=2", ".x...."},
        {"create:SERVER_UNAVAILABLE,when=Email=example", "......"},
        {"create:SERVER_UNAVAILABLE,when=email=A@X.Example", "xxxxxx"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct org_under_test org;
        char hits[7] = "";
        org_begin(&org);
        inject(&org, cases[i].spec);
        for (size_t k = 0; k < 6; k++) {
            org_create(&org, PERSON("a@x.example"));
            hits[k] = org.status == 500 ? 'x' : '.';
        }
        if (strcmp(hits, cases[i].hits) != 0)
            fail_msg("%s: %s", cases[i].spec, hits);
        CHECK_INT(orgdata_object(org.service->org, "Lead")->record_count, 6 - count_of(hits, "x"));
        org_end(&org);
    }
}

TEST(the_seed_is_1_where_none_is_given)
{
    struct fault_rule rule;
    struct err err = {0};

    CHECK_INT(fault_rule_read("create:http-503,chance=0.5", &rule, &err), 0);
    CHECK_INT(rule.random, 1);
    fault_rule_done(&rule);
}

TEST(the_same_seed_picks_the_same_calls)
{
    char hits[3][101] = {"", "", ""};

    for (size_t i = 0; i < 3; i++) {
        struct org_under_test org;
        org_begin(&org);
        inject(&org, i < 2 ? "create:SERVER_UNAVAILABLE,chance=0.3,seed=7"
                           : "create:SERVER_UNAVAILABLE,chance=0.3,seed=8");
        for (size_t k = 0; k < 100; k++)
            hits[i][k] = holds(org_create(&org, PERSON("a@x.example")), "Fault") ? 'x' : '.';
        org_end(&org);
    }
    CHECK_STR(hits[0], hits[1]);
    CHECK(strcmp(hits[0], hits[2]) != 0);
    CHECK(count_of(hits[0], "x") > 15 && count_of(hits[0], "x") < 45);
}

TEST(a_record_error_hits_matching_records_only)
{
    struct org_under_test org;

    org_begin(&org);
    inject(&org, "create:UNABLE_TO_LOCK_ROW,when=Email~@bad.example,times=1");
    const char *body = PERSON("a@good.example") PERSON("b@bad.example") PERSON("c@good.example");
    const char *answer = org_create(&org, body);
    CHECK_INT(count_of(answer, "<success>true"), 2);
    CHECK_INT(count_of(answer, "<statusCode>UNABLE_TO_LOCK_ROW"), 1);
    CHECK(strstr(answer, "<success>true") < strstr(answer, "UNABLE_TO_LOCK_ROW"));
    CHECK_INT(count_of(org_create(&org, body), "<success>true"), 3);
    org_end(&org);
}

TEST(a_fault_matches_an_update_by_the_orgs_values_where_it_sends_none)
{
    struct org_under_test org;
    char update[256];

    org_begin(&org);
    snprintf(update, sizeof update,
             "<p:sObjects><s:type>Lead</s:type><s:Id>%s</s:Id><s:City>Bern</s:City></p:sObjects>",
             text_in(org_create(&org, PERSON("b@bad.example")), "id"));
    inject(&org, "update:http-503,when=Nobody__c=x");
    inject(&org, "update:ENTITY_IS_LOCKED,when=Email~@bad.example");
    CHECK(holds(org_update(&org, update), "ENTITY_IS_LOCKED"));
    inject(&org, "update:STRING_TOO_LONG,when=City=Bern,field=Street,text=Street, too, long");
    const char *answer = org_update(&org, update);
    CHECK_INT(count_of(answer, "<errors>"), 2);
    CHECK(holds(answer, "<fields>Street</fields><message>Street, too, long</message>"));
    org_end(&org);
}

TEST(a_code_of_both_kinds_is_what_the_call_and_the_spec_make_of_it)
{
    static const struct {
        const char *spec;
        unsigned status;
    } cases[] = {
        {"create:UNABLE_TO_LOCK_ROW", 200},
        {"create:UNABLE_TO_LOCK_ROW,as=fault", 500},
        {"create:UNKNOWN_EXCEPTION", 500},
        {"create:UNKNOWN_EXCEPTION,as=record", 200},
        {"create:UNKNOWN_EXCEPTION,when=Email~a", 200},
        {"create:FROM_A_LATER_RELEASE,as=record", 200},
        {"create:FROM_A_LATER_RELEASE,as=fault", 500},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct org_under_test org;
        org_begin(&org);
        inject(&org, cases[i].spec);
        /* The schema's lists do not cover later releases. */
        const char *kept = keep_answers_in;
        keep_answers_in = holds(cases[i].spec, "LATER") ? NULL : kept;
        const char *answer = org_create(&org, PERSON("a@x.example"));
        keep_answers_in = kept;
        if (org.status != cases[i].status || holds(answer, "<success>true"))
            fail_msg("%s: %u %s", cases[i].spec, org.status, answer);
        org_end(&org);
    }
}

TEST(every_code_comes_with_its_text_and_its_element)
{
    struct org_under_test org;

    org_begin(&org);
    for (size_t i = 0; i < api_error_codes_count; i++) {
        const struct api_error_code *row = &api_error_codes[i];
        bool of_login = row->kind == API_ERROR_LOGIN;
        char spec[200];
        snprintf(spec, sizeof spec, "*:%s%s%s,as=%s", row->code, row->variant == NULL ? "" : "=",
                 row->variant == NULL ? "" : row->variant,
                 row->scope == OF_CALLS ? "fault" : "record");
        inject(&org, spec);
        const char *answer = of_login ? org_call(&org, "64.0", "<p:login/>")
                                      : org_create(&org, PERSON("a@x.example"));
        const char *code = row->scope == OF_RECORDS        ? text_in(answer, "statusCode")
                           : row->kind == API_ERROR_CLIENT ? "CLIENT"
                                                           : text_in(answer, "sf:exceptionCode");
        if (strcmp(code, row->code) != 0)
            fail_msg("%s: %s", spec, answer);
        faults_clear(&org.service->faults);
    }
    org_end(&org);
}

TEST(faults_say_how_often_they_looked_and_were_injected)
{
    struct org_under_test org;
    struct buf out;

    org_begin(&org);
    buf_init(&out, 10000);
    inject(&org, "create:SERVER_UNAVAILABLE,every=2,times=1");
    for (int i = 0; i < 3; i++)
        org_create(&org, PERSON("a@x.example"));
    faults_show(&org.service->faults, &out);
    CHECK_STR(buf_peek(&out),
              "[{\"fault\":\"create:SERVER_UNAVAILABLE,every=2,times=1\",\"calls\":3,"
              "\"injected\":1,\"struck\":1,\"over\":true}]");
    buf_done(&out);
    org_end(&org);
}

TEST(a_hundred_faults_can_be_on_and_no_more)
{
    static struct faults faults;
    const char *specs[101];
    struct err err = {0};

    for (size_t i = 0; i < 101; i++)
        specs[i] = "create:http-503";
    CHECK_INT(faults_add(&faults, specs, 101, &err), -1);
    CHECK_STR(err.text, "more than 100 faults");
    CHECK_INT(faults.count, 0);
    CHECK_INT(faults_add(&faults, specs, 100, &err), 0);
    CHECK_INT(faults_add(&faults, specs, 1, &err), -1);
    CHECK_INT(faults.count, 100);
    faults_clear(&faults);
}

/* What a fault shows after its spec, after that many creates. */
static void check_shown(const char *spec, int creates, const char *shown)
{
    struct org_under_test org;
    struct buf out;

    org_begin(&org);
    buf_init(&out, 10000);
    inject(&org, spec);
    for (int i = 0; i < creates; i++)
        org_create(&org, PERSON("a@x.example") PERSON("b@x.example"));
    faults_show(&org.service->faults, &out);
    if (!holds(buf_peek(&out), shown))
        fail_msg("%s: %s", spec, buf_peek(&out));
    buf_done(&out);
    org_end(&org);
}

TEST(a_fault_is_over_after_its_last_call_and_counts_only_what_went_wrong)
{
    check_shown("create:http-503,nth=2", 1,
                "\"calls\":1,\"injected\":0,\"struck\":0,\"over\":false");
    check_shown("create:http-503,nth=2", 2,
                "\"calls\":2,\"injected\":1,\"struck\":1,\"over\":true");
    check_shown("create:http-503,times=2", 1, "\"injected\":1,\"struck\":1,\"over\":false");
    check_shown("create:http-503,times=2", 3, "\"injected\":2,\"struck\":2,\"over\":true");
    check_shown("create:UNABLE_TO_LOCK_ROW,chance=0,times=1", 2,
                "\"calls\":2,\"injected\":0,\"struck\":0,\"over\":false");
    check_shown("create:UNABLE_TO_LOCK_ROW,as=record", 2, "\"calls\":2,\"injected\":2,");
    check_shown("create:UNABLE_TO_LOCK_ROW,as=record,when=Email=c@x.example,nth=1", 2,
                "\"calls\":0,\"injected\":0,\"struck\":0,\"over\":false");
    check_shown("update:http-503", 2, "\"calls\":0,\"injected\":0,");
}

TEST(a_spec_says_whether_the_call_is_done_and_when_its_answer_comes)
{
    static const struct {
        const char *spec;
        int rc;
        bool done;
        int64_t after_ms;
    } cases[] = {
        {"create:cut-after-save", 0, true, 0},
        {"create:cut-after-save,saved=no", -1, false, 0},
        {"create:cut-before-save", -1, false, 0},
        {"create:http-503", -1, false, 0},
        {"create:http-503,saved=yes,after=2s", 0, true, 2000},
        {"create:late-answer", 0, true, 5000},
        {"create:late-answer,after=250ms", 0, true, 250},
        {"create:late-answer,after=0s", 0, true, 0},
        {"create:late-commit", 0, true, 2000},
        {"create:ids=once,after=3600s", 0, false, 3600000},
        {"update:late-answer", 0, false, 0},
        {"*:cut-before-reading", 0, false, 0},
    };
    static struct faults faults;
    const struct request_view request = {.operation = OPERATION_CREATE};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct quirks quirks;
        struct api_error error = {0};
        struct fault fault = {0};
        struct err err = {0};
        quirks_init(&quirks);
        CHECK_INT(faults_add(&faults, &cases[i].spec, 1, &err), 0);
        const struct fault_target target = {
            .request = &request, .quirks = &quirks, .error = &error};
        int rc = faults_inject(&faults, &target, &fault);
        if (rc != cases[i].rc || fault.done != cases[i].done || fault.after_ms != cases[i].after_ms)
            fail_msg("%s: %d %d %lld", cases[i].spec, rc, fault.done, (long long)fault.after_ms);
        faults_clear(&faults);
    }
}

/* A code of records only does nothing to a call that saves none; a code of both refuses it. */
TEST(a_call_that_saves_nothing_has_no_record_errors)
{
    static const char *const specs[] = {"*:STRING_TOO_LONG", "*:UNABLE_TO_LOCK_ROW", "*:http-503"};
    static struct faults faults;
    const struct request_view request = {.operation = OPERATION_QUERY};
    struct api_error error = {0};
    struct fault fault = {0};
    struct err err = {0};
    struct arena arena;

    arena_init(&arena, 1 << 20);
    const struct fault_target target = {.request = &request, .arena = &arena, .error = &error};
    CHECK_INT(faults_add(&faults, specs, 3, &err), 0);
    CHECK_INT(faults_inject(&faults, &target, &fault), -1);
    CHECK_STR(error.code, "UNABLE_TO_LOCK_ROW");
    CHECK(fault.kind == NULL && fault.errors == NULL);
    CHECK_INT(faults.rules[0].calls, 0);
    CHECK_INT(faults.rules[1].injected, 1);
    CHECK_INT(faults.rules[2].calls, 0); /* the call was refused before */
    faults_clear(&faults);
    arena_done(&arena);
}

TEST(a_spec_has_2000_characters_at_most)
{
    static struct faults faults;
    struct err err = {0};
    char text[2002], *spec = text;

    memset(text, 'x', 2001);
    memcpy(text, "create:STRING_TOO_LONG,text=", 28);
    text[2001] = '\0';
    CHECK_INT(faults_add(&faults, (const char *const *)&spec, 1, &err), -1);
    CHECK(holds(err.text, "longer than 2000 characters"));
    text[2000] = '\0';
    CHECK_INT(faults_add(&faults, (const char *const *)&spec, 1, &err), 0);
    faults_clear(&faults);
}

TEST(a_fault_of_a_query_names_a_place_in_it)
{
    struct org_under_test org;

    org_begin(&org);
    inject(&org, "create:MALFORMED_QUERY");
    const char *answer = org_create(&org, PERSON("a@x.example"));
    CHECK(holds(answer, "row>1</"));
    CHECK(holds(answer, "column>8</"));
    org_end(&org);
}

TEST(latency_varies_by_its_jitter_and_the_same_seed_gives_the_same_sequence)
{
    const struct latency_shape shape = {.ms = 10, .per_record_us = 100, .jitter_percent = 20};
    const struct latency_shape even = {.ms = 10, .per_record_us = 100};
    struct latency one, same, other;
    int64_t least = INT64_MAX, most = 0;
    size_t differ = 0;

    latency_init(&one, 1);
    latency_init(&same, 1);
    latency_init(&other, 2);
    CHECK_INT(latency_of(&one, &even, 100), 20000);
    for (int i = 0; i < 1000; i++) {
        int64_t us = latency_of(&one, &shape, 100);
        CHECK_INT(latency_of(&same, &shape, 100), us);
        differ += latency_of(&other, &shape, 100) != us;
        least = us < least ? us : least;
        most = us > most ? us : most;
    }
    CHECK(least >= 16000 && least < 16400);
    CHECK(most <= 24000 && most > 23600);
    CHECK(differ > 900);
    latency_done(&one);
    latency_done(&same);
    latency_done(&other);
}

TEST(the_log_names_the_fault_of_a_call_by_its_old_member_too)
{
    struct org_under_test org;
    struct buf out;

    org_begin(&org);
    inject(&org, "create:garbage,times=1");
    org_create(&org, PERSON("a@x.example"));
    org_create(&org, PERSON("a@x.example"));
    buf_init(&out, 1 << 16);
    view_calls_log(org.service, "", "", &out);
    CHECK_INT(count_of(buf_peek(&out), "\"injected\":\"garbage\",\"mishap\":\"garbage\""), 1);
    CHECK_INT(count_of(buf_peek(&out), "\"injected\":null,\"mishap\":null"), 2);
    buf_done(&out);
    org_end(&org);
}

TEST(a_late_commit_saves_when_its_time_has_come)
{
    struct org_under_test org;

    org_begin(&org);
    inject(&org, "create:late-commit,after=30ms");
    org_create(&org, PERSON("a@x.example"));
    CHECK_INT(orgdata_object(org.service->org, "Lead")->record_count, 1);
    org_end(&org);
}

TEST(quirks_give_answers_other_styles_that_say_the_same)
{
    static const struct {
        const char *set, *expected;
    } cases[] = {
        {"prefixes=foreign", "<ns1:id>00Q"},
        {"prefixes=foreign", "<ns1:records sf:type=\"urn:sObject\"><urn:type>Lead</urn:type>"},
        {"prefixes=foreign", "<faultcode>fns:INVALID_FIELD</faultcode>"},
        {"prefixes=foreign", "<fns:InvalidFieldFault sf:type=\"fns:InvalidFieldFault\">"},
        {"prefixes=default", "<type xmlns=\"urn:sobject.partner.soap.sforce.com\">Lead</type>"},
        {"prefixes=default", "<faultcode xmlns=\"\">sf:INVALID_FIELD</faultcode>"},
        {"elements=extra", "<x:later xmlns:x=\"urn:later.example\">"},
        {"elements=extra", "<result release=\"99\""},
        {"ids=once", "<sf:type>Lead</sf:type><sf:Id>00Q000000000001EAA</sf:Id><sf:Email>"},
        {"results=fewer", "<createResponse></createResponse>"},
        {"results=more", "</result><result><id>00Q"},
        {"faultcode=bare", "<faultcode>INVALID_FIELD</faultcode>"},
        {"fault-detail=no", "</faultstring></soapenv:Fault>"},
        {"error-fields=no", "<errors><message>"},
        {"errors=several", "</errors><errors>"},
        {"messages=german", "<message>Das ließ sich nicht ausführen"},
        {"messages=japanese", "<faultstring>INVALID_FIELD: 要求を処理"},
        {"limit-info=more", "<type>API BURSTS</type>"},
        {"session-id=jwt", "<sessionId>eyJ"},
        {"server-url=other.example:81", "<serverUrl>http://other.example:81/services/Soap/u/64.0/"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct org_under_test org;
        struct buf all;
        const char *kept = keep_answers_in;
        org_begin(&org);
        set(&org, cases[i].set);
        if (holds(cases[i].set, "extra") || holds(cases[i].set, "fault-detail"))
            keep_answers_in = NULL; /* not allowed by the schema */
        buf_init(&all, 1000000);
        buf_text(&all, org_create(&org, PERSON("a@x.example")));
        buf_text(&all, org_create(&org, LEAD("<s:City>Bern</s:City>")));
        buf_text(&all, org_create(&org, LEAD("<s:Nothing>1</s:Nothing>")));
        buf_text(&all, org_query(&org, "SELECT Id, Email FROM Lead"));
        org.session[0] = '\0';
        buf_text(&all, org_call(&org, "64.0",
                                "<p:login><p:username>integration@example.com</p:username>"
                                "<p:password>secrettoken</p:password></p:login>"));
        if (!holds(buf_peek(&all), cases[i].expected))
            fail_msg("%s: %s", cases[i].set, buf_peek(&all));
        keep_answers_in = kept;
        buf_done(&all);
        org_end(&org);
    }
}

TEST(what_may_be_missing_is_left_out)
{
    struct org_under_test org;
    const char *kept = keep_answers_in;

    org_begin(&org);
    set(&org, "elements=missing");
    set(&org, "limit-info=none");
    keep_answers_in = NULL;
    const char *answer = org_query(&org, "SELECT Id FROM Lead");
    CHECK(!holds(answer, "queryLocator") && !holds(answer, "LimitInfoHeader"));
    org.session[0] = '\0';
    answer = org_call(&org, "64.0",
                      "<p:login><p:username>integration@example.com</p:username>"
                      "<p:password>secrettoken</p:password></p:login>");
    CHECK(holds(answer, "<sessionId>00D") && !holds(answer, "chatterExternal"));
    keep_answers_in = kept;
    org_end(&org);
}

TEST(a_fault_can_set_a_quirk_for_single_calls)
{
    struct org_under_test org;

    org_begin(&org);
    inject(&org, "query:ids=once,nth=2");
    org_create(&org, PERSON("a@x.example"));
    CHECK_INT(count_of(org_query(&org, "SELECT Id FROM Lead"), "<sf:Id>"), 2);
    CHECK_INT(count_of(org_query(&org, "SELECT Id FROM Lead"), "<sf:Id>"), 1);
    CHECK_INT(count_of(org_query(&org, "SELECT Id FROM Lead"), "<sf:Id>"), 2);
    org_end(&org);
}

TEST(the_document_lists_every_kind_and_quirk)
{
    FILE *file = fopen(TEST_DATA "/../../docs/fakeorg.md", "re");
    char *text = mem_zero(1 << 20, 1);
    char row[128];
    struct buf shown;
    struct quirks quirks;

    CHECK(file != NULL && text != NULL);
    CHECK(fread(text, 1, (1 << 20) - 1, file) > 0);
    fclose(file);
    for (size_t i = 0; i < fault_kinds_count; i++) {
        snprintf(row, sizeof row, "| `%s` | ", fault_kinds[i].name);
        if (!holds(text, row))
            fail_msg("docs/fakeorg.md lacks the kind %s", fault_kinds[i].name);
    }
    buf_init(&shown, 1 << 20);
    quirks_init(&quirks);
    quirks_show(&quirks, &shown);
    for (const char *help = buf_peek(&shown); (help = strstr(help, "\"help\":\"")) != NULL;) {
        help += strlen("\"help\":\"");
        snprintf(row, sizeof row, "%.*s", (int)strcspn(help, "\"|\\"), help);
        if (!holds(text, row))
            fail_msg("docs/fakeorg.md lacks the quirk that means %s", row);
    }
    buf_done(&shown);
    mem_free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_CASE(a_bad_spec_is_refused_with_what_was_expected),
        TEST_CASE(several_specs_are_added_all_or_none),
        TEST_CASE(a_fault_is_injected_into_the_nth_call_every_n_and_so_many_times),
        TEST_CASE(the_seed_is_1_where_none_is_given),
        TEST_CASE(the_same_seed_picks_the_same_calls),
        TEST_CASE(a_record_error_hits_matching_records_only),
        TEST_CASE(a_fault_matches_an_update_by_the_orgs_values_where_it_sends_none),
        TEST_CASE(a_code_of_both_kinds_is_what_the_call_and_the_spec_make_of_it),
        TEST_CASE(every_code_comes_with_its_text_and_its_element),
        TEST_CASE(faults_say_how_often_they_looked_and_were_injected),
        TEST_CASE(a_hundred_faults_can_be_on_and_no_more),
        TEST_CASE(a_fault_is_over_after_its_last_call_and_counts_only_what_went_wrong),
        TEST_CASE(a_spec_says_whether_the_call_is_done_and_when_its_answer_comes),
        TEST_CASE(a_call_that_saves_nothing_has_no_record_errors),
        TEST_CASE(a_spec_has_2000_characters_at_most),
        TEST_CASE(a_fault_of_a_query_names_a_place_in_it),
        TEST_CASE(latency_varies_by_its_jitter_and_the_same_seed_gives_the_same_sequence),
        TEST_CASE(the_log_names_the_fault_of_a_call_by_its_old_member_too),
        TEST_CASE(a_late_commit_saves_when_its_time_has_come),
        TEST_CASE(quirks_give_answers_other_styles_that_say_the_same),
        TEST_CASE(what_may_be_missing_is_left_out),
        TEST_CASE(a_fault_can_set_a_quirk_for_single_calls),
        TEST_CASE(the_document_lists_every_kind_and_quirk),
        TEST_CASE(every_answer_fits_the_wsdl),
    };

    return cmocka_run_group_tests(tests, answers_begin, answers_drop);
}
