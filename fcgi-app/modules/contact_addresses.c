/* contact_addresses.c: postal addresses of contacts; part of contacts.addresses (core/parts.h).
 * Columns: sql/schema/contact_addresses.sql. */
#include "core/parts.h"
#include "core/resource.h"

PART(contact_addresses, .parent = COLUMN(contact_addresses, contact_id),
    .document = COLUMN(contacts, addresses));

RESOURCE_LIST_AS(contact_addresses, "contacts", SORTS("-created_at"));
RESOURCE_GET_AS(contact_addresses, "contacts");
RESOURCE_CREATE_AS(contact_addresses, "contacts", "edit");
RESOURCE_UPDATE_AS(contact_addresses, "contacts", "edit");
RESOURCE_DELETE_AS(contact_addresses, "contacts", "edit");
RESOURCE_RESTORE_AS(contact_addresses, "contacts", "edit");
