/* What the org refuses is said in the log where people look: at warn, with its code, how many, and
   one event to trace. */
#include "delivery_rig.h"

#include "log_ear.h"

TEST(what_the_org_refuses_is_warned_of_by_code_with_a_message_to_trace)
{
    struct rig rig;
    char said[20000];
    int old_stderr;
    FILE *ear;

    rig_open(&rig, "");
    scripted()->refusals[0] = (struct scripted_refusal){
        99, "Fax", "1", ORG_RECORD_DEAD, "FIELD_CUSTOM_VALIDATION_EXCEPTION", NULL, NULL};
    scripted()->refusals[1] =
        (struct scripted_refusal){99, "Fax", "2", ORG_RECORD_DEAD, "STRING_TOO_LONG", NULL, NULL};
    for (int i = 0; i < 6; i++) { /* of each code two, two are saved */
        char traits[80];
        snprintf(traits, sizeof traits, "\"email\":\"p%d@x.io\",\"fax\":\"%d\"", i, i % 3);
        identify(&rig, traits);
    }
    ear = listen_to_log(&old_stderr);
    rig_deliver(&rig);
    await_ended(&rig, 6);
    rig_stop_delivery(&rig);
    told(ear, old_stderr, said, sizeof said);
    CHECK_INT(lines_of(said, " warn delivery.refused "), 2);
    CHECK_INT(lines_of(said, " warn delivery.dead_letters "), 2);
    CHECK_INT(lines_of(said, "code=\"FIELD_CUSTOM_VALIDATION_EXCEPTION\" count=2 "
                             "message_id=\"m"),
              2);
    CHECK_INT(lines_of(said, "code=\"STRING_TOO_LONG\" count=2 message_id=\"m"), 2);
    CHECK(strstr(said, "x.io") == NULL); /* and of nobody */
    rig_close(&rig);
}

TEST_MAIN(TEST_CASE(what_the_org_refuses_is_warned_of_by_code_with_a_message_to_trace))
