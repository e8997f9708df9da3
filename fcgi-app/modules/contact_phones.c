/* contact_phones.c: phone numbers of contacts; part of contacts.phones (core/parts.h). Columns:
 * sql/schema/contact_phones.sql. */
#include "core/parts.h"
#include "core/resource.h"

PART(contact_phones, .parent = COLUMN(contact_phones, contact_id),
    .document = COLUMN(contacts, phones), .primary = COLUMN(contact_phones, primary),
    .key = COLUMN(contact_phones, value));

RESOURCE_LIST_AS(contact_phones, "contacts", SORTS("-created_at"));
RESOURCE_GET_AS(contact_phones, "contacts");
RESOURCE_CREATE_AS(contact_phones, "contacts", "edit");
RESOURCE_UPDATE_AS(contact_phones, "contacts", "edit");
RESOURCE_DELETE_AS(contact_phones, "contacts", "edit");
RESOURCE_RESTORE_AS(contact_phones, "contacts", "edit");
