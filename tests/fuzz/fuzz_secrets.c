/* Any bytes as the file of sealed secrets: read or refused; what is read can be written and read
   again, and none of it opens under a key that did not seal it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/locked.h"
#include "secrets/entries.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int promise)
{
    if (!promise)
        abort();
}

static void open_in_vain(const struct key *key, const struct entry *entry,
                         const struct entry_value *value)
{
    char label[ENTRY_LABEL_MAX];
    struct err err = {0};
    struct sealed sealed = value->sealed;
    size_t len;

    if (sealed.bytes == NULL)
        return;
    entry_label(entry, value, label);
    memcpy(sealed.bytes + 1, key->id, KEY_ID_BYTES); /* so that the tag decides */
    require(unseal(key, label, &sealed, &len, &err) == NULL && err.kind == ERR_INVALID);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char key_text[] = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    struct err err = {0};
    struct entries entries, again;
    struct key *key;
    struct buf text, repeated;

    if (entries_parse(&entries, (const char *)data, size, &err) < 0) {
        require(err.kind == ERR_INVALID && entries.count == 0);
        return 0;
    }
    require(entries.count <= ENTRIES_MAX);
    buf_init(&text, ENTRIES_MAX_BYTES);
    buf_init(&repeated, ENTRIES_MAX_BYTES);
    entries_print(&entries, &text);
    require(entries_parse(&again, buf_peek(&text), text.len, &err) == 0);
    entries_print(&again, &repeated);
    require(strcmp(buf_peek(&text), buf_peek(&repeated)) == 0);
    key = key_parse(key_text, sizeof key_text - 1, "key", &err);
    for (size_t i = 0; i < entries.count; i++) {
        require(entries_find(&entries, entries.list[i].name) == &entries.list[i]);
        open_in_vain(key, &entries.list[i], &entries.list[i].now);
        open_in_vain(key, &entries.list[i], &entries.list[i].previous);
    }
    key_free(key);
    buf_done(&text);
    buf_done(&repeated);
    entries_done(&entries);
    entries_done(&again);
    return 0;
}
