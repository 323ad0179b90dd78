import { chmod, mkdir, stat } from "node:fs/promises";
import { dirname, relative, resolve, sep } from "node:path";

/**
 * Makes a directory, and those above it that are missing, whatever the umask, so that another user can pass.
 *
 * @throws Error naming the directory above it that `user` may not enter
 */
export async function makeReachableDirectory(
  path: string,
  user: { readonly uid: number } | undefined,
): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first !== undefined) {
    for (const made of between(resolve(first), resolve(path))) await chmod(made, 0o755);
  }
  if (user) await checkReachable(resolve(path), user);
}

/** From `first` down to `last`, both included. */
function between(first: string, last: string): string[] {
  const paths = [first];
  for (const name of relative(first, last).split(sep).filter(Boolean)) {
    paths.push(`${paths.at(-1)}${sep}${name}`);
  }
  return paths;
}

async function checkReachable(path: string, user: { readonly uid: number }): Promise<void> {
  const parent = dirname(path);
  if (parent !== path) await checkReachable(parent, user);
  const { mode, uid } = await stat(path);
  const mayEnter = uid === user.uid ? (mode & 0o100) !== 0 : (mode & 0o001) !== 0;
  if (mayEnter) return;
  throw new Error(
    `PostgreSQL does not run as root but as user ${user.uid}, which may not enter ${path}: use a directory elsewhere (TMPDIR), or 'chmod o+x ${path}'`,
  );
}
