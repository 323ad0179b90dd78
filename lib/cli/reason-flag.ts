import type { Command } from "commander";
import { parseReason } from "../operator/wish.ts";

/** `--reason`, wanted of whoever acts: who only looks leaves no evidence. */
export function reasonToAct<Flags extends { readonly reason?: string }>(
  command: Command,
  acts: (flags: Flags) => boolean,
): Command {
  return command
    .option("--reason <text>", "why; it stays as evidence, only a look does without", parseReason)
    .hook("preAction", (_program, asked) => {
      const flags = asked.opts<Flags>();
      if (flags.reason === undefined && acts(flags)) parseReason("");
    });
}

/** As a command shows it that has still to be given one. */
export const reasonOf = ({ reason = "…" }: { readonly reason?: string }): string => reason;
