/** Deployed at control where a plan sells replies: says before a reply is missed that it will be, and that it was. */
export const TICKETS_FUNCTION = "sla-tickets";

/** A helpdesk's own name for a ticket may be used; it is part of a key. */
export const TICKET_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** Answers the provider's helpdesk. Deployed at control and at its mirror, where the fleet names a helpdesk. */
export const HELPDESK_FUNCTION = "sla-helpdesk";

/** All that a helpdesk can ask, as API Gateway routes it. */
export const HELPDESK_ROUTES = [
  "GET /tickets",
  "GET /tickets/{id}",
  "POST /tickets",
  "POST /tickets/{id}/replies",
  "POST /tickets/{id}/priorities",
  "POST /tickets/{id}/close",
] as const;
export type HelpdeskRoute = (typeof HELPDESK_ROUTES)[number];

/** Seconds by which a helpdesk's clock may be ahead of ours, and for how long it may hold back what happened. */
export const SKEW = { aheadSeconds: 120, behindSeconds: 72 * 3600 } as const;
