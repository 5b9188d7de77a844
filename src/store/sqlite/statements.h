/*
 * statements: every statement that runs while the store is open, by number.  Those of the writer
 * are prepared on its connection, those of the readers on theirs.
 *
 * Threads: constants.
 */
#ifndef STORE_SQLITE_STATEMENTS_H
#define STORE_SQLITE_STATEMENTS_H

#include <stddef.h>

/* of the writer */
enum {
    SQL_SEEN_LAST,
    SQL_SEEN_GAPS,
    SQL_SEEN_CLEAR,
    SQL_SEEN_ADD,
    SQL_SEEN_NOTE,
    SQL_NAME_SOURCE,
    SQL_NAME_DESTINATION,
    SQL_NAME_WORD,
    SQL_ADD_EVENT,
    SQL_ADD_NAME,
    SQL_ADD_DELIVERY,
    SQL_ADD_SKIP,
    SQL_ADD_SKIPPED,
    SQL_ADD_INTENT,
    SQL_END_INTENT,
    SQL_FIND_STATE,
    SQL_APPLY,
    SQL_PUT_KNOWN,
    SQL_NEXT_DEAD,
    SQL_NEXT_DEAD_BY_CODE,
    SQL_REDRIVE,
    SQL_DISCARD,
    SQL_PAUSE,
    SQL_OLD_ENDED,
    SQL_OLD_KNOWN,
    SQL_FORGET_EVENT,
    SQL_FORGET_KNOWN,
    SQL_NEXT_PART,
    SQL_FORGET_NAMES,
    SQL_FORGET_SKIPPED,
    SQL_DROP_SKIPPED,
    SQL_ADD_COUNTERS
};
extern const char *const sqlite_writer_sql[];
extern const size_t sqlite_writer_count;

/* of the readers */
enum {
    SQL_TAKE_NEW,
    SQL_TAKE_DUE,
    SQL_NEXT_DUE,
    SQL_FIND_KNOWN,
    SQL_INTENTS,
    SQL_TRACE,
    SQL_SEARCH_NAME,
    SQL_SEARCH_RECORD,
    SQL_SKIPPED,
    SQL_RECENT_SKIPPED,
    SQL_SKIPPED_SINCE,
    SQL_LIST_ENDED,
    SQL_LIST_WAITING,
    SQL_DEAD_LETTERS,
    SQL_DEAD_BY_CODE,
    SQL_RECENT,
    SQL_ARRIVED,
    SQL_CHANGED,
    SQL_COUNTERS,
    SQL_SKIPS
};
extern const char *const sqlite_reader_sql[];
extern const size_t sqlite_reader_count;

#endif
