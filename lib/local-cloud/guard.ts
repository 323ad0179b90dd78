import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** What this run started, and who removes it when the run ends, however it ends. */
export interface Guard {
  /**
   * The group led by `pid` belongs to the run. `askFirst` is the signal with which its leader ends by
   * itself and tidies up; without it, or half a second later, the whole tree gets SIGKILL.
   */
  ownGroup(pid: number, askFirst?: NodeJS.Signals): void;
  disownGroup(pid: number): void;
  ownDirectory(path: string): void;
  /** The directory stays when the run ends. */
  keepDirectory(path: string): void;
  /** Removes everything now. */
  close(): Promise<void>;
}

/** A line on the guard's standard input. */
export type GuardMessage =
  | { readonly own: "group"; readonly pid: number; readonly askFirst?: NodeJS.Signals }
  | { readonly disown: "group"; readonly pid: number }
  | { readonly own: "directory"; readonly path: string }
  | { readonly disown: "directory"; readonly path: string };

const PROGRAM = fileURLToPath(new URL("./processes/guard.ts", import.meta.url));

/**
 * Starts the guard process and waits until it listens. It lives in a session of its own, so that neither Ctrl-C
 * nor a closing terminal reaches it; the end of the pipe from us is what it acts on, SIGKILL included.
 */
export async function startGuard(): Promise<Guard> {
  const child = spawn(process.execPath, [PROGRAM], {
    cwd: "/",
    detached: true,
    stdio: ["pipe", "pipe", "ignore"],
  });
  const ended = new Promise<void>((done) => child.once("close", () => done()));
  const listens = once(createInterface({ input: child.stdout }), "line");
  const failed = Promise.race([
    ended.then(() => "it ended at once"),
    once(child, "error").then(([error]) => String(error)),
  ]).then((why) => {
    throw new Error(`guard: ${PROGRAM} does not start under ${process.execPath}: ${why}`);
  });
  await Promise.race([listens, failed]);
  failed.catch(() => {});
  child.stdout.destroy();
  child.unref();
  // Written to only while the guard lives; its end is seen by `close`.
  child.stdin.on("error", () => {});
  if ("unref" in child.stdin && typeof child.stdin.unref === "function") child.stdin.unref();

  const tell = (message: GuardMessage) => child.stdin.write(`${JSON.stringify(message)}\n`);
  return {
    ownGroup: (pid, askFirst) => tell({ own: "group", pid, ...(askFirst && { askFirst }) }),
    disownGroup: (pid) => tell({ disown: "group", pid }),
    ownDirectory: (path) => tell({ own: "directory", path }),
    keepDirectory: (path) => tell({ disown: "directory", path }),
    async close() {
      child.ref();
      child.stdin.end();
      await ended;
    },
  };
}
