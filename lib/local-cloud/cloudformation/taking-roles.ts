import { evaluate } from "../iam/evaluate.ts";
import { holderOf } from "../iam/principals.ts";
import { whyNotTaken } from "../iam/trust.ts";
import type { Creation } from "./creation.ts";
import { AssemblyRefused } from "./refusal.ts";

interface Holder {
  /** `lambda.amazonaws.com` */
  readonly service: string;
  /** ARN of what takes it on. */
  readonly arn: string;
  /** Permissions without which it could not begin, or would do so unseen. */
  readonly needs?: readonly { readonly action: string; readonly resource: string }[];
}

/** @throws AssemblyRefused if the service may not take the role on, or the role may not do what its holder needs */
export function takeOn({ targets }: Creation, role: string, { service, arn, needs = [] }: Holder) {
  const { policies } = targets;
  const why = whyNotTaken(policies, { role, service, holder: arn });
  if (why !== undefined) throw new AssemblyRefused(why);
  const caller = holderOf(role, "deployment");
  const identity = policies.role(role)?.statements ?? [];
  for (const ask of needs) {
    const verdict = evaluate({
      ...{ caller, ask, identity, context: {} },
      ...{ resource: undefined, isForeign: false, resourceRules: false },
    });
    if (!verdict.allowed) throw new AssemblyRefused(`its role ${role}: ${verdict.why}`);
  }
}

const INTERFACES = [
  ...["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface"],
];

/** What Lambda does for a function with its role: writes its log, connects it to its network. */
export const needsOfFunction = (
  { region, account }: Creation,
  logGroup: string,
  isInVpc: boolean,
): NonNullable<Holder["needs"]> => {
  const stream = `arn:aws:logs:${region}:${account}:log-group:${logGroup}:log-stream:local`;
  return [
    { action: "logs:CreateLogStream", resource: stream },
    { action: "logs:PutLogEvents", resource: stream },
    ...(isInVpc ? INTERFACES : []).map((action) => ({ action, resource: "*" })),
  ];
};
