/* command.h: commands of the program that a module provides. argv[0] is the command's name; each
 * gives the exit status. */
#pragma once
#include "core/config.h"

int demo_main(const struct config *config, int argc,
    char **argv); /* modules/demo.c: loads the demo company once */
int password_main(const struct config *config, int argc,
    char **argv); /* modules/passwords.c: prints a link for a new password */
