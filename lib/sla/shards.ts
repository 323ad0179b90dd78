import type { Fleet, Instance } from "./fleet.ts";

/** As many as one `watch` looks at in a round with room to spare. */
const INSTANCES_PER_SHARD = 250;

/** Shards of a fleet of so many instances; at least one. */
export const shardCount = (instances: number): number =>
  Math.max(1, Math.ceil(instances / INSTANCES_PER_SHARD));

/** `s00`, `s01`…: depends on the id and the count only, so every site says the same. */
export function shardOf(id: string, count: number): string {
  return shardName(hashOf(id) % count);
}

/** The names of all shards of a fleet, in order. */
export const shardsOf = (fleet: Pick<Fleet, "instances">): readonly string[] =>
  Array.from({ length: shardCount(fleet.instances.length) }, (_, index) => shardName(index));

/** The instances of one shard, in the fleet's order. */
export function instancesOf(fleet: Fleet, shard: string): readonly Instance[] {
  const count = shardCount(fleet.instances.length);
  return fleet.instances.filter(({ id }) => shardOf(id, count) === shard);
}

const shardName = (index: number) => `s${String(index).padStart(2, "0")}`;

/** 32-bit FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/ */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
