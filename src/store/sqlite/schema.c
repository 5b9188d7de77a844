/* schema: the tables, and the migrations from version to version. */
#include "store/sqlite/schema.h"

#include <stdio.h>

/* "Lead", so that file(1) and we ourselves know the file. */
#define APPLICATION_ID 0x4c656164

/*
 * The numbers of states are those of enum store_state; 0 is waiting.  next_attempt_ms is
 * 0 for a delivery that was never tried.  Each partial index holds what one question
 * needs, so that an event that ends costs no more than it must:
 *   delivery_new    what comes first to a destination, by arrival
 *   delivery_due    what is tried again, by time
 *   delivery_later  everything but the new, for the lists people look at
 */
static const char version_1[] =
    "CREATE TABLE source (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;"
    "CREATE TABLE destination (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;"
    "CREATE TABLE event ("
    "  id INTEGER PRIMARY KEY, source INTEGER NOT NULL REFERENCES source,"
    "  message_id TEXT NOT NULL, type TEXT NOT NULL,"
    "  received_ms INTEGER NOT NULL, timestamp_ms INTEGER NOT NULL, body TEXT NOT NULL,"
    "  UNIQUE (message_id, source)) STRICT;"
    "CREATE INDEX event_received ON event (received_ms);"
    "CREATE TABLE delivery ("
    "  seq INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  event INTEGER NOT NULL REFERENCES event ON DELETE CASCADE,"
    "  destination INTEGER NOT NULL REFERENCES destination,"
    "  key TEXT NOT NULL, object TEXT NOT NULL, state INTEGER NOT NULL,"
    "  next_attempt_ms INTEGER NOT NULL, changed_ms INTEGER NOT NULL,"
    "  attempts INTEGER NOT NULL DEFAULT 0, created INTEGER NOT NULL DEFAULT 0,"
    "  record_id TEXT, into_id TEXT, code TEXT, message TEXT, advice TEXT, notes TEXT) STRICT;"
    "CREATE UNIQUE INDEX delivery_event ON delivery (event, destination);"
    "CREATE INDEX delivery_new ON delivery (destination, seq)"
    "  WHERE state = 0 AND next_attempt_ms = 0;"
    "CREATE INDEX delivery_due ON delivery (destination, next_attempt_ms, seq)"
    "  WHERE state = 0 AND next_attempt_ms > 0;"
    "CREATE INDEX delivery_later ON delivery (destination, state, seq)"
    "  WHERE state > 0 OR next_attempt_ms > 0;"
    "CREATE TABLE tally ("
    "  destination INTEGER PRIMARY KEY REFERENCES destination,"
    "  accepted INTEGER NOT NULL DEFAULT 0, waiting INTEGER NOT NULL DEFAULT 0,"
    "  written INTEGER NOT NULL DEFAULT 0, merged INTEGER NOT NULL DEFAULT 0,"
    "  unchanged INTEGER NOT NULL DEFAULT 0, dead INTEGER NOT NULL DEFAULT 0,"
    "  created INTEGER NOT NULL DEFAULT 0, updated INTEGER NOT NULL DEFAULT 0) STRICT;"
    "CREATE TABLE skip ("
    "  source TEXT NOT NULL, destination TEXT NOT NULL, reason TEXT NOT NULL,"
    "  count INTEGER NOT NULL, PRIMARY KEY (source, destination, reason)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE memory ("
    "  destination INTEGER NOT NULL REFERENCES destination, key TEXT NOT NULL,"
    "  object TEXT NOT NULL, record_id TEXT NOT NULL, fields TEXT NOT NULL,"
    "  written_ms INTEGER NOT NULL, PRIMARY KEY (destination, key)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX memory_written ON memory (written_ms);"
    "CREATE TABLE intent ("
    "  destination INTEGER NOT NULL REFERENCES destination, key TEXT NOT NULL,"
    "  since_ms INTEGER NOT NULL, PRIMARY KEY (destination, key)) STRICT, WITHOUT ROWID;";

/* A pause survives a restart.  What has changed is found by its age, so that purging never looks at
   what is kept, and watching only at what is new.  Dead letters are found by their code, and
   counted while they wait for a person; 5 is a discarded one.
   event_name and skipped are in parts of 2,048 rows or events (id >> 11), so that what comes in
   at one time touches few pages however many hashes there are; a search asks each part.  The
   names of an event are deleted with the last event of their part.  word: types and reasons. */
static const char version_2[] =
    "ALTER TABLE destination ADD COLUMN paused_ms INTEGER NOT NULL DEFAULT 0;"
    "DROP INDEX event_received;"
    "CREATE INDEX delivery_age ON delivery (state, changed_ms, seq)"
    "  WHERE state > 0 OR next_attempt_ms > 0;"
    "CREATE INDEX delivery_code ON delivery (destination, code, seq) WHERE state = 4;"
    "ALTER TABLE tally ADD COLUMN letters INTEGER NOT NULL DEFAULT 0;"
    "UPDATE tally SET letters = (SELECT count(*) FROM delivery INDEXED BY delivery_later"
    "  WHERE destination = tally.destination AND state = 4"
    "  AND (state > 0 OR next_attempt_ms > 0));"
    "CREATE TRIGGER letter_forgotten AFTER DELETE ON delivery WHEN OLD.state = 4 BEGIN"
    "  UPDATE tally SET letters = letters - 1 WHERE destination = OLD.destination; END;"
    "ALTER TABLE delivery ADD COLUMN sent TEXT;"
    "CREATE INDEX delivery_record ON delivery (substr(record_id, 1, 15))"
    "  WHERE record_id IS NOT NULL;"
    "CREATE TABLE event_name ("
    "  part INTEGER NOT NULL, hash INTEGER NOT NULL, event INTEGER NOT NULL,"
    "  PRIMARY KEY (part, hash, event DESC)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE word (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;"
    "CREATE TABLE skipped ("
    "  id INTEGER PRIMARY KEY, hash INTEGER NOT NULL, source INTEGER NOT NULL,"
    "  destination INTEGER NOT NULL, type INTEGER NOT NULL, reason INTEGER NOT NULL,"
    "  received_ms INTEGER NOT NULL) STRICT;"
    "CREATE INDEX skipped_hash ON skipped (id >> 11, hash);";

/* Until when time was seen to pass, and the gaps (seen.h). */
static const char version_3[] =
    "CREATE TABLE clock (id INTEGER PRIMARY KEY, seen_ms INTEGER NOT NULL) STRICT;"
    "CREATE TABLE clock_gap (end_ms INTEGER PRIMARY KEY, length_ms INTEGER NOT NULL) STRICT;";

/* A skipped event is listed with its messageId, and its id is never used twice, so that a
   follower's cursor over them outlives a purge.  checksum: of an event's body; NULL when an earlier
   version stored it.  The counters and the known records get the names they have in store.h. */
static const char version_4[] =
    "CREATE TABLE skipped_4 ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT, hash INTEGER NOT NULL, source INTEGER NOT NULL,"
    "  destination INTEGER NOT NULL, type INTEGER NOT NULL, reason INTEGER NOT NULL,"
    "  received_ms INTEGER NOT NULL, message_id TEXT) STRICT;"
    "INSERT INTO skipped_4 SELECT id, hash, source, destination, type, reason, received_ms, NULL"
    "  FROM skipped ORDER BY id;"
    "DROP TABLE skipped;"
    "ALTER TABLE skipped_4 RENAME TO skipped;"
    "CREATE INDEX skipped_hash ON skipped (id >> 11, hash);"
    "ALTER TABLE event ADD COLUMN checksum INTEGER;"
    "ALTER TABLE tally RENAME TO counters;"
    "ALTER TABLE counters RENAME COLUMN letters TO dead_letters;"
    "ALTER TABLE memory RENAME TO known_record;"
    "DROP INDEX memory_written;"
    "CREATE INDEX known_record_written ON known_record (written_ms);";

/* Step n migrates version n to n + 1.  A released step is never changed. */
const char *const sqlite_steps[] = {version_1, version_2, version_3, version_4};
const size_t sqlite_step_count = sizeof sqlite_steps / sizeof sqlite_steps[0];

/* The version the file has; 0 for a fresh one. */
static int read_version(struct sqlite_link *link, int64_t *ret, struct err *err)
{
    int64_t application, tables;

    if (sqlite_number(link, "PRAGMA application_id", &application, err) < 0 ||
        sqlite_number(link, "PRAGMA user_version", ret, err) < 0 ||
        sqlite_number(link, "SELECT count(*) FROM sqlite_schema", &tables, err) < 0)
        return -1;
    if (application == APPLICATION_ID || (application == 0 && tables == 0))
        return 0;
    return err_set(err, ERR_SYSTEM, "%s: this is not a Leadline database: choose another data_dir",
                   link->file);
}

static int migrate_step(struct sqlite_link *link, const char *step, size_t version, struct err *err)
{
    char stamp[100];

    snprintf(stamp, sizeof stamp, "PRAGMA application_id = %d; PRAGMA user_version = %zu",
             APPLICATION_ID, version);
    if (sqlite_script(link, "BEGIN IMMEDIATE", err) == 0 && sqlite_script(link, step, err) == 0 &&
        sqlite_script(link, stamp, err) == 0 && sqlite_script(link, "COMMIT", err) == 0)
        return 0;
    if (!sqlite3_get_autocommit(link->db))
        sqlite3_exec(link->db, "ROLLBACK", NULL, NULL, NULL);
    return err_wrap(err, "bring the database to version %zu", version);
}

int sqlite_migrate(struct sqlite_link *link, const char *const *steps, size_t count,
                   struct err *err)
{
    int64_t version = 0;

    if (read_version(link, &version, err) < 0)
        return -1;
    if (version < 0 || version > (int64_t)count)
        return err_set(err, ERR_SYSTEM,
                       "%s: a newer Leadline wrote it (version %lld, this one knows %zu): "
                       "install that Leadline again, or choose another data_dir",
                       link->file, (long long)version, count);
    for (size_t next = (size_t)version; next < count; next++)
        if (migrate_step(link, steps[next], next + 1, err) < 0)
            return -1;
    return 0;
}
