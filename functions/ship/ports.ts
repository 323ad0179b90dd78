import type { Outcome } from "../reconcile/contract.ts";
import type { ShipRequest } from "./contract.ts";

/** Replications into the own region. */
export interface Shipping {
  start(order: ShipRequest["starts"][number]): Promise<Outcome>;
  /** What has arrived is retained. */
  stop(order: ShipRequest["stops"][number]): Promise<Outcome>;
}
