import type {
  CreateChangeSetInput,
  DeleteChangeSetInput,
  DescribeChangeSetInput,
  ExecuteChangeSetInput,
} from "@aws-sdk/client-cloudformation";
import { AwsError, type CallContext } from "../../wire/service.ts";
import { propose } from "./proposal.ts";
import type { StacksState } from "./service.ts";
import { changeSetView } from "./views.ts";

interface Named {
  readonly StackName?: string | undefined;
  readonly ChangeSetName?: string | undefined;
}

export function changeSetOperations(state: StacksState) {
  const { book, placeOf } = state;
  return {
    async CreateChangeSet(input: CreateChangeSetInput, context: CallContext) {
      state.refuseForeign(context, input.StackName ?? "");
      const { stack, changeSet } = await propose(state, input, context);
      stack.changeSets.set(changeSet.name, changeSet);
      return { Id: changeSet.id, StackId: stack.id };
    },

    async DescribeChangeSet(input: DescribeChangeSetInput, context: CallContext) {
      const { stack, changeSet } = get(state, input, context);
      return changeSetView(stack, changeSet);
    },

    async ListChangeSets({ StackName }: Named, context: CallContext) {
      const stack = book.get(placeOf(context), StackName);
      return {
        Summaries: [...stack.changeSets.values()].map((each) => changeSetView(stack, each)),
      };
    },

    /** One that is not there is deleted, too. */
    async DeleteChangeSet(input: DeleteChangeSetInput, context: CallContext) {
      const found = foundIn(state, input, context);
      if (found) found.stack.changeSets.delete(found.changeSet.name);
    },

    async ExecuteChangeSet(input: ExecuteChangeSetInput, context: CallContext) {
      const { stack, changeSet } = get(state, input, context);
      book.idle(placeOf(context), stack.id);
      if (changeSet.status !== "CREATE_COMPLETE") {
        const message = `ChangeSet [${changeSet.id}] cannot be executed in its current status of [${changeSet.status}]`;
        throw new AwsError("InvalidChangeSetStatus", message, 400);
      }
      stack.changeSets.clear();
      if (changeSet.kind === "UPDATE") stack.updatedAt = new Date();
      const { draft, kind, takesOver } = changeSet;
      state.deploy(stack, { draft, kind, takesOver, keepsFailed: input.DisableRollback === true });
    },
  };
}

/** By its id alone, or by its name and its stack's. */
function foundIn({ book, placeOf }: StacksState, input: Named, context: CallContext) {
  const place = placeOf(context);
  const wanted = input.ChangeSetName ?? "";
  const stacks =
    input.StackName === undefined
      ? book.in(place)
      : [book.find(place, input.StackName)].filter((stack) => stack !== undefined);
  return stacks
    .flatMap((stack) => [...stack.changeSets.values()].map((changeSet) => ({ stack, changeSet })))
    .find(({ changeSet: { id, name } }) => id === wanted || name === wanted);
}

function get(state: StacksState, input: Named, context: CallContext) {
  const found = foundIn(state, input, context);
  if (found) return found;
  const message = `ChangeSet [${input.ChangeSetName}] does not exist`;
  throw new AwsError("ChangeSetNotFound", message, 404);
}
