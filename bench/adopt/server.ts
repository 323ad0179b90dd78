import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Server } from "../../lib/operator/adopting/ports.ts";

/** Servers that nobody runs: which login each knows is a file of its name, which stays when a client is killed. */
export function serverIn(directory: string): Server {
  const fileOf = (host: string) => join(directory, host);
  return {
    async look({ host }, { password, username }) {
      const known = await readFile(fileOf(host), "utf8").catch(() => undefined);
      if (known === password) return { is: "prepared", readsRows: false };
      return { is: "refused", why: `28P01: password authentication failed for "${username}"` };
    },

    async prepare({ host }, _master, { login }) {
      const draft = `${fileOf(host)}.${process.pid}`;
      await writeFile(draft, login.password);
      await rename(draft, fileOf(host));
      return undefined;
    },

    async forget({ host }) {
      await rm(fileOf(host), { force: true });
      return undefined;
    },
  };
}
