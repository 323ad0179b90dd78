import type {
  Parameter,
  Stack,
  StackResource,
  StackResourceSummary,
  StackSummary,
} from "@aws-sdk/client-cloudformation";
import type { ParameterValues } from "./parameters.ts";
import type { ChangeSet, Held, StackRecord } from "./record.ts";

export function stackView(stack: StackRecord): Stack {
  const { draft } = stack;
  return {
    ...{ StackId: stack.id, StackName: stack.name, StackStatus: stack.status },
    ...{ StackStatusReason: stack.reason, CreationTime: stack.createdAt },
    ...{ LastUpdatedTime: stack.updatedAt, DeletionTime: stack.deletedAt },
    ...{ Description: draft?.template.Description, EnableTerminationProtection: stack.isProtected },
    Parameters: draft ? parametersView(draft.parameters) : [],
    Outputs: [...stack.outputs],
    Tags: tagsView(draft?.tags ?? []),
    ...{ NotificationARNs: [], RollbackConfiguration: {}, DisableRollback: false },
  };
}

export const stackSummary = (stack: StackRecord): StackSummary => ({
  ...{ StackId: stack.id, StackName: stack.name, StackStatus: stack.status },
  ...{ StackStatusReason: stack.reason, CreationTime: stack.createdAt },
  ...{ LastUpdatedTime: stack.updatedAt, DeletionTime: stack.deletedAt },
  TemplateDescription: stack.draft?.template.Description,
});

export function changeSetView(stack: StackRecord, changeSet: ChangeSet) {
  const { draft, changes } = changeSet;
  return {
    ...{ ChangeSetId: changeSet.id, ChangeSetName: changeSet.name, StackId: stack.id },
    ...{
      StackName: stack.name,
      Description: changeSet.description,
      CreationTime: changeSet.createdAt,
    },
    ...{ Status: changeSet.status, StatusReason: changeSet.reason },
    ExecutionStatus: changeSet.status === "CREATE_COMPLETE" ? "AVAILABLE" : "UNAVAILABLE",
    ...{
      Changes: [...changes],
      Parameters: parametersView(draft.parameters),
      Tags: tagsView(draft.tags),
    },
  };
}

export const resourceView = (stack: StackRecord, held: Held): StackResource => ({
  ...{ StackId: stack.id, StackName: stack.name, LogicalResourceId: held.logicalId },
  ...{ PhysicalResourceId: held.created.ref, ResourceType: held.definition.Type },
  ...{ Timestamp: held.at, ResourceStatus: "CREATE_COMPLETE" },
});

export const resourceSummary = (held: Held): StackResourceSummary => ({
  ...{ LogicalResourceId: held.logicalId, PhysicalResourceId: held.created.ref },
  ...{
    ResourceType: held.definition.Type,
    LastUpdatedTimestamp: held.at,
    ResourceStatus: "CREATE_COMPLETE",
  },
});

const parametersView = (values: ParameterValues): Parameter[] =>
  [...values].map(([ParameterKey, { given, value }]) => {
    const resolved = [value].flat().join(",");
    return {
      ...{ ParameterKey, ParameterValue: given },
      ...(resolved !== given && { ResolvedValue: resolved }),
    };
  });

const tagsView = (
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[],
) => tags.map(({ Key, Value }) => ({ Key, Value }));
