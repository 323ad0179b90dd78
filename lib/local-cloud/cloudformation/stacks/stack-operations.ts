import type {
  DeleteStackInput,
  DescribeStackEventsInput,
  DescribeStackResourcesInput,
  DescribeStacksInput,
  GetTemplateInput,
  GetTemplateSummaryInput,
  ListStackResourcesInput,
  ListStacksInput,
  UpdateTerminationProtectionInput,
} from "@aws-sdk/client-cloudformation";
import type { CallContext } from "../../wire/service.ts";
import { invalid } from "./book.ts";
import type { StacksState } from "./service.ts";
import { parseTemplate, templateText } from "./template-source.ts";
import { resourceSummary, resourceView, stackSummary, stackView } from "./views.ts";

/** Events, resources and stacks come in pages of this many. */
const PAGE = 100;

function pageOf<T>(all: readonly T[], token: string | undefined) {
  const from = Number(token ?? 0);
  const to = from + PAGE;
  return { page: all.slice(from, to), next: to < all.length ? String(to) : undefined };
}

export function stackOperations(state: StacksState) {
  return { ...listOperations(state), ...templateOperations(state), ...writeOperations(state) };
}

function listOperations({ book, placeOf }: StacksState) {
  return {
    async DescribeStacks({ StackName, NextToken }: DescribeStacksInput, context: CallContext) {
      const place = placeOf(context);
      if (StackName !== undefined) return { Stacks: [stackView(book.get(place, StackName))] };
      const living = book.in(place).filter(({ status }) => status !== "DELETE_COMPLETE");
      const { page, next } = pageOf(living, NextToken);
      return { Stacks: page.map(stackView), NextToken: next };
    },

    async ListStacks({ StackStatusFilter, NextToken }: ListStacksInput, context: CallContext) {
      const wanted = book
        .in(placeOf(context))
        .filter(({ status }) => StackStatusFilter?.includes(status) ?? true);
      const { page, next } = pageOf(wanted, NextToken);
      return { StackSummaries: page.map(stackSummary), NextToken: next };
    },

    async DescribeStackEvents(input: DescribeStackEventsInput, context: CallContext) {
      const missing = (id: string) => `Stack [${id}] does not exist`;
      const { events } = book.get(placeOf(context), input.StackName, missing);
      const { page, next } = pageOf(events.toReversed(), input.NextToken);
      return { StackEvents: page, NextToken: next };
    },

    async DescribeStackResources(input: DescribeStackResourcesInput, context: CallContext) {
      const stack = book.get(placeOf(context), input.StackName);
      const wanted = [...stack.held.values()].filter(
        ({ logicalId }) => (input.LogicalResourceId ?? logicalId) === logicalId,
      );
      return { StackResources: wanted.slice(0, PAGE).map((held) => resourceView(stack, held)) };
    },

    async ListStackResources(input: ListStackResourcesInput, context: CallContext) {
      const stack = book.get(placeOf(context), input.StackName);
      const { page, next } = pageOf([...stack.held.values()], input.NextToken);
      return { StackResourceSummaries: page.map(resourceSummary), NextToken: next };
    },
  };
}

function templateOperations({ book, placeOf, readObject }: StacksState) {
  return {
    async GetTemplate(input: GetTemplateInput, context: CallContext) {
      const stack = book.get(placeOf(context), input.StackName);
      const changeSet = input.ChangeSetName && stack.changeSets.get(input.ChangeSetName);
      const draft = changeSet ? changeSet.draft : stack.draft;
      return { TemplateBody: draft?.text ?? "{}", StagesAvailable: ["Original", "Processed"] };
    },

    async GetTemplateSummary(input: GetTemplateSummaryInput, context: CallContext) {
      const text =
        input.StackName === undefined
          ? await templateText(input, readObject)
          : (book.get(placeOf(context), input.StackName).draft?.text ?? "{}");
      const { Parameters = {}, Resources = {}, Description } = parseTemplate(text);
      return {
        Parameters: Object.entries(Parameters).map(([ParameterKey, { Type, Default }]) => ({
          ...{ ParameterKey, ParameterType: Type },
          ...(Default !== undefined && { DefaultValue: String(Default) }),
        })),
        ResourceTypes: [...new Set(Object.values(Resources).map(({ Type }) => Type))],
        Description,
      };
    },
  };
}

function writeOperations({ book, placeOf, remove }: StacksState) {
  return {
    async UpdateTerminationProtection(
      input: UpdateTerminationProtectionInput,
      context: CallContext,
    ) {
      const stack = book.get(placeOf(context), input.StackName);
      stack.isProtected = input.EnableTerminationProtection === true;
      return { StackId: stack.id };
    },

    /** One that is not there is deleted, too. */
    async DeleteStack({ StackName = "" }: DeleteStackInput, context: CallContext) {
      const place = placeOf(context);
      const stack = book.find(place, StackName);
      if (!stack || stack.status === "DELETE_COMPLETE") return;
      book.idle(place, stack.id);
      if (stack.isProtected) {
        throw invalid(
          `Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`,
        );
      }
      remove(stack);
    },
  };
}
