/**
 * What a terminal sends once reaches us up to three times: npx, and a launcher on a Node that is too old, pass on what we have got from it
 * already. No person means two things within a second.
 */
const ECHO_MS = 1000;

/** How often Ctrl-C was pressed, asked at each signal: echoes of one press count as that press. `nowMs` never goes back. */
export function pressCounter(nowMs: () => number): () => number {
  let pressed = 0;
  let lastMs = Number.NEGATIVE_INFINITY;
  return () => {
    const atMs = nowMs();
    if (atMs - lastMs >= ECHO_MS) {
      pressed += 1;
      lastMs = atMs;
    }
    return pressed;
  };
}
