/*
 * Whatever bytes come as an org's file, or as a file of records, the org takes them or
 * says what is wrong, and goes on.  The first byte chooses which of the two.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "fakeorg/org/setup.h"
#include "fakeorg/data/journal_line.h"
#include "fakeorg/org/org_file.h"

#define ROUNDS 200 /* until the org, which keeps its fields, is made anew */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct service *service;
static unsigned rounds;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fakeorg_options options = fakeorg_defaults();
    struct err err = {0};
    size_t records = 0;

    if (size == 0)
        return 0;
    if (service == NULL || ++rounds % ROUNDS == 0) {
        service_free(service);
        service = service_new(&options, &err);
    }
    char *text = mem_text_n((const char *)data + 1, size - 1);
    if (service == NULL || text == NULL)
        abort();
    int rc = data[0] == '#' ? journal_lines_read(service->org, text, &records, &err)
                            : org_file_post(service, text, &err);
    if ((rc < 0) != (err.kind != ERR_NONE))
        abort();
    mem_free(text);
    orgdata_reset(service->org);
    return 0;
}
