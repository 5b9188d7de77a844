/*
 * A power cut at any write: what was written since the last sync of a file is dropped, kept
 * in part, or torn within its sectors, and the store is opened on what is left.  Everything
 * that was acknowledged must be there whole.
 *
 * POWER_CUTS (20) cuts from seed POWER_SEED (1); the same seed brings the same cuts.
 */
#include "check.h"

#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/sqlite_store.h"

#define NOW    1795428000000
#define SECTOR 512
#define FILES  2 /* the database and its log */
#define ROUNDS 25

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
    bool exists; /* its name is synced */
    struct change changes[20000];
    int count;
} disk[FILES];
static const char *const endings[FILES] = {"/leadline.db", "/leadline.db-wal"};
static int writes_left; /* until the cut */
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

/* What the disk holds when the power goes now. */
static void cut(void)
{
    char mark[200];

    cut_taken = true;
    CHECK_INT(mkdir(cut_dir, 0700), 0);
    for (int i = 0; i < FILES; i++) {
        struct disk_file image = disk[i];
        uint32_t mode = dice(4);
        image.synced = malloc((size_t)image.size + 1);
        memcpy(image.synced, disk[i].synced == NULL ? (unsigned char *)"" : disk[i].synced,
               (size_t)image.size);
        for (int c = 0; c < image.count; c++)
            apply_by_chance(&image, &image.changes[c], mode);
        if (image.exists)
            write_file(endings[i], image.synced, image.size);
        free(image.synced);
    }
    snprintf(mark, sizeof mark, "%s/running", data_dir);
    if (access(mark, F_OK) == 0) /* synced when it was made */
        write_file("/running", (const unsigned char *)"x", 1);
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

    if (((struct shim_file *)base)->index < 0 || cut_taken)
        return;
    if (--writes_left == 0) {
        cut();
        return;
    }
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

    if (index >= 0 && !cut_taken) {
        if (--writes_left == 0)
            cut(); /* just before */
        apply_all(&disk[index]);
        disk[index].exists = true;
    }
    (void)flags;
    return SQLITE_OK; /* the disk is here */
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
    code = real_vfs->xOpen(real_vfs, name, file->real, flags, ret_flags);
    base->pMethods = code == SQLITE_OK ? &shim_methods : NULL;
    return code;
}

static int shim_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
    int index = which(name);

    (void)vfs;
    if (index >= 0 && !cut_taken) { /* its name may come back: then with what was synced */
        apply_all(&disk[index]);
        disk[index].exists = dice(2) == 0;
    }
    return real_vfs->xDelete(real_vfs, name, sync);
}

/* ---- what was acknowledged ---- */

enum fate { UNKNOWN, IN_FLIGHT, THERE };
static enum fate events[ROUNDS * 8], settled[ROUNDS * 8], intents[ROUNDS];
static int batch_of[ROUNDS * 8];

/* Runs one transaction; the cut may fall into it. */
static void acknowledge(enum fate *fates, int count, int rc)
{
    CHECK_INT(rc, 0);
    for (int i = 0; i < count; i++)
        if (!cut_taken)
            fates[i] = THERE;
}

static int append(struct store *store, int first, int count, int batch)
{
    static char body[20000];
    int rc = store->api->begin(store, &err);

    memset(body, 'x', sizeof body);
    for (int i = first; i < first + count && rc == 0; i++) {
        char id[24];
        struct store_target target = {.destination = "org", .key = id, .object = "Lead"};
        struct store_event event = {.source = "s",
                                    .message_id = id,
                                    .type = "identify",
                                    .received_ms = NOW,
                                    .timestamp_ms = NOW,
                                    .body = body,
                                    .body_len = dice(sizeof body),
                                    .targets = &target,
                                    .target_count = 1};
        snprintf(id, sizeof id, "m%d", i);
        events[i] = IN_FLIGHT;
        batch_of[i] = batch;
        rc = store->api->append(store, &event, 1, NULL, 0, &err);
    }
    return rc < 0 ? -1 : store->api->commit(store, &err);
}

static int settle(struct store *store, int event)
{
    struct store_outcome outcome = {
        .seq = event + 1, .state = STORE_WRITTEN, .created = true, .record_id = "00Q1"};
    struct store_settlement what = {
        .destination = "org", .outcomes = &outcome, .outcome_count = 1, .now_ms = NOW};

    settled[event] = IN_FLIGHT;
    if (store->api->begin(store, &err) < 0 || store->api->settle(store, &what, &err) < 0)
        return -1;
    return store->api->commit(store, &err);
}

static int intend(struct store *store, int round)
{
    char name[24];
    const char *key = name;

    snprintf(name, sizeof name, "k%d", round);
    intents[round] = IN_FLIGHT;
    if (store->api->begin(store, &err) < 0 ||
        store->api->intend(store, "org", &key, 1, NOW, &err) < 0)
        return -1;
    return store->api->commit(store, &err);
}

/* Works until the power is gone, or to the end. */
static int work(struct store *store)
{
    int count = 0;

    for (int round = 0; round < ROUNDS && !cut_taken; round++) {
        int more = 1 + (int)dice(8);
        acknowledge(&events[count], more, append(store, count, more, round));
        count += more;
        if (!cut_taken)
            acknowledge(&intents[round], 1, intend(store, round));
        for (int i = (int)dice(4); i > 0 && !cut_taken; i--) {
            int event = (int)dice((uint32_t)count);
            if (settled[event] == UNKNOWN)
                acknowledge(&settled[event], 1, settle(store, event));
        }
        if (dice(5) == 0 && !cut_taken)
            sqlite3_wal_checkpoint_v2(((struct sqlite_store *)store)->writer.db, NULL,
                                      SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    }
    return count;
}

static void check_events(struct store *store, int count)
{
    int there_in[ROUNDS] = {0}, in[ROUNDS] = {0};

    for (int i = 0; i < count; i++) {
        struct store_receipt *list = NULL;
        size_t found = 0;
        char id[24];
        snprintf(id, sizeof id, "m%d", i);
        CHECK_INT(store->api->trace(store, id, &list, &found, &err), 0);
        CHECK(found <= 1);
        if (events[i] == THERE)
            CHECK_INT(found, 1);
        if (settled[i] == THERE)
            CHECK(found == 1 && list[0].state == STORE_WRITTEN);
        if (found == 1 && settled[i] == UNKNOWN)
            CHECK_INT(list[0].state, STORE_WAITING);
        in[batch_of[i]]++;
        there_in[batch_of[i]] += (int)found;
        store_receipts_free(list, found);
    }
    for (int batch = 0; batch < ROUNDS; batch++) /* no half transactions */
        CHECK(there_in[batch] == 0 || there_in[batch] == in[batch]);
}

static void check_rest(struct store *store)
{
    struct store_tally *tallies = NULL;
    struct store_intent *list = NULL;
    size_t count = 0, least = 0;

    CHECK_INT(store->api->tallies(store, &tallies, &count, &err), 0);
    for (size_t i = 0; i < count; i++) {
        int64_t sum = 0;
        for (int state = 0; state < STORE_STATES; state++)
            sum += tallies[i].by_state[state];
        CHECK_INT(sum, tallies[i].accepted);
    }
    store_tallies_free(tallies, count);
    for (int i = 0; i < ROUNDS; i++)
        least += intents[i] == THERE;
    CHECK_INT(store->api->intents(store, "org", &list, &count, &err), 0);
    CHECK(count >= least && count <= least + 1);
    store_intents_free(list, count);
}

static int remove_entry(const char *path, const struct stat *info, int type, struct FTW *ftw)
{
    (void)info, (void)type, (void)ftw;
    return remove(path);
}

static void forget_disk(void)
{
    for (int i = 0; i < FILES; i++) {
        for (int c = 0; c < disk[i].count; c++)
            free(disk[i].changes[c].bytes);
        free(disk[i].synced);
        disk[i].synced = NULL;
        disk[i].size = disk[i].count = 0;
        disk[i].exists = i == 0; /* the store makes and syncs its name */
    }
    memset(events, 0, sizeof events);
    memset(settled, 0, sizeof settled);
    memset(intents, 0, sizeof intents);
    cut_taken = false;
}

static void one_cut(uint32_t seed)
{
    struct store *store;
    int count;

    dice_state = seed * 2654435761u | 1;
    for (int i = 0; i < 8; i++)
        dice(2);
    forget_disk();
    snprintf(dir, sizeof dir, "/tmp/test_power_cut.XXXXXX");
    CHECK(mkdtemp(dir) != NULL);
    snprintf(data_dir, sizeof data_dir, "%s/data", dir);
    snprintf(cut_dir, sizeof cut_dir, "%s/cut", dir);
    writes_left = 1 + (int)dice(1500);
    store = store_open_sqlite(data_dir, &err);
    CHECK(store != NULL);
    count = work(store);
    if (!cut_taken)
        cut();
    store_close(store);

    store = store_open_sqlite(cut_dir, &err);
    if (store == NULL)
        fail_msg("POWER_SEED=%u: %s", seed, err.text);
    check_events(store, count);
    check_rest(store);
    store_close(store);
    CHECK_INT(nftw(dir, remove_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
}

TEST(what_was_acknowledged_survives_every_power_cut)
{
    const char *cuts = getenv("POWER_CUTS"), *seed = getenv("POWER_SEED");
    uint32_t first = seed == NULL ? 1 : (uint32_t)strtoul(seed, NULL, 10);
    uint32_t count = cuts == NULL ? 20 : (uint32_t)strtoul(cuts, NULL, 10);

    real_vfs = sqlite3_vfs_find(NULL);
    shim_vfs = *real_vfs;
    shim_vfs.zName = "power-cut";
    shim_vfs.szOsFile = (int)sizeof(struct shim_file) + real_vfs->szOsFile;
    shim_vfs.xOpen = shim_open;
    shim_vfs.xDelete = shim_delete;
    CHECK_INT(sqlite3_vfs_register(&shim_vfs, 1), SQLITE_OK);
    for (uint32_t i = 0; i < count; i++) {
        one_cut(first + i);
    }
    printf("power cuts: %u cuts, 0 lost, 0 doubled, seed %u\n", count, first);
    forget_disk();
    sqlite3_vfs_unregister(&shim_vfs);
}

TEST_MAIN(TEST_CASE(what_was_acknowledged_survives_every_power_cut))
