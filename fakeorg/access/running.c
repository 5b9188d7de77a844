/* A list of the running calls, the oldest first. */
#include "fakeorg/access/running.h"

void running_begin(struct running_calls *calls, struct running *running, int64_t now_ms)
{
    *running = (struct running){.before = calls->newest, .began_ms = now_ms};
    if (calls->newest == NULL)
        calls->oldest = running;
    else
        calls->newest->after = running;
    calls->newest = running;
    calls->count++;
}

void running_end(struct running_calls *calls, struct running *running)
{
    if (running->began_ms == 0)
        return;
    if (running->before == NULL)
        calls->oldest = running->after;
    else
        running->before->after = running->after;
    if (running->after == NULL)
        calls->newest = running->before;
    else
        running->after->before = running->before;
    running->began_ms = 0;
    calls->count--;
}

int64_t running_since(const struct running_calls *calls, int64_t before_ms)
{
    int64_t count = 0;

    for (const struct running *at = calls->oldest; at != NULL && at->began_ms <= before_ms;
         at = at->after)
        count++;
    return count;
}
