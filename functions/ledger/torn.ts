/**
 * Whether an object was read and is no whole record: its gzip breaks off, or what is in it is no JSON. Whatever else fails is no
 * word about the record, only about this attempt.
 */
export const isTorn = (cause: unknown): boolean =>
  cause instanceof SyntaxError ||
  (cause instanceof Error && /^Z_[A-Z]+_ERROR$/.test((cause as NodeJS.ErrnoException).code ?? ""));
