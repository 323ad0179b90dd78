import type { Command } from "commander";
import { providerWords } from "../drill/application-sql.ts";
import { numberWithin, wholeNumberWithin } from "../drill/options.ts";
import type { BareStage } from "../drill/stage.ts";
import { CLIENTS } from "../operator/adopting/client-words.ts";
import type { Engine } from "../sla/engine.ts";
import { fleetFileOf } from "./fleet-file.ts";
import { UserError } from "./user-error.ts";

interface UpFlags {
  readonly fleet?: string;
  readonly pace: number;
  readonly port?: number;
  readonly assembly?: string;
  readonly deploy: boolean;
  readonly unadopted?: boolean;
  readonly keep?: boolean;
  readonly sftp?: string;
  readonly sftpPort: number;
}

/** Stands in fleet.yaml, so it is the same every time. */
const SFTP_PORT = 2022;

export function register(program: Command): void {
  const local = program.command("local").description("the local cloud: AWS on this machine");
  local
    .command("up")
    .description("bring the fleet up on the local cloud and keep it running until Ctrl-C")
    .option("--fleet <file>", "fleet file (default: fleet.yaml, else the example)")
    .option("--pace <n>", "divide configured waits by n", numberWithin("--pace", 1, 600), 60)
    .option("--port <n>", "port of the AWS endpoint", wholeNumberWithin("--port", 1, 65_535))
    .option("--assembly <dir>", "deploy this cdk.out instead of synthesizing")
    .option(
      "--no-deploy",
      "deploy nothing: databases, networks and DNS, for cdk bootstrap and deploy",
    )
    .option(
      "--unadopted",
      "nothing is prepared either: primaries and plain records only, for sla adopt",
    )
    .option("--keep", "keep the run's directory: databases, mails, logs")
    .option("--sftp <dir>", "an SFTP server for rehearsing deliveries: files lie in this directory")
    .option("--sftp-port <n>", "its port", wholeNumberWithin("--sftp-port", 1, 65_535), SFTP_PORT)
    .action(up);
}

async function up(flags: UpFlags): Promise<void> {
  const { sftp: directory, sftpPort } = flags;
  const sftp = directory === undefined ? undefined : await sftpIn(directory, sftpPort);
  const stage = await stageFor(flags);
  const known = sftp ? await sftp.introduce(stage) : [];
  stage.cloud.services.startSchedules();
  const told = [...guide(stage), ...(flags.unadopted ? adopting(stage) : []), ...known];
  for (const line of [...told, "", "Ctrl-C ends it."]) console.log(line);
  await interrupted();
  console.log("  going down");
  await stage.close();
  await sftp?.close();
}

async function stageFor(flags: UpFlags) {
  const { fleet, pace, port, assembly, keep = false, deploy, unadopted = false } = flags;
  const { setBareStage, setStage } = await import("../drill/stage.ts");
  const options = {
    ...{ fleetFile: fleetFileOf(fleet), pace, keep, isUnadopted: unadopted },
    progress: (line: string) => console.log(`  ${line}`),
    ...(port !== undefined && { port }),
  };
  const isBare = unadopted || !deploy;
  if (!isBare) return setStage({ ...options, ...(assembly !== undefined && { assembly }) });
  if (assembly === undefined) return setBareStage(options);
  throw new UserError(
    `--assembly ${assembly} with ${unadopted ? "--unadopted" : "--no-deploy"}: one deploys it, the other nothing; leave one out`,
  );
}

async function sftpIn(directory: string, port: number) {
  const { rehearsalSftp } = await import("../drill/rehearsal-sftp.ts");
  return rehearsalSftp({ directory, port });
}

/** What a person needs to look into the cloud with any tool. */
function guide({ cloud, fleet, estate }: BareStage): string[] {
  const { credentials, dnsServers, directory, clientEnvironment } = cloud.ground;
  const { SLA_LOCAL_DNS, NODE_EXTRA_CA_CERTS } = clientEnvironment();
  const [first] = fleet.instances;
  const region = first?.home ?? fleet.control;
  const [name = ""] = dnsServers;
  const [host, port] = name.split(":");
  const lines = [
    "",
    "The local cloud is up. In another terminal:",
    "",
    `  export AWS_ENDPOINT_URL=${cloud.url}`,
    `  export AWS_ACCESS_KEY_ID=${credentials.accessKeyId}`,
    `  export AWS_SECRET_ACCESS_KEY=${credentials.secretAccessKey}`,
    `  export AWS_REGION=${region} AWS_DEFAULT_REGION=${region}`,
    `  export SLA_PACE=${cloud.ground.pace.factor}`,
    `  export SLA_LOCAL_DNS=${SLA_LOCAL_DNS} NODE_EXTRA_CA_CERTS=${NODE_EXTRA_CA_CERTS}`,
    "",
    "  npx sla status                   # and sla failover, sla abort",
    "",
    "  aws rds describe-db-instances    # clients before 2023 want the endpoint said:",
    `  aws --endpoint-url ${cloud.url} rds describe-db-instances`,
  ];
  if (first) lines.push(`  dig @${host} -p ${port ?? 53} ${first.dns.names.database}`);
  const engines = new Map(
    fleet.instances.map((each) => [each.database.engine ?? "postgres", each]),
  );
  for (const { home, database } of engines.values()) {
    const server = cloud.services.rds.server(home, database.primary);
    lines.push(`  ${consoleOf(database.engine, server, estate.passwords)}`);
  }
  const pages = cloud.services.distributions();
  if (pages.length > 0)
    lines.push("", "  the status pages; sla status --links names those of customers:");
  for (const { url, plainUrl } of pages) lines.push(`  ${plainUrl}   (as ${url})`);
  return [...lines, "", `  mails and data: ${directory}`];
}

/** One instance of each engine, past security groups. */
function consoleOf(
  engine: Engine = "postgres",
  { address, port }: { readonly address: string; readonly port: number },
  { master: password }: BareStage["estate"]["passwords"],
): string {
  const { master } = providerWords(engine);
  return engine === "postgres"
    ? `PGPASSWORD=${password} psql -h ${address} -p ${port} -U ${master}`
    : `MYSQL_PWD=${password} mariadb -h ${address} -P ${port} -u ${master}`;
}

/** What `sla adopt` needs on this machine beside all that: the masters of the databases. */
function adopting({ fleet, estate }: BareStage): string[] {
  const engines = new Set(fleet.instances.map(({ database }) => database.engine ?? "postgres"));
  const masters = [...engines].map((engine) => {
    const { user, password } = CLIENTS[engine];
    return `  export ${user}=${providerWords(engine).master} ${password}=${estate.passwords.master}`;
  });
  return [
    "",
    "  sla adopt reaches the databases by their names, as from inside their network:",
    "",
    ...masters,
    "",
    "  npx sla adopt --all              # then npm run deploy, then the same again",
  ];
}

/**
 * Resolves at the first wish to end. Later ones change nothing: a terminal and a launcher may both pass on
 * the same Ctrl-C, and going down takes no longer than killing.
 */
const interrupted = () =>
  new Promise<void>((done) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => done());
  });
