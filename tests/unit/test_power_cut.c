/*
 * A power cut at any write: what was written since the last sync of a file is dropped, kept
 * in part, or torn within its sectors, a name made or removed since the last sync of the folder
 * is there or not, and the store is opened on what is left.  Everything that was acknowledged
 * must be there whole.
 *
 * POWER_CUTS (20) cuts from seed POWER_SEED (1); the same seed brings the same cuts.
 */
#include "scratch_dir.h"

#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/sqlite/database.h"

#define NOW    1795428000000
#define SECTOR 512
#define FILES  4
#define ROUNDS 25
/* Writes and syncs, about: of the start, and of everything. */
#define START_WRITES 100
#define ALL_WRITES   2700

static char dir[64], data_dir[100], cut_dir[100];
static struct err err;
static uint32_t dice_state;

static uint32_t dice(uint32_t below)
{
    dice_state ^= dice_state << 13;
    dice_state ^= dice_state >> 17;
    dice_state ^= dice_state << 5;
    return dice_state % below;
}

/* ---- a disk that remembers what was synced ---- */

struct change {
    int64_t at;
    int len; /* -1: cut to at */
    unsigned char *bytes;
};

static struct disk_file {
    unsigned char *synced;
    int64_t size;
    bool named; /* its name is on the disk */
    struct change changes[20000];
    int count;
} disk[FILES];
static const char *const endings[FILES] = {"/leadline.db", "/leadline.db-wal",
                                           "/leadline.db-journal", "/running"};
static int writes_left; /* and syncs, until the cut */
static bool cut_taken;
static sqlite3_vfs *real_vfs, shim_vfs;

static int which(const char *path)
{
    for (int i = 0; i < FILES && path != NULL; i++) {
        char whole[200];
        snprintf(whole, sizeof whole, "%s%s", data_dir, endings[i]);
        if (strcmp(path, whole) == 0)
            return i;
    }
    return -1;
}

static void apply(struct disk_file *file, const unsigned char *bytes, int64_t at, int len)
{
    if (at + len > file->size) {
        file->synced = realloc(file->synced, (size_t)(at + len));
        memset(file->synced + file->size, 0, (size_t)(at + len - file->size));
        file->size = at + len;
    }
    memcpy(file->synced + at, bytes, (size_t)len);
}

/* Each write since the sync is kept whole, dropped, or kept by sectors, the last of them
   perhaps in part. */
static void apply_by_chance(struct disk_file *file, const struct change *change, uint32_t mode)
{
    if (change->len < 0) {
        if (dice(2) == 0 && change->at < file->size)
            file->size = change->at;
        return;
    }
    for (int done = 0; done < change->len; done += SECTOR) {
        int len = change->len - done < SECTOR ? change->len - done : SECTOR;
        if (mode == 0 || (mode == 1 && dice(2) == 0))
            continue;
        if (mode == 2 && dice(4) == 0)
            len = (int)dice((uint32_t)len);
        if (len > 0)
            apply(file, change->bytes + done, change->at + done, len);
    }
}

static void apply_all(struct disk_file *file)
{
    for (int i = 0; i < file->count; i++) {
        struct change *change = &file->changes[i];
        if (change->len >= 0)
            apply(file, change->bytes, change->at, change->len);
        else if (change->at < file->size)
            file->size = change->at;
        free(change->bytes);
    }
    file->count = 0;
}

static void forget_file(int index)
{
    struct disk_file *file = &disk[index];

    for (int i = 0; i < file->count; i++)
        free(file->changes[i].bytes);
    free(file->synced);
    file->synced = NULL;
    file->size = file->count = 0;
    file->named = false;
}

static void write_file(const char *name, const unsigned char *bytes, int64_t size)
{
    char path[200];
    FILE *out;

    snprintf(path, sizeof path, "%s%s", cut_dir, name);
    out = fopen(path, "we");
    CHECK(out != NULL);
    CHECK_INT(fwrite(bytes, 1, (size_t)size, out), size);
    fclose(out);
}

static bool is_there(int file)
{
    char path[200];

    snprintf(path, sizeof path, "%s%s", data_dir, endings[file]);
    return access(path, F_OK) == 0;
}

/* What the disk holds when the power goes now. */
static void cut(void)
{
    cut_taken = true;
    CHECK_INT(mkdir(cut_dir, 0700), 0);
    for (int i = 0; i < FILES; i++) {
        struct disk_file image = disk[i];
        uint32_t mode = dice(4);
        bool named = is_there(i) == image.named ? image.named : dice(2) == 0;
        image.synced = malloc((size_t)image.size + 1);
        memcpy(image.synced, disk[i].synced == NULL ? (unsigned char *)"" : disk[i].synced,
               (size_t)image.size);
        for (int c = 0; c < image.count; c++)
            apply_by_chance(&image, &image.changes[c], mode);
        if (named)
            write_file(endings[i], image.synced, image.size);
        free(image.synced);
    }
}

/* True when the power is gone, perhaps right now. */
static bool power_gone(void)
{
    if (!cut_taken && --writes_left == 0)
        cut();
    return cut_taken;
}

static void sync_names(void)
{
    if (!power_gone())
        for (int i = 0; i < FILES; i++)
            disk[i].named = is_there(i);
}

/* In the place of the C library's: the disk is here, and what is written besides needs none. */
int fsync(int fd)
{
    struct stat folder, synced;

    if (stat(data_dir, &folder) == 0 && fstat(fd, &synced) == 0 && folder.st_dev == synced.st_dev &&
        folder.st_ino == synced.st_ino)
        sync_names();
    return 0;
}

int fdatasync(int fd)
{
    return fsync(fd);
}

struct shim_file {
    sqlite3_file base;
    int index;
    sqlite3_file *real; /* behind this struct */
};

#define REAL(file) (((struct shim_file *)(file))->real)

static void note(sqlite3_file *base, int64_t at, int len, const void *bytes)
{
    struct disk_file *file;

    if (((struct shim_file *)base)->index < 0 || power_gone())
        return;
    file = &disk[((struct shim_file *)base)->index];
    CHECK(file->count < 20000);
    file->changes[file->count] = (struct change){at, len, NULL};
    if (len > 0) {
        file->changes[file->count].bytes = malloc((size_t)len);
        memcpy(file->changes[file->count].bytes, bytes, (size_t)len);
    }
    file->count++;
}

static int shim_write(sqlite3_file *file, const void *bytes, int len, sqlite3_int64 at)
{
    note(file, at, len, bytes);
    return REAL(file)->pMethods->xWrite(REAL(file), bytes, len, at);
}

static int shim_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    note(file, size, -1, NULL);
    return REAL(file)->pMethods->xTruncate(REAL(file), size);
}

static int shim_sync(sqlite3_file *file, int flags)
{
    int index = ((struct shim_file *)file)->index;

    (void)flags;
    if (index >= 0 && !power_gone()) {
        apply_all(&disk[index]);
        disk[index].named = true; /* SQLite syncs the name of a new file with it */
    }
    return SQLITE_OK;
}

static int shim_close(sqlite3_file *file)
{
    return REAL(file)->pMethods->xClose(REAL(file));
}

static int shim_read(sqlite3_file *file, void *bytes, int len, sqlite3_int64 at)
{
    return REAL(file)->pMethods->xRead(REAL(file), bytes, len, at);
}

static int shim_size(sqlite3_file *file, sqlite3_int64 *size)
{
    return REAL(file)->pMethods->xFileSize(REAL(file), size);
}

static int shim_lock(sqlite3_file *file, int level)
{
    return REAL(file)->pMethods->xLock(REAL(file), level);
}

static int shim_unlock(sqlite3_file *file, int level)
{
    return REAL(file)->pMethods->xUnlock(REAL(file), level);
}

static int shim_check_lock(sqlite3_file *file, int *held)
{
    return REAL(file)->pMethods->xCheckReservedLock(REAL(file), held);
}

static int shim_control(sqlite3_file *file, int op, void *arg)
{
    return REAL(file)->pMethods->xFileControl(REAL(file), op, arg);
}

static int shim_sector(sqlite3_file *file)
{
    return REAL(file)->pMethods->xSectorSize(REAL(file));
}

static int shim_traits(sqlite3_file *file)
{
    return REAL(file)->pMethods->xDeviceCharacteristics(REAL(file));
}

static int shim_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **ret)
{
    return REAL(file)->pMethods->xShmMap(REAL(file), page, size, extend, ret);
}

static int shim_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
    return REAL(file)->pMethods->xShmLock(REAL(file), offset, n, flags);
}

static void shim_shm_barrier(sqlite3_file *file)
{
    REAL(file)->pMethods->xShmBarrier(REAL(file));
}

static int shim_shm_unmap(sqlite3_file *file, int remove_it)
{
    return REAL(file)->pMethods->xShmUnmap(REAL(file), remove_it);
}

static const sqlite3_io_methods shim_methods = {
    .iVersion = 2,
    .xClose = shim_close,
    .xRead = shim_read,
    .xWrite = shim_write,
    .xTruncate = shim_truncate,
    .xSync = shim_sync,
    .xFileSize = shim_size,
    .xLock = shim_lock,
    .xUnlock = shim_unlock,
    .xCheckReservedLock = shim_check_lock,
    .xFileControl = shim_control,
    .xSectorSize = shim_sector,
    .xDeviceCharacteristics = shim_traits,
    .xShmMap = shim_shm_map,
    .xShmLock = shim_shm_lock,
    .xShmBarrier = shim_shm_barrier,
    .xShmUnmap = shim_shm_unmap,
};

static int shim_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *base, int flags,
                     int *ret_flags)
{
    struct shim_file *file = (struct shim_file *)base;
    int code;

    (void)vfs;
    file->real = (sqlite3_file *)(file + 1);
    file->index = which(name);
    if (file->index >= 0 && !is_there(file->index) && !cut_taken)
        forget_file(file->index); /* one that was deleted comes back no more */
    code = real_vfs->xOpen(real_vfs, name, file->real, flags, ret_flags);
    base->pMethods = code == SQLITE_OK ? &shim_methods : NULL;
    return code;
}

static int shim_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
    int code = real_vfs->xDelete(real_vfs, name, 0);

    (void)vfs;
    if (code == SQLITE_OK && which(name) >= 0 && sync)
        sync_names();
    return code;
}

/* ---- what was acknowledged ---- */

#define ABSENT    STORE_STATES /* not stored yet, or purged */
#define DISCARDED (STORE_STATES + 1)

/* An event's state: as acknowledged, and as the transaction under way makes it. */
static struct fate {
    int now, next;
    int64_t changed_ms;
} events[ROUNDS * 8];
static bool intended[ROUNDS];
static int event_count;
static int64_t now_ms;
static struct figures {
    long events, changes, lost, doubled, halves;
} figures;

static void propose(int event, int state)
{
    events[event].next = state;
    events[event].changed_ms = now_ms;
}

/* The transaction's commit returned; the cut may have come before. */
static bool acknowledge(int rc)
{
    CHECK_INT(rc, 0);
    for (int i = 0; i < event_count && !cut_taken; i++) {
        struct fate *fate = &events[i];
        if (fate->next == fate->now)
            continue;
        figures.events += fate->now == ABSENT;
        figures.changes += fate->now != ABSENT;
        fate->now = fate->next;
    }
    return !cut_taken;
}

static int append(struct store *store, int count)
{
    static char body[20000];
    int rc = store->api->begin(store, &err);

    memset(body, 'x', sizeof body);
    for (; count > 0 && rc == 0; count--) {
        char id[24];
        struct store_target target = {.destination = "org", .key = id, .object = "Lead"};
        struct store_event event = {.source = "s",
                                    .message_id = id,
                                    .type = "identify",
                                    .received_ms = now_ms,
                                    .timestamp_ms = now_ms,
                                    .body = body,
                                    .body_len = dice(sizeof body),
                                    .targets = &target,
                                    .target_count = 1};
        snprintf(id, sizeof id, "m%d", event_count);
        events[event_count] = (struct fate){.now = ABSENT, .next = ABSENT};
        propose(event_count++, STORE_WAITING);
        rc = store->api->append(store, &event, 1, NULL, 0, &err);
    }
    return rc < 0 ? -1 : store->api->commit(store, &err);
}

/* A few of those that wait, some of them as dead letters. */
static int end_some(struct store *store)
{
    int rc = store->api->begin(store, &err);

    for (int i = (int)dice(6); i > 0 && rc == 0; i--) {
        int event = (int)dice((uint32_t)event_count);
        struct store_outcome outcome = {.seq = event + 1,
                                        .state = dice(3) == 0 ? STORE_DEAD : STORE_WRITTEN};
        struct store_outcome_batch what = {
            .destination = "org", .outcomes = &outcome, .outcome_count = 1, .now_ms = now_ms};
        if (events[event].next != STORE_WAITING)
            continue;
        outcome.created = outcome.state == STORE_WRITTEN;
        outcome.record_id = outcome.created ? "00Q1" : NULL;
        outcome.code = outcome.created ? NULL : "REFUSED";
        propose(event, (int)outcome.state);
        rc = store->api->apply(store, &what, &err);
    }
    return rc < 0 ? -1 : store->api->commit(store, &err);
}

static int intend(struct store *store, int round)
{
    char name[24];
    const char *key = name;

    snprintf(name, sizeof name, "k%d", round);
    if (store->api->begin(store, &err) < 0 ||
        store->api->intend(store, "org", &key, 1, now_ms, &err) < 0)
        return -1;
    return store->api->commit(store, &err);
}

/* All dead letters wait again, or are dead for good. */
static int deal_with_letters(struct store *store, bool discard)
{
    struct store_dead_letters letters = {
        .destination = "org", .first = 1, .last = INT64_MAX, .max = ROUNDS * 8};
    int64_t dead = 0;
    int rc = store->api->begin(store, &err);

    for (int i = 0; i < event_count; i++)
        if (events[i].now == STORE_DEAD) {
            propose(i, discard ? DISCARDED : STORE_WAITING);
            dead++;
        }
    if (rc == 0)
        rc = discard ? store->api->discard(store, &letters, now_ms, &err)
                     : store->api->redrive(store, &letters, now_ms, &err);
    CHECK_INT(letters.count, dead);
    return rc < 0 ? -1 : store->api->commit(store, &err);
}

static bool go_on(void *arg)
{
    (void)arg;
    return true;
}

/* Forgets what ended some time ago, sometimes the dead letters too. */
static int purge(struct store *store)
{
    int64_t before_ms = now_ms - dice(5), old = 0;
    struct store_purge what = {.ages = {.ended_ms = before_ms, .dead_ms = dice(2) * before_ms},
                               .go_on = go_on};

    for (int i = 0; i < event_count; i++)
        if (events[i].changed_ms < before_ms &&
            (events[i].now == STORE_WRITTEN || events[i].now == DISCARDED ||
             (events[i].now == STORE_DEAD && what.ages.dead_ms > 0))) {
            propose(i, ABSENT);
            old++;
        }
    if (store->api->begin(store, &err) < 0 || store->api->purge(store, &what, &err) < 0)
        return -1;
    CHECK_INT(what.count, old);
    return store->api->commit(store, &err);
}

/* Works until the power is gone, or to the end. */
static void work(struct store *store)
{
    for (int round = 0; round < ROUNDS; round++) {
        now_ms = NOW + round;
        if (!acknowledge(append(store, 1 + (int)dice(8))))
            return;
        intended[round] = acknowledge(intend(store, round));
        if (cut_taken || !acknowledge(end_some(store)))
            return;
        if (dice(4) == 0 && !acknowledge(deal_with_letters(store, dice(3) == 0)))
            return;
        if (dice(4) == 0 && !acknowledge(purge(store)))
            return;
        if (dice(5) == 0)
            sqlite3_wal_checkpoint_v2(((struct sqlite_store *)store)->writer.db, NULL,
                                      SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
        if (cut_taken)
            return;
    }
}

/* ---- what is left ---- */

static int state_found(struct store *store, int event)
{
    struct store_receipt *list = NULL;
    size_t found = 0;
    char id[24];
    int state;

    snprintf(id, sizeof id, "m%d", event);
    CHECK_INT(store->api->trace(store, id, &list, &found, &err), 0);
    figures.doubled += found > 1;
    state = found > 0 ? (int)list[0].state : ABSENT;
    if (found > 0 && list[0].discarded)
        state = DISCARDED;
    store_receipts_free(list, found);
    return state;
}

/* Each event is as it was acknowledged, or all those that the last transaction changed are as
   that made them. */
static void check_events(struct store *store)
{
    int done = 0, undone = 0;

    for (int i = 0; i < event_count; i++) {
        int state = state_found(store, i);
        bool moves = events[i].next != events[i].now;
        figures.lost += state != events[i].now && state != events[i].next;
        done += moves && state == events[i].next;
        undone += moves && state == events[i].now;
    }
    figures.halves += done > 0 && undone > 0;
}

static void check_rest(struct store *store)
{
    struct store_counters *counters = NULL;
    struct store_intent *list = NULL;
    size_t count = 0, least = 0;

    CHECK_INT(store->api->counters(store, &counters, &count, &err), 0);
    for (size_t i = 0; i < count; i++) {
        int64_t sum = 0;
        for (int state = 0; state < STORE_STATES; state++)
            sum += counters[i].by_state[state];
        figures.halves += sum != counters[i].accepted;
    }
    store_counters_free(counters, count);
    for (int i = 0; i < ROUNDS; i++)
        least += intended[i];
    CHECK_INT(store->api->intents(store, "org", &list, &count, &err), 0);
    figures.lost += count < least || count > least + 1;
    store_intents_free(list, count);
}

static int remove_entry(const char *path, const struct stat *info, int type, struct FTW *ftw)
{
    (void)info, (void)type, (void)ftw;
    return remove(path);
}

static void forget_disk(void)
{
    for (int i = 0; i < FILES; i++)
        forget_file(i);
    memset(intended, 0, sizeof intended);
    event_count = 0;
    cut_taken = false;
}

/* The power goes while it works, while it stops, or when it has stopped. */
static void run_until_cut(void)
{
    struct store *store = store_open("sqlite", data_dir, &err);

    CHECK(store != NULL);
    if (!cut_taken)
        work(store);
    store_close(store);
    if (!cut_taken)
        cut();
}

static void one_cut(uint32_t seed)
{
    struct figures before = figures;
    struct store *store;

    dice_state = seed * 2654435761u | 1;
    for (int i = 0; i < 8; i++)
        dice(2);
    forget_disk();
    CHECK_INT(scratch_dir(dir, sizeof dir, "test_power_cut"), 0);
    snprintf(data_dir, sizeof data_dir, "%s/data", dir);
    snprintf(cut_dir, sizeof cut_dir, "%s/cut", dir);
    writes_left = 1 + (int)dice(dice(8) == 0 ? START_WRITES : ALL_WRITES);
    run_until_cut();

    store = store_open("sqlite", cut_dir, &err);
    if (store == NULL)
        fail_msg("POWER_SEED=%u: %s", seed, err.text);
    check_events(store);
    check_rest(store);
    store_close(store);
    if (figures.lost + figures.doubled + figures.halves >
        before.lost + before.doubled + before.halves)
        print_error("POWER_SEED=%u: %ld lost, %ld doubled, %ld half transactions\n", seed,
                    figures.lost - before.lost, figures.doubled - before.doubled,
                    figures.halves - before.halves);
    CHECK_INT(nftw(dir, remove_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
}

static void take_disk(void)
{
    real_vfs = sqlite3_vfs_find(NULL);
    shim_vfs = *real_vfs;
    shim_vfs.zName = "power-cut";
    shim_vfs.szOsFile = (int)sizeof(struct shim_file) + real_vfs->szOsFile;
    shim_vfs.xOpen = shim_open;
    shim_vfs.xDelete = shim_delete;
    CHECK_INT(sqlite3_vfs_register(&shim_vfs, 1), SQLITE_OK);
}

TEST(what_was_acknowledged_survives_every_power_cut)
{
    const char *cuts = getenv("POWER_CUTS"), *seed = getenv("POWER_SEED");
    uint32_t first = seed == NULL ? 1 : (uint32_t)strtoul(seed, NULL, 10);
    uint32_t count = cuts == NULL ? 20 : (uint32_t)strtoul(cuts, NULL, 10);

    take_disk();
    for (uint32_t i = 0; i < count; i++)
        one_cut(first + i);
    printf("power cuts: %u cuts, %ld events and %ld later changes acknowledged, %ld lost, "
           "%ld doubled, %ld half transactions, seed %u\n",
           count, figures.events, figures.changes, figures.lost, figures.doubled, figures.halves,
           first);
    forget_disk();
    sqlite3_vfs_unregister(&shim_vfs);
    CHECK_INT(figures.lost + figures.doubled + figures.halves, 0);
}

TEST_MAIN(TEST_CASE(what_was_acknowledged_survives_every_power_cut))
