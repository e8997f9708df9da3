#!/bin/sh
# run.sh MUSTERGEN: the first wall against drift: a module that uses a column by its old name does not compile, and the compiler says where.
# The other walls: tests/unit/template_names_test.c (templates), tests/clients/types.test.mjs (programs of clients), tests/chaos/upgrade.test.mjs
# (a database that is not as the program).
root=$(cd "$(dirname "$0")/../../.." && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

compiles() { # a module, against the schema in $work/sql
	rm -rf "$work/generated" && mkdir "$work/generated" && "$1" "$work/sql" "$work/generated" &&
		"${CC:-cc}" -std=gnu17 -D_GNU_SOURCE -DMUSTER_MODULE -fsyntax-only -I"$root/fcgi-app" -I"$work/generated" \
			$(pkg-config --cflags json-c libmariadb) "$root/fcgi-app/modules/sample.c" 2>"$work/said"
}

cp -r "$root/sql" "$work/sql"
compiles "$1" || { cat "$work/said"; echo "FAILED drift: a module does not compile against the schema as it is"; exit 1; }
sed -i 's/\bfull_name\b/display_name/g' "$work/sql/schema/contacts.sql"
sed -i 's/\bcontacts\.full_name\b/contacts.display_name/g' "$work"/sql/query/*.sql # of one that was left the generator says it
if compiles "$1"; then
	echo "FAILED drift: a module compiles that uses a column which has another name now"
	exit 1
fi
grep -q 'sample\.c:[0-9]*:.*full_name' "$work/said" || { cat "$work/said"; echo "FAILED drift: the compiler does not say where"; exit 1; }
echo "negative/drift: passed"
