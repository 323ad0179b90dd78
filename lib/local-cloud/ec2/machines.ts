import { randomBytes } from "node:crypto";

export type TagSet = Readonly<Record<string, string>>;

/** A machine as far as somebody looks for it and images it: none runs here. */
export interface Machine {
  readonly id: string;
  readonly region: string;
  readonly state: "running" | "stopped" | "terminated";
  readonly tags: TagSet;
  /** How many disks it has. */
  readonly disks: number;
  /** Image that it was launched from. */
  readonly launchedFrom: string;
}

/** Machines of all regions. */
export class Machines {
  readonly #all = new Map<string, Machine>();

  /** Returns its id, made up unless given. One that is there is replaced. */
  add(
    region: string,
    about: Partial<Pick<Machine, "id" | "state" | "tags" | "disks">> = {},
  ): string {
    const id = about.id ?? idOf("i");
    const defaults = { state: "running", tags: {}, disks: 1, launchedFrom: idOf("ami") } as const;
    this.#all.set(`${region}/${id}`, { ...defaults, ...about, region, id });
    return id;
  }

  find = (region: string, id: string): Machine | undefined => this.#all.get(`${region}/${id}`);

  /** Of the machine that has this ARN. */
  about(arn: string): Machine | undefined {
    const [, , , region = "", , name = ""] = arn.split(":");
    return this.find(region, name.replace(/^instance\//, ""));
  }

  list = (region: string): readonly Machine[] =>
    [...this.#all.values()].filter((each) => each.region === region);
}

/** As EC2 makes them: `i-0123456789abcdef0`. */
export const idOf = (kind: string): string =>
  `${kind}-${randomBytes(9).toString("hex").slice(0, 17)}`;
