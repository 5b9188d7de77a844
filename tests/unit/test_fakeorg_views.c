#include "fakeorg_calls.h"

#include <inttypes.h>

#include "fakeorg/data/record_history.h"
#include "fakeorg/http/arguments.h"
#include "fakeorg/http/views.h"

const char *keep_answers_in;

typedef unsigned view(struct service *service, const char *rest, const char *body, struct buf *out);

static struct buf out;

/* The answer of a view, valid until the next call. */
static const char *seen(struct org_under_test *org, view *show, const char *rest,
                        const char *arguments, unsigned status)
{

    buf_done(&out);
    buf_init(&out, (size_t)64 * 1024 * 1024);
    CHECK_INT(show(org->service, rest, arguments, &out), status);
    CHECK(!buf_failed(&out));
    return buf_peek(&out);
}

static void end(struct org_under_test *org)
{
    buf_done(&out);
    org_end(org);
}

static const char *history_of(struct org_under_test *org, const char *id)
{
    char rest[64];

    snprintf(rest, sizeof rest, "Lead/%s/history", id);
    return seen(org, view_records, rest, "", 200);
}

static const char *make_lead(struct org_under_test *org, const char *fields)
{
    char record[512];

    snprintf(record, sizeof record, LEAD(DOE "%s"), fields);
    return text_in(org_create(org, record), "id");
}

static void change_lead(struct org_under_test *org, const char *id, const char *rest)
{
    char record[512];

    snprintf(record, sizeof record, LEAD("%s"), rest);
    CHECK(holds(org_update(org, record), "<success>true</success>"));
    CHECK(id[0] != '\0');
}

TEST(a_record_shows_which_call_wrote_what)
{
    struct org_under_test org;
    char change[256];

    org_begin(&org);
    char id[ID_MAX];
    snprintf(id, sizeof id, "%s", make_lead(&org, "<s:City>Zug</s:City>"));
    /* A refused update writes nothing. */
    CHECK(holds(org_update(&org, "<p:sObjects><s:type>Lead</s:type></p:sObjects>"), "false"));
    snprintf(change, sizeof change, "<s:Id>%s</s:Id><s:City>Bern</s:City><s:Title>Boss</s:Title>",
             id);
    change_lead(&org, id, change);
    snprintf(change, sizeof change, "<s:fieldsToNull>City</s:fieldsToNull><s:Id>%s</s:Id>", id);
    change_lead(&org, id, change);

    const char *history = history_of(&org, id);
    CHECK(holds(history, "\"created\":{\"call\":2,\"operation\":\"create\""));
    CHECK(holds(history, "\"City\":\"Zug\""));
    CHECK(!holds(history, "\"Title\":\"")); /* it came later */
    CHECK(holds(history, "\"call\":4,\"operation\":\"update\""));
    CHECK(holds(history, "\"field\":\"City\",\"old\":\"Zug\",\"new\":\"Bern\""));
    CHECK(holds(history, "\"field\":\"Title\",\"old\":null,\"new\":\"Boss\""));
    CHECK(holds(history, "\"field\":\"City\",\"old\":\"Bern\",\"new\":null"));
    CHECK(strstr(history, "\"new\":null") < strstr(history, "\"new\":\"Bern\"")); /* newest first */
    CHECK(!holds(history, "LastModifiedDate\",\"old\""));
    CHECK(holds(history, "\"forgotten\":false"));
    end(&org);
}

TEST(what_a_hand_changes_has_no_call)
{
    struct org_under_test org;
    char body[64];

    org_begin(&org);
    char id[ID_MAX];
    snprintf(id, sizeof id, "%s", make_lead(&org, ""));
    snprintf(body, sizeof body, "{\"id\":\"%s\"}", id);
    seen(&org, control_delete, "", body, 200);
    const char *history = history_of(&org, id);
    CHECK(holds(history, "{\"call\":0,\"operation\":\"by hand\""));
    CHECK(holds(history, "\"field\":\"IsDeleted\",\"old\":\"false\",\"new\":\"true\""));
    end(&org);
}

/* Directly in the org, for speed: more changes than are kept. */
TEST(the_oldest_changes_are_forgotten_and_the_rest_still_adds_up)
{
    struct org_under_test org;
    char text[32], id[ID_MAX], read[ID_MAX];

    org_begin(&org);
    snprintf(id, sizeof id, "%s", make_lead(&org, "<s:City>0</s:City>"));
    CHECK(id_read(id, strlen(id), read));
    struct record *record = orgdata_record(org.service->org, read);
    struct record_history history;
    for (unsigned i = 1; i <= HISTORY_CHANGES + 10; i++) {
        snprintf(text, sizeof text, "%u", i);
        CHECK(record_set_named(record, "City", text) == 0);
    }
    CHECK(record_history_read(record, &history) == 0);
    CHECK(history.forgotten);
    CHECK_INT(history.count, HISTORY_CHANGES);
    CHECK_STR(history.changes[0].now, text);
    for (size_t i = 1; i < history.count; i++)
        CHECK(history.changes[i].now == history.changes[i - 1].change->old);
    record_history_done(&history);
    org_end(&org);
}

TEST(large_values_do_not_fill_the_memory)
{
    struct org_under_test org;
    size_t len = 128 * 1024;
    char *text = mem_zero(1, len + 1), id[ID_MAX], read[ID_MAX];

    org_begin(&org);
    snprintf(id, sizeof id, "%s", make_lead(&org, ""));
    CHECK(id_read(id, strlen(id), read));
    struct record *record = orgdata_record(org.service->org, read);
    for (size_t i = 0; i < 2 * HISTORY_BYTES / len; i++) {
        memset(text, i % 2 == 0 ? 'a' : 'b', len);
        CHECK(record_set_named(record, "Description", text) == 0);
    }
    CHECK(org.service->org->history.bytes <= HISTORY_BYTES);
    mem_free(text);
    org_end(&org);
}

TEST(a_reset_forgets_history_and_calls)
{
    struct org_under_test org;

    org_begin(&org);
    make_lead(&org, "");
    seen(&org, control_reset, "", "{}", 200);
    CHECK_STR(seen(&org, view_calls_log, "", "", 200), "[]");
    char id[ID_MAX];
    snprintf(id, sizeof id, "%s", make_lead(&org, ""));
    CHECK(holds(history_of(&org, id), "\"created\":{\"call\":3"));
    CHECK(holds(seen(&org, view_calls_log, "", "", 200), "\"number\":3"));
    end(&org);
}

TEST(the_log_shows_who_made_each_call_and_how_it_ended)
{
    struct org_under_test org;

    org_begin(&org);
    org.headers = "<p:CallOptions><p:client>crm-sync &amp; co</p:client>"
                  "<p:defaultNamespace/></p:CallOptions>";
    org_create(&org, LEAD(DOE) LEAD("<s:Company>Acme</s:Company>"));
    org_query(&org, "SELECT FROM Lead");
    org_send(&org, "64.0", "<no");
    const char *log = seen(&org, view_calls_log, "", "", 200);
    CHECK(holds(log, "\"operation\":\"login\""));
    CHECK(holds(log, "\"number\":2,\"version\":64,\"status\":200,\"records\":2,\"failed\":1"));
    CHECK(holds(log, "\"client\":\"crm-sync & co\""));
    CHECK(holds(log, "\"number\":3,\"version\":64,\"status\":500"));
    CHECK(holds(log, "\"fault\":\"MALFORMED_QUERY\""));
    CHECK(holds(log, "\"number\":4"));
    CHECK(holds(log, "\"fault\":\"soapenv:Client\""));
    end(&org);
}

TEST(the_log_is_of_the_last_day_and_bounded)
{
    struct org_under_test org;
    struct err err = {0};

    org_begin(&org);
    CHECK(orgclock_advance(&org.service->org->clock, "25h", &err) == 0);
    CHECK_STR(seen(&org, view_calls_log, "", "", 200), "[]");
    for (uint64_t i = 0; i < CALLLOG_CALLS + 5; i++)
        calllog_begin(&org.service->log, orgclock_now(&org.service->org->clock));
    struct calllog *log = &org.service->log;
    CHECK(calllog_find(log, 6) == NULL);
    CHECK(calllog_find(log, 7) != NULL);
    CHECK(calllog_since(log, 0) == 7);
    end(&org);
}

TEST(a_cut_text_ends_between_characters)
{
    char place[6];

    calllog_text(place, sizeof place, "abcd\xc3\xa9");
    CHECK_STR(place, "abcd");
    calllog_text(place, sizeof place, NULL);
    CHECK_STR(place, "");
}

TEST(pages_show_records_and_escape_what_they_hold)
{
    struct org_under_test org;
    char id[ID_MAX], rest[64];

    org_begin(&org);
    for (int i = 0; i < 60; i++)
        make_lead(&org, "");
    snprintf(id, sizeof id, "%s", make_lead(&org, "<s:City>&lt;b&gt;Zug&amp;\"</s:City>"));
    const char *page = seen(&org, page_records, "Lead", "", 200);
    CHECK(holds(page, "1–50 of 61"));
    CHECK(holds(page, "page=2"));
    page = seen(&org, page_records, "Lead", "page=2\n", 200);
    CHECK(holds(page, "51–61 of 61"));
    page = seen(&org, page_records, "Lead", "q=>zug\npage=1\n", 200);
    CHECK(holds(page, "1–1 of 1"));
    CHECK(holds(page, "value=\"&gt;zug\""));
    CHECK(holds(seen(&org, page_records, "Lead", "q=nobody\n", 200),
                "No record contains that text."));
    CHECK(holds(seen(&org, page_records, "Account", "", 200), "None yet."));
    snprintf(rest, sizeof rest, "Lead/%s", id);
    page = seen(&org, page_records, rest, "", 200);
    CHECK(holds(page, "&lt;b&gt;Zug&amp;&quot;"));
    CHECK(!holds(page, "<b>Zug"));
    CHECK(holds(page, "/calls/62\">Call 62</a><b>create</b>"));
    seen(&org, page_records, "Lead/00Q000000000099", "", 404);
    seen(&org, page_records, "Lead/<script>", "", 404);
    seen(&org, page_records, "Nothing", "", 404);
    seen(&org, view_records, "Nothing", "", 404);
    seen(&org, view_records, "Account/00Q000000000001", "", 404);
    seen(&org, view_records, "Lead/00Q000000000001/nothing", "", 404);
    end(&org);
}

TEST(pages_show_calls_faults_and_quirks)
{
    struct org_under_test org;
    const char *spec = "query:UNKNOWN_EXCEPTION,text=<odd>,times=1";
    struct err err = {0};

    org_begin(&org);
    CHECK(faults_add(&org.service->faults, &spec, 1, &err) == 0);
    make_lead(&org, "");
    CHECK(holds(org_query(&org, "SELECT Id FROM Lead"), "&lt;odd&gt;"));
    const char *page = seen(&org, page_home, "", "", 200);
    CHECK(holds(page, "Latest calls"));
    CHECK(!holds(page, "<script") && !holds(page, "src=") && !holds(page, "@import"));
    page = seen(&org, page_calls, "", "operation=create\n", 200);
    CHECK(holds(page, "1–1 of 1"));
    CHECK(holds(seen(&org, page_calls, "", "trouble=1\n", 200), "1–1 of 1"));
    CHECK(holds(seen(&org, page_calls, "", "live=1\n", 200), "http-equiv=\"refresh\""));
    page = seen(&org, page_call, "2", "", 200);
    CHECK(holds(page, "Lead created"));
    seen(&org, page_call, "99", "", 404);
    seen(&org, page_call, "x", "", 404);
    page = seen(&org, page_faults, "", "", 200);
    CHECK(holds(page, "Faults and quirks"));
    CHECK(!holds(page, "<odd>"));
    CHECK(holds(page, "field-order"));
    end(&org);
}

TEST(a_call_shows_what_was_said_whatever_it_was)
{
    static const struct {
        const char *body, *shown;
    } cases[] = {
        {"", "Nothing."},
        {"no xml & more", "no xml &amp; more"},
        {"<a><b>1</b><c/></a", "&lt;a&gt;\n  &lt;b&gt;1&lt;/b&gt;\n  &lt;c/&gt;\n&lt;/a"},
        {"</a></b><", "&lt;/a&gt;\n&lt;/b&gt;"},
        {"<p:password a=\"1\">swordfish</p:password>", "…&lt;/p:password&gt;"},
        {"<sessionId>swordfish</sessionId>", "&lt;sessionId&gt;…"},
        {"<password>swordfish", "&lt;password&gt;…"},
    };
    struct org_under_test org;
    char number[24];

    org_begin(&org);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        org_send(&org, "64.0", cases[i].body);
        snprintf(number, sizeof number, "%" PRIu64, org.service->log.newest);
        const char *page = seen(&org, page_call, number, "", 200);
        CHECK(holds(page, cases[i].shown));
        CHECK(!holds(page, "swordfish"));
    }
    end(&org);
}

TEST(what_was_said_is_bounded_and_a_reset_forgets_it)
{
    struct org_under_test org;
    char *large = mem_zero(1, 2 * TRANSCRIPT_TEXT);

    org_begin(&org);
    memset(large, 'x', 2 * TRANSCRIPT_TEXT - 1);
    org_send(&org, "64.0", large);
    CHECK_INT(strlen(transcript_find(&org.service->transcript, 2)->request), TRANSCRIPT_TEXT);
    CHECK(holds(seen(&org, page_call, "2", "", 200), "The first 32 KB of it."));
    for (size_t i = 0; i < TRANSCRIPT_CALLS; i++)
        org_send(&org, "64.0", "<a/>");
    CHECK(transcript_find(&org.service->transcript, 2) == NULL);
    CHECK(holds(seen(&org, page_call, "2", "", 200), "No longer kept."));
    seen(&org, control_reset, "", "{}", 200);
    CHECK(transcript_find(&org.service->transcript, org.service->log.newest) == NULL);
    mem_free(large);
    end(&org);
}

TEST(the_log_names_the_first_refusal)
{
    struct org_under_test org;

    org_begin(&org);
    org_create(&org, LEAD(DOE) LEAD("") LEAD(DOE "<s:Email>x</s:Email>"));
    CHECK(holds(seen(&org, view_calls_log, "", "", 200),
                "\"refusal\":\"REQUIRED_FIELD_MISSING: Required fields are missing: "));
    CHECK(holds(seen(&org, page_call, "2", "", 200), "<dt>First refusal</dt>"));
    end(&org);
}

TEST(arguments_are_read_by_whole_names)
{
    char text[8];

    CHECK(argument_text("aq=1\nq=two\n", "q", text, sizeof text));
    CHECK_STR(text, "two");
    CHECK(argument_text("q=much too long", "q", text, sizeof text));
    CHECK_STR(text, "much to");
    CHECK(!argument_text("query=1\n", "q", text, sizeof text));
    CHECK_STR(text, "");
    CHECK_INT(argument_number("page=3\n", "page", 1, 10), 3);
    CHECK_INT(argument_number("page=11\n", "page", 1, 10), 1);
    CHECK_INT(argument_number("page=0\n", "page", 1, 10), 1);
    CHECK_INT(argument_number("page=3x\n", "page", 1, 10), 1);
    CHECK_INT(argument_number("", "page", 7, 10), 7);
}

TEST_MAIN(TEST_CASE(a_record_shows_which_call_wrote_what),
          TEST_CASE(what_a_hand_changes_has_no_call),
          TEST_CASE(the_oldest_changes_are_forgotten_and_the_rest_still_adds_up),
          TEST_CASE(large_values_do_not_fill_the_memory),
          TEST_CASE(a_reset_forgets_history_and_calls),
          TEST_CASE(the_log_shows_who_made_each_call_and_how_it_ended),
          TEST_CASE(the_log_is_of_the_last_day_and_bounded),
          TEST_CASE(a_cut_text_ends_between_characters),
          TEST_CASE(pages_show_records_and_escape_what_they_hold),
          TEST_CASE(pages_show_calls_faults_and_quirks),
          TEST_CASE(a_call_shows_what_was_said_whatever_it_was),
          TEST_CASE(what_was_said_is_bounded_and_a_reset_forgets_it),
          TEST_CASE(the_log_names_the_first_refusal), TEST_CASE(arguments_are_read_by_whole_names))
