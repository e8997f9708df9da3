/* contacts.h: what the files of contacts share. */
#pragma once

/* Each of a contact's lists in one request, and its tags however they are given. A merge keeps the
 * tags of both; such a contact gets no further ones, and any may be taken away. */
enum { CONTACT_PARTS_MAX = 20 };
