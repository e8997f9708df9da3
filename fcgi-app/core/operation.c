/* operation.c: the operations of the binary, as the linker collected them; see operation.h. */
#include "core/operation.h"

#include "core/resource.h"

size_t operations_count(void) { return (size_t)(__stop_operations - __start_operations); }

const struct operation *operation_at(size_t index) { return __start_operations[index]; }

const struct operation *operation_named(str name)
{
	for (const struct operation *const *o = __start_operations; o < __stop_operations; o++)
		if (str_is(name, (*o)->name))
			return *o;
	return NULL;
}

const struct field_set *operation_input(const struct operation *op)
{
	if (op->run == resource_create)
		return &op->table->create_input;
	if (op->run == resource_update)
		return &op->table->update_input;
	return &op->in;
}

bool operation_is_open(const struct operation *op) { return !strcmp(op->may, ANYONE); }
