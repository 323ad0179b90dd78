/** Names that AWS itself would answer for: database endpoints, load balancers, buckets. */
export interface HostNames {
  /** `ttlSeconds` is configured time: it is paced like all others. */
  set(name: string, address: string, ttlSeconds: number): void;
  remove(name: string): void;
}
