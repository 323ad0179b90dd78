import { beginOf } from "../sla/books/service-span.ts";
import { timezoneOf } from "../sla/books/timezone.ts";
import type { Instance } from "../sla/fleet.ts";
import { leastTtlSeconds } from "../sla/which-number.ts";
import { clustersNamed } from "./cluster-names.ts";
import { clustersBuilt } from "./clusters.ts";
import { customerRules } from "./customers.ts";
import { destinationsFed } from "./destinations.ts";
import type { Draft } from "./draft.ts";
import { duplicateRules } from "./duplicates.ts";
import { enginesBuilt } from "./engines.ts";
import { filestoresApart } from "./filestores.ts";
import { gameDaysPrepared } from "./game-days.ts";
import { helpdeskApart } from "./helpdesk.ts";
import { imageTestsPrepared } from "./image-tests.ts";
import { machinesSomewhere } from "./machines.ts";
import { didYouMean, type Mistake } from "./mistake.ts";
import type { Path } from "./problem.ts";
import { promiseRule } from "./promise-rule.ts";
import { secretsAlike } from "./secrets.ts";
import { shownSomewhere } from "./status-pages.ts";
import { holidaysKnown } from "./support.ts";

/** One thing a fleet must satisfy as a whole; a section that is not well-formed is passed over. */
export type Rule = (draft: Draft) => readonly Mistake[];

/** Every check beyond the shape, in the order they were thought of: the file's order decides later. */
export const RULES: readonly Rule[] = [
  eachInstance(planExists, ["plan"]),
  eachInstance(standbyElsewhere, ["home", "standby"]),
  eachInstance(standbyComplete, ["standby", "database"]),
  eachInstance(appComplete, ["standby", "copies", "app", "dns"]),
  eachInstance(ttlNotTooLow, ["plan", "dns"]),
  eachInstance(endsAfterItBegan, ["began", "ended", "timezone"]),
  controlApart,
  frozenElsewhere,
  networksPrepared,
  enginesBuilt,
  clustersBuilt,
  ...customerRules,
  ...duplicateRules,
  filestoresApart,
  machinesSomewhere,
  imageTestsPrepared,
  secretsAlike,
  clustersNamed,
  destinationsFed,
  shownSomewhere,
  holidaysKnown,
  gameDaysPrepared,
  helpdeskApart,
  promiseRule,
];

type At = (...path: Path) => Path;
type OfInstance = (instance: Instance, at: At, draft: Draft) => Mistake[];

/** Applies to every instance whose keys in question are beyond doubt. */
function eachInstance(rule: OfInstance, looksAt: readonly string[]): Rule {
  return (draft) =>
    draft.instances
      .filter(({ doubtful }) => looksAt.every((key) => !doubtful.has(key)))
      .flatMap(({ index, instance }) =>
        rule(instance, (...path) => ["instances", index, ...path], draft),
      );
}

function planExists({ plan }: Instance, at: At, { planNames }: Draft): Mistake[] {
  if (planNames.includes(plan)) return [];
  const hint = didYouMean(plan, planNames) || `; known are ${planNames.join(", ")}`;
  return [{ path: at("plan"), message: `'${plan}' is no plan${hint}` }];
}

function endsAfterItBegan(instance: Instance, at: At, { provider, plans }: Draft): Mistake[] {
  const { began, ended } = instance;
  if (began === undefined || ended === undefined || !provider) return [];
  const timezone = timezoneOf(instance, { provider, plans });
  const [from, to] = [began, ended].map((text) => beginOf(text, timezone));
  if (from !== undefined && to !== undefined && from < to) return [];
  const message = `'${ended}' is not after began, '${began}'; are they swapped?`;
  return [{ path: at("ended"), message }];
}

function standbyElsewhere({ home, standby }: Instance, at: At): Mistake[] {
  if (standby !== home) return [];
  const message = `'${standby}' is the home region too: a standby lies in another, or leave it out`;
  return [{ path: at("standby"), message }];
}

function standbyComplete({ standby, database }: Instance, at: At): Mistake[] {
  if (standby !== undefined && database.standby === undefined) {
    const message = "is missing: expected the RDS identifier of the replica, as standby: is given";
    return [{ path: at("database", "standby"), message }];
  }
  if (standby === undefined && database.standby !== undefined) {
    const message = `'${database.standby}' has no region: add standby: to the instance, or leave it out`;
    return [{ path: at("database", "standby"), message }];
  }
  return [];
}

function appComplete({ standby, copies, app, dns }: Instance, at: At): Mistake[] {
  if (app?.standby !== undefined && standby === undefined) {
    const message = `'${app.standby}' has no region: add standby: to the instance, or leave it out`;
    return [{ path: at("app", "standby"), message }];
  }
  const useless = Object.keys(app?.recovery ?? {}).find(
    (each) => !copies.includes(each) || each === standby,
  );
  if (useless !== undefined) {
    const others = copies.filter((each) => each !== standby).join(", ") || "there are none yet";
    const message = `nothing is restored in '${useless}': expected one of copies: that is not standby: (${others})`;
    return [{ path: at("app", "recovery", useless), message }];
  }
  if (app && dns.names.app === undefined) {
    const message = "is missing: expected the name that leads to the application, as app: is given";
    return [{ path: at("dns", "names", "app"), message }];
  }
  if (!app && dns.names.app !== undefined) {
    const message = `'${dns.names.app}' leads nowhere: add app: to the instance, or leave it out`;
    return [{ path: at("dns", "names", "app"), message }];
  }
  return [];
}

function ttlNotTooLow({ plan, dns }: Instance, at: At, { plans }: Draft): Mistake[] {
  const least = leastTtlSeconds(plans[plan]);
  if (dns.ttl >= least) return [];
  const message = `${dns.ttl}: expected at least ${least} seconds, below that resolvers cheat`;
  return [{ path: at("dns", "ttl"), message }];
}

function controlApart({ control, instances }: Draft): readonly Mistake[] {
  const taken = instances.filter(
    ({ instance: { home, standby }, doubtful }) =>
      (control === home && !doubtful.has("home")) || control === standby,
  );
  const [first] = taken;
  if (control === undefined || !first) return [];
  const { id, home } = first.instance;
  const more = taken.length > 1 ? ` and ${taken.length - 1} more` : "";
  const message = `'${control}' is ${control === home ? "home" : "standby"} of ${id}${more}: expected a third region that is neither of any instance`;
  return [{ path: ["control"], message }];
}

function frozenElsewhere({ provider, frozen }: Draft): readonly Mistake[] {
  if (!frozen || frozen.account !== provider?.account) return [];
  const message = `'${frozen.account}' is the provider's own account: expected another, in which its rights end`;
  return [{ path: ["frozen", "account"], message }];
}

function networksPrepared({ control, siteRegions, instances }: Draft): readonly Mistake[] {
  if (!siteRegions) return [];
  const needed = new Map<string, string>();
  if (control) needed.set(control, "control");
  for (const { instance, doubtful } of instances) {
    for (const [region, role] of regionsOf(instance, doubtful)) {
      needed.set(region, needed.get(region) ?? `${role} of ${instance.id}`);
    }
  }
  return [...needed]
    .filter(([region]) => !siteRegions.includes(region))
    .map(([region, role]) => ({
      path: ["sites", region],
      message: `is missing: expected the networks (vpc, subnets, …) of this region, it is ${role}`,
    }));
}

/** Where something of an instance is: copies are made from where they are to lie, and restored there. */
const regionsOf = ({ home, standby, copies }: Instance, doubtful: ReadonlySet<string>) =>
  [
    ...(doubtful.has("home") ? [] : [[home, "home"] as const]),
    ...(standby ? [[standby, "standby"] as const] : []),
    ...(doubtful.has("copies") ? [] : copies.map((copy) => [copy, "copies"] as const)),
  ] satisfies readonly (readonly [string, string])[];
