#include "fakeorg_calls.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fakeorg/data/journal.h"

const char *keep_answers_in;

static char folder[] = "/tmp/fakeorg-journal-XXXXXX";
static char data_path[64];

static int begin_folder(void **state)
{
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(data_path, sizeof data_path, "%s/data", folder);
    return 0;
}

static int drop_folder(void **state)
{
    unlink(data_path);
    return rmdir(folder);
}

static struct service *open_service(struct err *err)
{
    static const char *const fields[] = {"Lead.Notes__c=textarea:1000"};
    struct fakeorg_options options = fakeorg_defaults();

    options.fields = fields;
    options.field_count = 1;
    options.data_file = data_path;
    return service_new(&options, err);
}

static void begin(struct org_under_test *org)
{
    struct err err = {0};

    *org = (struct org_under_test){.service = open_service(&err)};
    CHECK_STR(err.text, "");
    CHECK(org->service != NULL);
    buf_init(&org->answer, SOAP_MAX_ANSWER);
    org_sign_in(org);
}

static void begin_with_new_file(struct org_under_test *org)
{
    unlink(data_path);
    begin(org);
}

static off_t size_of_file(void)
{
    struct stat stat_of_file;

    CHECK_INT(stat(data_path, &stat_of_file), 0);
    return stat_of_file.st_size;
}

static size_t live_leads(struct org_under_test *org)
{
    return orgdata_any_object(org->service->org, "Lead")->live_count;
}

TEST(records_survive_a_restart_as_they_were)
{
    struct org_under_test org;

    begin_with_new_file(&org);
    org_create(&org, LEAD(DOE "<s:Notes__c>a&#9;tab, a \\ and\na line\\n</s:Notes__c>") LEAD(DOE)
                         LEAD(DOE "<s:City>Bern</s:City>"));
    org_update(&org, "<p:sObjects><s:type>Lead</s:type><s:fieldsToNull>City</s:fieldsToNull>"
                     "<s:Id>00Q000000000003EAA</s:Id><s:Title>Boss</s:Title></p:sObjects>");
    org_call(&org, "64.0", "<p:delete><p:ids>00Q000000000002EAA</p:ids></p:delete>");
    org_query(&org, "SELECT Id, CreatedDate, SystemModstamp, Name FROM Lead");
    char *before = mem_text(strstr(buf_peek(&org.answer), "<result"));
    org_end(&org);
    begin(&org);
    org_query(&org, "SELECT Id, CreatedDate, SystemModstamp, Name FROM Lead");
    CHECK_STR(strstr(buf_peek(&org.answer), "<result"), before);
    mem_free(before);
    const struct object *leads = orgdata_any_object(org.service->org, "Lead");
    CHECK_STR(record_value_named(leads->records[0], "Notes__c"), "a\ttab, a \\ and\na line\\n");
    CHECK(leads->records[1]->deleted);
    CHECK(record_value_named(leads->records[2], "City") == NULL);
    CHECK_STR(record_value_named(leads->records[2], "Title"), "Boss");
    org_create(&org, LEAD(DOE));
    CHECK_STR(text_in(buf_peek(&org.answer), "id"), "00Q000000000004EAA");
    org_end(&org);
}

TEST(ids_are_not_given_out_again_after_a_reset_and_a_restart)
{
    struct org_under_test org;
    struct err err = {0};

    begin_with_new_file(&org);
    org_create(&org, LEAD(DOE) LEAD(DOE));
    off_t with_records = size_of_file();
    orgdata_reset(org.service->org);
    CHECK_INT(journal_commit(org.service->journal, &err), 0);
    CHECK(size_of_file() < with_records);
    org_end(&org);
    begin(&org);
    CHECK_INT(live_leads(&org), 0);
    org_create(&org, LEAD(DOE));
    CHECK_STR(text_in(buf_peek(&org.answer), "id"), "00Q000000000003EAA");
    org_end(&org);
}

/* The child is killed in the middle of its calls; what it had answered is kept. */
TEST(a_kill_loses_nothing_that_was_answered)
{
    struct org_under_test org;
    int answered[2], status;
    char byte;
    size_t count = 0;

    unlink(data_path);
    CHECK_INT(pipe(answered), 0);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        begin(&org);
        for (;;) {
            org_create(&org, LEAD(DOE));
            if (write(answered[1], "x", 1) != 1)
                _exit(1);
        }
    }
    close(answered[1]);
    while (count < 200 && read(answered[0], &byte, 1) == 1)
        count++;
    CHECK_INT(kill(child, SIGKILL), 0);
    CHECK_INT(waitpid(child, &status, 0), child);
    while (read(answered[0], &byte, 1) == 1)
        count++;
    close(answered[0]);
    begin(&org);
    CHECK(live_leads(&org) == count || live_leads(&org) == count + 1);
    org_end(&org);
}

/* Three calls, then the file cut off at every byte of the last batch. */
TEST(a_batch_that_was_cut_off_never_happened)
{
    struct org_under_test org;
    char copy[16384];

    begin_with_new_file(&org);
    org_create(&org, LEAD(DOE));
    off_t good = size_of_file();
    org_create(&org, LEAD(DOE) LEAD(DOE));
    off_t full = size_of_file();
    CHECK(full < (off_t)sizeof copy);
    org_end(&org);
    int fd = open(data_path, O_RDONLY | O_CLOEXEC);
    CHECK_INT(read(fd, copy, (size_t)full), full);
    close(fd);
    for (off_t cut = good; cut <= full; cut += cut + 37 < full || cut == full ? 37 : full - cut) {
        fd = open(data_path, O_WRONLY | O_TRUNC | O_CLOEXEC);
        CHECK_INT(write(fd, copy, (size_t)cut), cut);
        close(fd);
        begin(&org);
        CHECK_INT(live_leads(&org), cut == full ? 3 : 1);
        org_create(&org, LEAD(DOE));
        org_end(&org);
        begin(&org);
        CHECK_INT(live_leads(&org), cut == full ? 4 : 2);
        org_end(&org);
    }
}

static void flip_byte(off_t at)
{
    int fd = open(data_path, O_RDWR | O_CLOEXEC);
    char byte;

    CHECK_INT(pread(fd, &byte, 1, at), 1);
    byte = (char)(byte ^ 1);
    CHECK_INT(pwrite(fd, &byte, 1, at), 1);
    close(fd);
}

TEST(damage_in_the_middle_is_refused_and_nothing_is_lost)
{
    struct org_under_test org;
    struct err err = {0};

    begin_with_new_file(&org);
    org_create(&org, LEAD(DOE));
    off_t first = size_of_file();
    org_create(&org, LEAD(DOE));
    off_t full = size_of_file();
    org_end(&org);
    flip_byte(first - 20);
    CHECK(open_service(&err) == NULL);
    CHECK(holds(err.text, "damaged at byte"));
    CHECK_INT(size_of_file(), full);
    flip_byte(first - 20);
    /* In the last batch it is what a crash leaves. */
    flip_byte(full - 20);
    begin(&org);
    CHECK_INT(live_leads(&org), 1);
    org_end(&org);
    /* So are zeros in place of a batch. */
    CHECK_INT(truncate(data_path, size_of_file() + 5000), 0);
    begin(&org);
    CHECK_INT(live_leads(&org), 1);
    org_end(&org);
}

TEST(a_file_is_for_one_fakeorg_with_the_same_fields)
{
    struct fakeorg_options options = fakeorg_defaults();
    struct org_under_test org;
    struct err err = {0};

    begin_with_new_file(&org);
    org_create(&org, LEAD(DOE "<s:Notes__c>x</s:Notes__c>"));
    CHECK(open_service(&err) == NULL);
    CHECK(holds(err.text, "in use by another fakeorg"));
    org_end(&org);
    options.data_file = data_path;
    CHECK(service_new(&options, &err) == NULL);
    CHECK(holds(err.text, "the field Lead.Notes__c, which the org lacks: define it"));
    FILE *file = fopen(data_path, "we");
    fputs("something else entirely\n", file);
    fclose(file);
    CHECK(open_service(&err) == NULL);
    CHECK(holds(err.text, "not a file of fakeorg"));
}

TEST(a_file_that_was_written_over_and_over_is_small_after_a_restart)
{
    struct org_under_test org;

    begin_with_new_file(&org);
    org_create(&org, LEAD(DOE));
    off_t once = size_of_file();
    for (int i = 0; i < 300; i++) {
        char record[200];
        snprintf(record, sizeof record,
                 "<p:sObjects><s:type>Lead</s:type><s:Id>00Q000000000001EAA</s:Id><s:City>%d"
                 "</s:City></p:sObjects>",
                 i);
        org_update(&org, record);
    }
    CHECK(size_of_file() > 100 * once);
    org_end(&org);
    begin(&org);
    CHECK(size_of_file() < 2 * once);
    CHECK_STR(record_value_named(orgdata_record(org.service->org, "00Q000000000001EAA"), "City"),
              "299");
    org_end(&org);
}

TEST(records_of_the_orgs_file_come_only_into_a_new_data_file)
{
    struct fakeorg_options options = {.org_file = TEST_DATA "/../../etc/fakeorg.yml",
                                      .data_file = data_path};
    struct err err = {0};

    unlink(data_path);
    for (int i = 0; i < 3; i++) {
        struct service *service = service_new(&options, &err);
        CHECK_STR(err.text, "");
        CHECK_INT(orgdata_object(service->org, "Lead")->live_count, 6);
        CHECK_INT(orgdata_object(service->org, "Lead")->record_count, 8);
        service_free(service);
    }
}

TEST(without_memory_what_is_kept_is_still_what_the_org_holds)
{
    struct org_under_test org;

    begin_with_new_file(&org);
    char *envelope = mem_format(
        "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/' "
        "xmlns:p='urn:partner.soap.sforce.com' xmlns:s='urn:sobject.partner.soap.sforce.com'>"
        "<e:Header><p:SessionHeader><p:sessionId>%s</p:sessionId></p:SessionHeader></e:Header>"
        "<e:Body><p:create>" LEAD(DOE) "</p:create></e:Body></e:Envelope>",
        org.session);
    const struct soap_request request = {.path = "/services/Soap/u/64.0",
                                         .host = "h",
                                         .content_type = "text/xml",
                                         .has_action = true,
                                         .body = envelope,
                                         .len = strlen(envelope)};
    for (size_t nth = 1; nth < 400; nth++) {
        buf_clear(&org.answer);
        mem_fail_at(nth);
        unsigned status = soap_answer(org.service, &request, &org.answer);
        mem_fail_at(0);
        CHECK(status == 200 || status == 500);
    }
    mem_free(envelope);
    org_create(&org, LEAD(DOE));
    size_t live = live_leads(&org);
    org_end(&org);
    begin(&org);
    CHECK_INT(live_leads(&org), live);
    org_end(&org);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_CASE(records_survive_a_restart_as_they_were),
        TEST_CASE(ids_are_not_given_out_again_after_a_reset_and_a_restart),
        TEST_CASE(a_kill_loses_nothing_that_was_answered),
        TEST_CASE(a_batch_that_was_cut_off_never_happened),
        TEST_CASE(damage_in_the_middle_is_refused_and_nothing_is_lost),
        TEST_CASE(a_file_is_for_one_fakeorg_with_the_same_fields),
        TEST_CASE(a_file_that_was_written_over_and_over_is_small_after_a_restart),
        TEST_CASE(records_of_the_orgs_file_come_only_into_a_new_data_file),
        TEST_CASE(without_memory_what_is_kept_is_still_what_the_org_holds),
    };

    return cmocka_run_group_tests(tests, begin_folder, drop_folder);
}
