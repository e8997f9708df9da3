/*
 * status.h: what machines ask a running Muster: GET /healthz (this process answers), GET /readyz
 * (and the database is there with the right schema) and GET /metrics (Prometheus text). Nothing of
 * a company is told.
 */
#pragma once
#include "core/door.h"

bool status_path(str path);
void status_run(struct worker *worker, struct arena *a, struct door *door);
