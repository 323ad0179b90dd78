import { tmpdir } from "node:os";
import { LocalCloud } from "../local-cloud/cloud.ts";
import { readAssembly } from "../local-cloud/cloudformation/assembly.ts";
import { FOREIGN_STACKS, STACKS } from "../local-cloud/services.ts";
import { closedInTime } from "../local-cloud/within.ts";
import type { Fleet } from "../sla/fleet.ts";
import { deployByCdk } from "./cdk-deployment.ts";
import { pauseDailyLook } from "./daily-look.ts";
import { hearDenials } from "./denials.ts";
import { buildEstate, type Estate } from "./estate.ts";
import { fleetIn } from "./fleet-in.ts";
import { inOneLine } from "./in-one-line.ts";
import type { Deployment } from "./result.ts";
import { runDirectory } from "./run-directory.ts";
import { attachStopChecks } from "./stop-checks.ts";
import { synthesize } from "./synthesis.ts";
import { together } from "./together.ts";
import { environmentsOf } from "./warm-up.ts";

/** A running local cloud with the provider's estate, and nothing of the product. */
export interface BareStage {
  readonly fleet: Fleet;
  readonly fleetFile: string;
  readonly cloud: LocalCloud;
  readonly estate: Estate;
  close(): Promise<void>;
}

/** The same with the deployed product; nothing is broken yet. */
export interface Stage extends BareStage {
  /** The cdk.out directory that was deployed. */
  readonly assembly: string;
  /** Present where a client deployed it. */
  readonly deployment?: Deployment;
}

export interface BareStageOptions {
  readonly fleetFile: string;
  readonly pace: number;
  readonly keep: boolean;
  /** Port of the AWS endpoint; default: a free one. */
  readonly port?: number;
  /** Whether RDS keeps automated backups there; default: no. */
  readonly keepsBackups?: boolean;
  /** Whether nothing is prepared for the fleet yet; default: all is. */
  readonly isUnadopted?: boolean;
  progress(line: string): void;
}

export interface StageOptions extends BareStageOptions {
  /** A cdk.out to deploy instead of synthesizing one. */
  readonly assembly?: string;
  /** The pinned CDK bootstraps and deploys it; default: it is read from disk. */
  readonly isDeployed?: boolean;
}

/**
 * Brings everything up to the moment before the schedules start. Closes what it opened if it fails, and
 * throws UserError in one line unless the cause is a defect.
 */
export async function setStage(options: StageOptions): Promise<Stage> {
  const fleet = await fleetIn(options.fleetFile);
  return inOneLine(async () => {
    const assembly = options.assembly ?? (await assemblyOf(options));
    // Read before anything starts: a folder that is missing or another app's is told at once.
    readAssembly({
      directory: assembly,
      account: fleet.provider.account,
      stacks: STACKS,
      foreign: FOREIGN_STACKS,
    });
    return bringUp(options, fleet, assembly);
  });
}

async function bringUp(options: StageOptions, fleet: Fleet, assembly: string): Promise<Stage> {
  const { stage, done: deployment } = await raise(options, fleet, (cloud) =>
    deploy(cloud, fleet, assembly, options),
  );
  try {
    await attachStopChecks(stage.cloud, fleet, stage.estate.aws);
    await pauseDailyLook(fleet, stage.estate.aws);
    return { ...stage, assembly, ...(deployment && { deployment }) };
  } catch (cause) {
    await stage.cloud.close();
    throw cause;
  }
}

/** Brings up what a provider has before it deploys anything. Throws as `setStage` does. */
export async function setBareStage(options: BareStageOptions): Promise<BareStage> {
  const fleet = await fleetIn(options.fleetFile);
  const { stage } = await inOneLine(() => raise(options, fleet, async () => undefined));
  return stage;
}

async function raise<T>(
  options: BareStageOptions,
  fleet: Fleet,
  alongside: (cloud: LocalCloud) => Promise<T>,
): Promise<{ readonly stage: BareStage; readonly done: T }> {
  const { progress, fleetFile, pace, keep, port, keepsBackups = false } = options;
  const { isUnadopted = false } = options;
  const directory = await runDirectory(tmpdir());
  const cloud = await LocalCloud.start({
    account: fleet.provider.account,
    ...{ pace, directory, keep, keepsBackups },
    ...(port !== undefined && { port }),
  });
  hearDenials(cloud.ground.log, (denial) => progress(`refused: ${denial}`));
  try {
    progress(`local cloud: ${cloud.url}`);
    const [estate, done] = await together([
      buildEstate(cloud, fleet, { progress, isUnadopted }),
      alongside(cloud),
    ]);
    const close = async () => {
      await closedInTime(estate.close());
      await cloud.close();
    };
    return { stage: { fleet, fleetFile, cloud, estate, close }, done };
  } catch (cause) {
    await cloud.close();
    throw cause;
  }
}

async function assemblyOf({ fleetFile, progress }: StageOptions): Promise<string> {
  const started = Date.now();
  const { directory, cached } = await synthesize(fleetFile);
  const how = cached ? "already synthesized" : `synthesized in ${seconds(started)}`;
  progress(`cdk.out: ${how}`);
  return directory;
}

async function deploy(
  cloud: LocalCloud,
  fleet: Fleet,
  assembly: string,
  { progress, isDeployed = false }: StageOptions,
): Promise<Deployment | undefined> {
  const started = Date.now();
  const deployment = isDeployed ? await deployByCdk(cloud, fleet, assembly, progress) : undefined;
  const stacks = deployment?.stacks ?? (await cloud.services.deploy(assembly)).stacks;
  await cloud.services.lambda.warm(environmentsOf(fleet));
  progress(`deployed ${stacks.length} stacks in ${seconds(started)}`);
  return deployment;
}

const seconds = (since: number) => `${((Date.now() - since) / 1000).toFixed(1)} s`;
