import { randomUUID } from "node:crypto";
import type { CreateChangeSetInput } from "@aws-sdk/client-cloudformation";
import { AwsError, type CallContext } from "../../wire/service.ts";
import { invalid } from "./book.ts";
import { changesBetween, isUnchanged } from "./differences.ts";
import { namesOf } from "./names.ts";
import { parameterValues } from "./parameters.ts";
import type { ChangeSet, Draft, StackRecord } from "./record.ts";
import type { StacksState } from "./service.ts";
import { parseTemplate, templateText } from "./template-source.ts";

const NO_CHANGES =
  "The submitted information didn't contain changes. Submit different information to create a change set.";
/** What an update can begin from. */
const UPDATABLE = /^(CREATE|UPDATE|UPDATE_ROLLBACK|IMPORT)_COMPLETE$/;

/** A change set as CreateChangeSet makes it. @throws AwsError before anything is kept */
export async function propose(
  state: StacksState,
  input: CreateChangeSetInput,
  context: CallContext,
): Promise<{ readonly stack: StackRecord; readonly changeSet: ChangeSet }> {
  const kind = kindOf(input);
  const draft = await draftOf(state, input, context);
  const stack = kind === "CREATE" ? fresh(state, input, context) : updatable(state, input, context);
  const changes = changesBetween(stack.held, stack.draft, namesOf(stack, draft), draft);
  const unchanged = isUnchanged(changes, stack.draft, draft);
  const name = input.ChangeSetName ?? "";
  const changeSet: ChangeSet = {
    id: `${stack.id.split(":stack/")[0]}:changeSet/${name}/${randomUUID()}`,
    ...{ name, kind, draft, changes, createdAt: new Date(), description: input.Description },
    takesOver: input.ImportExistingResources === true,
    status: unchanged ? "FAILED" : "CREATE_COMPLETE",
    ...(unchanged && { reason: NO_CHANGES }),
  };
  return { stack, changeSet };
}

function kindOf({
  ChangeSetType: type = "UPDATE",
  ...more
}: CreateChangeSetInput): ChangeSet["kind"] {
  if (type === "IMPORT" || (more.ResourcesToImport?.length ?? 0) > 0) {
    throw new AwsError("NotImplemented", "the local cloud imports no resources into stacks", 501);
  }
  return type;
}

async function draftOf(
  state: StacksState,
  input: CreateChangeSetInput,
  context: CallContext,
): Promise<Draft> {
  const place = state.placeOf(context);
  const before = state.book.find(place, input.StackName ?? "")?.draft;
  const text =
    input.UsePreviousTemplate && before ? before.text : await templateText(input, state.readObject);
  const template = parseTemplate(text);
  const parameters = parameterValues(template, input.Parameters ?? [], {
    previous: before?.parameters,
    stored: (name) => state.parameter(place, name),
  });
  return { text, template, parameters, tags: input.Tags ?? [] };
}

function fresh(
  { book, placeOf }: StacksState,
  { StackName = "", ChangeSetName }: CreateChangeSetInput,
  context: CallContext,
): StackRecord {
  const place = placeOf(context);
  const found = book.find(place, StackName);
  if (!found) return book.open(place, StackName);
  if (found.status === "REVIEW_IN_PROGRESS") return found;
  const message = `Stack [${StackName}] already exists and cannot be created again with the changeSet [${ChangeSetName}].`;
  throw new AwsError("AlreadyExistsException", message, 400);
}

function updatable(
  { book, placeOf }: StacksState,
  { StackName }: CreateChangeSetInput,
  context: CallContext,
): StackRecord {
  const stack = book.idle(placeOf(context), StackName);
  if (UPDATABLE.test(stack.status)) return stack;
  throw invalid(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
}
