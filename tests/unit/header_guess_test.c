/* layers: base http db core */
/* Which column of an imported table is which field: core/header_guess.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/clock.h"
#include "core/charset.h"
#include "core/header_guess.h"
#include "in_arena.h"

#define DATA "../shared/data/"
#define ROWS 50

static struct header_targets targets_of(const char *object)
{
	struct header_targets targets;
	assert_true(header_targets(str_of(object), &targets));
	return targets;
}

static struct csv_row rows[ROWS];
static size_t row_count;

static struct header_map map_of(const char *object, str text, enum header_mode mode)
{
	static struct csv c;
	struct header_map map;
	csv_open(&c, text, 0);
	row_count = 0;
	while (row_count < ROWS && csv_next(&c, a, &rows[row_count]) == CSV_ROW)
		row_count++;
	header_guess(a, targets_of(object), rows, row_count, mode, &map);
	return map;
}

/* The fields of all columns with commas between, after "header: " when there is one. */
static const char *fields(struct header_map map)
{
	static struct buf out;
	buf_clear(&out);
	buf_text(&out, map.header ? "header: " : "");
	for (size_t i = 0; i < map.n; i++) {
		buf_text(&out, i ? "," : "");
		buf_text(&out, header_field(a, &map.columns[i]));
	}
	return arena_text(a, out.p, out.n);
}

static const char *guess(const char *object, const char *text)
{
	return fields(map_of(object, str_of(text), HEADER_GUESS));
}

static void case_spaces_and_punctuation_do_not_matter(void **state)
{
	(void)state;
	assert_string_equal(
	    guess("contacts", "FIRST_NAME,last-name,\"E Mail\",Zip / Postal Code\n"),
	    "header: first_name,last_name,emails[0].address,addresses[0].postal_code");
	assert_string_equal(guess("contacts", "firstName,  Family  Name ,Shoe size,Fax-No.\n"),
	    "header: first_name,last_name,,");
	assert_string_equal(guess("contacts", "First name,Firm\nAda,Analytical Ltd\n"),
	    "header: first_name,organisation");
	assert_string_equal(guess("deals", "Deal name,Firm,Amount\nBig,Analytical Ltd,12\n"),
	    "header: title,organisation,amount");
}

static void words_beside_the_name_say_the_type(void **state)
{
	(void)state;
	assert_string_equal(
	    guess("contacts", "Home Phone,Business Phone 2,Mobile,Home Fax,Phone (Work)\n"),
	    "header: phones[0:home].value,phones[1:work].value,phones[2:mobile].value,"
	    "phones[3:fax].value,phones[4:work].value");
	assert_string_equal(
	    guess("contacts", "Primary Email,Secondary Email,Email - Work,Personal e-mail\n"),
	    "header: "
	    "emails[0].address,emails[1].address,emails[2:work].address,emails[3:home].address");
	assert_string_equal(
	    guess("contacts",
		"Mailing Street,Mailing City,Billing Street,Billing Country,Shipping City\n"),
	    "header: addresses[0].street,addresses[0].city,addresses[1:billing].street,"
	    "addresses[1:billing].country,addresses[2:delivery].city");
}

static void a_number_says_which_columns_belong_together(void **state)
{
	(void)state;
	assert_string_equal(
	    guess("contacts", "Phone 2 - Type,Phone 1 - Value,Phone 2 - Value,Phone 1 - Type\n"),
	    "header: phones[0].type,phones[1].value,phones[0].value,phones[1].type");
	assert_string_equal(
	    guess("contacts", "E-mail Address,E-mail Type,E-mail 2 Address,E-mail 2 Type\n"),
	    "header: emails[0].address,emails[0].type,emails[1].address,emails[1].type");
}

static void two_lines_of_an_address_are_one_address(void **state)
{
	(void)state;
	assert_string_equal(
	    guess("contacts", "Home Address,Home Address 2,Home City,Work Address,Work State\n"),
	    "header: addresses[0:home].street,addresses[0:home].street2,addresses[0:home].city,"
	    "addresses[1:work].street,addresses[1:work].region");
}

static void a_field_goes_to_the_surest_name_then_to_the_column_with_values(void **state)
{
	(void)state;
	assert_string_equal(guess("contacts", "Title,Job Title\nMr,Buyer\n"), "header: ,job_title");
	assert_string_equal(
	    guess("contacts", "Web Page 1,Web Page 2\n,www.a.example\n"), "header: ,website");
	assert_string_equal(
	    guess("contacts", "Web Page 1,Web Page 2\nb.example,a.example\n"), "header: website,");
}

static void what_is_not_known_stays_open(void **state)
{
	(void)state;
	assert_string_equal(guess("contacts", "Name,Subscription Date,Score\nAnn,2020-01-02,5\n"),
	    "header: full_name,,");
	assert_string_equal(
	    guess("contacts", "Name,Photo\nAnn,https://a.example/1.png\n"), "header: full_name,");
	assert_string_equal(
	    guess("deals", "Opportunity ID,close_quarter\nX1,Q1 2017\n"), "header: external_id,");
}

static void german(void **state)
{
	(void)state;
	assert_string_equal(
	    guess("contacts",
		"Anrede;Vorname;Nachname;Firma;Stra\u00DFe gesch\u00E4ftlich;Ort gesch\u00E4ftlich;"
		"Postleitzahl gesch\u00E4ftlich;Telefon gesch\u00E4ftlich 2;Mobiltelefon;Fax "
		"privat;"
		"E-Mail-Adresse;E-Mail 2: Adresse;Geburtstag;Notizen;Kategorien\n"),
	    "header: "
	    ",first_name,last_name,organisation,addresses[0:work].street,addresses[0:work].city,"
	    "addresses[0:work].postal_code,phones[0:work].value,phones[1:mobile].value,phones[2:"
	    "fax].value,"
	    "emails[0].address,emails[1].address,birthday,notes,tags");
	assert_string_equal(
	    guess("contacts", "Vorname;Name;PLZ;Ort\nAnna;M\u00FCller;10115;Berlin\n"),
	    "header: first_name,last_name,addresses[0].postal_code,addresses[0].city");
	assert_string_equal(guess("contacts", "Vorname;Name\nAnna;Anna M\u00FCller\n"),
	    "header: first_name,full_name");
}

static void french(void **state)
{
	(void)state;
	assert_string_equal(
	    guess("contacts",
		"Pr\u00E9nom;Nom;Soci\u00E9t\u00E9;Rue (bureau);Ville (bureau);Pays/R\u00E9gion "
		"(bureau);"
		"T\u00E9l\u00E9phone (domicile);T\u00E9l. mobile;Adresse de messagerie;Fonction\n"),
	    "header: "
	    "first_name,last_name,organisation,addresses[0:work].street,addresses[0:work].city,"
	    "addresses[0:work].country,phones[0:home].value,phones[1:mobile].value,emails[0]."
	    "address,job_title");
	assert_string_equal(
	    guess("deals", "Affaire;\u00C9tape;Montant;Date de cl\u00F4ture pr\u00E9vue;Devise\n"),
	    "header: title,stage,amount,expected_close_on,currency");
}

static void spanish(void **state)
{
	(void)state;
	assert_string_equal(
	    guess("contacts",
		"Nombre;Apellidos;Organizaci\u00F3n;Calle del trabajo;Tel\u00E9fono del trabajo;"
		"Tel\u00E9fono particular;M\u00F3vil;Correo electr\u00F3nico;Puesto\n"),
	    "header: "
	    "first_name,last_name,organisation,addresses[0:work].street,phones[0:work].value,"
	    "phones[1:home].value,phones[2:mobile].value,emails[0].address,job_title");
}

static void japanese(void **state)
{
	(void)state;
	assert_string_equal(
	    guess("contacts", "\u59D3,\u540D,\u4F1A\u793E\u540D,\u90E8\u7F72,\u5F79\u8077,"
			      "\u30E1\u30FC\u30EB\u30A2\u30C9\u30EC\u30B9,"
			      "\u643A\u5E2F\u96FB\u8A71,\u81EA\u5B85\u96FB\u8A71,"
			      "\u90F5\u4FBF\u756A\u53F7 (\u4F1A\u793E),\u5099\u8003\n"),
	    "header: last_name,first_name,organisation,department,job_title,emails[0].address,"
	    "phones[0:mobile].value,phones[1:home].value,addresses[0:work].postal_code,notes");
	/* half-width katakana are the same letters */
	assert_string_equal(guess("contacts", "\uFF92\uFF70\uFF99,\u6C0F\u540D\n"),
	    "header: emails[0].address,full_name");
}

static void other_crms(void **state)
{
	(void)state;
	assert_string_equal(
	    guess(
		"contacts", "Record ID,First Name,Phone Number,Contact owner,Associated Company\n"),
	    "header: external_id,first_name,phones[0].value,owner,organisation");
	assert_string_equal(
	    guess("contacts", "Person - Name,Person - Email - Work,Person - Phone - Mobile\n"),
	    "header: full_name,emails[0:work].address,phones[0:mobile].value");
	assert_string_equal(guess("deals", "Opportunity Name,Account Name,Stage,Close Date,Amount "
					   "(EUR),Opportunity Owner,Lead Source\n"),
	    "header: title,organisation,stage,closed_on,amount,owner,source");
	assert_string_equal(
	    guess("deals", "Deal - Title,Deal - Value,Deal - Expected close date\n"),
	    "header: title,amount,expected_close_on");
	assert_string_equal(guess("organisations",
				"Company Name,Industry,Number of Employees,Company Owner,Phone\n"),
	    "header: name,industry,employees,owner,phones[0].value");
}

static void values_speak_when_there_is_no_header(void **state)
{
	(void)state;
	assert_string_equal(
	    guess("contacts",
		"John Doe,John,Doe,john@doe.invalid\nJane Roe,Jane,Roe,jane@roe.invalid\n"),
	    "full_name,first_name,last_name,emails[0].address");
	assert_string_equal(
	    guess("contacts", "Ann Poe,a@b.example,+49 30 123456,https://a.example\n"
			      "Bob Poe,b@b.example,(030) 55-66-77,https://b.example\n"),
	    "full_name,emails[0].address,phones[0].value,website");
	assert_string_equal(
	    guess("contacts", "test@a.invalid\ntest2@a.invalid\n"), "emails[0].address");
}

static void e_mail_addresses_show_themselves_under_any_name(void **state)
{
	(void)state;
	struct header_map map =
	    map_of("contacts", STR("Name,Login\nAnn,a@b.example\nBob,\n"), HEADER_GUESS);
	assert_string_equal(fields(map), "header: full_name,emails[0].address");
	assert_false(map.columns[0].by_values);
	assert_true(map.columns[1].by_values);
	assert_string_equal(
	    guess("contacts", "Name,E-mail\nAnn,yes\nBob,no\n"), "header: full_name,");
}

static void a_person_may_say_whether_there_is_a_header(void **state)
{
	(void)state;
	str text = STR("Name,Fax\nAnn,5\n");
	assert_string_equal(fields(map_of("contacts", text, HEADER_ABSENT)), ",");
	assert_string_equal(
	    fields(map_of("contacts", STR("Ann,a@b.c\nBob,b@b.c\n"), HEADER_PRESENT)),
	    "header: ,emails[0].address");
	assert_string_equal(fields(map_of("contacts", STR(""), HEADER_PRESENT)), "header: ");
	assert_string_equal(fields(map_of("contacts", STR(""), HEADER_GUESS)), "");
}

static void a_mapping_can_be_stored_as_text(void **state)
{
	(void)state;
	static const char *const texts[] = { "first_name", "phones[3].value",
		"phones[0:mobile].value", "addresses[12:billing].postal_code", "" };
	struct header_guess g;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_true(header_field_read(targets_of("contacts"), str_of(texts[i]), &g));
		assert_string_equal(header_field(a, &g), texts[i]);
	}
	static const char *const wrong[] = { "shoe_size", "phones[].value", "phones[x].value",
		"phones[-1].value", "phones[0:moon].value", "phones[0].moon", "phones",
		"first_name[0]", "phones[500].value", "phones[0:].value", "phones[0]value" };
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (header_field_read(targets_of("contacts"), str_of(wrong[i]), &g))
			fail_msg("%s is %s", wrong[i], header_field(a, &g));
}

static void types_in_cells(void **state)
{
	(void)state;
	static const char *const types[][2] = { { "* Home", "home" }, { "Work Fax", "fax" },
		{ "Mobile", "mobile" }, { "main", "work" }, { "Gesch\u00E4ftlich", "work" },
		{ "Pager", "pager" }, { "Other", "other" }, { "\u81EA\u5B85", "home" },
		{ "CELL", "mobile" } };
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		assert_string_equal(header_type(str_of(types[i][0])), types[i][1]);
	assert_null(header_type(STR("SMTP")));
	assert_null(header_type(STR("")));
}

/* An alias as a program would write it: '#' is a number where there is one, the type is left out.
 */
static str alias_written(const char *alias)
{
	struct buf b = { 0 };
	for (const char *p = alias; *p && *p != '='; p++)
		buf_char(&b, *p == '#' ? '1' : *p);
	str text = { arena_text(a, b.p, b.n), b.n };
	buf_free(&b);
	return text;
}

static void each_alias_of_each_object_leads_to_its_field(void **state)
{
	(void)state;
	static const char *const objects[] = { "contacts", "organisations", "deals", "agents",
		"products" };
	for (size_t o = 0; o < sizeof(objects) / sizeof(objects[0]); o++) {
		struct header_targets targets = targets_of(objects[o]);
		for (size_t t = 0; t < targets.n; t++)
			for (const char *const *alias = targets.items[t].aliases; *alias; alias++) {
				str cell = alias_written(*alias);
				struct csv_row row = { &cell, 1, 1 };
				struct header_map map;
				header_guess(a, targets, &row, 1, HEADER_PRESENT, &map);
				const struct header_target *found = map.columns[0].target;
				if (found != &targets.items[t])
					fail_msg("%s: \"%s\" of %s is %s", objects[o], *alias,
					    targets.items[t].field,
					    found ? found->field : "nothing");
				const char *type = map.columns[0].type;
				struct header_guess again;
				assert_true(
				    !type || header_field_read(targets,
						 str_of(header_field(a, &map.columns[0])), &again));
			}
	}
	struct header_targets none;
	assert_false(header_targets(STR("invoices"), &none));
}

static str file_text(const char *path)
{
	FILE *f = fopen(path, "rb");
	if (!f) {
		print_message("skipped, not here: %s\n", path);
		return (str) { NULL, 0 };
	}
	char *bytes = arena_alloc(a, 1 << 21);
	size_t n = fread(bytes, 1, 1 << 21, f);
	fclose(f);
	struct buf b = { 0 };
	struct charset_text t;
	const char *why;
	assert_true(charset_read(&b, (str) { bytes, n }, CHARSET_GUESS, &t, &why));
	str text = { arena_text(a, t.text.p, t.text.n), t.text.n };
	buf_free(&b);
	return text;
}

#define THUNDERBIRD \
	"phones[0:work].value,phones[1:home].value,phones[2:fax].value,phones[3:pager].value," \
	"phones[4:mobile].value,addresses[0:home].street,addresses[0:home].street2," \
	"addresses[0:home].city,addresses[0:home].region,addresses[0:home].postal_code," \
	"addresses[0:home].country,addresses[1:work].street,addresses[1:work].street2," \
	"addresses[1:work].city,addresses[1:work].region,addresses[1:work].postal_code," \
	"addresses[1:work].country,job_title,department,organisation,website,,birth_year," \
	"birth_month,birth_day,,,,,notes"
#define THUNDERBIRD_NAMES \
	"header: first_name,last_name,full_name,,emails[0].address,emails[1].address,"

static void real_files(void **state)
{
	(void)state;
	static const struct {
		const char *path, *object, *fields;
	} files[] = {
		{ DATA "contacts/thunderbird/basic_csv_addressbook.csv", "contacts",
		    THUNDERBIRD_NAMES THUNDERBIRD ",," },
		{ DATA "contacts/thunderbird/utf16_addressbook.csv", "contacts",
		    THUNDERBIRD_NAMES THUNDERBIRD ",," },
		{ DATA "contacts/thunderbird/shiftjis_addressbook.csv", "contacts",
		    THUNDERBIRD_NAMES THUNDERBIRD ",," },
		{ DATA "contacts/roundcube/Csv2vcard/tb_plain.csv", "contacts",
		    THUNDERBIRD_NAMES "," THUNDERBIRD "," },
		{ DATA "contacts/thunderbird/quote.csv", "contacts",
		    THUNDERBIRD_NAMES "," THUNDERBIRD },
		{ DATA "contacts/thunderbird/csv_semicolon.csv", "contacts",
		    "header: full_name,first_name,last_name,emails[0].address" },
		{ DATA "contacts/thunderbird/csv_no_header.csv", "contacts",
		    "full_name,first_name,last_name,emails[0].address" },
		{ DATA "contacts/thunderbird/tab_comma_mixed.csv", "contacts",
		    ",,,,emails[0].address" },
		{ DATA "contacts/roundcube/Csv2vcard/email.csv", "contacts",
		    "header: emails[0].address" },
		{ DATA "contacts/roundcube/Csv2vcard/outlook.csv", "contacts",
		    "header: emails[0].address,emails[1].address,emails[2].address" },
		{ DATA "contacts/roundcube/Csv2vcard/all.csv", "contacts",
		    "header: "
		    "full_name,,first_name,middle_name,last_name,,,organisation,department,job_"
		    "title,"
		    "emails[0:home].address,emails[1:work].address,emails[2:other].address,"
		    "phones[0:home].value,phones[1:home].value,phones[2:work].value,phones[3:work]."
		    "value,"
		    "phones[4:mobile].value,phones[5].value,phones[6:fax].value,phones[7:fax]."
		    "value,"
		    "phones[8:other].value,phones[9:pager].value,phones[10:other].value,phones[11:"
		    "other].value,"
		    "phones[12:other].value,addresses[0:home].street,addresses[0:home].city,"
		    "addresses[0:home].region,addresses[0:home].postal_code,addresses[0:home]."
		    "country,"
		    "addresses[1:work].street,addresses[1:work].city,addresses[1:work].region,"
		    "addresses[1:work].postal_code,addresses[1:work].country,addresses[2:other]."
		    "street,"
		    "addresses[2:other].city,addresses[2:other].region,addresses[2:other].postal_"
		    "code,"
		    "addresses[2:other].country,,birthday,,,,,,notes,,,,,,,,website,,,,tags" },
		{ DATA "contacts/roundcube/Csv2vcard/gmail.csv", "contacts",
		    "header: "
		    "full_name,first_name,middle_name,last_name,,,,,,,,,,,birthday,,,,,,,,,,,notes,"
		    "tags,"
		    "emails[0].type,emails[0].address,emails[1].type,emails[1].address,emails[2]."
		    "type,"
		    "emails[2].address,emails[3].type,emails[3].address,phones[0].type,phones[0]."
		    "value,"
		    "phones[1].type,phones[1].value,phones[2].type,phones[2].value,phones[3].type,"
		    "phones[3].value,phones[4].type,phones[4].value,phones[5].type,phones[5].value,"
		    "phones[6].type,phones[6].value,addresses[0].type,,addresses[0].street,"
		    "addresses[0].city,,addresses[0].region,addresses[0].postal_code,addresses[0]."
		    "country,"
		    "addresses[0].street2,addresses[1].type,,addresses[1].street,addresses[1].city,"
		    ","
		    "addresses[1].region,addresses[1].postal_code,addresses[1].country,"
		    "addresses[1].street2,,organisation,,job_title,department,,,,,,,website,," },
		{ DATA "contacts/customers-10000.csv", "contacts",
		    "header: ,external_id,first_name,last_name,organisation,addresses[0].city,"
		    "addresses[0].country,phones[0].value,phones[1].value,emails[0].address,,"
		    "website" },
		{ DATA "crm-sales/iso/accounts.csv", "organisations",
		    "header: "
		    "name,industry,year_founded,annual_revenue,employees,addresses[0].country,"
		    "parent_organisation" },
		{ DATA "crm-sales/dmy-crlf/sales_pipeline.csv", "deals",
		    "header: "
		    "external_id,owner,product,organisation,stage,opened_on,closed_on,amount,," },
		{ DATA "crm-sales/us-dates/sales_pipeline.csv", "deals",
		    "header: "
		    "external_id,owner,product,organisation,stage,opened_on,closed_on,amount" },
		{ DATA "crm-sales/iso/sales_teams.csv", "agents",
		    "header: full_name,manager,team" },
		{ DATA "crm-sales/iso/products.csv", "products", "header: name,series,price" },
	};
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		str text = file_text(files[i].path);
		if (str_none(text))
			continue;
		int64_t before = clock_monotonic_us();
		struct header_map map = map_of(files[i].object, text, HEADER_GUESS);
		print_message("%s: %ld us\n", files[i].path, (long)(clock_monotonic_us() - before));
		const char *found = fields(map);
		if (strcmp(found, files[i].fields) != 0)
			fail_msg("%s: %s", files[i].path, found);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(case_spaces_and_punctuation_do_not_matter),
		TEST(words_beside_the_name_say_the_type),
		TEST(a_number_says_which_columns_belong_together),
		TEST(two_lines_of_an_address_are_one_address),
		TEST(a_field_goes_to_the_surest_name_then_to_the_column_with_values),
		TEST(what_is_not_known_stays_open),
		TEST(german),
		TEST(french),
		TEST(spanish),
		TEST(japanese),
		TEST(other_crms),
		TEST(values_speak_when_there_is_no_header),
		TEST(e_mail_addresses_show_themselves_under_any_name),
		TEST(a_person_may_say_whether_there_is_a_header),
		TEST(a_mapping_can_be_stored_as_text),
		TEST(types_in_cells),
		TEST(each_alias_of_each_object_leads_to_its_field),
		TEST(real_files),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
