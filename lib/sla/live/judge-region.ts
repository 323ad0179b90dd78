import { bootedIn } from "../backups/images.ts";
import type { Fleet, ImageTestNetwork } from "../fleet.ts";
import type { QuotaNeed } from "../quota-need.ts";
import { quotaNeeds } from "../quotas.ts";
import { describeRegion } from "../regions.ts";
import { type Area, type Finding, findingsOf } from "./finding.ts";
import { judgeSealed, type SealedLook } from "./judge-sealed.ts";

/** The bootstrap stack that today's CDK asks for: aws-cdk-lib, `CDK_TOOLKIT_VERSION` of the default synthesizer. */
export const LEAST_BOOTSTRAP = 6;

/** What an account says of one of its regions. What could not be asked is absent. */
export interface RegionLook {
  readonly region: string;
  /** Whether the account has switched it on. */
  readonly isOn?: boolean;
  /** Version of the CDK's bootstrap stack; 0: there is none. */
  readonly bootstrap?: number;
  /** By code of Service Quotas: what this account has, and uses. */
  readonly quotas?: Readonly<Record<string, { readonly has: number; readonly uses?: number }>>;
  /** Mail addresses that hear nothing, because nobody has confirmed them, with the topic. */
  readonly unconfirmed?: readonly { readonly address: string; readonly topic: string }[];
  /** Of a site in which machines are started from images. */
  readonly sealed?: SealedLook;
}

/** Regions of sites, vantages and frozen copies: what has to be on before anything of ours runs there. */
export const regionsOf = ({ sites, vantages, frozen }: Fleet): readonly string[] => [
  ...new Set([...Object.keys(sites), ...vantages, ...(frozen ? [frozen.region] : [])]),
];

/** Where machines are started from images of that region; undefined: nowhere, or nobody is sold it. */
export const sealedIn = (fleet: Fleet, region: string): ImageTestNetwork | undefined =>
  bootedIn(fleet).length > 0 ? fleet.sites[region]?.imageTests : undefined;

export function judgeRegion(fleet: Fleet, look: RegionLook): readonly Finding[] {
  const { region } = look;
  const of = (area: Area) => findingsOf({ area, about: describeRegion(region) });
  if (look.isOn === false) {
    const mend = `aws account enable-region --region-name ${region}`;
    return [
      of("regions").broken({
        of: "switch",
        says: "the account has not switched this region on",
        mend,
      }),
    ];
  }
  const network = sealedIn(fleet, region);
  return [
    ...bootstrapFindings(fleet, look),
    ...quotaNeeds(fleet)
      .filter((need) => need.region === region)
      .flatMap((need) => quotaFindings(need, look)),
    ...(look.unconfirmed ?? []).map(({ address, topic }) =>
      of("subscriptions").broken({
        of: `${address} and ${topic}`,
        says: `${address} has not confirmed ${topic}, and hears nothing`,
        mend: "its link is in the mail of the deployment; npx sla status says the command for another one",
      }),
    ),
    ...(network && look.sealed ? judgeSealed(region, network, look.sealed) : []),
  ];
}

function bootstrapFindings(
  { provider }: Fleet,
  { bootstrap, region }: RegionLook,
): readonly Finding[] {
  if (bootstrap === undefined || bootstrap >= LEAST_BOOTSTRAP) return [];
  const { broken, risk } = findingsOf({ area: "bootstrap", about: describeRegion(region) });
  const mend = `npx cdk bootstrap aws://${provider.account}/${region}`;
  if (bootstrap === 0) {
    return [
      broken({
        of: "stack",
        says: "it is not bootstrapped: nothing can be deployed there",
        mend,
      }),
    ];
  }
  const says = `its bootstrap is of version ${bootstrap}, this deployment wants ${LEAST_BOOTSTRAP}`;
  return [risk({ of: "version", says, mend })];
}

/** Services that Service Quotas knows by another name. */
const SERVICES = { lambda: "lambda", rds: "rds", sns: "sns" } as const;
/** From so much on there is no room for a bad night. */
const FULL = 0.8;

function quotaFindings(need: QuotaNeed, look: RegionLook): readonly Finding[] {
  const { code, quota, needs, because, service } = need;
  const found = code === undefined ? undefined : look.quotas?.[code];
  if (code === undefined || !found) return [];
  const { broken, risk } = findingsOf({ area: "quotas", about: describeRegion(look.region) });
  const wanted = Math.max(needs, need.ask ?? 0);
  const mend = `aws --region ${look.region} service-quotas request-service-quota-increase --service-code ${SERVICES[service]} --quota-code ${code} --desired-value ${wanted}`;
  if (found.has < needs) {
    const says = `${quota}: the account has ${found.has}, the fleet needs ${needs} (${because})`;
    return [broken({ of: code, says, mend })];
  }
  const says = `${quota}: ${found.uses} of ${found.has} are used`;
  return found.uses !== undefined && found.uses >= FULL * found.has
    ? [risk({ of: code, says, mend })]
    : [];
}
