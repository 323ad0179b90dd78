import { ENGINES } from "./engine.ts";

/** PostgreSQL's. */
export const DATABASE_PORT = ENGINES.postgres.port;

/** At which databases of a fleet are reached. */
type Ports = readonly number[];

/** Whom a rule lets in. */
export interface Peer {
  readonly kind: "network" | "group" | "list";
  /** CIDR, or the id of a group or prefix list. */
  readonly name: string;
}

export interface IngressRule {
  /** `tcp`, or `-1` for all. */
  readonly protocol: string;
  /** Absent: every port. */
  readonly ports?: { readonly from: number; readonly to: number };
  readonly peers: readonly Peer[];
}

export interface SecurityGroup {
  readonly vpc: string;
  readonly ingress: readonly IngressRule[];
}

/** How many of which kind are let in to databases: `1 group and 2 networks on tcp 5432`. */
export function shapeOf(ingress: readonly IngressRule[], at: Ports = [DATABASE_PORT]): string {
  const covering = ingress.filter((rule) => coversDatabases(rule, at));
  const rules = Map.groupBy(covering, portWords);
  const said = [...rules]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([ports, those]) => {
      const kinds = Map.groupBy(
        those.flatMap(({ peers }) => peers),
        (peer) => (isEverybody(peer) ? "everybody" : peer.kind),
      );
      const counts = [...kinds]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([kind, peers]) => countWords(kind, peers.length));
      return `${counts.join(" and ")} on ${ports}`;
    });
  return said.length === 0 ? "nobody" : said.join(", ");
}

const countWords = (kind: Peer["kind"] | "everybody", count: number): string => {
  if (kind === "everybody") return kind;
  const word = kind === "list" ? "prefix list" : kind;
  return `${count} ${word}${count === 1 ? "" : "s"}`;
};

const isEverybody = ({ name }: Peer) => /^(0\.0\.0\.0|::)\/0$/.test(name);

export function coversDatabases(
  { protocol, ports }: IngressRule,
  at: Ports = [DATABASE_PORT],
): boolean {
  if (protocol === "-1") return true;
  if (protocol !== "tcp" && protocol !== "6") return false;
  return !ports || at.some((port) => ports.from <= port && port <= ports.to);
}

/** `tcp 5432`, `every port` */
export function portWords({ protocol, ports }: IngressRule): string {
  if (protocol === "-1") return "every port";
  if (!ports) return protocol;
  return `${protocol} ${ports.from}${ports.to === ports.from ? "" : `-${ports.to}`}`;
}
