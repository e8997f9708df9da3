/*
 * main.c: one binary, several commands. Reads the settings and hands over; everything else is in
 * process/ (serve, doctor), core/ (migrate, emit) and modules/ (demo).
 */
#include "core/migrate.h"
#include "core/search_check.h"
#include "process/process.h"
#include <stdio.h>

#ifndef MUSTER_VERSION
#define MUSTER_VERSION "1.0.0"
#endif

static const struct command {
	const char *name, *meaning;
	int (*run)(const struct config *config, int argc, char **argv);
} commands[] = {
	{ "serve", "run the web workers, the live process and the jobs until TERM", serve_main },
	{ "migrate", "bring the database to this version's schema", migrate_main },
	{ "doctor", "print the settings and check everything around the program", doctor_main },
	{ "demo", "load the demo company", demo_main },
	{ "password", "EMAIL: print a link by which that agent sets a new password",
	    password_main },
	{ "search", "check | rebuild: compare the search index with the rows, and mend it",
	    search_main },
	{ "emit",
	    "routes | access | openapi | typescript [FOLDER] | workflows: the contract, from the "
	    "code",
	    emit_main },
};
#define N_COMMANDS (sizeof commands / sizeof *commands)

static void help(void)
{
	printf("muster: a CRM for many companies\n\nusage: muster COMMAND\n");
	for (size_t i = 0; i < N_COMMANDS; i++)
		printf("  %-10s %s\n", commands[i].name, commands[i].meaning);
	printf("  %-10s print the version\n  %-10s print this\n", "version", "--help");
	printf("\nSettings, from the environment or from the file named by MUSTER_CONFIG:\n");
	for (size_t i = 0; i < config_n_settings; i++)
		printf("  %s=%s\n      %s\n", config_settings[i].name, config_settings[i].fallback,
		    config_settings[i].meaning);
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	struct config config;
	char why[256];

	if (strcmp(name, "version") == 0 || strcmp(name, "--version") == 0) {
		puts("muster " MUSTER_VERSION);
		return 0;
	}
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
		help();
		return 0;
	}
	for (size_t i = 0; i < N_COMMANDS; i++) {
		if (strcmp(name, commands[i].name) != 0)
			continue;
		if (!config_load(&config, why)) {
			fprintf(stderr, "muster: %s\n", why);
			return 1;
		}
		int status = commands[i].run(&config, argc - 1, argv + 1);
		config_free(&config);
		return status;
	}
	fprintf(stderr,
	    name[0] ? "muster: no command \"%s\" (muster --help lists them)\n"
		    : "muster: name a command (muster --help lists them)%s\n",
	    name);
	return 1;
}
