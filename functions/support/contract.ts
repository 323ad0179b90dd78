/** Deployed at control where a plan sells replies: says before a reply is missed that it will be, and that it was. */
export const TICKETS_FUNCTION = "sla-tickets";

/** A helpdesk's own name for a ticket may be used; it is part of a key. */
export const TICKET_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
