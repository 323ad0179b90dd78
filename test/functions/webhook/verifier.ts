import { readFileSync } from "node:fs";

type Verify = (
  headers: Readonly<Record<string, string>>,
  body: string,
  secret: string,
  now: number,
) => boolean;

const DOCS = new URL("../../../docs/webhooks.md", import.meta.url);

/** A block of docs/webhooks.md: what people copy is what is tested. */
export function snippet(language: "js" | "python"): string {
  const found = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(
    readFileSync(DOCS, "utf8"),
  );
  if (!found?.[1]) throw new Error(`docs/webhooks.md has no block of ${language}`);
  return found[1];
}

const url = `data:text/javascript;base64,${Buffer.from(snippet("js")).toString("base64")}`;

export const { verify } = (await import(/* @vite-ignore */ url)) as { readonly verify: Verify };
