/* A ring buffer of copies. */
#include "fakeorg/org/transcript.h"

#include <string.h>

#include "base/mem.h"

static char *copy(const char *bytes, size_t len)
{
    size_t kept = len < TRANSCRIPT_TEXT ? len : TRANSCRIPT_TEXT;
    char *text = mem_alloc(kept + 1);

    if (text == NULL)
        return NULL;
    if (kept > 0)
        memcpy(text, bytes, kept);
    text[kept] = '\0';
    return text;
}

static void drop(struct said *said)
{
    mem_free(said->request);
    mem_free(said->answer);
    *said = (struct said){0};
}

void transcript_keep(struct transcript *transcript, uint64_t number, const char *request,
                     size_t request_len, const char *answer, size_t answer_len)
{
    struct said *said = &transcript->ring[number % TRANSCRIPT_CALLS];

    drop(said);
    *said = (struct said){number, copy(request, request_len), copy(answer, answer_len)};
}

const struct said *transcript_find(const struct transcript *transcript, uint64_t number)
{
    const struct said *said = &transcript->ring[number % TRANSCRIPT_CALLS];

    return number > 0 && said->number == number ? said : NULL;
}

void transcript_clear(struct transcript *transcript)
{
    for (size_t i = 0; i < TRANSCRIPT_CALLS; i++)
        drop(&transcript->ring[i]);
}
