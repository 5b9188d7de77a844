/*
 * spawned_fakeorg: the program fakeorg on a free loopback port, for tests of who calls it.
 *
 * A program and not its library, because fakeorg and Leadline share no code for Salesforce.
 */
#ifndef TESTS_SPAWNED_FAKEORG_H
#define TESTS_SPAWNED_FAKEORG_H

#include <sys/types.h>

struct spawned_fakeorg {
    pid_t pid;
    char url[64]; /* "http://127.0.0.1:NNNN" */
};

/* options: further ones of its command line, ended by NULL.  Waits until it listens. */
void spawned_fakeorg_start(struct spawned_fakeorg *fakeorg, const char *const *options);
void spawned_fakeorg_stop(struct spawned_fakeorg *fakeorg);

#endif
