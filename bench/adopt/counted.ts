import type { AdoptWorld } from "../../lib/operator/adopting/ports.ts";

const PORTS = ["databases", "groups", "secrets", "server", "zones", "stops", "care"] as const;
export type Port = (typeof PORTS)[number];

/** The same world, in which every question and change is counted by its port. */
export function counted(world: AdoptWorld): {
  readonly world: AdoptWorld;
  readonly calls: Readonly<Record<Port, number>>;
} {
  const calls = Object.fromEntries(PORTS.map((port) => [port, 0])) as Record<Port, number>;
  const counting = <P extends Port>(port: P): AdoptWorld[P] =>
    new Proxy(world[port], {
      get(target, name, receiver) {
        calls[port] += 1;
        return Reflect.get(target, name, receiver);
      },
    });
  return {
    calls,
    world: {
      ...{ clock: world.clock, databases: counting("databases"), groups: counting("groups") },
      ...{ secrets: counting("secrets"), server: counting("server"), zones: counting("zones") },
      ...{ stops: counting("stops"), care: counting("care") },
    },
  };
}
