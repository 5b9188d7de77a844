/*
 * cmd_map: "leadline map", which shows what would become of events, without an org.
 */
#ifndef LEADLINE_CMD_MAP_H
#define LEADLINE_CMD_MAP_H

/* argv[0] is the command's name.  The exit status: 0 done, 1 a line could not be read,
   2 wrong usage. */
int cmd_map(int argc, char **argv);

#endif
