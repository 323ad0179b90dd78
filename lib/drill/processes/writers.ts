/**
 * Clients of the databases: insert rows through the DNS name with a pool, all the time, and report every
 * acknowledgement with the server that gave it. A stale client keeps to one address whatever DNS says.
 */
import type { Engine } from "../../sla/engine.ts";
import { type CustomersServer, customersServer } from "./customers-server.ts";

export interface WriterTarget {
  readonly instance: string;
  readonly engine: Engine;
  readonly host: string;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  /** Rows of one target have ids of its own range, so that no two clients collide. */
  readonly firstId: number;
  readonly stale: boolean;
}

export interface Acknowledgement {
  readonly instance: string;
  readonly id: number;
  /** Milliseconds since 1970 when the acknowledgement arrived. */
  readonly at: number;
  /** Address of the server that committed it. */
  readonly server: string;
  readonly stale: boolean;
}

export type WriterOrder =
  | { readonly kind: "write"; readonly target: WriterTarget }
  | { readonly kind: "stop" };

/** `attempted`: highest id tried by each target when the writers stopped. */
export type WriterReport =
  | { readonly kind: "acknowledged"; readonly rows: readonly Acknowledgement[] }
  | { readonly kind: "stopped" };

const PAUSE_MS = Number(process.env["WRITER_PAUSE_MS"] ?? "10");
const PATIENCE_MS = Number(process.env["WRITER_PATIENCE_MS"] ?? "1000");
const CLIENTS = 2;

const outbox: Acknowledgement[] = [];
const running: Promise<void>[] = [];
const servers: CustomersServer[] = [];
let stopping = false;

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
const tell = (report: WriterReport) => process.send?.(report);

function flush(): void {
  if (outbox.length > 0) tell({ kind: "acknowledged", rows: outbox.splice(0) });
}

async function write(
  target: WriterTarget,
  client: number,
  customers: CustomersServer,
): Promise<void> {
  for (let id = target.firstId + client; !stopping; id += CLIENTS) {
    try {
      const server = await customers.addRow(id);
      outbox.push({ instance: target.instance, id, at: Date.now(), server, stale: target.stale });
    } catch {
      // Not acknowledged: the row may or may not exist; the next attempt uses another id.
    }
    await pause(PAUSE_MS);
  }
}

function begin(target: WriterTarget): void {
  const { engine, host, database, user, password } = target;
  const customers = customersServer({
    ...{ engine, host, database, user, password },
    ...{ most: CLIENTS, patienceMs: PATIENCE_MS },
  });
  servers.push(customers);
  for (let client = 0; client < CLIENTS; client += 1) {
    running.push(write(target, client, customers));
  }
}

async function stop(): Promise<void> {
  stopping = true;
  await Promise.all(running);
  flush();
  tell({ kind: "stopped" });
  await Promise.allSettled(servers.map((each) => each.end()));
  process.disconnect?.();
}

const flushing = setInterval(flush, 20);
flushing.unref();
process.on("message", (order: WriterOrder) => {
  if (order.kind === "write") begin(order.target);
  else void stop();
});
process.once("disconnect", () => process.exit(0));
