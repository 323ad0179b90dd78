import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { DrillRun } from "./drill.ts";

const PROGRAM = fileURLToPath(new URL("../../bin/sla.js", import.meta.url));

/** What `sla recover --json --detach` says of what it has begun. */
export interface Begun {
  readonly region: string;
  /** Of the execution. */
  readonly name: string;
  readonly takes: {
    readonly from: "backup" | "logs";
    readonly id?: string;
    /** ISO 8601 instant of the data. */
    readonly at: string;
    readonly database: string;
    readonly app?: string;
  };
}

const REASON = "drill";

/** What a person takes upon themselves who has read the mails: they go back, whatever still lives. */
const ACCEPTED = ["--allow-loss", "any", "--even-if-alive", "--even-with-standby"];

/** The words of the command, as a person types them; `at` is an ISO 8601 instant to go back to. */
export const recoverWords = ({ victim }: Pick<DrillRun, "victim">, at?: string): string[] => [
  ...["recover", victim.id, "--reason", REASON],
  ...(at === undefined ? [] : ["--at", at]),
  ...ACCEPTED,
];

/** Types it: the program itself, with the credentials that `sla local up` prints. Throws Error with what it says. */
export async function typed(
  { stage }: Pick<DrillRun, "stage">,
  words: readonly string[],
): Promise<Begun> {
  const { cloud, fleetFile } = stage;
  const { credentials, guard, pace } = cloud.ground;
  const args = [PROGRAM, ...words, "--detach", "--json", "--fleet", fleetFile];
  const child = spawn(process.execPath, args, {
    env: {
      PATH: process.env["PATH"],
      AWS_ENDPOINT_URL: cloud.url,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      SLA_PACE: String(pace.factor),
      NO_COLOR: "1",
    },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  if (child.pid !== undefined) guard.ownGroup(child.pid);
  const [said, complaint, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  if (child.pid !== undefined) guard.disownGroup(child.pid);
  if (code === 0) return JSON.parse(said) as Begun;
  throw new Error(complaint.trim() || refusalIn(said) || `sla recover ended with ${code}`);
}

interface Refused {
  readonly halts?: readonly {
    readonly code: string;
    readonly words: string;
    readonly accepted: boolean;
  }[];
}

function refusalIn(said: string): string {
  try {
    const { halts = [] } = JSON.parse(said) as Refused;
    const open = halts.filter(({ accepted }) => !accepted);
    return open.map(({ code, words }) => `${code}: ${words}`).join("; ");
  } catch {
    return said.trim();
  }
}
