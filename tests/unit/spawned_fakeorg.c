/* spawned_fakeorg: the program fakeorg on a free loopback port. */
#include "spawned_fakeorg.h"

#include "check.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST_OPTIONS 60

static void become_fakeorg(int out, const char *const *options)
{
    const char *argv[MOST_OPTIONS + 4] = {FAKEORG_PROGRAM, "--listen", "127.0.0.1:0"};

    for (int i = 0; options[i] != NULL && i < MOST_OPTIONS; i++)
        argv[3 + i] = options[i];
    prctl(PR_SET_PDEATHSIG, SIGTERM); /* a test that fails stops nothing */
    dup2(out, STDOUT_FILENO);
    execv(FAKEORG_PROGRAM, (char **)(uintptr_t)argv);
    _exit(127);
}

/* "fakeorg: listening on http://127.0.0.1:NNNN" */
static void read_url(int in, char *ret, size_t size)
{
    char said[200] = "";
    size_t len = 0;
    ssize_t got;
    char *at;

    while (strchr(said, '\n') == NULL && len < sizeof said - 1 &&
           (got = read(in, said + len, sizeof said - 1 - len)) > 0) {
        len += (size_t)got;
        said[len] = '\0';
    }
    at = strstr(said, "http://");
    CHECK(at != NULL);
    at[strcspn(at, " \n")] = '\0';
    snprintf(ret, size, "%s", at);
}

void spawned_fakeorg_start(struct spawned_fakeorg *fakeorg, const char *const *options)
{
    int ends[2];

    CHECK_INT(pipe(ends), 0);
    fakeorg->pid = fork();
    CHECK(fakeorg->pid >= 0);
    if (fakeorg->pid == 0) {
        close(ends[0]);
        become_fakeorg(ends[1], options);
    }
    close(ends[1]);
    read_url(ends[0], fakeorg->url, sizeof fakeorg->url);
    close(ends[0]);
}

void spawned_fakeorg_stop(struct spawned_fakeorg *fakeorg)
{
    kill(fakeorg->pid, SIGTERM);
    waitpid(fakeorg->pid, NULL, 0);
}
