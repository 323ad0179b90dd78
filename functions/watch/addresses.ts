import type { Endpoint, Inventory } from "./ports.ts";

/** What is known of a region at the beginning of a look, and what describing it then brings. */
export interface RegionView {
  /** From earlier descriptions; absent before the first. */
  readonly known?: ReadonlyMap<string, Endpoint>;
  /** Never rejects. */
  readonly refreshed: Promise<Described>;
}

export interface Described {
  /** False only if the region is `CloudUnreachable`: a throttle or a refusal is an answer. */
  readonly answers: boolean;
  readonly endpoints?: ReadonlyMap<string, Endpoint>;
}

/** Endpoints by region, remembered between looks so that reading heartbeats need not wait for them. */
export class Addresses {
  readonly #inventory: Inventory;
  readonly #known = new Map<string, ReadonlyMap<string, Endpoint>>();

  constructor(inventory: Inventory) {
    this.#inventory = inventory;
  }

  view(region: string): RegionView {
    const known = this.#known.get(region);
    return { ...(known && { known }), refreshed: this.#describe(region) };
  }

  async #describe(region: string): Promise<Described> {
    try {
      const endpoints = await this.#inventory.describe(region);
      this.#known.set(region, endpoints);
      return { answers: true, endpoints };
    } catch (cause) {
      return { answers: (cause as { code?: string }).code !== "CloudUnreachable" };
    }
  }
}
