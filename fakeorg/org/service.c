/* Frees what setup.c created. */
#include "fakeorg/org/service.h"

#include "base/mem.h"
#include "fakeorg/data/journal.h"
#include "fakeorg/rules/rules.h"

void service_free(struct service *service)
{
    if (service == NULL)
        return;
    faults_clear(&service->faults);
    latency_done(&service->latency);
    calllog_done(&service->log);
    transcript_clear(&service->transcript);
    cursors_clear(&service->cursors);
    journal_close(service->journal);
    orgdata_free(service->org);
    rules_free(service->rules);
    arena_done(&service->texts);
    pthread_mutex_destroy(&service->lock);
    mem_free(service);
}
