import type { Instance } from "../sla/fleet.ts";

/** Where an application runs, under the name of its load balancer there. */
export interface AppSeat {
  readonly site: string;
  readonly name: string;
}

/** Home first, then where the standby is, then where its database may be restored. */
export const appSeats = ({ app, home, standby, url }: Instance): readonly AppSeat[] => [
  { site: home, name: app?.home ?? new URL(url).hostname },
  ...(standby !== undefined && app?.standby !== undefined
    ? [{ site: standby, name: app.standby }]
    : []),
  ...Object.entries(app?.recovery ?? {}).map(([site, name]) => ({ site, name })),
];
