export type Path = readonly (string | number)[];

/** One mistake of a fleet file, with its place. */
export interface Problem {
  /** From 1; a file that cannot be read at all has line 1, column 1. */
  readonly line: number;
  readonly column: number;
  /** `instances[0].dns.ttl`, empty for the file itself. */
  readonly path: string;
  readonly message: string;
  /** `promise`: well-formed, but a plan's promise cannot be kept with it. */
  readonly kind: "input" | "promise";
}

/** All mistakes of a fleet file in one message, one line each, in the file's order. */
export class FleetError extends Error {
  readonly problems: readonly Problem[];
  readonly fileName: string;

  constructor(fileName: string, problems: readonly Problem[], options?: ErrorOptions) {
    super(messageOf(fileName, problems), options);
    this.name = "FleetError";
    this.fileName = fileName;
    this.problems = problems;
  }
}

/** `fleet.yaml:12:5 instances[0].standby: …` */
export function lineOf(fileName: string, { line, column, path, message }: Problem): string {
  return `${fileName}:${line}:${column} ${path === "" ? "" : `${path}: `}${message}`;
}

function messageOf(fileName: string, problems: readonly Problem[]): string {
  const lines = problems.map((problem) => lineOf(fileName, problem));
  if (lines.length === 1) return lines.join("");
  return [`${fileName}: ${lines.length} mistakes`, ...lines.map((line) => `  ${line}`)].join("\n");
}

export function pathText(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}
