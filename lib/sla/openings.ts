import type { IngressRule, Peer } from "./ingress.ts";

/** What a security group lets in, or out. */
export interface Opening {
  readonly way: "in" | "out";
  readonly rule: IngressRule;
}

/** What CDK puts into a group that shall let nothing out: an address that nobody has. */
const NOWHERE = "255.255.255.255/32";

/** Every rule but those that lead nowhere. */
export const openingsOf = (
  ingress: readonly IngressRule[],
  egress: readonly IngressRule[],
): readonly Opening[] => [
  ...ingress.map((rule) => ({ way: "in", rule }) as const),
  ...egress.filter(leadsSomewhere).map((rule) => ({ way: "out", rule }) as const),
];

const leadsSomewhere = ({ peers }: IngressRule) =>
  peers.length === 0 || peers.some(({ name }) => name !== NOWHERE);

/** `in from 0.0.0.0/0` */
export const openingWords = ({ way, rule: { peers } }: Opening): string =>
  `${way === "in" ? "in from" : "out to"} ${peers.map(({ name }) => name).join(" and ")}`;

/** `in from 0.0.0.0/0 on tcp 22`: tells apart what one peer may. */
export function openingName(opening: Opening): string {
  const { protocol, ports } = opening.rule;
  if (protocol === "-1") return openingWords(opening);
  const range = ports && (ports.from === ports.to ? ports.from : `${ports.from}-${ports.to}`);
  return `${openingWords(opening)} on ${[protocol, range].filter((each) => each !== undefined).join(" ")}`;
}

/** Takes the rule off, and no other. */
export function revokeCommand(region: string, group: string, { way, rule }: Opening): string {
  const { protocol, ports, peers } = rule;
  const named = (kind: Peer["kind"], key: string, isOne: (name: string) => boolean = () => true) =>
    peers
      .filter((peer) => peer.kind === kind && isOne(peer.name))
      .map(({ name }) => ({ [key]: name }));
  const isNew = (name: string) => name.includes(":");
  const permission = {
    IpProtocol: protocol,
    ...(ports && { FromPort: ports.from, ToPort: ports.to }),
    ...given(
      "IpRanges",
      named("network", "CidrIp", (name) => !isNew(name)),
    ),
    ...given("Ipv6Ranges", named("network", "CidrIpv6", isNew)),
    ...given("UserIdGroupPairs", named("group", "GroupId")),
    ...given("PrefixListIds", named("list", "PrefixListId")),
  };
  const verb = way === "in" ? "revoke-security-group-ingress" : "revoke-security-group-egress";
  return `aws --region ${region} ec2 ${verb} --group-id ${group} --ip-permissions '${JSON.stringify([permission])}'`;
}

const given = (key: string, all: readonly object[]) => (all.length > 0 ? { [key]: all } : {});
