/* checkpoint: copies pages from the log into the database, alongside the writer. */
#include "store/sqlite/checkpoint.h"

#include <pthread.h>

#include "base/mem.h"

/* Pages of 4 KiB in the log at which the thread starts. */
#define BEGIN_AT 1000
/* How many passes it makes over the log, each over what was added meanwhile. */
#define PASSES 2

struct checkpointer {
    sqlite3 *writer;
    struct sqlite_link link;
    pthread_t thread;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t wanted;
    enum { IDLE, WANTED, RUNNING, NEARLY } state; /* nearly: the rest is the writer's */
    bool stopping;
};

static void *checkpoint_thread(void *arg)
{
    struct checkpointer *checkpointer = arg;

    pthread_mutex_lock(&checkpointer->lock);
    while (true) {
        while (checkpointer->state != WANTED && !checkpointer->stopping)
            pthread_cond_wait(&checkpointer->wanted, &checkpointer->lock);
        if (checkpointer->stopping)
            break;
        checkpointer->state = RUNNING;
        for (int pass = 0; pass < PASSES && !checkpointer->stopping; pass++) {
            pthread_mutex_unlock(&checkpointer->lock);
            sqlite3_wal_checkpoint_v2(checkpointer->link.db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL,
                                      NULL);
            pthread_mutex_lock(&checkpointer->lock);
        }
        checkpointer->state = NEARLY;
    }
    pthread_mutex_unlock(&checkpointer->lock);
    return NULL;
}

/* SQLite's hook after each commit of the writer. */
static int committed(void *arg, sqlite3 *db, const char *name, int pages)
{
    struct checkpointer *checkpointer = arg;
    bool rest;

    (void)name;
    pthread_mutex_lock(&checkpointer->lock);
    rest = checkpointer->state == NEARLY;
    if (rest) {
        checkpointer->state = IDLE;
    } else if (pages >= BEGIN_AT && checkpointer->state == IDLE) {
        checkpointer->state = WANTED;
        pthread_cond_signal(&checkpointer->wanted);
    }
    pthread_mutex_unlock(&checkpointer->lock);
    if (rest)
        sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    return SQLITE_OK;
}

struct checkpointer *checkpointer_start(sqlite3 *writer, const char *file, struct err *err)
{
    struct checkpointer *checkpointer = mem_zero(1, sizeof *checkpointer);

    if (checkpointer == NULL) {
        err_memory(err);
        return NULL;
    }
    checkpointer->writer = writer;
    if (sqlite_link_open(&checkpointer->link, file, SQLITE_OPEN_READWRITE, err) < 0) {
        mem_free(checkpointer);
        return NULL;
    }
    pthread_mutex_init(&checkpointer->lock, NULL); /* these do not fail on Linux */
    pthread_cond_init(&checkpointer->wanted, NULL);
    if (pthread_create(&checkpointer->thread, NULL, checkpoint_thread, checkpointer) != 0) {
        err_set(err, ERR_SYSTEM, "cannot start the checkpoint thread");
        sqlite_link_close(&checkpointer->link);
        mem_free(checkpointer);
        return NULL;
    }
    sqlite3_wal_hook(writer, committed, checkpointer);
    return checkpointer;
}

void checkpointer_stop(struct checkpointer *checkpointer)
{
    if (checkpointer == NULL)
        return;
    sqlite3_wal_hook(checkpointer->writer, NULL, NULL);
    pthread_mutex_lock(&checkpointer->lock);
    checkpointer->stopping = true;
    pthread_cond_signal(&checkpointer->wanted);
    pthread_mutex_unlock(&checkpointer->lock);
    pthread_join(checkpointer->thread, NULL);
    sqlite_link_close(&checkpointer->link);
    pthread_cond_destroy(&checkpointer->wanted);
    pthread_mutex_destroy(&checkpointer->lock);
    mem_free(checkpointer);
}
