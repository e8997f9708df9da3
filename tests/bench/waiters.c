/*
 * waiters.c: ten thousand clients in one thread, for live.mjs: connections that are kept open to
 * 127.0.0.1, each with one request that waits. Whoever is answered asks again with the ETag that it
 * got. Muster and nchan are asked by the same code, so that what the client itself costs is the
 * same for both. An answer's time is CLOCK_MONOTONIC after its last byte was read; all times are
 * printed in microseconds from the sending of the mutation. It does one command of standard input
 * after the other (see main), each ends with a line "ok" or "bad", and ends itself with its input.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	GROUPS = 16,
	AT_ONCE = 64, /* first requests under way: a crowd that comes, not an attack */
	QUERIES = 16, /* of one POST /v1/live */
	PATIENCE_US = 60000000
};

enum kind {
	KIND_GET,  /* GET, then GET with If-None-Match and Prefer: wait */
	KIND_LIVE, /* POST /v1/live with some queries */
	KIND_PLAIN /* a subscriber of nchan: GET, then GET with If-None-Match and If-Modified-Since
		    */
};

struct group;
struct conn {
	int fd;
	struct group *group; /* NULL: sends mutations */
	char *token, *paths[QUERIES];
	int n_paths;
	char (*etags)[64], modified[48];
	bool asked, told; /* has what it needs to wait; was told, and has not asked again */
	char *in;         /* an answer of which a part has come */
	size_t n_in, cap_in;
	struct change *change; /* that it has sent, or that it is to be told of */
};

struct change { /* one mutation and its first answer at a waiter */
	int64_t sent, answered, told;
	struct conn *sender, *waiter;
};

struct group {
	enum kind kind;
	int port;
	struct conn *conns;
	size_t n, n_asked;
	bool again; /* ask again at once, or when told to */
};

static struct group groups[GROUPS];
static int watch;
static uint64_t n_answers, n_news, n_bytes;
static void (*on_news)(struct conn *c, int64_t at);
static void (*on_mutated)(struct conn *c, int64_t at, int status);

static void die(const char *what)
{
	fprintf(stderr, "waiters: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int64_t now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void *zeroed(size_t n, size_t size)
{
	void *p = calloc(n, size);
	if (!p)
		die("memory");
	return p;
}

/* ---- connections ---- */

static void conn_open(struct conn *c, int port)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct epoll_event event = { .events = EPOLLIN | EPOLLRDHUP, .data.ptr = c };
	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&to, sizeof to) != 0)
		die("connect");
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &(int) { 1 }, sizeof(int));
	fcntl(c->fd, F_SETFL, O_NONBLOCK);
	if (epoll_ctl(watch, EPOLL_CTL_ADD, c->fd, &event) != 0)
		die("epoll");
}

static void conn_send(struct conn *c, const char *text, size_t n)
{
	/* A request is small and the connection is idle: it goes in one piece or not at all. */
	if (write(c->fd, text, n) != (ssize_t)n)
		die("write");
}

static void conn_ask(struct conn *c)
{
	char text[8192], body[4096];
	size_t n = 0;
#define ADD(...) (n += (size_t)snprintf(text + n, sizeof text - n, __VA_ARGS__))
	if (c->group->kind == KIND_LIVE) {
		size_t b = (size_t)snprintf(body, sizeof body, "{\"wait\":60,\"queries\":[");
		for (int i = 0; i < c->n_paths; i++)
			b += (size_t)snprintf(body + b, sizeof body - b,
			    "%s{\"path\":\"%s\",\"etag\":\"%s\"}", i ? "," : "", c->paths[i],
			    c->etags[i]);
		b += (size_t)snprintf(body + b, sizeof body - b, "]}");
		ADD("POST /v1/live HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer %s\r\n"
		    "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
		    c->token, b, body);
	} else {
		ADD("GET %s HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer %s\r\n", c->paths[0],
		    c->token);
		if (c->etags[0][0])
			ADD("If-None-Match: %s\r\nPrefer: wait=60\r\n", c->etags[0]);
		if (c->modified[0])
			ADD("If-Modified-Since: %s\r\n", c->modified);
		ADD("\r\n");
	}
	if (n >= sizeof text)
		die("a request is too long");
	conn_send(c, text, n);
}

/* ---- answers ---- */

static const char *header(const char *head, const char *end, const char *name, size_t *n)
{
	size_t length = strlen(name);
	for (const char *at = head; at < end;) {
		const char *line_end = memchr(at, '\r', (size_t)(end - at));
		if (!line_end)
			break;
		if ((size_t)(line_end - at) > length && !strncasecmp(at, name, length) &&
		    at[length] == ':') {
			at += length + 1;
			while (*at == ' ')
				at++;
			*n = (size_t)(line_end - at);
			return at;
		}
		at = line_end + 2;
	}
	return NULL;
}

static void keep(char *out, size_t size, const char *text, size_t n)
{
	if (!text || n >= size)
		return;
	memcpy(out, text, n);
	out[n] = 0;
}

/* {"changed":[{"index":1,"status":200,"etag":"\"...\"","body":... : the ETags stay as JSON has them
 */
static bool keep_live(struct conn *c, const char *body, size_t n)
{
	static const char member[] = "{\"index\":";
	bool any = false;
	for (const char *at = body;
	     (at = memmem(at, n - (size_t)(at - body), member, sizeof member - 1));) {
		at += sizeof member - 1;
		long i = strtol(at, NULL, 10);
		const char *etag = memmem(at, n - (size_t)(at - body), "\"etag\":\"", 8), *end;
		if (!etag || i < 0 || i >= c->n_paths || !(end = strstr(etag + 8, "\",\"body\"")))
			die("an answer that cannot be read");
		keep(c->etags[i], sizeof c->etags[i], etag + 8, (size_t)(end - etag - 8));
		any = true;
	}
	return any;
}

static void answered(struct conn *c, const char *head, const char *body, size_t n_body, int64_t at)
{
	int status = atoi(head + 9);
	size_t n;
	struct group *g = c->group;
	n_answers++;
	n_bytes += (uint64_t)(body - head) + n_body;
	if (!g) {
		on_mutated(c, at, status);
		return;
	}
	if (status != 200 && status != 304) {
		fprintf(stderr, "waiters: %.*s\n", (int)(body - head + (long)n_body), head);
		exit(1);
	}
	bool news = status == 200;
	if (g->kind == KIND_LIVE) {
		news = keep_live(c, body, n_body);
	} else if (status == 200) {
		const char *value = header(head, body, "ETag", &n);
		keep(c->etags[0], sizeof c->etags[0], value, n);
		if (g->kind == KIND_PLAIN) {
			value = header(head, body, "Last-Modified", &n);
			keep(c->modified, sizeof c->modified, value, n);
		}
	}
	if (!c->asked) {
		c->asked = true;
		g->n_asked++;
	} else if (news) {
		n_news++;
		c->told = !g->again;
		if (on_news)
			on_news(c, at);
	}
	if (g->again || !news)
		conn_ask(c);
}

/* Gives the length of the whole answer at `in`, or 0 when it has not come yet. */
static size_t whole(const char *in, size_t n, size_t *n_head)
{
	const char *end = memmem(in, n, "\r\n\r\n", 4);
	size_t length = 0, n_value;
	if (!end)
		return 0;
	*n_head = (size_t)(end - in) + 4;
	const char *value = header(in, end + 2, "Content-Length", &n_value);
	if (value)
		length = strtoul(value, NULL, 10);
	else if (header(in, end + 2, "Transfer-Encoding", &n_value))
		die("an answer without its length");
	return *n_head + length <= n ? *n_head + length : 0;
}

static void conn_read(struct conn *c)
{
	static char shared[1 << 18];
	char *in = shared;
	size_t have = 0, cap = sizeof shared - 1, n_head;
	if (c->in) {
		if (c->n_in + 65536 > c->cap_in) {
			c->cap_in = c->n_in + 262144;
			c->in = realloc(c->in, c->cap_in);
			if (!c->in)
				die("memory");
		}
		in = c->in;
		have = c->n_in;
		cap = c->cap_in - 1;
	}
	ssize_t got = read(c->fd, in + have, cap - have);
	if (got < 0 && errno == EAGAIN)
		return;
	if (got <= 0)
		die("a connection was closed");
	int64_t at = now_us();
	have += (size_t)got;
	in[have] = 0;
	size_t n = whole(in, have, &n_head);
	if (n) {
		char *kept = c->in;
		c->in = NULL;
		if (n != have)
			die("more than was asked for");
		answered(c, in, in + n_head, n - n_head, at);
		free(kept);
	} else if (!c->in) {
		c->cap_in = have + 65536;
		c->in = zeroed(c->cap_in, 1);
		memcpy(c->in, in, have);
		c->n_in = have;
	} else {
		c->n_in = have;
	}
}

static void turn(int64_t until)
{
	struct epoll_event events[256];
	int64_t left = until - now_us();
	int n = epoll_wait(watch, events, 256, left <= 0 ? 0 : (int)((left + 999) / 1000));
	for (int i = 0; i < n; i++)
		if (events[i].data.ptr)
			conn_read(events[i].data.ptr);
}

/* ---- commands ---- */

static char *word(char **rest)
{
	char *w = strsep(rest, "\t");
	return w ? w : "";
}

/* PARK group port get|live|plain file: each line of the file is "token path path...". */
static bool park(struct group *g, char *rest)
{
	g->port = atoi(word(&rest));
	const char *kind = word(&rest);
	g->kind = !strcmp(kind, "live")    ? KIND_LIVE
		  : !strcmp(kind, "plain") ? KIND_PLAIN
					   : KIND_GET;
	FILE *file = fopen(word(&rest), "r");
	char *line = NULL;
	size_t size = 0, cap = 0;
	if (!file)
		die("the list of clients");
	g->again = true;
	while (getline(&line, &size, file) > 0) {
		if (g->n == cap) {
			cap = cap ? cap * 2 : 1024;
			g->conns = realloc(g->conns, cap * sizeof *g->conns);
			if (!g->conns)
				die("memory");
		}
		struct conn *c = &g->conns[g->n++];
		line[strcspn(line, "\n")] = 0;
		*c = (struct conn) { .group = g };
		char *copy = strdup(line);
		c->token = strsep(&copy, " ");
		while (copy && c->n_paths < QUERIES)
			c->paths[c->n_paths++] = strsep(&copy, " ");
		c->etags = zeroed((size_t)c->n_paths, sizeof *c->etags);
	}
	free(line);
	fclose(file);
	int64_t began = now_us();
	for (size_t i = 0; i < g->n; i++) {
		struct conn *c = &g->conns[i];
		conn_open(c, g->port);
		if (g->kind == KIND_PLAIN) {
			c->asked = true;
			g->n_asked++;
		}
		conn_ask(c);
		while (i >= g->n_asked + AT_ONCE)
			turn(now_us() + 1000000);
	}
	while (g->n_asked < g->n && now_us() < began + 10 * (int64_t)PATIENCE_US)
		turn(now_us() + 1000000);
	printf("parked %zu %lld\n", g->n_asked, (long long)(now_us() - began));
	return g->n_asked == g->n;
}

static void drop(struct group *g)
{
	for (size_t i = 0; i < g->n; i++) {
		close(g->conns[i].fd);
		free(g->conns[i].token);
		free(g->conns[i].etags);
		free(g->conns[i].in);
	}
	free(g->conns);
	*g = (struct group) { 0 };
}

static int64_t *told_at;
static size_t n_told_at;
static struct change *changes;
static struct conn *senders;

static void note_told(struct conn *c, int64_t at)
{
	(void)c;
	told_at[n_told_at++] = at;
}

static void note_answered(struct conn *c, int64_t at, int status)
{
	if (status < 200 || status > 299) {
		fprintf(stderr, "waiters: a mutation was answered with %d\n", status);
		exit(1);
	}
	c->change->answered = at;
	if (!c->change->waiter || c->change->told)
		c->change = NULL;
}

static void mutate(struct conn *c, struct change *change, const char *token, const char *method,
    const char *path, const char *body)
{
	char text[8192];
	int n = snprintf(text, sizeof text,
	    "%s %s HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer %s\r\n"
	    "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
	    method, path, token, strlen(body), body);
	if (n >= (int)sizeof text)
		die("a mutation is too long");
	change->sender = c;
	c->change = change;
	change->sent = now_us();
	conn_send(c, text, (size_t)n);
}

static int by_time(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

/*
 * ALL group again(0|1) port token method path body: one mutation, which all of the group must see.
 * Prints "all ANSWERED FIRST HALF LAST". again 1: who is told asks again at once; 0: by AGAIN, when
 * all are.
 */
static bool all(struct group *g, char *rest)
{
	struct change change = { 0 };
	struct conn sender = { 0 };
	g->again = *word(&rest) == '1';
	conn_open(&sender, atoi(word(&rest)));
	n_told_at = 0;
	told_at = zeroed(g->n + 1, sizeof *told_at);
	on_news = note_told;
	on_mutated = note_answered;
	const char *token = word(&rest), *method = word(&rest), *path = word(&rest);
	mutate(&sender, &change, token, method, path, rest);
	int64_t until = change.sent + PATIENCE_US;
	while ((n_told_at < g->n || !change.answered) && now_us() < until)
		turn(until);
	on_news = NULL;
	close(sender.fd);
	bool good = n_told_at == g->n && change.answered;
	if (good) {
		qsort(told_at, n_told_at, sizeof *told_at, by_time);
		printf("all %lld %lld %lld %lld\n", (long long)(change.answered - change.sent),
		    (long long)(told_at[0] - change.sent),
		    (long long)(told_at[n_told_at / 2] - change.sent),
		    (long long)(told_at[n_told_at - 1] - change.sent));
	} else {
		fprintf(stderr, "waiters: %zu of %zu were told\n", n_told_at, g->n);
	}
	free(told_at);
	return good;
}

/* AGAIN group: whoever has been told and has not asked again does. */
static void again(struct group *g)
{
	g->again = true;
	for (size_t i = 0; i < g->n; i++)
		if (g->conns[i].told) {
			g->conns[i].told = false;
			conn_ask(&g->conns[i]);
		}
}

static void note_own(struct conn *c, int64_t at)
{
	if (c->change && !c->change->told) {
		c->change->told = at;
		if (c->change->answered)
			c->change->sender->change = NULL;
		c->change = NULL;
	}
}

/*
 * EACH group from count in_flight pause port path body: count mutations, each with the token of one
 * waiter of the group, from the given one on, who alone sees it; in_flight at a time, pause
 * microseconds between two of a sender. Prints "each ANSWERED TOLD" for each.
 */
static bool each(struct group *g, char *rest)
{
	size_t from = strtoul(word(&rest), NULL, 10), count = strtoul(word(&rest), NULL, 10),
	       in_flight = strtoul(word(&rest), NULL, 10), sent = 0, done = 0;
	int64_t pause = atoll(word(&rest)), next = now_us(),
		until = next + 10 * (int64_t)PATIENCE_US;
	int port = atoi(word(&rest));
	const char *path = word(&rest), *body = rest;
	changes = zeroed(count, sizeof *changes);
	senders = zeroed(in_flight, sizeof *senders);
	int64_t *free_at = zeroed(in_flight, sizeof *free_at);
	for (size_t i = 0; i < in_flight; i++)
		conn_open(&senders[i], port);
	on_news = note_own;
	on_mutated = note_answered;
	while (done < count && now_us() < until) {
		int64_t now = now_us(), wake = now + 100000;
		done = 0;
		for (size_t i = 0; i < in_flight; i++) {
			struct conn *s = &senders[i];
			if (s->change || sent == count)
				continue;
			if (!free_at[i])
				free_at[i] = now + pause;
			if (free_at[i] > now) {
				wake = free_at[i] < wake ? free_at[i] : wake;
				continue;
			}
			struct conn *w = &g->conns[(from + sent) % g->n];
			if (w->change)
				continue;
			free_at[i] = 0;
			w->change = &changes[sent++];
			w->change->waiter = w;
			mutate(s, w->change, w->token, "POST", path, body);
		}
		turn(wake);
		if (sent == count)
			for (size_t i = 0; i < count; i++)
				done += changes[i].answered && changes[i].told;
	}
	on_news = NULL;
	for (size_t i = 0; i < in_flight; i++)
		close(senders[i].fd);
	for (size_t i = 0; i < count; i++)
		if (changes[i].told)
			printf("each %lld %lld\n",
			    (long long)(changes[i].answered - changes[i].sent),
			    (long long)(changes[i].told - changes[i].sent));
		else
			fprintf(stderr, "waiters: mutation %zu was never seen\n", i);
	for (size_t i = 0; i < g->n; i++)
		g->conns[i].change = NULL;
	free(changes);
	free(senders);
	free(free_at);
	return done == count;
}

/*
 * TRIPS group count port path: a GET after the other on one connection, which needs no answer of a
 * waiter. Prints "trip TOOK" for each.
 */
static bool trips(char *rest)
{
	struct conn sender = { 0 };
	size_t count = strtoul(word(&rest), NULL, 10), n = 0;
	conn_open(&sender, atoi(word(&rest)));
	const char *path = word(&rest);
	int64_t until = now_us() + PATIENCE_US;
	on_mutated = note_answered;
	for (; n < count && now_us() < until; n++) {
		struct change change = { 0 };
		mutate(&sender, &change, "-", "GET", path, "");
		while (!change.answered && now_us() < until)
			turn(until);
		printf("trip %lld\n", (long long)(change.answered - change.sent));
	}
	close(sender.fd);
	return n == count;
}

/* RUN ms: only waits. Prints "ran ANSWERS NEWS". */
static void run(char *rest)
{
	int64_t until = now_us() + 1000 * atoll(word(&rest));
	uint64_t answers = n_answers, news = n_news;
	while (now_us() < until)
		turn(until);
	printf("ran %llu %llu\n", (unsigned long long)(n_answers - answers),
	    (unsigned long long)(n_news - news));
}

int main(void)
{
	struct rlimit files;
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	watch = epoll_create1(EPOLL_CLOEXEC);
	setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	/* Its input is watched too: those who wait ask again while it has nothing to do. */
	struct epoll_event input = { .events = EPOLLIN };
	char line[16384];
	size_t n = 0;
	fcntl(0, F_SETFL, O_NONBLOCK);
	if (epoll_ctl(watch, EPOLL_CTL_ADD, 0, &input) != 0)
		die("standard input");
	for (;;) {
		char *end = memchr(line, '\n', n);
		if (!end) {
			ssize_t got = read(0, line + n, sizeof line - n);
			if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR) ||
			    n == sizeof line)
				return 0;
			n += got > 0 ? (size_t)got : 0;
			if (got < 0)
				turn(now_us() + 1000000);
			continue;
		}
		char *rest = line;
		*end = 0;
		const char *command = word(&rest);
		bool good = true;
		if (!strcmp(command, "RUN")) {
			run(rest);
		} else {
			struct group *g = &groups[atoi(word(&rest)) % GROUPS];
			if (!strcmp(command, "PARK"))
				good = park(g, rest);
			else if (!strcmp(command, "ALL"))
				good = all(g, rest);
			else if (!strcmp(command, "AGAIN"))
				again(g);
			else if (!strcmp(command, "EACH"))
				good = each(g, rest);
			else if (!strcmp(command, "TRIPS"))
				good = trips(rest);
			else if (!strcmp(command, "DROP"))
				drop(g);
			else
				good = false;
		}
		puts(good ? "ok" : "bad");
		fflush(stdout);
		n -= (size_t)(end + 1 - line);
		memmove(line, end + 1, n);
	}
}
