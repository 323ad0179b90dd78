import { nickname, wrap } from "../drill/wrap.ts";

const WIDTH = 80;

/** The text behind its head, further lines below its first word, none wider than a screen. */
export function hanging(head: string, text: string): string[] {
  const rows = wrap(nickname(text), WIDTH - head.length);
  return rows.map((row, index) => (index === 0 ? head : " ".repeat(head.length)) + row);
}
