/* mail_message.c: see mail_message.h. */
#include "core/mail_message.h"

#include <time.h>

#include "base/json.h"

static bool is_ascii(str text)
{
	for (size_t i = 0; i < text.n; i++)
		if ((unsigned char)text.p[i] >= 0x80)
			return false;
	return true;
}

/* A header's value holds no line break, whoever wrote it. */
static void add_plain(struct buf *b, str text)
{
	for (size_t i = 0; i < text.n; i++)
		buf_char(b, (unsigned char)text.p[i] < 0x20 || text.p[i] == 0x7f ? ' ' : text.p[i]);
}

/* RFC 2047, as quoted-printable words of at most 75 characters that do not cut a character in two.
 */
static void add_words(struct buf *b, str text)
{
	static const char hex[] = "0123456789ABCDEF";
	if (is_ascii(text)) {
		add_plain(b, text);
		return;
	}
	size_t used = 0;
	for (size_t i = 0, n; i < text.n; i += n) {
		bool good;
		n = utf8_step(text.p + i, text.n - i, &good);
		if (!used || used + 3 * n > 60) {
			buf_text(b, used ? "?=\r\n =?UTF-8?Q?" : "=?UTF-8?Q?");
			used = 0;
		}
		for (size_t k = i; k < i + n; k++) {
			unsigned char c = (unsigned char)text.p[k];
			bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
				     (c >= '0' && c <= '9');
			if (plain) {
				buf_char(b, (char)c);
			} else {
				buf_char(b, '=');
				buf_char(b, hex[c >> 4]);
				buf_char(b, hex[c & 15]);
			}
			used += plain ? 1 : 3;
		}
	}
	buf_text(b, "?=");
}

/* RFC 2045 section 6.7: lines of at most 76 characters. */
static void add_quoted_printable(struct buf *b, str text)
{
	size_t column = 0;
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];
		bool last = i + 1 == text.n || text.p[i + 1] == '\n';
		if (c == '\r')
			continue;
		if (c == '\n') {
			buf_text(b, "\r\n");
			column = 0;
			continue;
		}
		if (column > 72) {
			buf_text(b, "=\r\n");
			column = 0;
		}
		bool plain = c >= 0x20 && c < 0x7f && c != '=' && !(c == ' ' && last);
		if (plain)
			buf_char(b, (char)c);
		else
			buf_printf(b, "=%02X", c);
		column += plain ? 1 : 3;
	}
	buf_text(b, "\r\n");
}

str mail_address_of(str from)
{
	str before, inside, address, after;
	if (str_cut(from, '<', &before, &inside) && str_cut(inside, '>', &address, &after))
		return str_trim(address);
	return str_trim(from);
}

static str domain_of(str address)
{
	str local, domain;
	return str_cut(address, '@', &local, &domain) && domain.n ? domain : STR("localhost");
}

static void add_date(struct buf *b, instant when)
{
	char text[64];
	struct tm parts;
	time_t seconds = (time_t)(when.us / 1000000);
	gmtime_r(&seconds, &parts);
	/* Names of days and months are English whatever the locale: the program sets none. */
	strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S +0000", &parts);
	buf_text(b, text);
}

static void add_header(struct buf *b, const char *name, str value)
{
	buf_text(b, name);
	buf_text(b, ": ");
	add_plain(b, value);
	buf_text(b, "\r\n");
}

static void add_part(struct buf *b, const char *type, str text)
{
	buf_printf(b,
	    "Content-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: "
	    "quoted-printable\r\n\r\n",
	    type);
	add_quoted_printable(b, text);
}

/* No line of a quoted-printable part begins like the boundary: a "=" stands there as =3D. */
static void add_both(struct buf *b, const struct mail_message *mail)
{
	buf_printf(b,
	    "Content-Type: multipart/alternative;\r\n boundary=\"=_%s\"\r\n\r\n--=_%s\r\n",
	    mail->id, mail->id);
	add_part(b, "text/plain", mail->text);
	buf_printf(b, "\r\n--=_%s\r\n", mail->id);
	add_part(b, "text/html", mail->html);
	buf_printf(b, "\r\n--=_%s--\r\n", mail->id);
}

void mail_message_write(struct buf *b, const struct mail_message *mail)
{
	str domain = domain_of(mail_address_of(mail->from));
	buf_text(b, "Date: ");
	add_date(b, mail->date);
	buf_text(b, "\r\n");
	add_header(b, "From", mail->from);
	add_header(b, "To", mail->to);
	buf_printf(b, "Message-ID: <%s@", mail->id);
	add_plain(b, domain);
	buf_text(b, ">\r\nSubject: ");
	add_words(b, mail->subject);
	buf_text(b, "\r\n");
	if (mail->unsubscribe) /* RFC 2369; by one click, RFC 8058 */
		buf_printf(b,
		    "List-Unsubscribe:\r\n <%s>\r\nList-Unsubscribe-Post: "
		    "List-Unsubscribe=One-Click\r\n",
		    mail->unsubscribe);
	buf_text(b, "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n");
	if (str_none(mail->html))
		add_part(b, "text/plain", mail->text);
	else
		add_both(b, mail);
}
