/*
 * files: how many files, and so connections, this process may have open.
 * Threads: main, at the start and at a reload.
 */
#ifndef LEADLINE_FILES_H
#define LEADLINE_FILES_H

/* Raises the soft limit as far as the hard one allows, and returns how many of the wanted
   connections fit under it, besides what the rest of the program opens (FILES_OF_THE_REST); at
   least one.  Logs when that is fewer. */
#define FILES_OF_THE_REST 256
int files_for_connections(int wanted);

#endif
