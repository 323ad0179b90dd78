import type {
  ContainerDefinition,
  RegisterTaskDefinitionRequest,
  Secret,
} from "@aws-sdk/client-ecs";

/** A container as it is run here: its image is taken note of, its command run on this machine. */
export interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  /** Program and arguments. */
  readonly command: readonly string[];
  readonly entryPoint: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: readonly Secret[];
  /** Its end is the task's. */
  readonly isEssential: boolean;
  /** Configured time: it is paced. */
  readonly stopTimeoutSeconds: number;
  /** Name of the volume it works in; without it, a directory of the task. */
  readonly volume: string | undefined;
}

export interface TaskDefinition {
  readonly region: string;
  readonly family: string;
  readonly revision: number;
  readonly arn: string;
  readonly cpu: string;
  readonly memory: string;
  readonly networkMode: string;
  readonly containers: readonly ContainerSpec[];
  /** ARN of what its programs have taken on; without it they may nothing. */
  readonly taskRole: string | undefined;
  /** ARN of what ECS has taken on to begin it: for its secrets. */
  readonly executionRole: string | undefined;
}

const DEFAULT_STOP_TIMEOUT_SECONDS = 30;

/** Of a container, what changes nothing here; a program run on the machine has its user, files and limits. */
const WITHOUT_EFFECT = [
  "cpu",
  "memory",
  "memoryReservation",
  "linuxParameters",
  "logConfiguration",
  "portMappings",
  "readonlyRootFilesystem",
  "ulimits",
  "user",
  "versionConsistency",
];
const CONTAINER_FIELDS = [
  ...WITHOUT_EFFECT,
  "name",
  "image",
  "essential",
  "entryPoint",
  "command",
  "environment",
  "secrets",
  "stopTimeout",
  "mountPoints",
  "workingDirectory",
];
const TASK_FIELDS = [
  "family",
  "containerDefinitions",
  "cpu",
  "memory",
  "networkMode",
  "requiresCompatibilities",
  "executionRoleArn",
  "taskRoleArn",
  "runtimePlatform",
  "ephemeralStorage",
  "tags",
  "volumes",
];

/** Reads what is registered. @throws Error naming what would have to be ignored */
export function taskDefinition(
  input: RegisterTaskDefinitionRequest,
  at: { readonly region: string; readonly account: string; readonly revision: number },
): TaskDefinition {
  const { family = "", containerDefinitions = [], cpu = "256", memory = "512" } = input;
  refuseUnknown("a task definition", input, TASK_FIELDS);
  for (const volume of input.volumes ?? []) {
    refuseUnknown(`volume ${volume.name}`, volume, ["name"]);
  }
  if (containerDefinitions.length === 0) throw new Error("a task definition needs a container");
  const { region, account, revision } = at;
  return {
    region,
    family,
    revision,
    arn: `arn:aws:ecs:${region}:${account}:task-definition/${family}:${revision}`,
    cpu,
    memory,
    networkMode: input.networkMode ?? "bridge",
    taskRole: input.taskRoleArn,
    executionRole: input.executionRoleArn,
    containers: containerDefinitions.map((each) => {
      const spec = containerSpec(each);
      const known = (input.volumes ?? []).map((volume) => volume.name);
      if (spec.volume === undefined || known.includes(spec.volume)) return spec;
      throw new Error(`container ${spec.name}: unknown volume ${spec.volume}`);
    }),
  };
}

function containerSpec(definition: ContainerDefinition): ContainerSpec {
  const { name = "", image = "", environment = [] } = definition;
  refuseUnknown(`container ${name}`, definition, CONTAINER_FIELDS);
  return {
    name,
    image,
    command: definition.command ?? [],
    entryPoint: definition.entryPoint ?? [],
    environment: Object.fromEntries(environment.map((one) => [one.name, one.value ?? ""])),
    secrets: definition.secrets ?? [],
    isEssential: definition.essential ?? true,
    stopTimeoutSeconds: definition.stopTimeout ?? DEFAULT_STOP_TIMEOUT_SECONDS,
    volume: volumeOf(definition),
  };
}

/** Paths of a container mean nothing on this machine: a volume is reached as the directory a program works in. */
function volumeOf({ name, mountPoints = [], workingDirectory }: ContainerDefinition) {
  const mount = mountPoints.find(({ containerPath }) => containerPath === workingDirectory);
  if (mountPoints.length === 0 && workingDirectory === undefined) return undefined;
  if (mount?.sourceVolume !== undefined && mountPoints.length === 1) return mount.sourceVolume;
  throw new Error(
    `container ${name}: expected one mount point, at workingDirectory, got ${mountPoints.map((one) => one.containerPath).join(", ") || "none"} and ${workingDirectory ?? "none"}`,
  );
}

function refuseUnknown(what: string, input: object, known: readonly string[]): void {
  const unknown = Object.entries(input)
    .filter(([name, value]) => !(known.includes(name) || isNothing(value)))
    .map(([name]) => name);
  if (unknown.length === 0) return;
  throw new Error(`${what}: the local cloud does not simulate ${unknown.join(", ")}`);
}

const isNothing = (value: unknown) =>
  value === undefined || (Array.isArray(value) && value.length === 0);
