import { AwsError } from "../wire/service.ts";
import { invalidCombination } from "./parameters.ts";

export interface ParameterGroup {
  readonly region: string;
  readonly name: string;
  /** `postgres15`, `mariadb10.11` */
  readonly family: string;
  readonly description: string;
  /** What somebody has set; the others have the engine's own. */
  readonly values: Map<string, { readonly value: string; readonly method: string }>;
}

/** RDS makes one of each family by itself. */
const DEFAULT = /^default\.(postgres\d+|mariadb\d+\.\d+)$/;
export const isDefaultGroup = (name: string) => DEFAULT.test(name);

/** DB parameter groups of all regions. What they hold is kept and told; no server here goes by it. */
export class ParameterGroups {
  readonly #groups = new Map<string, ParameterGroup>();

  /** @throws AwsError DBParameterGroupNotFoundFault */
  get(region: string, name: string): ParameterGroup {
    const id = name.toLowerCase();
    const found = this.#groups.get(`${region}/${id}`) ?? defaultGroup(region, id);
    if (found) return found;
    throw new AwsError("DBParameterGroupNotFoundFault", `DBParameterGroup not found: ${name}`, 404);
  }

  /** @throws AwsError DBParameterGroupNotFoundFault, InvalidParameterCombination where it is of another family */
  check(region: string, name: string, wanted: string): void {
    const { family } = this.get(region, name);
    if (family === wanted) return;
    throw invalidCombination(
      `The Parameter Group ${name} with DBParameterGroupFamily ${family} can't be used for this instance. Please use a Parameter Group with DBParameterGroupFamily ${wanted}.`,
    );
  }

  /** @throws AwsError DBParameterGroupAlreadyExistsFault */
  add(group: ParameterGroup): void {
    const key = `${group.region}/${group.name}`;
    if (this.#groups.has(key) || isDefaultGroup(group.name)) {
      throw new AwsError(
        "DBParameterGroupAlreadyExistsFault",
        `Parameter group ${group.name} already exists`,
        400,
      );
    }
    this.#groups.set(key, group);
  }

  in(region: string): ParameterGroup[] {
    return [...this.#groups.values()].filter((group) => group.region === region);
  }

  remove({ region, name }: ParameterGroup): void {
    this.#groups.delete(`${region}/${name}`);
  }
}

function defaultGroup(region: string, name: string): ParameterGroup | undefined {
  const family = DEFAULT.exec(name)?.[1];
  if (family === undefined) return undefined;
  const description = `Default parameter group for ${family}`;
  return { region, name, family, description, values: new Map() };
}
