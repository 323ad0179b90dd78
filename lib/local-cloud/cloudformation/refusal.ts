/** Why an assembly cannot be deployed here: one line with the place, what was found and what helps. */
export class AssemblyRefused extends Error {
  override readonly name = "AssemblyRefused";
}

export const messageOf = (cause: unknown): string =>
  cause instanceof Error ? cause.message : String(cause);
