#!/bin/sh
# run.sh [MUSTERGEN]: what mustergen refuses, and that what it accepts is good C. A case is <name>.sql
# and stands beside good/schema; its first lines say what the refusal must contain, and as which
# file it is read. A refusal has exit status 1 and writes nothing. Without an argument it builds the
# generator itself.
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
warnings="-std=gnu17 -D_GNU_SOURCE -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Werror \
	-Wno-missing-field-initializers"
gen=$1
passed=0
failed=0

pass() {
	passed=$((passed + 1))
}

fail() {
	failed=$((failed + 1))
	echo "FAILED $1: $2"
}

good() {
	mkdir "$work/out"
	"$gen" "$here/good" "$work/out" || return 1
	"${CC:-cc}" $warnings -I"$root/fcgi-app" -I"$work/out" -o "$work/use" \
		"$here/good/use.c" "$work/out/schema.c" "$work/out/queries.c" || return 1
	"$work/use"
}

# White space and comments do not change the hash; anything else does.
hash_of() {
	rm -rf "$work/hash"
	mkdir -p "$work/hash/schema" "$work/hash/out"
	sed "$1" "$here/good/schema/base.sql" > "$work/hash/schema/base.sql"
	"$gen" "$work/hash" "$work/hash/out" && grep '^const char schema_hash' "$work/hash/out/schema.c"
}

hash_rule() {
	is=$(hash_of '') && [ -n "$is" ] || return 1
	[ "$(hash_of 's/^  /\t\t/; s/^CREATE/-- note\ncreate/; s/Its name/The name/')" = "$is" ] || return 1
	[ "$(hash_of 's/VARCHAR(120)/VARCHAR(121)/')" != "$is" ]
}

# What is searched counts, with its weight, though a mark is a comment; nothing else does.
searched_of() {
	hash_of "$1" > /dev/null && grep -o 'SEARCHED_COLUMNS = [0-9]*' "$work/hash/out/schema.h"
}

searched_rule() {
	is=$(searched_of '') && [ -n "$is" ] || return 1
	[ "$(searched_of 's/VARCHAR(120)/VARCHAR(121)/; s/@min 1/@min 2/; s/Given/The given/')" = "$is" ] || return 1
	[ "$(searched_of 's/@search 60/@search 61/')" != "$is" ] || return 1
	[ "$(searched_of 's/@searched 1/@searched 2/')" != "$is" ] || return 1
	[ "$(searched_of 's/E-mail @email/E-mail @search 5 @email/')" != "$is" ]
}

refused() {
	case_file=$1
	name=$(basename "$case_file" .sql)
	expect=$(sed -n '1s/^-- expect: //p' "$case_file")
	as=$(sed -n '2s/^-- file: //p' "$case_file")
	rm -rf "$work/sql" "$work/out"
	mkdir -p "$work/sql/query" "$work/sql/migrate" "$work/out"
	cp -r "$here/good/schema" "$work/sql/schema"
	case $as in
	schema | query) as=$as/case.sql ;;
	*/*) ;;
	*) fail "$name" "its second line must be -- file: schema, query or a path"; return ;;
	esac
	[ -n "$expect" ] || { fail "$name" "its first line must be -- expect: text"; return; }
	cp "$case_file" "$work/sql/$as"
	said=$("$gen" "$work/sql" "$work/out" 2>&1)
	status=$?
	if [ $status -ne 1 ]; then
		fail "$name" "exit status $status: $said"
	elif [ -n "$(ls -A "$work/out")" ]; then
		fail "$name" "something was written"
	else
		case $said in
		*"$as:"*": "*"$expect"* | *"$as: "*"$expect"*) pass ;;
		*) fail "$name" "said: $said" ;;
		esac
	fi
}

if [ -z "$gen" ]; then
	gen=$work/mustergen
	"${CC:-cc}" $warnings -g -o "$gen" "$root"/fcgi-app/gen/*.c || exit 1
fi
if good; then pass; else fail good "what it accepts must be good C"; fi
if hash_rule; then pass; else fail hash "white space and comments must not matter, types must"; fi
if searched_rule; then pass; else fail searched "what is searched must count, with its weight"; fi
for case_file in "$here"/*.sql; do
	refused "$case_file"
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
