/*
 * scripted_org: an org inside the test's process, with records in an array and a script
 * of what goes wrong.
 */
#ifndef TESTS_SCRIPTED_ORG_H
#define TESTS_SCRIPTED_ORG_H

#include <pthread.h>
#include <stdatomic.h>

#include "salesforce/backend.h"

#define SCRIPTED_RECORDS 4000
#define SCRIPTED_FIELDS  12

struct scripted_record {
    char id[19];
    char object[12];
    char names[SCRIPTED_FIELDS][32];
    char values[SCRIPTED_FIELDS][96];
    int field_count;
    bool deleted, converted;
    bool busy; /* a save of it is under way */
    char contact_id[19];
    int64_t modified; /* a counter: later is larger */
};

enum scripted_step {
    STEP_FIND,
    STEP_CREATE,
    STEP_UPDATE,
    STEP_DESCRIBE,
    STEP_SIGN_IN,
    SCRIPTED_STEPS
};
#define SCRIPTED_TIMES 64

/* The next times calls of that step fail that way. */
struct scripted_fault {
    int times;
    enum org_class class;
    const char *code;
    bool outcome_unknown;
    bool saves_first; /* the records are saved all the same */
};

/* A record whose field has that value is refused that way, times times. */
struct scripted_refusal {
    int times;
    const char *field, *value;
    enum org_record_class class;
    const char *code;
    const char *names; /* the field the error names; NULL: none */
    const char *matched_id;
};

struct scripted_org {
    pthread_mutex_t mutex;
    struct scripted_record records[SCRIPTED_RECORDS];
    int record_count;
    struct scripted_fault faults[SCRIPTED_STEPS];
    struct scripted_refusal refusals[4];
    const char *poison; /* a save or find whose records hold this LastName faults as a whole */
    enum org_class poison_class;
    const char *poison_key;    /* a find that asks for this value faults as a whole, ORG_BISECT */
    atomic_int poisoned;       /* calls that faulted for either */
    const char *unknown_field; /* a save that sets it faults ORG_STALE_SCHEMA */
    int save_ms;               /* how long a save takes */
    atomic_int saving;         /* saves under way, while save_ms passes */
    int overlaps;              /* records that two saves wrote at once */
    const struct scripted_record *stray; /* the next strays look-ups bring this one too */
    int strays;
    enum scripted_step fail_memory_after; /* when such a call has been answered, the ... */
    size_t fail_memory_at;                /* nth allocation fails; 0: none */
    /* These may change while calls are answered. */
    const struct schema_field *_Atomic extra;            /* a custom field of Lead, X__c */
    bool (*_Atomic equal)(const char *a, const char *b); /* how values of X__c compare */
    const char *_Atomic new_field;                       /* of Lead, a text: describes tell of it */
    const char
        *_Atomic gone_fields[2];     /* saves and finds that name one fault, describes lack them */
    const char *_Atomic gone_object; /* the same with an object */
    atomic_bool holds_describes;     /* they are not answered until it is false again */
    atomic_bool holds_answers;       /* the same, but what they tell of is from before */
    atomic_int calls[SCRIPTED_STEPS];
    atomic_int all_calls;
    int64_t called_ms[SCRIPTED_STEPS][SCRIPTED_TIMES]; /* mono, of the first of each step */
    int turn_at;                                       /* the wall clock is turned by turn_ms */
    int64_t turn_ms;                                   /* while that call is answered */
    int64_t clock;
};

/* Records are found and saved as the script says; the rest is org.c's. */
extern const struct org_backend scripted_backend;

/* The one org behind scripted_backend; reset by scripted_reset. */
struct scripted_org *scripted(void);
void scripted_reset(void);

/* Under the mutex: adds a record as if a person had. */
struct scripted_record *scripted_add(const char *object, const char *field, const char *value);

void scripted_set(struct scripted_record *record, const char *field, const char *value);

/* NULL: no such field, or no such record.  A loan. */
const char *scripted_value(const struct scripted_record *record, const char *field);

/* How many undeleted records of object have field = value (case folded, X__c as equal says;
   NULL field: all). */
int scripted_count(const char *object, const char *field, const char *value);
struct scripted_record *scripted_find(const char *object, const char *field, const char *value);

#endif
