/*
 * labels: what people call the standard fields; describe tells it and messages of
 * record errors begin with it.  Threads: any.  Memory: constants.
 */
#ifndef FAKEORG_DATA_LABELS_H
#define FAKEORG_DATA_LABELS_H

/* NULL where the label is what field.c makes of the name. */
const char *label_standard(const char *object, const char *name);

#endif
