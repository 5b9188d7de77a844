#include "scratch_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "store/sqlite/database.h"
#include "store/sqlite/guard.h"
#include "store/sqlite/schema.h"
#include "store/sqlite/statements.h"
#include "store/writer.h"

#define OK(call) CHECK_INT((call), 0)
#define NOW      1795428000000

static char dir[64], data_dir[80], file[100];
static struct store *store;
static struct err err;

static int remove_entry(const char *path, const struct stat *info, int type, struct FTW *ftw)
{
    (void)info, (void)type, (void)ftw;
    return remove(path);
}

static int set_up(void **state)
{
    (void)state;
    if (scratch_dir(dir, sizeof dir, "test_store_sqlite") < 0)
        return -1;
    snprintf(data_dir, sizeof data_dir, "%s/data", dir);
    snprintf(file, sizeof file, "%s/leadline.db", data_dir);
    err = (struct err){0};
    store = NULL;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    store_close(store);
    store = NULL;
    return nftw(dir, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static void open_store(void)
{
    store = store_open("sqlite", data_dir, &err);
    if (store == NULL)
        fail_msg("%s", err.text);
}

static void reopen(void)
{
    store_close(store);
    open_store();
}

static struct sqlite_link *writer_link(void)
{
    return &((struct sqlite_store *)store)->writer;
}

/* Statements run on a database from outside, as a person or a fault would. */
static void from_outside(const char *path, const char *sql)
{
    sqlite3 *db = NULL;

    CHECK_INT(sqlite3_open(path, &db), SQLITE_OK);
    CHECK_INT(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    CHECK_INT(sqlite3_close(db), SQLITE_OK);
}

static int64_t number_in(const char *path, const char *sql)
{
    struct sqlite_link link;
    int64_t number = -1;

    OK(sqlite_link_open(&link, path, SQLITE_OPEN_READWRITE, &err));
    OK(sqlite_number(&link, sql, &number, &err));
    sqlite_link_close(&link);
    return number;
}

static int append(const char *id, size_t body_len)
{
    static char body[100000];
    struct store_target target = {.destination = "org", .key = id, .object = "Lead"};
    struct store_skip skip = {
        .source = "website", .destination = "org", .reason = "opted_out", .count = 1};
    struct store_event event = {.source = "website",
                                .message_id = id,
                                .type = "identify",
                                .received_ms = NOW,
                                .timestamp_ms = NOW,
                                .body = body,
                                .body_len = body_len,
                                .targets = &target,
                                .target_count = 1};

    memset(body, 'x', sizeof body);
    if (store->api->append(store, &event, 1, &skip, 1, &err) < 0)
        return -1;
    return event.ret_duplicate;
}

static int put(const char *id, size_t body_len)
{
    int rc;

    if (store->api->begin(store, &err) < 0)
        return -1;
    rc = append(id, body_len);
    if (rc < 0 || store->api->commit(store, &err) < 0) {
        store->api->rollback(store);
        return -1;
    }
    return rc;
}

static void apply(struct store_outcome outcome)
{
    struct store_known memory = {(char *)"k", (char *)"Lead", (char *)"00Q1", (char *)"{}", NOW};
    const char *key = "k";
    struct store_outcome_batch what = {.destination = "org",
                                       .outcomes = &outcome,
                                       .outcome_count = 1,
                                       .known = &memory,
                                       .known_count = 1,
                                       .now_ms = NOW};

    OK(store->api->begin(store, &err));
    OK(store->api->intend(store, "org", &key, 1, NOW, &err));
    OK(store->api->apply(store, &what, &err));
    OK(store->api->commit(store, &err));
}

static int64_t accepted(void)
{
    struct store_counters *list = NULL;
    size_t count = 0;
    int64_t accepted, sum = 0;

    OK(store->api->counters(store, &list, &count, &err));
    accepted = count == 0 ? 0 : list[0].accepted;
    for (int state = 0; count > 0 && state < STORE_STATES; state++)
        sum += list[0].by_state[state];
    CHECK_INT(sum, accepted);
    store_counters_free(list, count);
    return accepted;
}

static int64_t taken(void)
{
    struct store_cursor cursor = {0};
    struct store_delivery *list = NULL;
    size_t count = 0;

    OK(store->api->take(store, "org", &cursor, NOW + 1000, 10000, (size_t)1 << 30, &list, &count,
                        &err));
    store_deliveries_free(list, count);
    return (int64_t)count;
}

/* ---- over restarts ---- */

TEST(what_was_committed_is_there_after_a_restart)
{
    const char *key = "k";
    struct store_known *known;
    struct store_intent *intents;
    struct store_skip_count *skips;
    struct store_receipt *receipts;
    size_t count;

    open_store();
    CHECK_INT(put("m1", 10), 0);
    CHECK_INT(put("m2", 10), 0);
    apply((struct store_outcome){
        .seq = 1, .state = STORE_WRITTEN, .created = true, .record_id = "00Q1"});
    reopen();
    CHECK_INT(accepted(), 2);
    CHECK_INT(taken(), 1);
    CHECK_INT(put("m1", 10), 1);
    OK(store->api->find_known(store, "org", &key, 1, &known, &count, &err));
    CHECK_INT(count, 1);
    CHECK_STR(known[0].record_id, "00Q1");
    store_known_free(known, count);
    OK(store->api->intents(store, "org", &intents, &count, &err));
    CHECK_INT(count, 1);
    store_intents_free(intents, count);
    OK(store->api->skips(store, &skips, &count, &err));
    CHECK_INT(count, 1);
    CHECK_INT(skips[0].count, 3);
    store_skip_counts_free(skips, count);
    OK(store->api->trace(store, "m1", &receipts, &count, &err));
    CHECK_INT(count, 1);
    CHECK_STR(receipts[0].record_id, "00Q1");
    CHECK(receipts[0].created);
    store_receipts_free(receipts, count);
}

static bool was_killed(int status)
{
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

TEST(a_process_that_dies_leaves_its_commits_and_nothing_else)
{
    pid_t child = fork();
    int status;

    if (child == 0) {
        struct store *mine = store = store_open("sqlite", data_dir, &err);
        if (mine == NULL || put("m1", 10) != 0 || mine->api->begin(mine, &err) < 0 ||
            append("m2", 50000) != 0)
            _exit(1);
        raise(SIGKILL); /* no close, no rollback */
    }
    CHECK(waitpid(child, &status, 0) == child && was_killed(status));
    open_store();
    CHECK_INT(accepted(), 1);
    CHECK_INT(taken(), 1);
    CHECK_INT(put("m1", 10), 1);
    CHECK_INT(put("m2", 10), 0);
}

TEST(a_second_process_is_refused)
{
    char expected[300];
    pid_t child;
    int status;

    open_store();
    snprintf(expected, sizeof expected,
             "the data directory %s is in use by another leadline (process %d): stop it, or "
             "choose another data_dir",
             data_dir, (int)getpid());
    child = fork();
    if (child == 0)
        _exit(store_open("sqlite", data_dir, &err) == NULL && strcmp(err.text, expected) == 0 ? 0
                                                                                              : 1);
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    CHECK(store_open("sqlite", data_dir, &err) == NULL);
    CHECK_INT(err.kind, ERR_SYSTEM);
    CHECK_STR(err.text, expected);
    CHECK_INT(put("m1", 10), 0); /* the first goes on */
    reopen();
}

TEST(files_are_for_their_owner_alone)
{
    static const char *const names[] = {"", "/lock", "/leadline.db", "/leadline.db-wal",
                                        "/leadline.db-shm"};
    mode_t mask = umask(0);

    open_store();
    CHECK_INT(put("m1", 10), 0);
    umask(mask);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[200];
        struct stat info;
        snprintf(path, sizeof path, "%s%s", data_dir, names[i]);
        CHECK_INT(stat(path, &info), 0);
        CHECK_INT(info.st_mode & 0777, i == 0 ? 0700 : 0600);
    }
}

TEST(a_commit_is_synced_to_disk)
{
    int64_t mode = 0;

    open_store();
    OK(sqlite_number(writer_link(), "PRAGMA synchronous", &mode, &err));
    CHECK_INT(mode, 2); /* FULL */
    CHECK_INT(number_in(file, "SELECT journal_mode = 'wal' FROM pragma_journal_mode"), 1);
}

static off_t size_of(const char *path)
{
    struct stat info;

    CHECK_INT(stat(path, &info), 0);
    return info.st_size;
}

/* The log begins anew only when it was copied to its end, in the middle of the work too. */
TEST(the_log_is_copied_back_beside_the_work_and_begins_anew)
{
    char wal[120], id[24];
    off_t before, begun;

    open_store();
    snprintf(wal, sizeof wal, "%s-wal", file);
    begun = size_of(file);
    for (int i = 0; size_of(file) == begun; i++) {
        snprintf(id, sizeof id, "first%d", i);
        CHECK_INT(put(id, 90000), 0);
    }
    for (int i = 0;; i++) {
        before = size_of(wal);
        snprintf(id, sizeof id, "then%d", i);
        CHECK_INT(put(id, 90000), 0);
        if (size_of(wal) == before) /* it was written from its beginning */
            break;
    }
    CHECK_INT(accepted(), taken());
}

/* ---- versions ---- */

static void make_version(const char *dump)
{
    char path[200], *sql = mem_zero(1, 65536);
    FILE *in;
    size_t len;

    snprintf(path, sizeof path, TEST_DATA "/store/%s", dump);
    in = fopen(path, "re");
    CHECK(in != NULL);
    len = fread(sql, 1, 65535, in);
    CHECK(len > 1000 && len < 65535);
    fclose(in);
    OK(mkdir(data_dir, 0700));
    from_outside(file, sql);
    mem_free(sql);
}

TEST(a_database_of_version_1_is_read_and_goes_on)
{
    struct store_receipt *list;
    size_t count;

    make_version("version-1.sql");
    open_store();
    CHECK_INT(number_in(file, "PRAGMA user_version"), sqlite_step_count);
    CHECK_INT(accepted(), 3);
    CHECK_INT(taken(), 1);
    CHECK_INT(put("first", 10), 1);
    OK(store->api->list(store, "org", STORE_DEAD, 0, 10, &list, &count, &err));
    CHECK_INT(count, 1);
    CHECK_STR(list[0].message_id, "third");
    CHECK_STR(list[0].code, "INVALID_EMAIL_ADDRESS");
    store_receipts_free(list, count);
    CHECK_INT(number_in(file, "SELECT dead_letters FROM counters"), 1);
    CHECK_INT(put("fourth", 10), 0);
    CHECK_INT(accepted(), 4);
    OK(store->api->begin(store, &err));
    OK(store->api->pause(store, "org", 7, &err));
    OK(store->api->commit(store, &err));
    CHECK_INT(number_in(file, "SELECT paused_ms FROM destination WHERE name = 'org'"), 7);
}

/* "messageId state seq; ..." of a list, which is freed. */
static const char *listed(struct store_receipt *list, size_t count)
{
    static char text[1000];
    size_t len = 0;

    text[0] = '\0';
    for (size_t i = 0; i < count; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "%s %s%s %lld;", list[i].message_id,
                                store_state_name(list[i].state),
                                list[i].discarded ? " discarded" : "", (long long)list[i].seq);
    store_receipts_free(list, count);
    return text;
}

static void check_receipts(void)
{
    struct store_receipt *list;
    size_t count;

    OK(store->api->recent(store, 0, 100, NOW + 10000, NULL, &list, &count, &err));
    CHECK_STR(listed(list, count),
              "seventh waiting 8;sixth waiting 7;fifth waiting 6;fourth dead discarded 5;"
              "fourth dead 4;third unchanged 3;second merged 2;first written 1;");
    OK(store->api->trace(store, "first", &list, &count, &err));
    CHECK_INT(count, 1);
    CHECK_STR(list[0].body, "{\"messageId\":\"first\",\"traits\":{\"email\":\"a@example.com\"}}");
    CHECK_STR(list[0].record_id, "00Q000000000001AAA");
    CHECK_STR(list[0].sent, "{\"LastName\":\"A\"}");
    CHECK_INT(list[0].received_ms, NOW + 1);
    CHECK_INT(list[0].changed_ms, NOW + 500);
    CHECK(list[0].created);
    store_receipts_free(list, count);
    OK(store->api->dead_letters(store, "org", NULL, 0, 10, &list, &count, &err));
    CHECK_INT(count, 1);
    CHECK_STR(list[0].code, "INVALID_EMAIL_ADDRESS");
    CHECK_STR(list[0].message, "invalid email address");
    CHECK_STR(list[0].advice, "correct it and retry");
    store_receipts_free(list, count);
    OK(store->api->search(store, STORE_BY_NAME, "c@example.com", 10, &list, &count, &err));
    CHECK_STR(listed(list, count), "third unchanged 3;");
    OK(store->api->search(store, STORE_BY_RECORD, "00Q000000000001AAA", 10, &list, &count, &err));
    CHECK_STR(listed(list, count), "second merged 2;first written 1;");
}

static void check_what_waits(void)
{
    struct store_cursor cursor = {0};
    struct store_delivery *list;
    size_t count;

    OK(store->api->take(store, "org", &cursor, NOW + 850, 10, 100000, &list, &count, &err));
    CHECK_INT(count, 2);
    CHECK_STR(list[0].message_id, "fifth");
    CHECK_STR(list[1].message_id, "seventh");
    CHECK_INT(list[1].attempts, 1);
    CHECK_INT(list[1].timestamp_ms, NOW - 7);
    store_deliveries_free(list, count);
    OK(store->api->take(store, "org", &cursor, NOW + 950, 10, 100000, &list, &count, &err));
    CHECK_INT(count, 1);
    CHECK_STR(list[0].message_id, "sixth");
    store_deliveries_free(list, count);
}

static void check_what_is_known(void)
{
    const char *const keys[] = {"lead a", "lead b"};
    struct store_known *known;
    struct store_intent *intents;
    struct store_skipped *skipped;
    struct store_counters *counters;
    size_t count;

    OK(store->api->find_known(store, "org", keys, 2, &known, &count, &err));
    CHECK_INT(count, 1);
    CHECK_STR(known[0].fields, "{\"LastName\":1795428000000}");
    CHECK_STR(known[0].record_id, "00Q000000000001AAA");
    CHECK_INT(known[0].written_ms, NOW + 500);
    store_known_free(known, count);
    OK(store->api->intents(store, "org", &intents, &count, &err));
    CHECK_INT(count, 1);
    CHECK_STR(intents[0].key, "lead h");
    CHECK_INT(intents[0].since_ms, NOW + 400);
    store_intents_free(intents, count);
    OK(store->api->skipped(store, "skipped-2", &skipped, &count, &err));
    CHECK_INT(count, 1);
    CHECK_STR(skipped[0].reason, "not_opted_in");
    store_skipped_free(skipped, count);
    OK(store->api->recent_skipped(store, 0, 10, &skipped, &count, &err));
    CHECK_INT(count, 2);
    CHECK_INT(skipped[0].id, 2);
    CHECK(skipped[0].message_id == NULL);
    store_skipped_free(skipped, count);
    OK(store->api->counters(store, &counters, &count, &err));
    CHECK_INT(count, 2);
    CHECK_INT(counters[0].accepted, 7);
    CHECK_INT(counters[0].dead_letters, 1);
    CHECK_INT(counters[0].oldest_waiting_ms, NOW + 5);
    CHECK_INT(counters[1].paused_ms, NOW + 9);
    store_counters_free(counters, count);
}

static void check_upgrade_of(const char *dump)
{
    make_version(dump);
    for (int start = 0; start < 2; start++) {
        start == 0 ? open_store() : reopen();
        CHECK_INT(number_in(file, "PRAGMA user_version"), sqlite_step_count);
        check_receipts();
        check_what_waits();
        check_what_is_known();
    }
    CHECK_INT(put("first", 10), 1);
    CHECK_INT(put("eighth", 10), 0);
    CHECK_INT(number_in(file, "SELECT max(seq) FROM delivery"), 9);
}

TEST(a_database_of_version_2_keeps_all_it_holds_in_its_order)
{
    check_upgrade_of("version-2.sql");
}

TEST(a_database_of_version_3_keeps_all_it_holds_in_its_order)
{
    check_upgrade_of("version-3.sql");
    CHECK(number_in(file, "SELECT seen_ms FROM clock") >= NOW + 600);
}

TEST(steps_are_taken_once_in_order_and_each_as_a_whole)
{
    const char *const steps[] = {"CREATE TABLE a (x); INSERT INTO a VALUES (1)",
                                 "INSERT INTO a VALUES (2)",
                                 "INSERT INTO a VALUES (3); INSERT INTO missing VALUES (1)"};
    struct sqlite_link link;

    OK(mkdir(data_dir, 0700));
    OK(sqlite_link_open(&link, file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &err));
    OK(sqlite_migrate(&link, steps, 1, &err));
    CHECK_INT(number_in(file, "SELECT sum(x) FROM a"), 1);
    CHECK_INT(sqlite_migrate(&link, steps, 3, &err), -1);
    CHECK(strstr(err.text, "bring the database to version 3") != NULL);
    CHECK_INT(number_in(file, "SELECT sum(x) FROM a"), 3);
    CHECK_INT(number_in(file, "PRAGMA user_version"), 2);
    OK(sqlite_migrate(&link, steps, 2, &err));
    CHECK_INT(number_in(file, "SELECT sum(x) FROM a"), 3);
    sqlite_link_close(&link);
}

TEST(a_database_of_a_newer_version_is_refused_and_left_as_it_is)
{
    char said[200];

    open_store();
    CHECK_INT(put("m1", 10), 0);
    store_close(store);
    from_outside(file, "PRAGMA user_version = 99");
    store = store_open("sqlite", data_dir, &err);
    CHECK(store == NULL);
    CHECK_INT(err.kind, ERR_SYSTEM);
    snprintf(said, sizeof said,
             "a newer Leadline wrote it (version 99, this one knows %zu): "
             "install that Leadline again, or choose another data_dir",
             sqlite_step_count);
    CHECK(strstr(err.text, said) != NULL);
    CHECK_INT(number_in(file, "PRAGMA user_version"), 99);
    CHECK_INT(number_in(file, "SELECT count(*) FROM event"), 1);
}

TEST(what_is_not_our_database_is_refused_and_left_as_it_is)
{
    FILE *out;

    OK(mkdir(data_dir, 0700));
    from_outside(file, "CREATE TABLE theirs (x)");
    CHECK((store = store_open("sqlite", data_dir, &err)) == NULL);
    CHECK(strstr(err.text, "this is not a Leadline database") != NULL);
    CHECK_INT(number_in(file, "SELECT count(*) FROM sqlite_schema"), 1);
    out = fopen(file, "we");
    CHECK(out != NULL);
    for (int i = 0; i < 1000; i++)
        fprintf(out, "just a text\n");
    fclose(out);
    CHECK((store = store_open("sqlite", data_dir, &err)) == NULL);
    CHECK(strstr(err.text, "this is not a Leadline database") != NULL);
}

/* ---- a disk that does not take it ---- */

TEST(a_full_disk_refuses_whole_transactions_and_heals)
{
    char limit[80];
    int64_t pages;
    int held = 0;

    open_store();
    OK(sqlite_number(writer_link(), "PRAGMA page_count", &pages, &err));
    snprintf(limit, sizeof limit, "PRAGMA max_page_count = %d", (int)pages + 10);
    OK(sqlite_script(writer_link(), limit, &err));
    for (char id[] = "a"; put(id, 9000) == 0; id[0]++)
        held++;
    CHECK(held > 0 && held < 20);
    CHECK_INT(err.kind, ERR_FULL);
    CHECK(strstr(err.text, "make room on the disk") != NULL);
    CHECK_INT(accepted(), held);
    CHECK_INT(taken(), held);
    /* The new destination of a failed transaction has no number either. */
    CHECK_INT(put("z", 90000), -1);
    CHECK_INT(accepted(), held);
    OK(sqlite_script(writer_link(), "PRAGMA max_page_count = 1000000", &err));
    CHECK_INT(put("z", 90000), 0);
    CHECK_INT(accepted(), held + 1);
    reopen();
    CHECK_INT(accepted(), held + 1);
    CHECK_INT(taken(), held + 1);
}

TEST(a_file_that_may_not_grow_refuses_whole_transactions_and_heals)
{
    struct rlimit before, small;
    struct stat info;
    char wal[120];

    signal(SIGXFSZ, SIG_IGN);
    open_store();
    CHECK_INT(put("m1", 10), 0);
    snprintf(wal, sizeof wal, "%s-wal", file);
    CHECK_INT(stat(wal, &info), 0);
    CHECK_INT(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = (rlim_t)info.st_size + 6000;
    CHECK_INT(setrlimit(RLIMIT_FSIZE, &small), 0);
    int rc = put("m2", 90000);
    CHECK_INT(setrlimit(RLIMIT_FSIZE, &before), 0);
    CHECK_INT(rc, -1);
    CHECK_INT(err.kind, ERR_FULL);
    CHECK_INT(accepted(), 1);
    CHECK_INT(put("m2", 90000), 0);
    reopen();
    CHECK_INT(accepted(), 2);
}

TEST(a_read_only_database_refuses_and_can_still_be_read)
{
    open_store();
    CHECK_INT(put("m1", 10), 0);
    OK(sqlite_script(writer_link(), "PRAGMA query_only = ON", &err));
    CHECK_INT(put("m2", 10), -1);
    CHECK_INT(err.kind, ERR_SYSTEM);
    CHECK(strstr(err.text, "make the file and its folder writable") != NULL);
    CHECK_INT(accepted(), 1);
    OK(sqlite_script(writer_link(), "PRAGMA query_only = OFF", &err));
    CHECK_INT(put("m2", 10), 0);
}

TEST(a_folder_that_cannot_be_made_is_named)
{
    snprintf(data_dir, sizeof data_dir, "%s/file", dir);
    OK(close(open(data_dir, O_CREAT | O_WRONLY | O_CLOEXEC, 0600)));
    CHECK((store = store_open("sqlite", data_dir, &err)) == NULL);
    CHECK(strstr(err.text, "/file is no folder") != NULL);
    snprintf(data_dir, sizeof data_dir, "%s/file/no/such", dir);
    CHECK((store = store_open("sqlite", data_dir, &err)) == NULL);
    CHECK_INT(err.kind, ERR_SYSTEM);
    CHECK(strstr(err.text, "/file") != NULL && strstr(err.text, "Not a directory") != NULL);
}

TEST(another_program_that_holds_the_file_means_later)
{
    sqlite3 *db = NULL;

    open_store();
    sqlite3_busy_timeout(writer_link()->db, 0);
    CHECK_INT(sqlite3_open(file, &db), SQLITE_OK);
    CHECK_INT(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    CHECK_INT(put("m1", 10), -1);
    CHECK_INT(err.kind, ERR_RETRY);
    sqlite3_close(db);
    CHECK_INT(put("m1", 10), 0);
}

/* ---- rows and pages that are not as we left them ---- */

static bool each_read_fails_or_not(bool expected)
{
    struct store_cursor cursor = {0};
    struct store_delivery *deliveries;
    struct store_receipt *receipts;
    size_t count;
    bool ok = true;

    if (store->api->take(store, "org", &cursor, NOW, 10, 1000, &deliveries, &count, &err) == 0) {
        store_deliveries_free(deliveries, count);
    } else {
        CHECK_INT(err.kind, ERR_SYSTEM);
        ok = false;
    }
    if (store->api->trace(store, "m1", &receipts, &count, &err) == 0) {
        store_receipts_free(receipts, count);
    } else {
        CHECK_INT(err.kind, ERR_SYSTEM);
        CHECK(strstr(err.text, file) != NULL && strstr(err.text, "damaged") != NULL);
        ok = false;
    }
    return ok == expected;
}

TEST(a_row_of_the_wrong_shape_is_an_error)
{
    static const char *const faults[][2] = {
        {"UPDATE delivery SET state = 9", "UPDATE delivery SET state = 0"},
        {"UPDATE delivery SET attempts = -1", "UPDATE delivery SET attempts = 0"},
        {"UPDATE delivery SET attempts = 99999999999", "UPDATE delivery SET attempts = 0"},
        {"UPDATE delivery SET created = 2", "UPDATE delivery SET created = 0"},
    };

    open_store();
    CHECK_INT(put("m1", 10), 0);
    CHECK(each_read_fails_or_not(true));
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        from_outside(file, faults[i][0]);
        CHECK(each_read_fails_or_not(false));
        from_outside(file, faults[i][1]);
        CHECK(each_read_fails_or_not(true));
    }
    from_outside(file, "UPDATE delivery SET state = 9");
    struct store_outcome outcome = {.seq = 1, .state = STORE_WRITTEN};
    OK(store->api->begin(store, &err));
    CHECK_INT(store->api->apply(store,
                                &(struct store_outcome_batch){
                                    .destination = "org", .outcomes = &outcome, .outcome_count = 1},
                                &err),
              -1);
    CHECK_INT(err.kind, ERR_SYSTEM);
    store->api->rollback(store);
}

TEST(a_damaged_file_is_an_error_and_never_a_crash)
{
    int failures = 0;

    for (unsigned round = 0; round < 20; round++) {
        uint32_t dice = round * 2654435761u + 7;
        struct stat info;
        int fd;

        open_store();
        OK(store->api->begin(store, &err));
        for (int i = 0; i < 30; i++) {
            char id[16];
            snprintf(id, sizeof id, "m%d", i);
            OK(append(id, 500));
        }
        OK(store->api->commit(store, &err));
        store_close(store);
        fd = open(file, O_RDWR | O_CLOEXEC);
        CHECK(fd >= 0 && fstat(fd, &info) == 0);
        for (int i = 0; i < 400; i++) {
            dice = dice * 1664525 + 1013904223;
            CHECK_INT(pwrite(fd, &dice, 4, 100 + (off_t)(dice % ((uint32_t)info.st_size - 104))),
                      4);
        }
        close(fd);
        store = store_open("sqlite", data_dir, &err);
        if (store != NULL) {
            struct store_cursor cursor = {0};
            struct store_delivery *list;
            size_t count;
            if (store->api->take(store, "org", &cursor, NOW, 100, 100000, &list, &count, &err) == 0)
                store_deliveries_free(list, count);
            else
                failures++;
            if (put("new", 500) < 0)
                failures++;
            store_close(store);
            store = NULL;
        } else {
            CHECK_INT(err.kind, ERR_SYSTEM);
            CHECK(strstr(err.text, file) != NULL);
            failures++;
        }
        /* A broken log may be left beside it. */
        OK(nftw(data_dir, remove_entry, 8, FTW_DEPTH | FTW_PHYS));
    }
    CHECK(failures > 10);
}

/* ---- files that go away ---- */

static const char *beside(const char *ending)
{
    static char path[160];

    snprintf(path, sizeof path, "%s%s", file, ending);
    return path;
}

/* A process that puts an event and ends without closing. */
static void die_after_a_commit(void)
{
    pid_t child = fork();
    int status;

    if (child == 0) {
        store = store_open("sqlite", data_dir, &err);
        if (store == NULL || put("m1", 10) < 0)
            _exit(1);
        raise(SIGKILL);
    }
    CHECK(waitpid(child, &status, 0) == child && was_killed(status));
}

TEST(a_log_that_is_gone_after_an_unclean_end_is_missed)
{
    char wal[160], away[180], mark[100];

    die_after_a_commit();
    snprintf(wal, sizeof wal, "%s", beside("-wal"));
    snprintf(away, sizeof away, "%s/away", dir);
    snprintf(mark, sizeof mark, "%s/running", data_dir);
    OK(rename(wal, away));
    for (int i = 0; i < 3; i++) {
        if (i == 1) /* an empty one is no better */
            OK(close(open(wal, O_CREAT | O_WRONLY | O_CLOEXEC, 0600)));
        CHECK((store = store_open("sqlite", data_dir, &err)) == NULL);
        CHECK_INT(err.kind, ERR_SYSTEM);
        CHECK(strstr(err.text, wal) != NULL && strstr(err.text, mark) != NULL);
    }
    OK(rename(away, wal));
    open_store();
    CHECK_INT(accepted(), 1);
    store_close(store);
    store = NULL;
    /* After a clean end nothing is missed. */
    CHECK(access(mark, F_OK) < 0);
    unlink(wal);
    open_store();
    CHECK_INT(accepted(), 1);
    store_close(store);
    store = NULL;
    /* A person may go on without it. */
    die_after_a_commit();
    OK(unlink(wal));
    CHECK((store = store_open("sqlite", data_dir, &err)) == NULL);
    OK(unlink(mark));
    open_store();
}

TEST(a_database_that_is_gone_after_an_unclean_end_is_missed)
{
    die_after_a_commit();
    OK(unlink(file));
    CHECK((store = store_open("sqlite", data_dir, &err)) == NULL);
    CHECK(strstr(err.text, "leadline.db is missing") != NULL);
}

TEST(nothing_is_stored_once_a_file_is_no_longer_the_open_one)
{
    static const char *const endings[] = {"", "-wal", "-shm"};
    char away[180], path[160];

    snprintf(away, sizeof away, "%s/away", dir);
    for (size_t i = 0; i < 3; i++)
        for (int replaced = 0; replaced <= 1; replaced++) {
            snprintf(path, sizeof path, "%s", beside(endings[i]));
            open_store();
            CHECK_INT(put("m1", 10), 0);
            OK(rename(path, away));
            if (replaced)
                OK(close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600)));
            CHECK_INT(put("m2", 10), -1);
            CHECK_INT(err.kind, ERR_SYSTEM);
            CHECK(strstr(err.text, "removed or replaced while the server runs") != NULL);
            CHECK_INT(accepted(), 1); /* what is there can still be read */
            CHECK_INT(put("m3", 10), -1);
            store_close(store);
            /* A restart misses it, and finds everything once it is put back. */
            store = store_open("sqlite", data_dir, &err);
            CHECK((store == NULL) == (i < 2)); /* the last one is made anew */
            if (i < 2) {
                OK(rename(away, path));
                open_store();
            }
            CHECK_INT(accepted(), 1);
            store_close(store);
            store = NULL;
            unlink(away);
            OK(nftw(data_dir, remove_entry, 8, FTW_DEPTH | FTW_PHYS));
        }
}

TEST(a_store_that_is_idle_notices_that_its_files_are_gone)
{
    struct store_usage usage;

    open_store();
    CHECK_INT(put("m1", 10), 0);
    OK(store->api->usage(store, &usage, &err));
    OK(unlink(beside("-wal")));
    CHECK_INT(store->api->usage(store, &usage, &err), -1);
    CHECK_INT(err.kind, ERR_SYSTEM);
    CHECK(strstr(err.text, "removed or replaced while the server runs") != NULL);
}

/* While another program reads, the log cannot be copied back to its end: it is still needed. */
TEST(a_log_that_is_still_needed_after_a_clean_end_is_missed)
{
    char wal[160];
    sqlite3 *db = NULL;

    open_store();
    CHECK_INT(put("m1", 10), 0);
    CHECK_INT(sqlite3_open(file, &db), SQLITE_OK);
    CHECK_INT(sqlite3_exec(db, "BEGIN; SELECT count(*) FROM event", NULL, NULL, NULL), SQLITE_OK);
    CHECK_INT(put("m2", 10), 0);
    sqlite3_busy_timeout(writer_link()->db, 0);
    store_close(store);
    snprintf(wal, sizeof wal, "%s", beside("-wal"));
    OK(unlink(wal));
    CHECK((store = store_open("sqlite", data_dir, &err)) == NULL);
    CHECK(strstr(err.text, wal) != NULL);
    sqlite3_close(db);
}

/* ---- damage ---- */

#define SEEDS  40
#define EVENTS 60

static void fill_and_close(void)
{
    open_store();
    OK(store->api->begin(store, &err));
    for (int i = 0; i < EVENTS; i++) {
        char id[16];
        snprintf(id, sizeof id, "m%d", i);
        CHECK_INT(append(id, (size_t)(i * 40)), 0);
    }
    OK(store->api->commit(store, &err));
    store_close(store);
    store = NULL;
}

static int64_t root_page(const char *table)
{
    sqlite3 *db;
    sqlite3_stmt *statement;
    char sql[100];
    int64_t page;

    snprintf(sql, sizeof sql, "SELECT rootpage FROM sqlite_schema WHERE name = '%s'", table);
    CHECK_INT(sqlite3_open(file, &db), SQLITE_OK);
    CHECK_INT(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    CHECK_INT(sqlite3_step(statement), SQLITE_ROW);
    page = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return page;
}

/* Whether the store says that it is damaged, at its start or when it has read everything; if
   it does not, each event that was acknowledged must be there. */
static bool refused_or_whole(void)
{
    bool refused = false;

    store = store_open("sqlite", data_dir, &err);
    if (store == NULL) {
        CHECK_INT(err.kind, ERR_SYSTEM);
        CHECK(strstr(err.text, file) != NULL);
        refused = true;
    }
    for (int i = 0; i < EVENTS && !refused; i++) {
        struct store_receipt *list = NULL;
        size_t count = 0;
        char id[16];
        snprintf(id, sizeof id, "m%d", i);
        OK(store->api->trace(store, id, &list, &count, &err));
        CHECK_INT(count, 1);
        store_receipts_free(list, count);
    }
    store_close(store);
    store = NULL;
    OK(nftw(data_dir, remove_entry, 8, FTW_DEPTH | FTW_PHYS));
    return refused;
}

TEST(a_bit_that_flipped_is_said_at_the_start_or_costs_no_event)
{
    int refused = 0;

    for (unsigned seed = 0; seed < SEEDS; seed++) {
        uint32_t dice = seed * 2654435761u + 7;
        unsigned char byte;
        off_t at;
        int fd;
        fill_and_close();
        fd = open(file, O_RDWR | O_CLOEXEC);
        dice = dice * 1664525 + 1013904223;
        at = (off_t)(dice % (uint32_t)size_of(file));
        CHECK_INT(pread(fd, &byte, 1, at), 1);
        byte ^= (unsigned char)(1u << (dice >> 29));
        CHECK_INT(pwrite(fd, &byte, 1, at), 1);
        close(fd);
        refused += refused_or_whole();
    }
    CHECK(refused > 0);
}

/* Whether what waits is handed out as damaged, and its receipt said to be so; then put back. */
static void check_damage(const char *change, const char *back, bool damaged)
{
    struct store_cursor cursor = {0};
    struct store_delivery *list;
    struct store_receipt *receipts;
    size_t count;

    from_outside(file, change);
    OK(store->api->take(store, "org", &cursor, NOW, 10, 100000, &list, &count, &err));
    CHECK_INT(count, 2);
    CHECK(!list[0].damaged);
    CHECK(list[1].damaged == damaged);
    store_deliveries_free(list, count);
    OK(store->api->trace(store, "m2", &receipts, &count, &err));
    CHECK(receipts[0].damaged == damaged);
    store_receipts_free(receipts, count);
    from_outside(file, back);
}

TEST(an_event_that_changed_on_the_disk_is_handed_out_as_damaged)
{
    open_store();
    OK(put("m1", 100));
    OK(put("m2", 100));
    check_damage("SELECT 1", "SELECT 1", false);
    check_damage("UPDATE event SET body = 'y' || substr(body, 2) WHERE message_id = 'm2'",
                 "UPDATE event SET body = 'x' || substr(body, 2) WHERE message_id = 'm2'", true);
    check_damage("UPDATE event SET body = body || 'x' WHERE message_id = 'm2'",
                 "UPDATE event SET body = substr(body, 2) WHERE message_id = 'm2'", true);
    check_damage("UPDATE event SET timestamp_ms = timestamp_ms + 1 WHERE message_id = 'm2'",
                 "UPDATE event SET timestamp_ms = timestamp_ms - 1 WHERE message_id = 'm2'", true);
    check_damage("UPDATE event SET received_ms = received_ms + 1 WHERE message_id = 'm2'",
                 "UPDATE event SET received_ms = received_ms - 1 WHERE message_id = 'm2'", true);
    check_damage("UPDATE event SET checksum = checksum + 1 WHERE message_id = 'm2'",
                 "UPDATE event SET checksum = checksum - 1 WHERE message_id = 'm2'", true);
    check_damage("SELECT 1", "SELECT 1", false);
    check_damage(
        "UPDATE event SET checksum = NULL, body = 'stored earlier' WHERE message_id = 'm2'",
        "SELECT 1", false);
}

/* One that is too large to be compared is read through: each table that holds events. */
TEST(a_page_that_cannot_be_read_is_found_in_a_large_database_too)
{
    static const char *const tables[] = {"event", "delivery", "known_record"};
    int64_t whole = guard_check_whole;

    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        int64_t page = 0;
        int fd;
        fill_and_close();
        page = root_page(tables[i]);
        CHECK(page > 1);
        fd = open(file, O_RDWR | O_CLOEXEC);
        CHECK_INT(pwrite(fd, "damaged", 7, (page - 1) * 4096), 7);
        close(fd);
        guard_check_whole = 0;
        store = store_open("sqlite", data_dir, &err);
        guard_check_whole = whole;
        if (store != NULL)
            fail_msg("a damaged page of %s was not found", tables[i]);
        CHECK(strstr(err.text, file) != NULL && strstr(err.text, "damaged") != NULL);
        OK(nftw(data_dir, remove_entry, 8, FTW_DEPTH | FTW_PHYS));
    }
    fill_and_close(); /* and one that is whole passes */
    guard_check_whole = 0;
    open_store();
    guard_check_whole = whole;
    CHECK_INT(accepted(), EVENTS);
}

TEST(a_database_that_was_cut_short_is_refused)
{
    off_t whole;

    fill_and_close();
    whole = size_of(file);
    refused_or_whole();
    for (off_t at = whole - 1; at > 4096; at = at % 4096 == 0 ? at - 1 : at * 2 / 3 / 4096 * 4096) {
        fill_and_close();
        OK(truncate(file, at));
        CHECK(refused_or_whole() || at % 4096 != 0); /* a part of the last page may be empty */
    }
}

TEST(damage_that_is_found_later_refuses_what_comes_then)
{
    int64_t check_ms = guard_check_ms;
    bool stored = true;
    int fd;

    open_store();
    OK(store->api->begin(store, &err));
    for (int i = 0; i < 3000; i++) {
        char id[16];
        snprintf(id, sizeof id, "m%d", i);
        CHECK_INT(append(id, 300), 0);
    }
    OK(store->api->commit(store, &err));
    store_close(store);
    fd = open(file, O_RDWR | O_CLOEXEC);
    CHECK_INT(pwrite(fd, "damaged", 7, size_of(file) / 4096 * 4 / 5 * 4096), 7);
    close(fd);
    guard_check_ms = 0;
    store = store_open("sqlite", data_dir, &err);
    guard_check_ms = check_ms;
    for (int i = 0; stored && store != NULL; i++) { /* or it was quick */
        char id[16];
        snprintf(id, sizeof id, "later%d", i);
        stored = put(id, 10) >= 0;
    }
    CHECK_INT(err.kind, ERR_SYSTEM);
    CHECK(strstr(err.text, "is damaged") != NULL && strstr(err.text, ".recover") != NULL);
}

/* ---- speed ---- */

/* Whether a step of a plan looks at every row of a table that grows. */
static bool walks(const char *step)
{
    static const char *const scans[] = {
        "SCAN delivery", "SCAN d ", "SCAN event",      "SCAN e ",      "SCAN memory",
        "SCAN intent",   "SCAN n ", "SCAN event_name", "SCAN skipped", "SCAN k "};

    for (size_t i = 0; i < sizeof scans / sizeof scans[0]; i++)
        if (strncmp(step, scans[i], strlen(scans[i])) == 0)
            return true;
    return false;
}

static void check_plan(const struct sqlite_link *link, const char *sql)
{
    /* Known and harmless: a new name could heal a reference that was left open, and SQLite
       would look for it, were there any; the few rows of one messageId are sorted. */
    bool names = strncmp(sql, "INSERT INTO source", 18) == 0 ||
                 strncmp(sql, "INSERT INTO destination", 23) == 0;
    bool sorts = strstr(sql, "message_id = ?1") != NULL || strstr(sql, "GROUP BY s.id") != NULL;
    char question[4000], fault[4200] = "";
    sqlite3_stmt *statement = NULL;

    snprintf(question, sizeof question, "EXPLAIN QUERY PLAN %s", sql);
    CHECK_INT(sqlite3_prepare_v2(link->db, question, -1, &statement, NULL), SQLITE_OK);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        const char *step = (const char *)sqlite3_column_text(statement, 3);
        if ((walks(step) && !names) || (strstr(step, "TEMP B-TREE") != NULL && !sorts))
            snprintf(fault, sizeof fault, "%s: %s", step, sql);
    }
    sqlite3_finalize(statement);
    CHECK_STR(fault, "");
}

static bool go_on(void *arg)
{
    (void)arg;
    return true;
}

/* Also when nothing is ever purged. */
TEST(more_than_a_million_skipped_events_are_never_kept)
{
    static const struct store_skip_event event = {"s1", "track", NOW};
    const struct store_skip skip = {.source = "website",
                                    .destination = "org",
                                    .reason = "opted_out",
                                    .count = 1,
                                    .events = &event,
                                    .event_count = 1};

    open_store();
    put("m1", 1);
    CHECK_INT(number_in(file, "SELECT count(*) FROM skipped"), 0);
    from_outside(file,
                 "INSERT INTO skipped (id, hash, source, destination, type, reason, received_ms)"
                 " VALUES (1, 7, 1, 1, 1, 1, 1795428000000),"
                 " (2, 7, 1, 1, 1, 1, 1795428000000), (3, 7, 1, 1, 1, 1, 1795428000000),"
                 " (1000001, 7, 1, 1, 1, 1, 1795428000000)");
    OK(store->api->begin(store, &err));
    OK(store->api->append(store, NULL, 0, &skip, 1, &err));
    OK(store->api->commit(store, &err));
    CHECK_INT(number_in(file, "SELECT min(id) FROM skipped"), 3);
    CHECK_INT(number_in(file, "SELECT max(id) FROM skipped"), 1000002);
}

/* ---- the calendar ---- */

#define DAY (INT64_C(24) * 3600 * 1000)

/* The store is closed, the calendar says something else, and the store is opened again. */
static void restart_with_clock_turned(int64_t by_ms)
{
    store_close(store);
    store = NULL;
    clock_step_wall(by_ms);
    clock_restart();
    open_store();
}

/* A whole round that keeps receipts for 30 days and known records for 400; rows deleted. */
static int64_t purge_now(void)
{
    int64_t now_ms = clock_steady();
    struct store_purge round = {.go_on = go_on,
                                .ages = {now_ms - 30 * DAY, now_ms - 30 * DAY, now_ms - 400 * DAY}};

    OK(store->api->begin(store, &err));
    OK(store->api->limit_ages(store, now_ms, &round.ages, &err));
    OK(store->api->purge(store, &round, &err));
    OK(store->api->commit(store, &err));
    CHECK(round.done);
    return round.count;
}

/* An event that has ended today, with its known record. */
static void deliver_one(const char *id)
{
    struct store_target target = {.destination = "org", .key = id, .object = "Lead"};
    struct store_event event = {.source = "website",
                                .message_id = id,
                                .type = "identify",
                                .received_ms = clock_steady(),
                                .timestamp_ms = clock_steady(),
                                .body = "{}",
                                .body_len = 2,
                                .targets = &target,
                                .target_count = 1};
    const struct store_known known = {(char *)id, (char *)"Lead", (char *)"00Q1", (char *)"{}",
                                      clock_steady()};
    struct store_outcome outcome = {.state = STORE_WRITTEN, .record_id = "00Q1"};

    OK(store->api->begin(store, &err));
    OK(store->api->append(store, &event, 1, NULL, 0, &err));
    CHECK(!event.ret_duplicate);
    outcome.seq = number_in(file, "SELECT coalesce(max(seq), 0) FROM delivery") + 1;
    OK(store->api->apply(store,
                         &(struct store_outcome_batch){.destination = "org",
                                                       .outcomes = &outcome,
                                                       .outcome_count = 1,
                                                       .known = &known,
                                                       .known_count = 1,
                                                       .now_ms = clock_steady()},
                         &err));
    OK(store->api->commit(store, &err));
}

TEST(a_calendar_that_is_far_ahead_after_a_restart_makes_nothing_old)
{
    clock_freeze(NOW);
    open_store();
    deliver_one("m1");
    CHECK_INT(purge_now(), 0);
    restart_with_clock_turned(3650 * DAY);
    CHECK_INT(purge_now(), 0);
    CHECK_INT(put("m1", 2), 1); /* still known as a repeated one */
    clock_advance(29 * DAY);
    CHECK_INT(purge_now(), 0);
    clock_advance(2 * DAY);
    CHECK_INT(purge_now(), 1); /* 30 days have been seen to pass */
    clock_advance(370 * DAY);
    CHECK_INT(purge_now(), 1); /* and 400: the known record */
    clock_thaw();
}

TEST(a_calendar_that_was_far_ahead_and_is_right_again_makes_nothing_old)
{
    clock_freeze(NOW);
    open_store();
    deliver_one("m1");
    restart_with_clock_turned(3650 * DAY); /* the very first round comes in that run */
    deliver_one("m2");
    CHECK_INT(purge_now(), 0);
    restart_with_clock_turned(-3650 * DAY);
    deliver_one("m3");
    CHECK_INT(purge_now(), 0);
    restart_with_clock_turned(DAY);
    CHECK_INT(purge_now(), 0);
    clock_advance(29 * DAY);
    CHECK_INT(purge_now(), 0);
    clock_advance(2 * DAY);
    CHECK_INT(purge_now(), 2); /* m1 and m3; m2 stays until its own time */
    CHECK_INT(put("m2", 2), 1);
    clock_thaw();
}

TEST(a_calendar_that_was_behind_and_is_right_again_makes_nothing_old)
{
    clock_freeze(NOW - 3650 * DAY);
    open_store();
    deliver_one("m1");
    CHECK_INT(purge_now(), 0);
    restart_with_clock_turned(3650 * DAY);
    deliver_one("m2");
    CHECK_INT(purge_now(), 0);
    clock_advance(31 * DAY);
    CHECK_INT(purge_now(), 2);
    clock_thaw();
}

/* The time off counts for nothing, and what came after it is not kept for longer. */
TEST(time_off_delays_a_purge_by_as_much_and_no_more)
{
    clock_freeze(NOW);
    open_store();
    deliver_one("before");
    CHECK_INT(purge_now(), 0);
    for (int nights = 0; nights < 40; nights++) { /* 16 hours on, 8 off */
        clock_advance(DAY * 2 / 3);
        CHECK_INT(purge_now(), 0);
        restart_with_clock_turned(DAY / 3);
    }
    deliver_one("after");
    clock_advance(DAY * 10 / 3); /* with 40 * 2/3 days: 30 */
    CHECK_INT(purge_now(), 0);
    clock_advance(DAY);
    CHECK_INT(purge_now(), 1);
    clock_advance(DAY * 25);
    CHECK_INT(purge_now(), 0);
    clock_advance(DAY);
    CHECK_INT(purge_now(), 1);
    clock_thaw();
}

/* A gap that could not be committed is written by the next round. */
TEST(time_that_nobody_saw_is_kept_over_a_rollback)
{
    struct store_ages ages = {0};

    clock_freeze(NOW);
    open_store();
    deliver_one("m1");
    restart_with_clock_turned(3650 * DAY);
    OK(store->api->begin(store, &err));
    OK(store->api->limit_ages(store, clock_steady(), &ages, &err));
    store->api->rollback(store);
    CHECK_INT(purge_now(), 0);
    restart_with_clock_turned(DAY);
    CHECK_INT(purge_now(), 0);
    CHECK_INT(number_in(file, "SELECT sum(length_ms) FROM clock_gap"), 3651 * DAY);
    clock_thaw();
}

/* What search needs of an event is gone with the last event near it. */
TEST(the_names_of_forgotten_events_are_forgotten)
{
    struct store_purge round = {.go_on = go_on, .ages = {.ended_ms = NOW}};

    open_store();
    put("m1", 1);
    from_outside(file, "INSERT INTO event_name VALUES (0, 5, 1), (3, 5, 7000), (3, 6, 7001),"
                       " (4, 5, 8200)");
    OK(store->api->begin(store, &err));
    OK(store->api->purge(store, &round, &err));
    OK(store->api->commit(store, &err));
    CHECK(round.done);
    CHECK_INT(number_in(file, "SELECT count(*) FROM event_name WHERE part = 0"), 1);
    CHECK_INT(number_in(file, "SELECT count(*) FROM event_name"), 1);
}

TEST(no_statement_walks_through_a_table)
{
    open_store();
    for (size_t i = 0; i < sqlite_reader_count; i++)
        check_plan(writer_link(), sqlite_reader_sql[i]);
    for (size_t i = 0; i < sqlite_writer_count; i++)
        check_plan(writer_link(), sqlite_writer_sql[i]);
}

/* ---- the writer's thread and readers ---- */

#define EVENTS_EACH 200

struct sender {
    struct writer *writer;
    char id[EVENTS_EACH][24];
    struct store_target target;
    struct store_event event[EVENTS_EACH];
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int answers, failures;
};

static void answered(void *arg, const struct err *why)
{
    struct sender *sender = arg;

    pthread_mutex_lock(&sender->lock);
    sender->answers++;
    sender->failures += why != NULL;
    pthread_cond_signal(&sender->changed);
    pthread_mutex_unlock(&sender->lock);
}

static void *send_all(void *arg)
{
    struct sender *sender = arg;

    for (int i = 0; i < EVENTS_EACH; i++) {
        snprintf(sender->id[i], sizeof sender->id[i], "%p-%d", arg, i);
        sender->event[i] = (struct store_event){.source = "website",
                                                .message_id = sender->id[i],
                                                .type = "identify",
                                                .received_ms = NOW,
                                                .body = "{}",
                                                .body_len = 2,
                                                .targets = &sender->target,
                                                .target_count = 1};
        if (!writer_append(sender->writer, &sender->event[i], 1, NULL, 0, answered, sender))
            abort();
    }
    pthread_mutex_lock(&sender->lock);
    while (sender->answers < EVENTS_EACH)
        pthread_cond_wait(&sender->changed, &sender->lock);
    pthread_mutex_unlock(&sender->lock);
    return NULL;
}

static void *apply_all(void *arg)
{
    struct writer *writer = arg;
    struct store_cursor cursor = {0};
    struct err mine = {0};
    size_t settled = 0;

    while (settled < (size_t)2 * EVENTS_EACH) {
        struct store_delivery *list;
        struct store_outcome outcomes[50];
        size_t count;
        if (store->api->take(store, "org", &cursor, NOW, 50, 10000, &list, &count, &mine) < 0)
            abort();
        for (size_t i = 0; i < count; i++)
            outcomes[i] = (struct store_outcome){.seq = list[i].seq, .state = STORE_WRITTEN};
        store_deliveries_free(list, count);
        if (count > 0 && writer_apply(writer,
                                      &(struct store_outcome_batch){.destination = "org",
                                                                    .outcomes = outcomes,
                                                                    .outcome_count = count,
                                                                    .now_ms = NOW},
                                      &mine) < 0)
            abort();
        settled += count;
    }
    return NULL;
}

TEST(senders_a_destination_and_the_status_page_work_at_once)
{
    static struct sender senders[2];
    pthread_t threads[3];
    struct writer *writer;

    open_store();
    writer = writer_start(store, (struct writer_limits){.max_requests = 1000, .max_bytes = 1 << 20},
                          &err);
    CHECK(writer != NULL);
    for (int i = 0; i < 2; i++) {
        senders[i] = (struct sender){
            .writer = writer, .target = {.destination = "org", .key = "k", .object = "Lead"}};
        pthread_mutex_init(&senders[i].lock, NULL);
        pthread_cond_init(&senders[i].changed, NULL);
        CHECK_INT(pthread_create(&threads[i], NULL, send_all, &senders[i]), 0);
    }
    CHECK_INT(pthread_create(&threads[2], NULL, apply_all, writer), 0);
    for (int i = 0; i < 50; i++)
        CHECK(accepted() <= (int64_t)2 * EVENTS_EACH); /* and the sums add up each time */
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    writer_stop(writer);
    CHECK_INT(senders[0].failures + senders[1].failures, 0);
    CHECK_INT(accepted(), 2 * EVENTS_EACH);
    CHECK_INT(taken(), 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

TEST_MAIN(CASE(what_was_committed_is_there_after_a_restart),
          CASE(a_process_that_dies_leaves_its_commits_and_nothing_else),
          CASE(a_second_process_is_refused), CASE(files_are_for_their_owner_alone),
          CASE(a_commit_is_synced_to_disk),
          CASE(the_log_is_copied_back_beside_the_work_and_begins_anew),
          CASE(a_database_of_version_1_is_read_and_goes_on),
          CASE(a_database_of_version_2_keeps_all_it_holds_in_its_order),
          CASE(a_database_of_version_3_keeps_all_it_holds_in_its_order),
          CASE(steps_are_taken_once_in_order_and_each_as_a_whole),
          CASE(a_database_of_a_newer_version_is_refused_and_left_as_it_is),
          CASE(what_is_not_our_database_is_refused_and_left_as_it_is),
          CASE(a_full_disk_refuses_whole_transactions_and_heals),
          CASE(a_file_that_may_not_grow_refuses_whole_transactions_and_heals),
          CASE(a_read_only_database_refuses_and_can_still_be_read),
          CASE(a_folder_that_cannot_be_made_is_named),
          CASE(another_program_that_holds_the_file_means_later),
          CASE(a_row_of_the_wrong_shape_is_an_error),
          CASE(a_damaged_file_is_an_error_and_never_a_crash),
          CASE(a_log_that_is_gone_after_an_unclean_end_is_missed),
          CASE(a_database_that_is_gone_after_an_unclean_end_is_missed),
          CASE(nothing_is_stored_once_a_file_is_no_longer_the_open_one),
          CASE(a_store_that_is_idle_notices_that_its_files_are_gone),
          CASE(a_log_that_is_still_needed_after_a_clean_end_is_missed),
          CASE(a_bit_that_flipped_is_said_at_the_start_or_costs_no_event),
          CASE(an_event_that_changed_on_the_disk_is_handed_out_as_damaged),
          CASE(a_page_that_cannot_be_read_is_found_in_a_large_database_too),
          CASE(a_database_that_was_cut_short_is_refused),
          CASE(damage_that_is_found_later_refuses_what_comes_then),
          CASE(more_than_a_million_skipped_events_are_never_kept),
          CASE(a_calendar_that_is_far_ahead_after_a_restart_makes_nothing_old),
          CASE(a_calendar_that_was_far_ahead_and_is_right_again_makes_nothing_old),
          CASE(a_calendar_that_was_behind_and_is_right_again_makes_nothing_old),
          CASE(time_off_delays_a_purge_by_as_much_and_no_more),
          CASE(time_that_nobody_saw_is_kept_over_a_rollback),
          CASE(the_names_of_forgotten_events_are_forgotten),
          CASE(no_statement_walks_through_a_table),
          CASE(senders_a_destination_and_the_status_page_work_at_once))
