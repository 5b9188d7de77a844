/*
 * labels: the labels of the standard fields, as in describe and at the start of record
 * error messages.  Threads: any.  Memory: constants.
 */
#ifndef FAKEORG_DATA_LABELS_H
#define FAKEORG_DATA_LABELS_H

/* NULL where field.c derives the label from the name. */
const char *label_standard(const char *object, const char *name);

#endif
