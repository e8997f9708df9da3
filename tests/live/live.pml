/*
 * live.pml: the waiting of core/parking.c and process/live*.c as a model: one company, one topic, a writer, the listener and
 * two clients that ask, are parked, are woken, leave and ask again. Every interleaving of their database reads and of
 * what they do under the lock is tried. Run it with tests/live/run.
 *
 * What must hold:
 *   never:  an answer is sent that was overtaken by a change before the counters were read for the last time;
 *   always in the end: each client has what is true, although every ring may get lost, and without any wait running out.
 */
#define CHANGES 2
#define CLIENTS 2
#ifndef LEAVES
#define LEAVES 1               /* how often a client goes away and asks again */
#endif

byte head;                     /* the company's version; each change touches the topic */
byte has[CLIENTS];             /* which version's data the client has */
bool bell;                     /* a ring has arrived */

/* ---- under the lock ---- */
bool lot;                      /* somebody waits */
byte lot_n, since, known, topic, told;
bool behind;
mtype = { OUT, PARKED, DUE };
mtype state[CLIENTS] = OUT;
byte reading[CLIENTS];         /* the version at which its answer was read */
bool unsure[CLIENTS];

#define touched(c) (unsure[c] || topic > reading[c])

inline note(c, version) {
	reading[c] = version;
	unsure[c] = version < since
}

inline enter(c, version) {
	if
	:: !lot ->
		lot = true; since = version; known = version; topic = 0;
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
	:: lot_n == 0 -> lot = false; behind = false; told = known; topic = 0; known = 0; since = 0
	:: else
	fi;
	reading[c] = 0; unsure[c] = false
}

/* What was read from the counters: they were at `version`, and what has moved after `from` is in it. */
inline learn(from, version) {
	if
	:: lot ->
		if
		:: version > from && version > since && version > topic -> topic = version
		:: else
		fi;
		if
		:: from <= known && version > known -> known = version
		:: else
		fi;
		byte w;
		for (w : 0 .. CLIENTS - 1) {
			if
			:: state[w] == PARKED && topic > reading[w] -> state[w] = DUE
			:: else
			fi
		}
		w = 0
	:: else
	fi
}

/* ---- who does what ---- */

active proctype Writer() {
	byte i;
	for (i : 1 .. CHANGES) {
		head++;                         /* commit */
		if
		:: bell = true
		:: skip                         /* the ring is lost */
		fi
	}
}

/* The doorbell says what was rung when nobody was there; the poll reads the heads of all lots. */
active proctype Listener() {
	byte from, seen;
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
	   :: look -> seen = head; atomic { learn(from, seen); from = 0; seen = 0; look = false }
	   :: else -> from = 0
	   fi
	:: atomic { lot && behind -> behind = false; from = known }
	   seen = head;
	   atomic { learn(from, seen); from = 0; seen = 0 }
	:: atomic { lot && head > known -> from = known }   /* the poll, whenever it comes */
	   seen = head;
	   atomic { learn(from, seen); from = 0; seen = 0 }
	od
}

proctype Client(byte c) {
	byte version, data, from, seen, left;
ask:	version = head;                         /* who asks, and the version: before the data */
	data = head;
	if
	:: data != has[c] ->                    /* the first answer: the counters once more, then it is sent */
		seen = head;
		if
		:: seen > version && data < seen -> goto ask
		:: else
		fi;
		atomic { assert(data >= seen); has[c] = data; data = 0; seen = 0 }
		goto ask
	:: else
	fi;
	atomic { enter(c, version); park(c); version = 0; data = 0 }
	do
	:: atomic { state[c] == DUE -> state[c] = OUT }
	   version = head;
	   data = head;
	   atomic { note(c, version); from = known; version = 0 }
	   if
	   :: atomic { data == has[c] -> park(c); data = 0; from = 0 }
	   :: else ->
		seen = head;
		atomic { learn(from, seen); from = 0 }
		if
		:: atomic { touched(c) -> unsure[c] = true; park(c); data = 0; seen = 0 }
		:: atomic {
			!touched(c) ->
			assert(data >= seen);   /* it is what it was when the counters were read */
			has[c] = data;
			data = 0; seen = 0;
			leave(c)
		   }
		   goto ask
		fi
	   fi
	:: atomic { state[c] == PARKED && left < LEAVES -> left++; leave(c) }   /* the client goes away */
	   goto ask
	:: state[c] == PARKED && head == CHANGES && has[c] == head -> break
	od
}

init {
	byte c;
	atomic {
		for (c : 0 .. CLIENTS - 1) { run Client(c) }
	}
}

#define TRUE_FOR_ALL (head == CHANGES && has[0] == CHANGES && has[1] == CHANGES)
ltl arrives { <> TRUE_FOR_ALL }
