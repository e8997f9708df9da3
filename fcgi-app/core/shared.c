/* shared.c: mapping the memory of shared.h. Anonymous: it ends with its processes and leaves no
 * file. */
#include "core/shared.h"
#include <sys/mman.h>

_Static_assert(
    ATOMIC_LLONG_LOCK_FREE == 2, "an atomic with a lock inside may not be shared by processes");

struct shared_memory *shared_new(void)
{
	void *p = mmap(NULL, sizeof(struct shared_memory), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return p == MAP_FAILED ? NULL : p;
}

void shared_free(struct shared_memory *shared) { munmap(shared, sizeof *shared); }

struct slot *shared_slot(struct shared_memory *shared, pid_t pid)
{
	for (size_t i = 0; i < SHARED_SLOTS; i++)
		if (shared->slots[i].pid == pid)
			return &shared->slots[i];
	return NULL;
}
