import { createHash, randomUUID } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import {
  type App,
  CloudFormationValidatePlugin,
  type IPolicyValidationContext,
  type IPolicyValidationPlugin,
  type PolicyValidationPluginReport,
  type PolicyValidationStack,
  type PolicyViolation,
  Validations,
} from "aws-cdk-lib";

/** The rules ship with the library. */
const RULES: string = createRequire(import.meta.url)("aws-cdk-lib/package.json").version;

/** What is asked about templates that nobody has asked about before. */
export interface Judge extends Pick<IPolicyValidationPlugin, "validate"> {
  readonly version?: string | undefined;
}

// One engine for all apps of a process: making it takes longer than a template.
const shared = new CloudFormationValidatePlugin();

/**
 * Lets the CDK validate only what it has not validated before: two thirds of a synthesis go there, and what it finds
 * follows from the template and the rules alone. Findings are kept in `directory`.
 */
export function rememberValidation(app: App, directory: string): void {
  Validations.of(app).addPlugins(new RememberedValidation(directory));
}

/** The CDK's own validation, which is asked about each template once. Replaces it where it is registered. */
export class RememberedValidation extends CloudFormationValidatePlugin {
  readonly #directory: string;
  readonly #judge: Judge;

  constructor(directory: string, judge: Judge = shared) {
    super();
    this.#directory = directory;
    this.#judge = judge;
  }

  override get version(): string {
    return this.#judge.version ?? "0.0.0";
  }

  override get ruleIds(): string[] {
    return super.ruleIds ?? [];
  }

  /** @throws Error if a finding is about no template: whose it is could not be remembered */
  override validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const stacks = context.stackTemplates.map((stack) => {
      const file = join(this.#directory, `${this.#fingerprint(stack)}.json`);
      return { stack, file, known: readBack(file, stack) };
    });
    const strange = stacks.filter(({ known }) => known === undefined);
    const found = strange.length === 0 ? [] : this.#ask(context, strange);
    const violations = merged(stacks.flatMap(({ stack, known }) => known ?? about(stack, found)));
    return { success: !violations.some(isError), violations };
  }

  #ask(
    context: IPolicyValidationContext,
    strange: readonly { readonly stack: PolicyValidationStack; readonly file: string }[],
  ): readonly PolicyViolation[] {
    const stackTemplates = strange.map(({ stack }) => stack);
    const templatePaths = stackTemplates.map(({ templatePath }) => templatePath);
    const { violations } = this.#judge.validate({ ...context, stackTemplates, templatePaths });
    const placeless = violations.find(({ violatingResources: all }) =>
      all.every(({ templatePath = "" }) => !templatePaths.includes(templatePath)),
    );
    if (placeless) throw new Error(`${placeless.ruleName}: found in none of the templates`);
    for (const { stack, file } of strange) keep(file, about(stack, violations));
    return violations;
  }

  /** Everything that what is found can depend on. */
  #fingerprint({ templatePath, stackConstructPath, accountId, region }: PolicyValidationStack) {
    const rules = [RULES, this.version, stackConstructPath, accountId, region];
    return createHash("sha256")
      .update(JSON.stringify(rules))
      .update(readFileSync(templatePath))
      .digest("hex");
  }
}

/** As the CDK decides it. */
const isError = ({ severity }: PolicyViolation) => severity === "error" || severity === "fatal";

/** What was found in one stack. */
function about(
  { templatePath }: PolicyValidationStack,
  violations: readonly PolicyViolation[],
): PolicyViolation[] {
  return violations.flatMap((violation) => {
    const here = violation.violatingResources.filter((each) => each.templatePath === templatePath);
    return here.length === 0 ? [] : [{ ...violation, violatingResources: here }];
  });
}

/** One finding for what was found in several places, as the CDK reports it. */
function merged(violations: readonly PolicyViolation[]): PolicyViolation[] {
  const alike = Map.groupBy(violations, ({ ruleName, severity, description }) =>
    JSON.stringify([ruleName, severity, description]),
  );
  return [...alike.values()].flatMap((same) => {
    const [first] = same;
    const violatingResources = same.flatMap((each) => each.violatingResources);
    return first ? [{ ...first, violatingResources }] : [];
  });
}

/** Written aside and moved, so that nobody ever reads half of it. */
function keep(file: string, violations: readonly PolicyViolation[]): void {
  const aside = `${file}.${randomUUID()}`;
  writeFileSync(aside, JSON.stringify({ violations }));
  renameSync(aside, file);
}

/** Undefined: not validated yet, or nothing that can be read. Templates lie elsewhere each time. */
function readBack(
  file: string,
  { templatePath }: PolicyValidationStack,
): readonly PolicyViolation[] | undefined {
  try {
    const { violations } = JSON.parse(readFileSync(file, "utf8")) as {
      readonly violations: readonly PolicyViolation[];
    };
    return violations.map((violation) => ({
      ...violation,
      violatingResources: violation.violatingResources.map((each) => ({ ...each, templatePath })),
    }));
  } catch {
    return undefined;
  }
}
