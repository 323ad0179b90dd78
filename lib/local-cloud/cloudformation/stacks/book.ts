import { randomUUID } from "node:crypto";
import { AwsError } from "../../wire/service.ts";
import { isAtWork, type Place, type StackRecord } from "./record.ts";

export const invalid = (message: string) => new AwsError("ValidationError", message, 400);

/** All stacks of the cloud, those that were deleted too. */
export class StackBook {
  readonly #stacks: StackRecord[] = [];

  /** A stack that is under review and has nothing yet. */
  open({ account, region }: Place, name: string): StackRecord {
    const stack: StackRecord = {
      id: `arn:aws:cloudformation:${region}:${account}:stack/${name}/${randomUUID()}`,
      ...{ name, region, account, createdAt: new Date(), status: "REVIEW_IN_PROGRESS" },
      ...{ held: new Map(), outputs: [], events: [], changeSets: new Map(), isProtected: false },
    };
    this.#stacks.push(stack);
    return stack;
  }

  /** By name only what lives, by id also what was deleted. */
  find(place: Place, nameOrId: string): StackRecord | undefined {
    return this.in(place).find((stack) =>
      nameOrId.startsWith("arn:")
        ? stack.id === nameOrId
        : stack.name === nameOrId && stack.status !== "DELETE_COMPLETE",
    );
  }

  /** @throws AwsError ValidationError in the words that clients look for */
  get(place: Place, nameOrId = "", missing = (id: string) => `Stack with id ${id} does not exist`) {
    const found = this.find(place, nameOrId);
    if (found) return found;
    throw invalid(missing(nameOrId));
  }

  /** One that nothing is done to now. @throws AwsError ValidationError */
  idle(place: Place, nameOrId = ""): StackRecord {
    const stack = this.get(place, nameOrId);
    if (!isAtWork(stack)) return stack;
    throw invalid(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
  }

  in({ account, region }: Place): readonly StackRecord[] {
    return this.#stacks.filter((stack) => stack.account === account && stack.region === region);
  }
}
