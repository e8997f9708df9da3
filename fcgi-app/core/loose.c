/*
 * loose.c: numbers, money, yes and no, phones and lists as people write them, and what a value
 * looks like. Dates are in loose_date.c; loose.h tells what is understood.
 */
#include "core/loose.h"

#include "core/loose_cut.h"

str loose_text(str text)
{
	str s = trim_wide(text);
	if (s.n >= 3 && s.p[0] == '=' && s.p[1] == '"' && s.p[s.n - 1] == '"')
		s = trim_wide((str) { s.p + 2, s.n - 3 });
	if (s.n >= 2 && s.p[0] == '\'' && (is_digit(s.p[1]) || strchr("+-=@(", s.p[1])))
		s = (str) { s.p + 1, s.n - 1 };
	return s;
}

str loose_phone(str text)
{
	str s = loose_text(text);
	if (cut_start(&s, "tel:") || cut_start(&s, "phone:") || cut_start(&s, "mobile:"))
		s = trim_wide(s);
	return s;
}

size_t loose_list(str cell, str *items, size_t cap)
{
	static const char *const separators[] = { ":::", ";", "|", "," };
	const char *separator = NULL;
	for (size_t i = 0; i < sizeof(separators) / sizeof(separators[0]) && !separator; i++)
		if (cell.n && memmem(cell.p, cell.n, separators[i], strlen(separators[i])))
			separator = separators[i];
	size_t n = 0;
	while (n < cap && cell.n > 0) {
		const char *at =
		    separator ? memmem(cell.p, cell.n, separator, strlen(separator)) : NULL;
		size_t length = at ? (size_t)(at - cell.p) : cell.n;
		str item = loose_text((str) { cell.p, length });
		if (cut_start(&item, "* "))
			item = trim_wide(item);
		if (item.n)
			items[n++] = item;
		size_t used = length + (at ? strlen(separator) : 0);
		cell = (str) { cell.p + used, cell.n - used };
	}
	return n;
}

/* --- Numbers and money --- */

/* The codes that a symbol may mean, the most likely first; longer symbols before their parts. */
static const struct {
	const char *symbol, *codes;
} symbols[] = {
	{ "US$", "USD" },
	{ "AU$", "AUD" },
	{ "CA$", "CAD" },
	{ "NZ$", "NZD" },
	{ "HK$", "HKD" },
	{ "NT$", "TWD" },
	{ "MX$", "MXN" },
	{ "A$", "AUD" },
	{ "C$", "CAD" },
	{ "R$", "BRL" },
	{ "S$", "SGD" },
	{ "$", "USD CAD AUD NZD HKD SGD TWD MXN ARS CLP COP" },
	{ "€", "EUR" },
	{ "£", "GBP EGP LBP" },
	{ "¥", "JPY CNY" },
	{ "￥", "JPY CNY" },
	{ "円", "JPY" },
	{ "元", "CNY" },
	{ "₹", "INR" },
	{ "Rs.", "INR PKR LKR NPR" },
	{ "₽", "RUB" },
	{ "₩", "KRW" },
	{ "₺", "TRY" },
	{ "₴", "UAH" },
	{ "₪", "ILS" },
	{ "₫", "VND" },
	{ "₦", "NGN" },
	{ "₱", "PHP" },
	{ "฿", "THB" },
	{ "zł", "PLN" },
	{ "Kč", "CZK" },
	{ "Ft", "HUF" },
	{ "kr.", "DKK SEK NOK ISK" },
	{ "kr", "SEK NOK DKK ISK" },
	{ "SFr.", "CHF" },
	{ "Fr.", "CHF" },
};

/* ISO 4217, the codes in use (list one of 2024, without funds and metals). */
static const char iso_4217[] = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF "
			       "BMD BND BOB BRL BSD BTN BWP BYN "
			       "BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP "
			       "ERN ETB EUR FJD FKP GBP GEL GHS "
			       "GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD "
			       "JOD JPY KES KGS KHR KMF KPW KRW "
			       "KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP "
			       "MRU MUR MVR MWK MXN MYR MZN NAD "
			       "NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD "
			       "RUB RWF SAR SBD SCR SDG SEK SGD "
			       "SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD "
			       "TWD TZS UAH UGX USD UYU UZS VES "
			       "VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG";

static bool code_among(const char *code, const char *codes)
{
	for (const char *p = codes; *p; p += p[3] ? 4 : 3)
		if (memcmp(p, code, 3) == 0)
			return true;
	return false;
}

/* Takes a currency off one end of *s; `code` gets it. */
static bool cut_currency(str *s, bool at_end, const char *own, char code[4])
{
	const char *edge = s->p + (at_end && s->n >= 3 ? s->n - 3 : 0);
	bool alone = s->n == 3 || (s->n > 3 && !is_letter(at_end ? edge[-1] : edge[3]));
	if (alone) {
		char upper[4] = { 0 };
		for (int i = 0; i < 3; i++)
			upper[i] =
			    (char)(edge[i] >= 'a' && edge[i] <= 'z' ? edge[i] - 32 : edge[i]);
		if (code_among(upper, iso_4217)) {
			memcpy(code, upper, 4);
			*s = trim_wide((str) { s->p + (at_end ? 0 : 3), s->n - 3 });
			return true;
		}
	}
	for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++) {
		if (!(at_end ? cut_end(s, symbols[i].symbol) : cut_start(s, symbols[i].symbol)))
			continue;
		bool ours = strlen(own) == 3 && code_among(own, symbols[i].codes);
		memcpy(code, ours ? own : symbols[i].codes, 3);
		code[3] = 0;
		*s = trim_wide(*s);
		return true;
	}
	return false;
}

static bool cut_minus(str *s, bool at_end)
{
	static const char *const signs[] = { "-", "\u2212", "\u2013" };
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (at_end ? cut_end(s, signs[i]) : cut_start(s, signs[i])) {
			*s = trim_wide(*s);
			return true;
		}
	return false;
}

struct figure {
	str digits; /* with their separators */
	bool negative;
	char currency[4]; /* "" for none */
};

/* Takes sign, parentheses and currency off a number; false when nothing that begins with a digit
 * or a separator is left. */
static bool figure_read(str text, const char *own, struct figure *out)
{
	struct figure f = { .digits = loose_text(text) };
	if (!has_digit(f.digits))
		return false;
	if (f.digits.n >= 2 && f.digits.p[0] == '(' && f.digits.p[f.digits.n - 1] == ')') {
		f.digits = trim_wide((str) { f.digits.p + 1, f.digits.n - 2 });
		f.negative = true;
	}
	bool sign = cut_minus(&f.digits, false);
	bool marked = cut_currency(&f.digits, false, own, f.currency);
	sign = sign || cut_minus(&f.digits, false);
	sign = sign || cut_minus(&f.digits, true);
	marked = marked || cut_currency(&f.digits, true, own, f.currency);
	sign = sign || cut_minus(&f.digits, true);
	if (!sign)
		cut_start(&f.digits, "+");
	if (f.negative && sign)
		return false;
	f.negative = f.negative || sign;
	size_t n = f.digits.n;
	if (n == 0 || n > 40 || !is_digit(f.digits.p[n - 1]))
		return false;
	*out = f;
	return true;
}

/* A separator of thousands other than . and , at the start of s. */
static bool cut_group(str *s)
{
	return cut_start(s, "'") || cut_start(s, "\u2019") || cut_space(s);
}

/* The digits of a figure in hundredths. Groups are of three digits, or two before the last (India).
 */
static bool digits_read(str s, char decimal, int64_t *out)
{
	char group = decimal == '.' ? ',' : '.', plain = s.p[0];
	int64_t whole = 0;
	size_t run = 0, groups = 0, lead = 0;
	bool two = false;
	if (!is_digit(plain) && plain != decimal)
		return false;
	while (s.n > 0 && s.p[0] != decimal) {
		if (is_digit(s.p[0])) {
			whole = whole * 10 + (s.p[0] - '0');
			if (whole > MONEY_MAX)
				return false;
			run++;
			s = (str) { s.p + 1, s.n - 1 };
			continue;
		}
		if (run == 0 || run > 3 || (groups && run == 1) || (two && run == 3))
			return false;
		lead = groups ? lead : run;
		two = two || (groups && run == 2);
		if (two && lead > 2)
			return false;
		if (s.p[0] == group)
			s = (str) { s.p + 1, s.n - 1 };
		else if (!cut_group(&s))
			return false;
		groups++;
		run = 0;
	}
	if (groups && run != 3)
		return false;
	int64_t hundredths = 0, scale = 10;
	bool up = false;
	for (size_t i = 1; i < s.n; i++) {
		if (!is_digit(s.p[i]))
			return false;
		hundredths += (s.p[i] - '0') * scale;
		up = up || (i == 3 && s.p[i] >= '5');
		scale /= 10;
	}
	whole = whole * 100 + hundredths + up;
	if (whole > MONEY_MAX)
		return false;
	*out = whole;
	return true;
}

/* What one figure says about the decimal separator: it, 0 for nothing, '?' for "one of the two". */
static char decimal_told(str s)
{
	size_t dots = 0, commas = 0;
	char last = 0;
	size_t behind = 0, before = 0;
	for (size_t i = 0; i < s.n; i++) {
		dots += s.p[i] == '.';
		commas += s.p[i] == ',';
		if (s.p[i] == '.' || s.p[i] == ',') {
			last = s.p[i];
			before = i;
			behind = s.n - i - 1;
		}
	}
	char other = last == '.' ? ',' : '.';
	if (!last)
		return 0;
	if (dots && commas)
		return (last == '.' ? dots : commas) == 1 ? last : 0;
	if (dots + commas > 1)
		return other;
	bool thousands = behind == 3 && before >= 1 && before <= 3 && s.p[0] != '0';
	return thousands ? '?' : last;
}

struct number_style number_style_guess(const str *values, size_t n)
{
	struct number_style style = { .decimal = '.' };
	size_t dot = 0, comma = 0, open_dot = 0, open_comma = 0;
	struct figure f;
	for (size_t i = 0; i < n; i++) {
		if (!figure_read(values[i], "", &f))
			continue;
		char told = decimal_told(f.digits);
		dot += told == '.';
		comma += told == ',';
		open_dot += told == '?' && memchr(f.digits.p, '.', f.digits.n);
		open_comma += told == '?' && memchr(f.digits.p, ',', f.digits.n);
	}
	if (comma > dot || (comma == dot && open_dot && !open_comma))
		style.decimal = ',';
	style.ambiguous = comma == dot && (comma || open_dot || open_comma);
	for (size_t i = 0; i < n; i++) {
		int64_t ignored;
		if (loose_number(style, values[i], &ignored))
			style.numbers++;
		else
			style.others += loose_text(values[i]).n > 0;
	}
	return style;
}

static bool figure_value(struct number_style style, const struct figure *f, int64_t *hundredths)
{
	int64_t value;
	if (!digits_read(f->digits, style.decimal, &value))
		return false;
	*hundredths = f->negative ? -value : value;
	return true;
}

bool loose_number(struct number_style style, str text, int64_t *hundredths)
{
	struct figure f;
	return figure_read(text, "", &f) && figure_value(style, &f, hundredths);
}

bool loose_money(struct number_style style, str text, const char *own, money *out)
{
	struct figure f;
	money m = { 0 };
	if (!figure_read(text, own, &f) || !figure_value(style, &f, &m.hundredths))
		return false;
	if (!f.currency[0] && strlen(own) != 3)
		return false;
	memcpy(m.currency, f.currency[0] ? f.currency : own, 4);
	*out = m;
	return true;
}

bool loose_int(struct number_style style, str text, int64_t *out)
{
	int64_t hundredths;
	if (!loose_number(style, text, &hundredths) || hundredths % 100 != 0)
		return false;
	*out = hundredths / 100;
	return true;
}

/* --- What a value looks like --- */

static bool looks_email(str s)
{
	const char *at = memchr(s.p, '@', s.n);
	if (!at || at == s.p || at == s.p + s.n - 1 || s.n > 254)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (strchr(" \t,;<>\"()", s.p[i]) || (s.p[i] == '@' && s.p + i != at))
			return false;
	return true;
}

static bool looks_url(str s)
{
	return cut_start(&s, "http://") || cut_start(&s, "https://") || cut_start(&s, "www.");
}

static bool looks_phone(str s)
{
	size_t digits = 0, marks = 0;
	for (size_t i = 0; i < s.n; i++) {
		digits += is_digit(s.p[i]);
		if (!is_digit(s.p[i]) && !strchr("+()-./ x#", s.p[i]))
			return false;
		marks += s.p[i] == '+' || s.p[i] == '(' || s.p[i] == '-' || s.p[i] == '/' ||
			 s.p[i] == ' ' || s.p[i] == '.';
	}
	return digits >= 6 && digits <= 20 && (marks > 0 || s.p[0] == '0');
}

enum look loose_look(str text)
{
	str s = loose_text(text);
	day ignored;
	int64_t number;
	if (s.n == 0)
		return LOOK_EMPTY;
	if (looks_email(s))
		return LOOK_EMAIL;
	if (looks_url(s))
		return LOOK_URL;
	for (int order = 0; order < 3; order++)
		if (loose_day((struct date_style) { .order = (enum date_order)order,
				  .pivot = DATE_PIVOT },
			s, &ignored))
			return LOOK_DAY;
	if (s.p[0] != '+' && (s.p[0] != '0' || s.n < 6 || memchr(s.p, '.', s.n)) &&
	    (loose_number((struct number_style) { .decimal = '.' }, s, &number) ||
		loose_number((struct number_style) { .decimal = ',' }, s, &number)))
		return LOOK_NUMBER;
	return looks_phone(s) ? LOOK_PHONE : LOOK_TEXT;
}
