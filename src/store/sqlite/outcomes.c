/* outcomes: writes down what became of deliveries. */
#include "store/sqlite/functions.h"
#include "store/sqlite/names.h"
#include "store/sqlite/statements.h"

/* ERR_INVALID when the delivery is not there or has ended. */
static int check_move(struct sqlite_store *store, const struct store_outcome_batch *what,
                      int64_t destination, const struct store_outcome *outcome, struct err *err)
{
    struct sqlite_call call = sqlite_call(&store->writer, SQL_FIND_STATE);
    enum store_state state = STORE_WAITING;
    bool discarded;
    int row;

    sqlite_int(&call, outcome->seq);
    sqlite_int(&call, destination);
    row = sqlite_step(&call, err);
    if (row == 1)
        state = sqlite_read_state(&call, &discarded);
    sqlite_end(&call);
    if (row == 0)
        return err_set(err, ERR_INVALID, "there is no delivery %lld to %s", (long long)outcome->seq,
                       what->destination);
    if (row < 0 || sqlite_row_check(&call, "delivery", outcome->seq, err) < 0)
        return -1;
    return rules_move(outcome->seq, state, outcome->state, err);
}

static int apply_one(struct sqlite_store *store, const struct store_outcome_batch *what,
                     struct sqlite_name *destination, const struct store_outcome *outcome,
                     struct err *err)
{
    bool created = outcome->state == STORE_WRITTEN && outcome->created;
    struct sqlite_call call = sqlite_call(&store->writer, SQL_APPLY);

    if (check_move(store, what, destination->id, outcome, err) < 0)
        return -1;
    sqlite_int(&call, outcome->seq);
    sqlite_int(&call, outcome->state);
    sqlite_int(&call, outcome->attempts);
    sqlite_int(&call, created);
    sqlite_text(&call, outcome->record_id);
    sqlite_text(&call, outcome->into);
    sqlite_text(&call, outcome->code);
    sqlite_text(&call, outcome->message);
    sqlite_text(&call, outcome->advice);
    sqlite_text(&call, outcome->notes);
    sqlite_int(&call, outcome->state == STORE_WAITING
                          ? schedule_place(&store->schedule, outcome->next_attempt_ms)
                          : 0);
    sqlite_int(&call, schedule_place(&store->changes, what->now_ms));
    sqlite_text(&call, outcome->sent);
    if (sqlite_run(&call, err) < 0)
        return -1;
    destination->changed = true;
    counters_move(&destination->change, STORE_WAITING, outcome->state, created);
    return 0;
}

int sqlite_apply(struct store *base, const struct store_outcome_batch *what, struct err *err)
{
    struct sqlite_store *store = (struct sqlite_store *)base;
    struct sqlite_name *destination = sqlite_destination(store, what->destination, err);

    if (destination == NULL)
        return -1;
    for (size_t i = 0; i < what->outcome_count; i++)
        if (apply_one(store, what, destination, &what->outcomes[i], err) < 0)
            return -1;
    for (size_t i = 0; i < what->known_count; i++)
        if (sqlite_put_known(store, destination->id, &what->known[i], err) < 0)
            return -1;
    for (size_t i = 0; i < what->answered_intent_count; i++)
        if (sqlite_answer_intent(store, destination->id, what->answered_intents[i], err) < 0)
            return -1;
    return 0;
}
