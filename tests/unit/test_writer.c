#include "check.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "base/clock.h"
#include "base/mem.h"
#include "store/writer.h"

#define OK(call) CHECK_INT((call), 0)
#define NOW      1795428000000

/* ---- a store that can be held up and made to fail, in front of the one in memory ---- */

struct gate {
    struct store base;
    struct store *behind;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool shut;        /* begin waits */
    int waiting;      /* whether the store thread stands there */
    int fail_commits; /* that many commits fail, of those that write something */
    bool touched;
    int commits;                 /* that held */
    int appends;                 /* calls, of all tries */
    bool fail_appends;           /* ERR_SYSTEM */
    pthread_t writer;            /* the thread that writes */
    int rows;                    /* that a purge has asked for */
    int steps;                   /* of a purge */
    int step_rows, longest_step; /* rows of the one at hand, of any */
    int ms_a_row;                /* that each takes */
    int stop_at_row;             /* it waits there */
    bool fail_purges;            /* ERR_SYSTEM */
    bool applied, purged;        /* in this transaction */
    bool full_for_purges;        /* no transaction with a step of a purge holds */
    int applied_beside_purge;    /* transactions that tried both */
    int redriven;                /* transactions that dealt with dead letters */
    void (*at_row)(void);
    int64_t disk;  /* bytes free; 0: as the store behind says */
    int64_t bytes; /* in use; 0: as the store behind says */
    bool unwell;   /* it says that nothing more can be stored */
    int reserve;   /* times that room can be made */
};

static struct gate *gate_of(struct store *store)
{
    return (struct gate *)store;
}

static int gate_begin(struct store *store, struct err *err)
{
    struct gate *gate = gate_of(store);

    pthread_mutex_lock(&gate->lock);
    gate->writer = pthread_self();
    gate->waiting++;
    pthread_cond_broadcast(&gate->changed);
    while (gate->shut)
        pthread_cond_wait(&gate->changed, &gate->lock);
    gate->waiting--;
    gate->touched = gate->applied = gate->purged = false;
    pthread_mutex_unlock(&gate->lock);
    return gate->behind->api->begin(gate->behind, err);
}

static int gate_append(struct store *store, struct store_event *events, size_t count,
                       const struct store_skip *skips, size_t skip_count, struct err *err)
{
    struct gate *gate = gate_of(store);

    gate->appends++;
    gate->touched = true;
    if (gate->fail_appends)
        return err_set(err, ERR_SYSTEM, "the disk is on fire");
    return gate->behind->api->append(gate->behind, events, count, skips, skip_count, err);
}

static int gate_intend(struct store *store, const char *destination, const char *const *keys,
                       size_t count, int64_t now_ms, struct err *err)
{
    gate_of(store)->touched = true;
    struct store *behind = gate_of(store)->behind;

    return behind->api->intend(behind, destination, keys, count, now_ms, err);
}

static int gate_apply(struct store *store, const struct store_outcome_batch *what, struct err *err)
{
    gate_of(store)->touched = gate_of(store)->applied = true;
    struct store *behind = gate_of(store)->behind;

    return behind->api->apply(behind, what, err);
}

static int gate_redrive(struct store *store, struct store_dead_letters *which, int64_t now_ms,
                        struct err *err)
{
    gate_of(store)->touched = true;
    gate_of(store)->redriven++;
    struct store *behind = gate_of(store)->behind;

    return behind->api->redrive(behind, which, now_ms, err);
}

static int gate_discard(struct store *store, struct store_dead_letters *which, int64_t now_ms,
                        struct err *err)
{
    gate_of(store)->touched = true;
    gate_of(store)->redriven++;
    struct store *behind = gate_of(store)->behind;

    return behind->api->discard(behind, which, now_ms, err);
}

static int gate_pause(struct store *store, const char *destination, int64_t since_ms,
                      struct err *err)
{
    struct gate *gate = gate_of(store);

    return gate->behind->api->pause(gate->behind, destination, since_ms, err);
}

struct slow_purge {
    struct gate *gate;
    struct store_purge real;
};

/* Each row takes its time, and at some of them a test does something. */
static bool gate_go_on(void *arg)
{
    struct slow_purge *slow = arg;
    struct gate *gate = slow->gate;

    pthread_mutex_lock(&gate->lock);
    gate->rows++;
    gate->step_rows++;
    if (gate->step_rows > gate->longest_step)
        gate->longest_step = gate->step_rows;
    pthread_cond_broadcast(&gate->changed);
    while (gate->rows == gate->stop_at_row)
        pthread_cond_wait(&gate->changed, &gate->lock);
    pthread_mutex_unlock(&gate->lock);
    if (gate->at_row != NULL)
        gate->at_row();
    clock_advance(gate->ms_a_row);
    return slow->real.go_on(slow->real.arg);
}

static int gate_limit_ages(struct store *store, int64_t now_ms, struct store_ages *ages,
                           struct err *err)
{
    struct store *behind = gate_of(store)->behind;

    return behind->api->limit_ages(behind, now_ms, ages, err);
}

static int gate_purge(struct store *store, struct store_purge *what, struct err *err)
{
    struct gate *gate = gate_of(store);
    struct store *behind = gate->behind;
    struct slow_purge slow = {gate, *what};
    int rc;

    gate->touched = gate->purged = true;
    pthread_mutex_lock(&gate->lock);
    gate->steps++;
    gate->step_rows = 0;
    pthread_mutex_unlock(&gate->lock);
    gate->applied_beside_purge += gate->applied;
    if (gate->fail_purges)
        return err_set(err, ERR_SYSTEM, "a row of the wrong shape");
    what->go_on = gate_go_on;
    what->arg = &slow;
    rc = behind->api->purge(behind, what, err);
    what->go_on = slow.real.go_on;
    what->arg = slow.real.arg;
    return rc;
}

static int gate_commit(struct store *store, struct err *err)
{
    struct gate *gate = gate_of(store);

    if (gate->fail_commits > 0 && gate->touched) {
        gate->fail_commits--;
        gate->behind->api->rollback(gate->behind);
        return err_set(err, ERR_FULL, "disk full");
    }
    if (gate->full_for_purges && gate->purged) {
        gate->behind->api->rollback(gate->behind);
        return err_set(err, ERR_FULL, "disk full");
    }
    pthread_mutex_lock(&gate->lock);
    gate->commits++;
    pthread_mutex_unlock(&gate->lock);
    return gate->behind->api->commit(gate->behind, err);
}

static void gate_rollback(struct store *store)
{
    struct store *behind = gate_of(store)->behind;

    behind->api->rollback(behind);
}

static int gate_usage(struct store *store, struct store_usage *ret, struct err *err)
{
    struct gate *gate = gate_of(store);
    int rc = gate->behind->api->usage(gate->behind, ret, err);

    pthread_mutex_lock(&gate->lock);
    if (gate->disk > 0)
        ret->free_disk = gate->disk;
    if (gate->bytes > 0)
        ret->bytes = gate->bytes;
    if (gate->unwell)
        rc = err_set(err, ERR_SYSTEM, "the file is gone");
    pthread_mutex_unlock(&gate->lock);
    return rc;
}

static bool gate_keep_reserve(struct store *store, int64_t waiting)
{
    (void)store, (void)waiting;
    return true;
}

static bool gate_release_reserve(struct store *store)
{
    struct gate *gate = gate_of(store);

    if (gate->reserve == 0)
        return false;
    gate->reserve--;
    return true;
}

static const struct store_api gate_api = {.name = "gate",
                                          .begin = gate_begin,
                                          .append = gate_append,
                                          .intend = gate_intend,
                                          .apply = gate_apply,
                                          .redrive = gate_redrive,
                                          .discard = gate_discard,
                                          .pause = gate_pause,
                                          .limit_ages = gate_limit_ages,
                                          .purge = gate_purge,
                                          .commit = gate_commit,
                                          .rollback = gate_rollback,
                                          .usage = gate_usage,
                                          .keep_reserve = gate_keep_reserve,
                                          .release_reserve = gate_release_reserve};

static void shut(struct gate *gate, bool yes)
{
    pthread_mutex_lock(&gate->lock);
    gate->shut = yes;
    pthread_cond_broadcast(&gate->changed);
    pthread_mutex_unlock(&gate->lock);
}

/* Returns when the store thread stands at the gate with a group in its hands. */
static void await_writer(struct gate *gate)
{
    pthread_mutex_lock(&gate->lock);
    while (gate->waiting == 0)
        pthread_cond_wait(&gate->changed, &gate->lock);
    pthread_mutex_unlock(&gate->lock);
}

/* ---- a writer for each test ---- */

static struct gate gate;
static struct writer *writer;
static struct err err;
static atomic_int news;

static void count_waiting(void *arg)
{
    (void)arg;
    CHECK(pthread_equal(pthread_self(), gate.writer));
    atomic_fetch_add(&news, 1);
}

static int set_up(void **state)
{
    (void)state;
    gate = (struct gate){
        .base.api = &gate_api, .behind = store_open("memory", NULL, &err), .ms_a_row = 1};
    pthread_mutex_init(&gate.lock, NULL);
    pthread_cond_init(&gate.changed, NULL);
    atomic_store(&news, 0);
    writer = writer_start(&gate.base,
                          (struct writer_limits){.max_requests = 100, .max_bytes = 10000}, &err);
    if (writer == NULL)
        return -1;
    writer_on_waiting(writer, count_waiting, NULL);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    mem_fail_at(0);
    clock_thaw();
    shut(&gate, false); /* a test that failed may have left it so */
    writer_stop(writer);
    writer = NULL;
    store_close(gate.behind);
    pthread_cond_destroy(&gate.changed);
    pthread_mutex_destroy(&gate.lock);
    return 0;
}

/* ---- words the tests are written in ---- */

/* An append and its answer. */
struct letter {
    char id[24];
    struct store_target target;
    struct store_event event;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int answers;
    struct err err;
};

static void answered(void *arg, const struct err *why)
{
    struct letter *letter = arg;

    pthread_mutex_lock(&letter->lock);
    letter->answers++;
    letter->err = why == NULL ? (struct err){0} : *why;
    pthread_cond_broadcast(&letter->changed);
    pthread_mutex_unlock(&letter->lock);
}

static void letter_init(struct letter *letter, const char *id)
{
    *letter = (struct letter){
        .target = {.destination = "org", .key = "k", .object = "Lead"},
        .event = {.source = "website",
                  .type = "identify",
                  .received_ms = NOW,
                  .timestamp_ms = NOW,
                  .body = "{\"a\":1}",
                  .body_len = 7,
                  .target_count = 1},
    };
    snprintf(letter->id, sizeof letter->id, "%s", id);
    letter->event.message_id = letter->id;
    letter->event.targets = &letter->target;
    pthread_mutex_init(&letter->lock, NULL);
    pthread_cond_init(&letter->changed, NULL);
}

static bool send_letter(struct letter *letter)
{
    return writer_append(writer, &letter->event, 1, NULL, 0, answered, letter);
}

static enum err_kind await(struct letter *letter)
{
    pthread_mutex_lock(&letter->lock);
    while (letter->answers == 0)
        pthread_cond_wait(&letter->changed, &letter->lock);
    pthread_mutex_unlock(&letter->lock);
    CHECK_INT(letter->answers, 1);
    return letter->err.kind;
}

static void letter_done(struct letter *letter)
{
    pthread_cond_destroy(&letter->changed);
    pthread_mutex_destroy(&letter->lock);
}

static int64_t stored(void)
{
    struct store_counters *list = NULL;
    size_t count = 0;
    int64_t accepted;

    OK(gate.behind->api->counters(gate.behind, &list, &count, &err));
    accepted = count == 0 ? 0 : list[0].accepted;
    store_counters_free(list, count);
    return accepted;
}

static void put(const char *id)
{
    struct letter letter;

    letter_init(&letter, id);
    CHECK(send_letter(&letter));
    CHECK_INT(await(&letter), ERR_NONE);
    letter_done(&letter);
}

static int apply(int64_t seq, enum store_state state)
{
    struct store_outcome outcome = {.seq = seq, .state = state};

    return writer_apply(
        writer,
        &(struct store_outcome_batch){
            .destination = "org", .outcomes = &outcome, .outcome_count = 1, .now_ms = NOW},
        &err);
}

/* ---- tests ---- */

TEST(an_append_is_answered_when_the_commit_holds_it)
{
    struct letter letter;

    letter_init(&letter, "m1");
    shut(&gate, true);
    CHECK(send_letter(&letter));
    await_writer(&gate);
    CHECK_INT(letter.answers, 0);
    CHECK_INT(stored(), 0);
    CHECK_INT(writer_counts(writer).waiting, 1);
    shut(&gate, false);
    CHECK_INT(await(&letter), ERR_NONE);
    CHECK_INT(stored(), 1);
    letter_done(&letter);
}

TEST(what_waits_together_is_one_commit)
{
    struct letter letters[50];
    struct writer_counts counts;

    shut(&gate, true);
    for (int i = 0; i < 50; i++) {
        char id[24];
        snprintf(id, sizeof id, "m%d", i / 2); /* each twice */
        letter_init(&letters[i], id);
        CHECK(send_letter(&letters[i]));
        if (i == 0)
            await_writer(&gate); /* it holds the first, the others wait */
    }
    shut(&gate, false);
    for (int i = 0; i < 50; i++) {
        CHECK_INT(await(&letters[i]), ERR_NONE);
        CHECK_INT(letters[i].event.ret_duplicate, i % 2);
        letter_done(&letters[i]);
    }
    writer_stop(writer); /* so that everything is counted */
    writer = NULL;
    CHECK_INT(gate.commits, 2);
    CHECK_INT(stored(), 25);
    CHECK_INT(atomic_load(&news), 2);
    writer = writer_start(&gate.base,
                          (struct writer_limits){.max_requests = 100, .max_bytes = 10000}, &err);
    put("later");
    counts = writer_counts(writer);
    CHECK_INT(counts.commits, 1);
    CHECK_INT(counts.events, 1);
    CHECK_INT(counts.failures, 0);
    CHECK(counts.writable);
}

TEST(a_failed_commit_fails_everyone_in_it_and_the_next_is_tried)
{
    struct letter first, second;
    struct writer_counts counts;

    letter_init(&first, "m1");
    gate.fail_commits = 1;
    CHECK(send_letter(&first));
    CHECK_INT(await(&first), ERR_FULL);
    CHECK_STR(first.err.text, "disk full");
    CHECK_INT(stored(), 0);
    counts = writer_counts(writer);
    CHECK(!counts.writable);
    CHECK_INT(counts.failures, 1);
    CHECK_INT(counts.commits, 0);
    CHECK_INT(atomic_load(&news), 0);

    letter_init(&second, "m1");
    CHECK(send_letter(&second));
    CHECK_INT(await(&second), ERR_NONE);
    CHECK(!second.event.ret_duplicate);
    CHECK_INT(stored(), 1);
    CHECK(writer_counts(writer).writable);
    letter_done(&first);
    letter_done(&second);
}

TEST(a_write_that_fails_leaves_nothing_behind)
{
    struct letter letter;

    letter_init(&letter, "m1");
    gate.fail_appends = true;
    CHECK(send_letter(&letter));
    CHECK_INT(await(&letter), ERR_SYSTEM);
    CHECK_INT(stored(), 0);
    CHECK_INT(gate.commits, 0);
    letter_done(&letter);
}

TEST(a_request_at_fault_fails_alone)
{
    struct letter held, good, bad, last;

    letter_init(&held, "m0");
    letter_init(&good, "m1");
    letter_init(&bad, "m2");
    letter_init(&last, "m3");
    bad.event.target_count = 0;
    shut(&gate, true);
    CHECK(send_letter(&held));
    await_writer(&gate);
    CHECK(send_letter(&good) && send_letter(&bad) && send_letter(&last));
    shut(&gate, false);
    CHECK_INT(await(&held), ERR_NONE);
    CHECK_INT(await(&good), ERR_NONE);
    CHECK_INT(await(&bad), ERR_INVALID);
    CHECK_INT(await(&last), ERR_NONE);
    CHECK(!good.event.ret_duplicate && !last.event.ret_duplicate);
    CHECK_INT(stored(), 3);
    letter_done(&held);
    letter_done(&good);
    letter_done(&bad);
    letter_done(&last);
}

TEST(past_its_limits_an_append_is_refused_and_an_outcome_is_not)
{
    struct letter letters[101], large;

    put("m");
    letter_init(&large, "large");
    large.event.body_len = 10001;
    CHECK(!send_letter(&large));
    shut(&gate, true);
    for (int i = 0; i < 101; i++) {
        char id[24];
        snprintf(id, sizeof id, "m%d", i);
        letter_init(&letters[i], id);
        CHECK_INT(send_letter(&letters[i]), i < 100);
    }
    CHECK_INT(writer_counts(writer).waiting, 100);
    shut(&gate, false);
    OK(apply(1, STORE_WRITTEN)); /* behind all of them */
    for (int i = 0; i < 100; i++)
        CHECK_INT(await(&letters[i]), ERR_NONE);
    put("more");
    for (int i = 0; i < 101; i++)
        letter_done(&letters[i]);
    letter_done(&large);
}

TEST(bytes_that_wait_are_bounded)
{
    static char body[6000];
    struct letter first, second;

    letter_init(&first, "m1");
    letter_init(&second, "m2");
    memset(body, ' ', sizeof body);
    first.event.body = second.event.body = body;
    first.event.body_len = second.event.body_len = sizeof body;
    shut(&gate, true);
    CHECK(send_letter(&first));
    CHECK(!send_letter(&second));
    shut(&gate, false);
    CHECK_INT(await(&first), ERR_NONE);
    put("m3"); /* its answer comes after the first's room is given back */
    CHECK(send_letter(&second));
    CHECK_INT(await(&second), ERR_NONE);
    letter_done(&first);
    letter_done(&second);
}

static pthread_mutex_t round_lock = PTHREAD_MUTEX_INITIALIZER;
static bool round_over;
static int64_t round_count;
static struct err round_err;

static void round_done(void *arg, int64_t count, const struct err *why)
{
    (void)arg;
    pthread_mutex_lock(&round_lock);
    round_over = true;
    round_count = count;
    round_err = why == NULL ? (struct err){0} : *why;
    pthread_mutex_unlock(&round_lock);
}

static void begin_purge(void)
{
    round_over = false;
    CHECK(writer_purge(writer, &(struct store_ages){.ended_ms = NOW + 1}, round_done, NULL));
}

static bool is_round_over(void)
{
    bool over;

    pthread_mutex_lock(&round_lock);
    over = round_over;
    pthread_mutex_unlock(&round_lock);
    return over;
}

/* A round, and how many events it forgot. */
static int64_t purge(void)
{
    begin_purge();
    while (!is_round_over()) {
        clock_advance(1); /* between two steps it waits */
        sched_yield();
    }
    return round_count;
}

TEST(outcomes_intents_redrives_pauses_and_purges_wait_for_their_commit)
{
    const char *key = "k";
    struct store_intent *intents = NULL;
    struct store_counters *counters = NULL;
    size_t count = 0;
    const struct store_dead_letters all = {.destination = "org", .first = 1, .last = INT64_MAX - 1};
    struct store_dead_letters letters = all;

    put("m1");
    put("m2");
    OK(apply(1, STORE_DEAD));
    OK(apply(2, STORE_WRITTEN));
    CHECK_INT(apply(2, STORE_DEAD), -1);
    CHECK_INT(err.kind, ERR_INVALID);
    OK(writer_intend(writer, "org", &key, 1, NOW, &err));
    OK(gate.behind->api->intents(gate.behind, "org", &intents, &count, &err));
    CHECK_INT(count, 1);
    store_intents_free(intents, count);
    CHECK_INT(atomic_load(&news), 2);
    OK(writer_redrive(writer, &letters, &err));
    CHECK_INT(letters.count, 1);
    letters = all;
    OK(writer_redrive(writer, &letters, &err));
    CHECK_INT(letters.count, 0);
    CHECK_INT(atomic_load(&news), 3);
    OK(writer_pause(writer, "org", NOW, &err));
    OK(gate.behind->api->counters(gate.behind, &counters, &count, &err));
    CHECK_INT(counters[0].paused_ms, NOW);
    store_counters_free(counters, count);
    clock_freeze(NOW + WRITER_KEEP_MS);
    CHECK_INT(purge(), 0); /* seven days are kept */
    clock_advance(1);
    CHECK_INT(purge(), 1);
}

/* ---- forgetting ---- */

static void put_ended(int count)
{
    for (int i = 0; i < count; i++) {
        char id[24];
        snprintf(id, sizeof id, "m%d", i);
        put(id);
        OK(apply(i + 1, STORE_UNCHANGED));
    }
    clock_freeze(NOW + 2 * WRITER_KEEP_MS);
}

TEST(a_purge_goes_on_until_nothing_old_is_left)
{
    put_ended(1100);
    CHECK_INT(purge(), 1100);
    CHECK(gate.rows >= 1100);
}

TEST(a_step_of_a_purge_has_so_many_rows_at_most_however_fast_they_are)
{
    put_ended(1100);
    gate.ms_a_row = 0;
    begin_purge();
    pthread_mutex_lock(&gate.lock);
    while (gate.rows < 1001) /* that it asked for, and it gets 1,000 */
        pthread_cond_wait(&gate.changed, &gate.lock);
    pthread_mutex_unlock(&gate.lock);
    while (!is_round_over())
        clock_advance(1);
    CHECK_INT(round_count, 1100);
    CHECK_INT(gate.longest_step, 1001);
}

TEST(a_step_of_a_purge_ends_after_some_milliseconds_though_nobody_waits)
{
    put_ended(50);
    CHECK_INT(purge(), 50);
    CHECK(gate.longest_step > 2 && gate.longest_step <= 11);
}

static int purge_steps(void)
{
    int steps;

    pthread_mutex_lock(&gate.lock);
    steps = gate.steps;
    pthread_mutex_unlock(&gate.lock);
    return steps;
}

/* Rows that each take longer than a step may: one in each step, so that the round ends. */
TEST(a_purge_goes_on_however_slow_its_rows_are)
{
    put_ended(20);
    gate.ms_a_row = 50;
    begin_purge();
    while (!is_round_over() && purge_steps() < 1000)
        clock_advance(1);
    CHECK(is_round_over());
    CHECK_INT(round_count, 20);
}

/* It can be made again, and those who wait with it have done nothing wrong. */
TEST(a_purge_that_cannot_read_a_row_fails_alone)
{
    struct letter first, second;

    put_ended(3);
    letter_init(&first, "first");
    letter_init(&second, "second");
    gate.fail_purges = true;
    shut(&gate, true);
    CHECK(send_letter(&first));
    await_writer(&gate);
    CHECK(send_letter(&second));
    begin_purge(); /* its first step goes with the second */
    shut(&gate, false);
    CHECK_INT(await(&first), ERR_NONE);
    CHECK_INT(await(&second), ERR_NONE);
    while (!is_round_over())
        clock_advance(1);
    CHECK_INT(round_err.kind, ERR_SYSTEM);
    gate.fail_purges = false;
    CHECK_INT(purge(), 3);
    letter_done(&first);
    letter_done(&second);
}

/* How many transactions it takes to deal with so many dead letters. */
static int transactions_for(int (*deal)(struct writer *, struct store_dead_letters *, struct err *),
                            int count)
{
    static struct store_outcome outcomes[1001];
    struct store_dead_letters all = {.destination = "org", .first = 1, .last = INT64_MAX - 1};

    tear_down(NULL);
    CHECK_INT(set_up(NULL), 0);
    for (int i = 0; i < count; i++) {
        char id[24];
        snprintf(id, sizeof id, "m%d", i);
        put(id);
        outcomes[i] = (struct store_outcome){.seq = i + 1, .state = STORE_DEAD};
    }
    OK(writer_apply(writer,
                    &(struct store_outcome_batch){.destination = "org",
                                                  .outcomes = outcomes,
                                                  .outcome_count = (size_t)count,
                                                  .now_ms = NOW},
                    &err));
    OK(deal(writer, &all, &err));
    CHECK_INT(all.count, count);
    return gate.redriven;
}

TEST(many_dead_letters_are_dealt_with_in_transactions_of_bounded_size)
{
    CHECK_INT(transactions_for(writer_redrive, 499), 1);
    CHECK_INT(transactions_for(writer_redrive, 1001), 3);
    CHECK_INT(transactions_for(writer_discard, 501), 2);
}

TEST(a_purge_that_fails_says_so_harms_no_request_and_can_be_made_again)
{
    put_ended(3);
    gate.fail_commits = 1;
    CHECK_INT(purge(), 0);
    CHECK_INT(round_err.kind, ERR_FULL);
    put("after");
    CHECK_INT(purge(), 3);
}

/* At the third row of a step somebody comes: the step has had its share and ends there. */
static struct letter visitors[200];
static int sent, rows_when_sent[200], rows_when_answered[200];

static void visitor_answered(void *arg, const struct err *why)
{
    (void)why;
    rows_when_answered[(struct letter *)arg - visitors] = gate.rows;
}

static void send_visitor(void)
{
    char id[24];

    if (gate.rows % 5 != 3 || sent == 200)
        return;
    snprintf(id, sizeof id, "visitor%d", sent);
    letter_init(&visitors[sent], id);
    rows_when_sent[sent] = gate.rows;
    CHECK(writer_append(writer, &visitors[sent].event, 1, NULL, 0, visitor_answered,
                        &visitors[sent]));
    sent++;
}

TEST(a_request_waits_for_no_more_than_a_few_rows_of_a_purge)
{
    put_ended(500);
    sent = 0;
    gate.at_row = send_visitor;
    CHECK_INT(purge(), 500);
    writer_stop(writer);
    writer = NULL;
    CHECK(sent > 90);
    for (int i = 0; i < sent; i++) {
        /* Two milliseconds in the step at hand, as much in the one that joins the group. */
        CHECK(rows_when_answered[i] - rows_when_sent[i] <= 5);
        letter_done(&visitors[i]);
    }
}

static void *stop_writer(void *arg)
{
    writer_stop(arg);
    return NULL;
}

/* While requests keep coming it has a small part of the time, however often the queue is empty
   for a moment. */
TEST(a_purge_takes_a_small_part_of_the_time_while_requests_keep_coming)
{
    int rows;

    put_ended(500);
    begin_purge();
    for (int i = 0; i < 50; i++) { /* one after another, 10 ms apart */
        char id[24];
        snprintf(id, sizeof id, "one%d", i);
        put(id);
        clock_advance(10);
    }
    pthread_mutex_lock(&gate.lock);
    rows = gate.rows;
    pthread_mutex_unlock(&gate.lock);
    /* Each row takes a millisecond: three in each step, and steps 40 ms apart. */
    CHECK(rows >= 1 && rows <= 80);
    while (!is_round_over())
        clock_advance(1);
    CHECK_INT(round_count, 500); /* and when nobody comes, the rest */
}

TEST(a_stop_ends_a_purge_at_once)
{
    pthread_t stopper;
    struct letter letter;
    int taken = 0;

    put_ended(500);
    gate.ms_a_row = 0; /* nothing but the stop ends the step */
    writer_stop(writer);
    writer = writer_start(
        &gate.base, (struct writer_limits){.max_requests = 1000000, .max_bytes = 1 << 30}, &err);
    CHECK(writer != NULL);
    letter_init(&letter, "m");
    gate.stop_at_row = 5;
    begin_purge();
    pthread_mutex_lock(&gate.lock);
    while (gate.rows < 5)
        pthread_cond_wait(&gate.changed, &gate.lock);
    pthread_mutex_unlock(&gate.lock);
    CHECK(!writer_purge(writer, &(struct store_ages){0}, round_done, NULL)); /* one at a time */
    CHECK_INT(pthread_create(&stopper, NULL, stop_writer, writer), 0);
    for (; send_letter(&letter); taken++) /* until it stops: then it takes nothing more */
        sched_yield();
    writer = NULL;
    pthread_mutex_lock(&gate.lock);
    gate.stop_at_row = 0;
    pthread_cond_broadcast(&gate.changed);
    pthread_mutex_unlock(&gate.lock);
    pthread_join(stopper, NULL);
    CHECK(round_over && round_err.kind == ERR_NONE);
    CHECK(gate.rows <= 6);
    CHECK_INT(round_count, 4);
    CHECK_INT(letter.answers, taken);
    letter_done(&letter);
}

/* ---- no room ---- */

struct settler {
    int64_t seq;
    int rc;
};

static void *settle_in_thread(void *arg)
{
    struct settler *settler = arg;
    struct store_outcome outcome = {.seq = settler->seq, .state = STORE_UNCHANGED};
    struct store_outcome_batch what = {
        .destination = "org", .outcomes = &outcome, .outcome_count = 1, .now_ms = NOW};
    struct err mine = {0};

    settler->rc = writer_apply(writer, &what, &mine);
    return NULL;
}

/* However often the disk is found full: a settlement holds as long as room can be made for it,
   and a new event beside it is refused. */
TEST(on_a_full_disk_receipts_are_written_and_new_events_refused)
{
    for (int reserve = 0; reserve <= 4; reserve++) {
        struct letter letter;
        struct settler settler = {.seq = 1};
        pthread_t thread;

        tear_down(NULL);
        CHECK_INT(set_up(NULL), 0);
        put("accepted");
        letter_init(&letter, "new");
        shut(&gate, true);
        CHECK(send_letter(&letter));
        await_writer(&gate);
        gate.reserve = reserve;
        gate.fail_commits = 1 + reserve; /* with the event, and once for each part given up */
        CHECK_INT(pthread_create(&thread, NULL, settle_in_thread, &settler), 0);
        shut(&gate, false);
        CHECK_INT(await(&letter), ERR_FULL);
        pthread_join(thread, NULL);
        CHECK_INT(settler.rc, 0);
        CHECK_INT(gate.fail_commits, 0);
        gate.fail_commits = 0;
        letter_done(&letter);
        CHECK_INT(stored(), 1);
        put("again");
    }
}

/* In one transaction with what serves those that were accepted, a new event gives way, and
   what does not need its room holds. */
TEST(on_a_full_disk_a_new_event_gives_way_to_what_is_written_with_it)
{
    struct letter first, letter;

    put_ended(3);
    letter_init(&first, "first");
    letter_init(&letter, "new");
    shut(&gate, true);
    CHECK(send_letter(&first));
    await_writer(&gate);
    CHECK(send_letter(&letter));
    begin_purge(); /* its first step goes with the new event */
    gate.fail_commits = 2;
    shut(&gate, false);
    CHECK_INT(await(&first), ERR_FULL);
    CHECK_INT(await(&letter), ERR_FULL);
    while (!is_round_over())
        clock_advance(1);
    CHECK_INT(round_err.kind, ERR_NONE);
    CHECK_INT(round_count, 3);
    letter_done(&first);
    letter_done(&letter);
}

static void *apply_in_thread(void *arg)
{
    struct store_outcome_batch nothing = {.destination = "org", .now_ms = NOW};
    struct err mine = {0};

    *(int *)arg = writer_apply(writer, &nothing, &mine);
    return NULL;
}

/* What comes beside a step of a purge holds without it. */
TEST(on_a_full_disk_a_purge_gives_way_to_receipts)
{
    put_ended(3);
    gate.full_for_purges = true;
    for (int i = 0; i < 1000 && gate.applied_beside_purge == 0; i++) { /* until both meet */
        struct letter held;
        char id[24];
        pthread_t thread;
        int rc = -1;
        snprintf(id, sizeof id, "held%d", i);
        letter_init(&held, id);
        shut(&gate, true);
        CHECK(send_letter(&held));
        await_writer(&gate);
        CHECK_INT(pthread_create(&thread, NULL, apply_in_thread, &rc), 0);
        sched_yield();
        begin_purge();
        shut(&gate, false);
        CHECK_INT(await(&held), ERR_NONE);
        pthread_join(thread, NULL);
        CHECK_INT(rc, 0);
        while (!is_round_over())
            clock_advance(1);
        CHECK_INT(round_err.kind, ERR_FULL);
        letter_done(&held);
    }
    CHECK(gate.applied_beside_purge > 0);
}

TEST(events_on_their_way_count_in_the_bound_of_the_queue)
{
    struct letter letters[5];

    writer_set_bounds(writer, (struct writer_bounds){.max_waiting = 4});
    for (int round = 0; round < 2; round++) {
        shut(&gate, true);
        for (int i = 0; i < 5; i++) {
            char id[24];
            snprintf(id, sizeof id, "m%d-%d", round, i);
            letter_init(&letters[i], id);
            CHECK_INT(send_letter(&letters[i]), i < 4); /* none of them is stored yet */
        }
        CHECK_INT(writer_full(writer), WRITER_NOT_FULL);
        shut(&gate, false);
        for (int i = 0; i < 4; i++) {
            CHECK_INT(await(&letters[i]), ERR_NONE);
            OK(apply(round * 4 + i + 1, STORE_UNCHANGED)); /* waits no more */
        }
        for (int i = 0; i < 5; i++)
            letter_done(&letters[i]);
    }
}

TEST(a_queue_takes_what_its_bound_allows_and_no_more)
{
    for (int most = 1; most <= 4; most++) {
        struct letter letter;
        int64_t seq = 0, settled = 0;
        tear_down(NULL);
        CHECK_INT(set_up(NULL), 0);
        writer_set_bounds(writer, (struct writer_bounds){.max_waiting = most});
        for (; seq < most; seq++) {
            char id[24];
            snprintf(id, sizeof id, "m%d", (int)seq);
            put(id);
        }
        letter_init(&letter, "one too many");
        CHECK(!send_letter(&letter));
        CHECK_INT(writer_full(writer), WRITER_QUEUE_FULL);
        OK(apply(++settled, STORE_DEAD)); /* waits no more */
        CHECK_INT(writer_full(writer), WRITER_NOT_FULL);
        CHECK(send_letter(&letter));
        CHECK_INT(await(&letter), ERR_NONE);
        CHECK_INT(writer_full(writer), WRITER_QUEUE_FULL);
        letter_done(&letter);
    }
}

TEST(bounds_that_change_hold_at_once_and_a_disk_with_room_again_is_noticed)
{
    struct letter letter;

    put("m1");
    gate.disk = 1000;
    writer_set_bounds(writer, (struct writer_bounds){.min_free_disk = 1001});
    while (writer_full(writer) != WRITER_DISK_FULL)
        sched_yield();
    letter_init(&letter, "m2");
    CHECK(!send_letter(&letter));
    OK(apply(1, STORE_UNCHANGED));
    CHECK_INT(writer_full(writer), WRITER_DISK_FULL);
    pthread_mutex_lock(&gate.lock);
    gate.disk = 1001; /* and nobody asks for anything */
    pthread_mutex_unlock(&gate.lock);
    while (!send_letter(&letter))
        sched_yield();
    CHECK_INT(await(&letter), ERR_NONE);
    letter_done(&letter);
}

TEST(a_store_takes_events_up_to_its_size_and_receipts_beyond_it)
{
    static const int64_t sizes[] = {999, 1000, 1001};

    for (size_t i = 0; i < 3; i++) {
        bool fits = sizes[i] < 1000;
        struct letter letter;
        tear_down(NULL);
        CHECK_INT(set_up(NULL), 0);
        put("m1");
        writer_set_bounds(writer, (struct writer_bounds){.max_store = 1000});
        pthread_mutex_lock(&gate.lock);
        gate.bytes = sizes[i];
        pthread_mutex_unlock(&gate.lock);
        OK(apply(1, STORE_UNCHANGED)); /* looked at after each commit */
        CHECK_INT(writer_full(writer), fits ? WRITER_NOT_FULL : WRITER_STORE_FULL);
        letter_init(&letter, "m2");
        CHECK_INT(send_letter(&letter), fits);
        if (!fits) {
            pthread_mutex_lock(&gate.lock);
            gate.bytes = 999; /* old receipts went */
            pthread_mutex_unlock(&gate.lock);
            while (!send_letter(&letter))
                sched_yield();
        }
        CHECK_INT(await(&letter), ERR_NONE);
        letter_done(&letter);
    }
}

TEST(a_store_that_is_not_well_is_said_though_nothing_comes)
{
    struct err why;

    CHECK(writer_counts(writer).writable);
    pthread_mutex_lock(&gate.lock);
    gate.unwell = true;
    pthread_mutex_unlock(&gate.lock);
    while (writer_counts(writer).writable)
        sched_yield();
    writer_fault(writer, &why);
    CHECK_STR(why.text, "the file is gone");
    pthread_mutex_lock(&gate.lock);
    gate.unwell = false;
    pthread_mutex_unlock(&gate.lock);
    while (!writer_counts(writer).writable)
        sched_yield();
    writer_fault(writer, &why);
    CHECK_INT(why.kind, ERR_NONE);
}

TEST(an_append_without_memory_is_refused)
{
    struct letter letter;
    bool taken;

    letter_init(&letter, "m1");
    mem_fail_at(1);
    taken = send_letter(&letter);
    mem_fail_at(0);
    if (taken) /* a build in which memory does not fail */
        CHECK_INT(await(&letter), ERR_NONE);
    letter_done(&letter);
    put("m2");
}

TEST(stopping_writes_and_answers_what_waits)
{
    struct letter letters[20];

    shut(&gate, true);
    for (int i = 0; i < 20; i++) {
        char id[24];
        snprintf(id, sizeof id, "m%d", i);
        letter_init(&letters[i], id);
        CHECK(send_letter(&letters[i]));
    }
    await_writer(&gate);
    shut(&gate, false);
    writer_stop(writer);
    writer = NULL;
    for (int i = 0; i < 20; i++) {
        CHECK_INT(letters[i].answers, 1);
        CHECK_INT(letters[i].err.kind, ERR_NONE);
        letter_done(&letters[i]);
    }
    CHECK_INT(stored(), 20);
    writer_stop(NULL);
}

/* ---- many threads ---- */

#define THREADS 4
#define EACH    100

static void *send_many(void *arg)
{
    int number = *(int *)arg;

    for (int i = 0; i < EACH; i++) {
        struct letter letter;
        char id[24];
        snprintf(id, sizeof id, "t%d-%d", number, i);
        letter_init(&letter, id);
        while (!send_letter(&letter)) /* full: later */
            ;
        CHECK_INT(await(&letter), ERR_NONE);
        letter_done(&letter);
    }
    return NULL;
}

/* A destination: takes what is new and settles it, until everything has come. */
static void *deliver(void *arg)
{
    struct store_cursor cursor = {0};
    int64_t *ret_settled = arg;
    struct err mine = {0};

    while (*ret_settled < (int64_t)THREADS * EACH) {
        struct store_delivery *list = NULL;
        size_t count = 0;
        OK(gate.behind->api->take(gate.behind, "org", &cursor, NOW, 20, 1000, &list, &count,
                                  &mine));
        for (size_t i = 0; i < count; i++) {
            struct store_outcome outcome = {.seq = list[i].seq, .state = STORE_WRITTEN};
            OK(writer_apply(
                writer,
                &(struct store_outcome_batch){
                    .destination = "org", .outcomes = &outcome, .outcome_count = 1, .now_ms = NOW},
                &mine));
            ++*ret_settled;
        }
        store_deliveries_free(list, count);
    }
    return NULL;
}

TEST(many_threads_write_and_read_at_once)
{
    pthread_t senders[THREADS], destination;
    int numbers[THREADS];
    int64_t settled = 0;
    struct store_counters *list = NULL;
    size_t count = 0;

    CHECK_INT(pthread_create(&destination, NULL, deliver, &settled), 0);
    for (int i = 0; i < THREADS; i++) {
        numbers[i] = i;
        CHECK_INT(pthread_create(&senders[i], NULL, send_many, &numbers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(senders[i], NULL);
    pthread_join(destination, NULL);
    OK(gate.behind->api->counters(gate.behind, &list, &count, &err));
    CHECK_INT(count, 1);
    CHECK_INT(list[0].accepted, THREADS * EACH);
    CHECK_INT(list[0].by_state[STORE_WRITTEN], THREADS * EACH);
    CHECK_INT(list[0].by_state[STORE_WAITING], 0);
    store_counters_free(list, count);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

TEST_MAIN(CASE(an_append_is_answered_when_the_commit_holds_it),
          CASE(what_waits_together_is_one_commit),
          CASE(a_failed_commit_fails_everyone_in_it_and_the_next_is_tried),
          CASE(a_write_that_fails_leaves_nothing_behind), CASE(a_request_at_fault_fails_alone),
          CASE(past_its_limits_an_append_is_refused_and_an_outcome_is_not),
          CASE(bytes_that_wait_are_bounded),
          CASE(outcomes_intents_redrives_pauses_and_purges_wait_for_their_commit),
          CASE(a_purge_goes_on_until_nothing_old_is_left),
          CASE(a_step_of_a_purge_has_so_many_rows_at_most_however_fast_they_are),
          CASE(a_step_of_a_purge_ends_after_some_milliseconds_though_nobody_waits),
          CASE(a_purge_goes_on_however_slow_its_rows_are),
          CASE(a_purge_that_cannot_read_a_row_fails_alone),
          CASE(many_dead_letters_are_dealt_with_in_transactions_of_bounded_size),
          CASE(a_purge_that_fails_says_so_harms_no_request_and_can_be_made_again),
          CASE(a_request_waits_for_no_more_than_a_few_rows_of_a_purge),
          CASE(a_purge_takes_a_small_part_of_the_time_while_requests_keep_coming),
          CASE(a_stop_ends_a_purge_at_once),
          CASE(on_a_full_disk_receipts_are_written_and_new_events_refused),
          CASE(on_a_full_disk_a_new_event_gives_way_to_what_is_written_with_it),
          CASE(on_a_full_disk_a_purge_gives_way_to_receipts),
          CASE(events_on_their_way_count_in_the_bound_of_the_queue),
          CASE(a_queue_takes_what_its_bound_allows_and_no_more),
          CASE(bounds_that_change_hold_at_once_and_a_disk_with_room_again_is_noticed),
          CASE(a_store_takes_events_up_to_its_size_and_receipts_beyond_it),
          CASE(a_store_that_is_not_well_is_said_though_nothing_comes),
          CASE(an_append_without_memory_is_refused), CASE(stopping_writes_and_answers_what_waits),
          CASE(many_threads_write_and_read_at_once))
