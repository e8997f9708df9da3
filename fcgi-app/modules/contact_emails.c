/* contact_emails.c: e-mail addresses of contacts; part of contacts.emails (core/parts.h). Columns:
 * sql/schema/contact_emails.sql. */
#include "core/parts.h"
#include "core/resource.h"

PART(contact_emails, .parent = COLUMN(contact_emails, contact_id),
    .document = COLUMN(contacts, emails), .primary = COLUMN(contact_emails, primary),
    .key = COLUMN(contact_emails, address));

RESOURCE_LIST_AS(contact_emails, "contacts", SORTS("-created_at"));
RESOURCE_GET_AS(contact_emails, "contacts");
RESOURCE_CREATE_AS(contact_emails, "contacts", "edit");
RESOURCE_UPDATE_AS(contact_emails, "contacts", "edit");
RESOURCE_DELETE_AS(contact_emails, "contacts", "edit");
RESOURCE_RESTORE_AS(contact_emails, "contacts", "edit");
