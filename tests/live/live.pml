/*
 * live.pml: the waiting of core/parking.c and process/live*.c as a model: one company, two topics, a writer, the listener and
 * two clients that ask, are parked, are woken, leave and ask again. The first client reads one topic, the second both. Every
 * interleaving of their database reads and of what they do under the lock is tried. Run it with tests/live/run.
 *
 * What must hold:
 *   never:  an answer is sent when a change that it does not know has been committed;
 *   always in the end: each client has what is true, although every ring may get lost (as all of another machine's are), and without
 *   any wait running out.
 */
#define CHANGES 2
#define CLIENTS 2
#define TOPICS 2
#ifndef LEAVES
#define LEAVES 1               /* how often a client goes away and asks again */
#endif

/* ---- the database: each statement is one step ---- */
byte head;                     /* the company's version */
byte at[TOPICS];               /* at which version each topic last changed */
byte held;                     /* how many hold the version: a commit waits (counters_hold) */

byte has[CLIENTS];             /* which data the client has: the version of the last change in it */
bool bell;                     /* a ring has arrived */

#define latest(a, b) ((a) > (b) -> (a) : (b))
#define data_of(c) ((c) == 0 -> at[0] : latest(at[0], at[1]))

/* ---- under the lock ---- */
bool lot;                      /* somebody waits */
byte lot_n, since, known, topic[TOPICS], told;
bool behind;
mtype = { OUT, PARKED, DUE };
mtype state[CLIENTS] = OUT;
byte reading[CLIENTS];         /* the version at which its answer was read */
bool unsure[CLIENTS];

#define moved(c) (topic[0] > reading[c] || ((c) == 1 && topic[1] > reading[c]))
#define touched(c) (unsure[c] || moved(c))

inline note(c, version) {
	reading[c] = version;
	unsure[c] = version < since
}

inline enter(c, version) {
	if
	:: !lot ->
		lot = true; since = version; known = version;
		behind = told > version
	:: else
	fi;
	lot_n++;
	note(c, version)
}

inline park(c) {
	if
	:: touched(c) -> state[c] = DUE
	:: else -> state[c] = PARKED
	fi
}

inline leave(c) {
	state[c] = OUT;
	lot_n--;
	if
	:: lot_n == 0 -> lot = false; behind = false; told = known; topic[0] = 0; topic[1] = 0; known = 0; since = 0
	:: else
	fi;
	reading[c] = 0; unsure[c] = false
}

/* The counters that have moved after `from`, as one statement finds them. */
inline read_counters(from, seen, zero, one) {
	d_step {
		seen = head;
		zero = (at[0] > from -> at[0] : 0);
		one = (at[1] > from -> at[1] : 0)
	}
}

/* Puts them in, and forgets them. */
inline learn(from, seen, zero, one) {
	if
	:: lot ->
		if
		:: zero > since && zero > topic[0] -> topic[0] = zero
		:: else
		fi;
		if
		:: one > since && one > topic[1] -> topic[1] = one
		:: else
		fi;
		if
		:: from <= known && seen > known -> known = seen
		:: else
		fi;
		byte w;
		for (w : 0 .. CLIENTS - 1) {
			if
			:: state[w] == PARKED && moved(w) -> state[w] = DUE
			:: else
			fi
		}
		w = 0
	:: else
	fi;
	from = 0; seen = 0; zero = 0; one = 0
}

/* ---- who does what ---- */

active proctype Writer() {
	byte i, which;
	for (i : 1 .. CHANGES) {
		if
		:: which = 0
		:: which = 1
		fi;
		atomic { held == 0 -> head++; at[which] = head; which = 0 }    /* commit */
		if
		:: bell = true
		:: skip                         /* the ring is lost, or was another machine's */
		fi
	}
}

/* The doorbell says what was rung when nobody was there; the poll reads the heads of all lots. */
active proctype Listener() {
	byte from, seen, zero, one;
	bool look;
end:	do
	:: atomic {
		bell ->
		bell = false;
		look = lot && head > known;
		from = known;
		if
		:: !lot -> told = head
		:: else
		fi
	   }
	   if
	   :: look -> look = false; read_counters(from, seen, zero, one); atomic { learn(from, seen, zero, one) }
	   :: else -> from = 0
	   fi
	:: atomic { lot && behind -> behind = false; from = known }
	   read_counters(from, seen, zero, one);
	   atomic { learn(from, seen, zero, one) }
	:: atomic { lot && head > known -> from = known }   /* the poll, whenever it comes */
	   read_counters(from, seen, zero, one);
	   atomic { learn(from, seen, zero, one) }
	od
}

proctype Client(byte c) {
	byte version, data, from, seen, zero, one, left;
ask:	version = head;                         /* who asks, and the version: before the data */
	data = data_of(c);
	if
	:: data != has[c] ->                    /* the first answer: sent while the version is held, or made again */
		held++;
		read_counters(version, seen, zero, one);
		if
		:: zero || (c == 1 && one) -> skip
		:: else -> assert(data == data_of(c)); has[c] = data
		fi;
		atomic { held--; version = 0; data = 0; seen = 0; zero = 0; one = 0 }
		goto ask
	:: else
	fi;
	atomic { enter(c, version); park(c); version = 0; data = 0 }
	do
	:: atomic { state[c] == DUE -> state[c] = OUT }
	   version = head;
	   data = data_of(c);
	   atomic { note(c, version); version = 0 }
	   if
	   :: atomic { data == has[c] -> park(c); data = 0 }
	   :: else ->
		atomic { held++; from = known }
		if
		:: head > from -> read_counters(from, seen, zero, one); atomic { learn(from, seen, zero, one) }
		:: else -> from = 0
		fi;
		if
		:: atomic { touched(c) -> unsure[c] = true; park(c); held--; data = 0 }
		:: atomic {
			!touched(c) ->
			assert(data == data_of(c));     /* nothing has been committed that it does not know */
			has[c] = data;
			data = 0;
			held--;
			leave(c)
		   }
		   goto ask
		fi
	   fi
	:: atomic { state[c] == PARKED && left < LEAVES -> left++; leave(c) }   /* the client goes away */
	   goto ask
	:: state[c] == PARKED && head == CHANGES && has[c] == data_of(c) -> break
	od
}

init {
	byte c;
	atomic {
		for (c : 0 .. CLIENTS - 1) { run Client(c) }
	}
}

#define TRUE_FOR_ALL (head == CHANGES && has[0] == at[0] && has[1] >= at[0] && has[1] >= at[1])
ltl arrives { <> TRUE_FOR_ALL }
