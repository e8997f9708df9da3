/* identity.h: who asks, by one statement, before any data is read. */
#pragma once
#include "core/gate.h"

/* Fills call->me and call->version. OK with NOBODY when no credential came; UNAUTHENTICATED when
 * one came that does not hold. */
error identity_find(struct call *call, const struct ask *ask) MUST_CHECK;
/* Of which company a credential is: for whose turn it is, never for what anybody may.
 * UNAUTHENTICATED: of none. */
error identity_company(
    struct worker *worker, struct arena *a, const struct ask *ask, char company[37]) MUST_CHECK;
/* The topics of who asks: what it may do is read from these rows. One that does not apply is "". */
enum { IDENTITY_TOPICS = 4 };
void identity_topics(const struct identity *me, char topics[IDENTITY_TOPICS][TOPIC_TEXT]);
/* Makes the call that agent's from here on: for what proves itself by a secret of its own (log in,
 * a link by mail, sign-up). */
error identity_become(struct call *call, company_id company, agent_id agent) MUST_CHECK;
/* Whether an agent, by a key or by none, sees a row; also when the agent may not log in any more.
 */
error identity_sees(struct call *call, agent_id agent, uuid key, const struct table *table,
    const char id[37], bool *sees) MUST_CHECK;
/* The text form of a secret's hash, for the statements that look it up: 64 hexadecimal digits and
 * NUL. */
void identity_hash(str secret, char hex[65]);
