/* statements: every statement that runs while the store is open.  A unit test reads the plan of
 * each. */
#include "store/sqlite/statements.h"

/* ---- of the writer ---- */

const char *const sqlite_writer_sql[] = {
    [SQL_SEEN_LAST] = "SELECT coalesce((SELECT seen_ms FROM clock WHERE id = 1),"
                      " (SELECT received_ms FROM event WHERE id = (SELECT max(id) FROM event)),"
                      " ?1)",
    [SQL_SEEN_GAPS] = "SELECT end_ms, length_ms FROM clock_gap ORDER BY end_ms",
    [SQL_SEEN_CLEAR] = "DELETE FROM clock_gap",
    [SQL_SEEN_ADD] = "INSERT INTO clock_gap (end_ms, length_ms) VALUES (?1, ?2)"
                     " ON CONFLICT DO UPDATE SET length_ms = length_ms + excluded.length_ms",
    [SQL_SEEN_NOTE] = "INSERT INTO clock (id, seen_ms) VALUES (1, ?1)"
                      " ON CONFLICT DO UPDATE SET seen_ms = excluded.seen_ms",
    [SQL_NAME_SOURCE] = "INSERT INTO source (name) VALUES (?1)"
                        " ON CONFLICT (name) DO UPDATE SET name = name RETURNING id",
    [SQL_NAME_DESTINATION] = "INSERT INTO destination (name) VALUES (?1)"
                             " ON CONFLICT (name) DO UPDATE SET name = name RETURNING id",
    [SQL_NAME_WORD] = "INSERT INTO word (name) VALUES (?1)"
                      " ON CONFLICT (name) DO UPDATE SET name = name RETURNING id",
    [SQL_ADD_EVENT] =
        "INSERT INTO event (source, message_id, type, received_ms, timestamp_ms, body, checksum)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
        " ON CONFLICT (message_id, source) DO NOTHING",
    [SQL_ADD_NAME] = "INSERT INTO event_name (part, hash, event) VALUES (?1 >> 11, ?2, ?1)"
                     " ON CONFLICT DO NOTHING",
    [SQL_ADD_DELIVERY] = "INSERT INTO delivery (event, destination, key, object, changed_ms, state,"
                         " code, message, advice, next_attempt_ms)"
                         " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0)",
    [SQL_ADD_SKIP] = "INSERT INTO skip (source, destination, reason, count) VALUES (?1, ?2, ?3, ?4)"
                     " ON CONFLICT DO UPDATE SET count = count + excluded.count",
    [SQL_ADD_SKIPPED] =
        "INSERT INTO skipped (hash, source, destination, reason, type, received_ms, message_id)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [SQL_ADD_INTENT] = "INSERT INTO intent (destination, key, since_ms) VALUES (?1, ?2, ?3)"
                       " ON CONFLICT DO UPDATE SET since_ms = excluded.since_ms",
    [SQL_END_INTENT] = "DELETE FROM intent WHERE destination = ?1 AND key = ?2",
    [SQL_FIND_STATE] = "SELECT state FROM delivery WHERE seq = ?1 AND destination = ?2",
    [SQL_APPLY] = "UPDATE delivery SET state = ?2, attempts = ?3, created = ?4, record_id = ?5,"
                  " into_id = ?6, code = ?7, message = ?8, advice = ?9, notes = ?10,"
                  " next_attempt_ms = ?11, changed_ms = ?12, sent = ?13 WHERE seq = ?1",
    [SQL_PUT_KNOWN] =
        "INSERT INTO known_record (destination, key, object, record_id, fields, written_ms)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET"
        " object = excluded.object, record_id = excluded.record_id,"
        " fields = excluded.fields, written_ms = excluded.written_ms",
    [SQL_NEXT_DEAD] = "SELECT seq FROM delivery INDEXED BY delivery_later WHERE destination = ?1"
                      " AND state = 4 AND seq BETWEEN ?2 AND ?3"
                      " AND (state > 0 OR next_attempt_ms > 0) ORDER BY seq LIMIT 1",
    [SQL_NEXT_DEAD_BY_CODE] = "SELECT seq FROM delivery INDEXED BY delivery_code"
                              " WHERE destination = ?1 AND state = 4 AND seq BETWEEN ?2 AND ?3"
                              " AND code = ?4 ORDER BY seq LIMIT 1",
    [SQL_REDRIVE] = "UPDATE delivery SET state = 0, next_attempt_ms = ?2, changed_ms = ?3,"
                    " code = NULL, message = NULL, advice = NULL WHERE seq = ?1",
    [SQL_DISCARD] = "UPDATE delivery SET state = 5, changed_ms = ?2 WHERE seq = ?1",
    [SQL_PAUSE] = "UPDATE destination SET paused_ms = ?2 WHERE id = ?1",
    [SQL_OLD_ENDED] = "SELECT changed_ms, seq, event FROM delivery INDEXED BY delivery_age"
                      " WHERE state = ?1 AND (state > 0 OR next_attempt_ms > 0)"
                      " AND (changed_ms, seq) > (?2, ?3)"
                      " AND changed_ms < ?4 ORDER BY changed_ms, seq LIMIT 1",
    [SQL_OLD_KNOWN] = "SELECT destination, key FROM known_record WHERE written_ms < ?1"
                      " ORDER BY written_ms LIMIT 1",
    /* One that waits somewhere stays, and one that ended elsewhere too short a time ago. */
    [SQL_FORGET_EVENT] = "DELETE FROM event WHERE id = ?1 AND received_ms < ?2 AND NOT EXISTS"
                         " (SELECT 1 FROM delivery WHERE event = ?1 AND (state = 0 OR changed_ms >="
                         " CASE state WHEN 4 THEN ?3 ELSE ?2 END))",
    [SQL_FORGET_KNOWN] = "DELETE FROM known_record WHERE destination = ?1 AND key = ?2",
    [SQL_NEXT_PART] = "SELECT part FROM event_name WHERE part > ?1 ORDER BY part LIMIT 1",
    [SQL_FORGET_NAMES] = "DELETE FROM event_name WHERE part = ?1 AND NOT EXISTS"
                         " (SELECT 1 FROM event WHERE id >= ?1 << 11 AND id < (?1 + 1) << 11)",
    [SQL_FORGET_SKIPPED] = "DELETE FROM skipped WHERE id = (SELECT min(id) FROM skipped)"
                           " AND received_ms < ?1",
    [SQL_DROP_SKIPPED] = "DELETE FROM skipped WHERE id <= (SELECT max(id) FROM skipped) - ?1",
    [SQL_ADD_COUNTERS] =
        "INSERT INTO counters (destination, accepted, waiting, written, merged, unchanged,"
        " dead, created, updated, dead_letters)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
        " ON CONFLICT DO UPDATE SET accepted = accepted + excluded.accepted,"
        " waiting = waiting + excluded.waiting, written = written + excluded.written,"
        " merged = merged + excluded.merged, unchanged = unchanged + excluded.unchanged,"
        " dead = dead + excluded.dead, created = created + excluded.created,"
        " updated = updated + excluded.updated, dead_letters = dead_letters + "
        "excluded.dead_letters",
};
const size_t sqlite_writer_count = sizeof sqlite_writer_sql / sizeof sqlite_writer_sql[0];

/* ---- of the readers ---- */

#define DESTINATION "(SELECT id FROM destination WHERE name = ?1)"

#define TAKE_COLUMNS                                                                               \
    "SELECT d.seq, d.next_attempt_ms, d.attempts, e.message_id, e.timestamp_ms, e.received_ms,"    \
    " e.body, e.checksum FROM delivery d"
#define TAKE_JOINS " CROSS JOIN event e ON e.id = d.event"

#define RECEIPT_COLUMNS                                                                            \
    "SELECT d.seq, s.name, e.message_id, e.type, t.name, d.object, d.key, d.state, d.created,"     \
    " d.record_id, d.into_id, d.code, d.message, d.advice, d.notes, d.attempts, e.received_ms,"    \
    " d.changed_ms, d.next_attempt_ms, d.sent"
/* What of an event is read with its body, to see whether it is damaged. */
#define BODY ", e.body, e.timestamp_ms, e.checksum"
#define RECEIPT_JOINS                                                                              \
    " CROSS JOIN event e ON e.id = d.event CROSS JOIN source s ON s.id = e.source"                 \
    " CROSS JOIN destination t ON t.id = d.destination"

/* The parts of a table, the newest first.  An empty table has none. */
#define PARTS(table, of)                                                                           \
    "WITH RECURSIVE part (number) AS (SELECT max(" of ") FROM " table                              \
    " UNION ALL SELECT number - 1 FROM part"                                                       \
    " WHERE number > (SELECT min(" of ") FROM " table ")) "

#define SKIPPED_COLUMNS "s.name, t.name, y.name, r.name, k.received_ms, k.message_id"
#define SKIPPED_JOINS                                                                              \
    " CROSS JOIN source s ON s.id = k.source CROSS JOIN destination t ON t.id = k.destination"     \
    " CROSS JOIN word y ON y.id = k.type CROSS JOIN word r ON r.id = k.reason"

/* What has changed in one state after the cursor ?1, ?2, up to ?3. */
#define CHANGED_OF(state)                                                                          \
    RECEIPT_COLUMNS BODY " FROM delivery d INDEXED BY delivery_age" RECEIPT_JOINS                  \
                         " WHERE d.state = " state " AND (d.state > 0 OR d.next_attempt_ms > 0)"   \
                         " AND (d.changed_ms, d.seq) > (?1, ?2) AND d.changed_ms <= ?3"
#define AND " UNION ALL "

const char *const sqlite_reader_sql[] = {
    [SQL_TAKE_NEW] =
        TAKE_COLUMNS " INDEXED BY delivery_new" TAKE_JOINS " WHERE d.destination = " DESTINATION
                     " AND d.state = 0 AND d.next_attempt_ms = 0"
                     " AND d.seq > ?2 ORDER BY d.seq",
    [SQL_TAKE_DUE] =
        TAKE_COLUMNS " INDEXED BY delivery_due" TAKE_JOINS " WHERE d.destination = " DESTINATION
                     " AND d.state = 0 AND d.next_attempt_ms > 0"
                     " AND (d.next_attempt_ms, d.seq) > (?2, ?3)"
                     " AND d.next_attempt_ms <= ?4 ORDER BY d.next_attempt_ms, d.seq",
    [SQL_NEXT_DUE] = "SELECT next_attempt_ms FROM delivery INDEXED BY delivery_due"
                     " WHERE destination = " DESTINATION " AND state = 0 AND next_attempt_ms > 0"
                     " AND (next_attempt_ms, seq) > (?2, ?3) ORDER BY next_attempt_ms, seq LIMIT 1",
    [SQL_FIND_KNOWN] = "SELECT key, object, record_id, fields, written_ms FROM known_record"
                       " WHERE destination = " DESTINATION " AND key = ?2",
    [SQL_INTENTS] = "SELECT key, since_ms FROM intent WHERE destination = " DESTINATION,
    [SQL_TRACE] = RECEIPT_COLUMNS BODY " FROM event e CROSS JOIN delivery d ON d.event = e.id"
                                       " CROSS JOIN source s ON s.id = e.source"
                                       " CROSS JOIN destination t ON t.id = d.destination"
                                       " WHERE e.message_id = ?1 ORDER BY d.seq",
    [SQL_SEARCH_NAME] = PARTS("event_name", "part") RECEIPT_COLUMNS BODY
    " FROM part CROSS JOIN event_name n ON n.part = part.number AND n.hash = ?1"
    " CROSS JOIN event e ON e.id = n.event CROSS JOIN delivery d ON d.event = e.id"
    " CROSS JOIN source s ON s.id = e.source CROSS JOIN destination t ON t.id = d.destination"
    " LIMIT ?2",
    [SQL_SEARCH_RECORD] =
        RECEIPT_COLUMNS BODY " FROM delivery d INDEXED BY delivery_record" RECEIPT_JOINS
                             " WHERE substr(d.record_id, 1, 15) = ?1 AND d.record_id IS NOT NULL"
                             " ORDER BY d.seq DESC LIMIT ?2",
    [SQL_SKIPPED] =
        PARTS("skipped", "id >> 11") "SELECT max(k.id), " SKIPPED_COLUMNS
                                     " FROM part CROSS JOIN skipped k ON k.id >> 11 = part.number "
                                     "AND k.hash = ?1" SKIPPED_JOINS " GROUP BY s.id, t.id",
    [SQL_RECENT_SKIPPED] = "SELECT k.id, " SKIPPED_COLUMNS " FROM skipped k" SKIPPED_JOINS
                           " WHERE k.id < ?1 ORDER BY k.id DESC LIMIT ?2",
    [SQL_SKIPPED_SINCE] = "SELECT k.id, " SKIPPED_COLUMNS " FROM skipped k" SKIPPED_JOINS
                          " WHERE k.id > ?1 ORDER BY k.id LIMIT ?2",
    [SQL_LIST_ENDED] = RECEIPT_COLUMNS " FROM delivery d INDEXED BY delivery_later" RECEIPT_JOINS
                                       " WHERE d.destination = " DESTINATION " AND d.state = ?2"
                                       " AND (d.state > 0 OR d.next_attempt_ms > 0) AND d.seq < ?3"
                                       " ORDER BY d.seq DESC LIMIT ?4",
    /* Two indexes, each in the order asked for and merged, so that a long queue is not
       sorted. */
    [SQL_LIST_WAITING] = RECEIPT_COLUMNS
    " FROM delivery d INDEXED BY delivery_new" RECEIPT_JOINS " WHERE d.destination = " DESTINATION
    " AND d.state = 0 AND d.next_attempt_ms = 0 AND d.seq < ?3"
    " UNION ALL " RECEIPT_COLUMNS " FROM delivery d INDEXED BY delivery_later" RECEIPT_JOINS
    " WHERE d.destination = " DESTINATION
    " AND d.state = ?2 AND (d.state > 0 OR d.next_attempt_ms > 0) AND d.seq < ?3"
    " ORDER BY d.seq DESC LIMIT ?4",
    [SQL_DEAD_LETTERS] = RECEIPT_COLUMNS BODY
    " FROM delivery d INDEXED BY delivery_later" RECEIPT_JOINS " WHERE d.destination = " DESTINATION
    " AND d.state = 4 AND d.seq < ?2"
    " AND (d.state > 0 OR d.next_attempt_ms > 0) ORDER BY d.seq DESC LIMIT ?3",
    [SQL_DEAD_BY_CODE] = RECEIPT_COLUMNS BODY
    " FROM delivery d INDEXED BY delivery_code" RECEIPT_JOINS " WHERE d.destination = " DESTINATION
    " AND d.state = 4 AND d.seq < ?2 AND d.code = ?4"
    " ORDER BY d.seq DESC LIMIT ?3",
    [SQL_RECENT] = RECEIPT_COLUMNS BODY " FROM delivery d" RECEIPT_JOINS
                                        " WHERE d.seq < ?1 ORDER BY d.seq DESC LIMIT ?2",
    [SQL_ARRIVED] = RECEIPT_COLUMNS BODY " FROM delivery d" RECEIPT_JOINS
                                         " WHERE d.seq > ?1 ORDER BY d.seq LIMIT ?2",
    /* Each arm comes in the order asked for, so that they are merged and not sorted. */
    [SQL_CHANGED] = CHANGED_OF("0") AND CHANGED_OF("1") AND CHANGED_OF("2") AND CHANGED_OF("3")
        AND CHANGED_OF("4") AND CHANGED_OF("5") " ORDER BY 18, 1 LIMIT ?4",
    /* However much waits, the oldest is the first entry of one of two indexes. */
    [SQL_COUNTERS] =
        "SELECT t.name, accepted, waiting, written, merged, unchanged, dead, created,"
        " updated, coalesce((SELECT e.received_ms FROM event e WHERE e.id ="
        "  (SELECT event FROM delivery WHERE seq = min("
        "   coalesce((SELECT seq FROM delivery INDEXED BY delivery_new"
        "    WHERE destination = t.id AND state = 0 AND next_attempt_ms = 0"
        "    ORDER BY seq LIMIT 1), 9223372036854775807),"
        "   coalesce((SELECT seq FROM delivery INDEXED BY delivery_later"
        "    WHERE destination = t.id AND state = 0"
        "    AND (state > 0 OR next_attempt_ms > 0)"
        "    ORDER BY seq LIMIT 1), 9223372036854775807)))), 0), paused_ms, dead_letters"
        " FROM counters JOIN destination t ON t.id = counters.destination ORDER BY t.id",
    [SQL_SKIPS] = "SELECT source, destination, reason, count FROM skip",
};
const size_t sqlite_reader_count = sizeof sqlite_reader_sql / sizeof sqlite_reader_sql[0];
