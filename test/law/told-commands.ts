import type { Command } from "commander";
import { commandLine } from "../../lib/cli/program.ts";

/** A command line of ours that somebody is told of: in a document, in a mail, in the answer of another command. */
export interface Told {
  readonly file: string;
  readonly line: number;
  /** What follows `sla`. */
  readonly words: readonly string[];
  /** Whether it is to be typed as it stands; else it names what there is, or goes on elsewhere. */
  readonly isWhole: boolean;
}

const NAMES = new Set(commandLine().commands.map((command) => command.name()));
/** What a program fills in. */
const FILLED = "FILLED";
const HOLE = /\$\{(?:[^{}`]|`[^`]*`|\{[^{}]*\})*\}/g;
const LITERAL = /`((?:\\.|\$\{(?:[^{}`]|`[^`]*`|\{[^{}]*\})*\}|[^`\\])*)`|"((?:\\.|[^"\\\n])*)"/g;
const COMMENT = /^\s*(?:\/?\*|\/\/).*$/gm;
/** At the beginning, or after a variable that is set for it, another command, or `npx`. */
const IN_CODE = /(?:^|[(|]\s*|[A-Z_]+=\S+\s+|(npx ))sla (\S.*)/g;
const IN_PROSE = /(npx )?\bsla ([a-z].*)/g;
/** What a shell does with the rest: a comment, a redirection, a pipe. */
const AFTER = /\s(?:#|<\s|>\s|\|\s(?!--)).*$/;
const ELIDED = "…";

/** Whatever a document shows between backticks, in fences and indented. */
export function toldInDocument(file: string, text: string): readonly Told[] {
  return codeIn(text).flatMap(({ line, code, isBlock }) =>
    code
      .split(/\s*(?:;|&&)\s+/)
      .flatMap((each) => [...each.matchAll(IN_CODE)])
      .flatMap(([, npx, rest = ""]) =>
        variants(wordsOf(rest.replace(AFTER, ""))).map((words) => ({
          ...{ file, line, words },
          isWhole: (npx !== undefined || isBlock || hasArgument(words)) && !words.includes(ELIDED),
        })),
      ),
  );
}

/** Whatever a source says in a literal, up to where its sentence goes on. */
export function toldInSource(file: string, text: string): readonly Told[] {
  const code = text.replace(COMMENT, "");
  return [...code.matchAll(LITERAL)].flatMap(({ 0: literal, 1: template, 2: plain, index }) => {
    const line = code.slice(0, index).split("\n").length;
    const said = (template ?? plain ?? "").replaceAll("\\\\", "\\").replace(HOLE, FILLED);
    const goesOn = /^\s*,\s*(?:`--|\.\.\.)/.test(code.slice(index + literal.length));
    return [...said.matchAll(IN_PROSE)].flatMap(([, npx, rest = ""]) => {
      const all = wordsOf(rest.replace(/<.*$/, ""));
      // `as role sla made it` names the role of that name.
      if (npx === undefined && !NAMES.has(bare(all[0] ?? ""))) return [];
      const words = untilProse(all);
      const isTyped = npx !== undefined || hasArgument(words);
      return [{ file, line, words, isWhole: isTyped && !goesOn && all[words.length] !== ELIDED }];
    });
  });
}

/** What is wrong with it; undefined: the command line takes it. */
export function complaintOf({ words, isWhole }: Told): string | undefined {
  const program = commandLine();
  mute(program);
  const command = commandOf(program, words);
  if (command === program) return `there is no command '${words[0]}'`;
  const unknown = words.find(
    (word) => word.startsWith("--") && !command.options.some(({ long }) => long === word),
  );
  if (unknown !== undefined) return `there is no flag '${unknown}'`;
  if (!isWhole) return undefined;
  try {
    program.parse(words.map(unquoted), { from: "user" });
    return undefined;
  } catch (cause) {
    return (cause as Error).message;
  }
}

/** Nothing is run, nothing printed, and what stands for a value is taken for one. */
function mute(command: Command): void {
  command.action(() => {});
  command.configureOutput({ writeErr() {}, outputError() {} }).exitOverride();
  for (const each of [...command.options, ...command.registeredArguments]) {
    const { parseArg } = each;
    if (!parseArg) continue;
    each.parseArg = <T>(value: string, before: T) =>
      STANDS_FOR.test(value) ? (value as T) : parseArg(value, before);
  }
  command.commands.forEach(mute);
}

const STANDS_FOR = /^[A-Z][A-Z0-9:,./_]*$|FILLED|…|\||\$\{/;

/** The deepest command that is named; `program` itself where none is. */
function commandOf(program: Command, words: readonly string[]): Command {
  const [name, ...rest] = words;
  const found = program.commands.find((command) => command.name() === name);
  return found ? commandOf(found, rest) : program;
}

const hasArgument = (words: readonly string[]) => {
  const { commands } = commandOf(commandLine(), words.slice(0, 1));
  const [argument] = words.slice(commands.length > 0 ? 2 : 1);
  return argument !== undefined && !argument.startsWith("-");
};

interface Code {
  readonly line: number;
  readonly code: string;
  /** Set off from the text, as what is typed is. */
  readonly isBlock: boolean;
}

function codeIn(text: string): readonly Code[] {
  const rows = rowsOf(text);
  const blocks: Code[] = [];
  for (const { row, kind, line } of rows) {
    if (kind === "prose") continue;
    const last = blocks.at(-1);
    const goesOn = last?.line === line - 1 && /^\s+\[?--/.test(row);
    if (goesOn) blocks.pop();
    const code = goesOn ? `${last?.code} ${row.trim()}` : row.trim();
    // What is fenced may be an answer as well: only who types `npx` there is told to.
    blocks.push({ line, code, isBlock: kind === "indented" });
  }
  const prose = rows.map(({ row, kind }) => (kind === "prose" ? row : "")).join("\n");
  const spans = [...prose.matchAll(/`([^`]+)`/g)].map(({ 1: span = "", index }) => ({
    line: prose.slice(0, index).split("\n").length,
    code: span.replace(/\s*\n\s*/g, " "),
    isBlock: false,
  }));
  return [...blocks, ...spans];
}

const FENCE = /^\s*```/;

function rowsOf(text: string) {
  let isFenced = false;
  return text.split("\n").map((row, index) => {
    const isFence = FENCE.test(row);
    if (isFence) isFenced = !isFenced;
    const line = index + 1;
    if (isFence) return { row: "", kind: "prose", line } as const;
    if (isFenced) return { row, kind: "fenced", line } as const;
    return { row, kind: /^ {4,}\S/.test(row) ? "indented" : "prose", line } as const;
  });
}

const wordsOf = (text: string): readonly string[] =>
  [...text.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) => word);

const unquoted = (word: string) => word.replaceAll(/['"]/g, "");

/** `[--yes | --undo]` is each of them, `test|list NAME` two commands. */
function variants(words: readonly string[]): readonly (readonly string[])[] {
  const flat = words.join(" ").replace(/[[\]()]/g, "");
  const choices = /(?<=^|\s)(--\S+(?: [^-|\s]\S*)?)(?:\s*\|\s*(--\S+(?: [^-|\s]\S*)?))+/g;
  const first = flat.replace(choices, (all) => all.split(/\s*\|\s*/)[0] ?? "");
  const last = flat.replace(choices, (all) => all.split(/\s*\|\s*/).at(-1) ?? "");
  return [...new Set([first, last])].flatMap((line) => {
    const [name = "", ...rest] = wordsOf(line);
    const [deeper = ""] = rest;
    const isGroup = commandOf(commandLine(), [name]).commands.length > 0;
    if (!isGroup || !deeper.includes("|")) return [[name, ...rest]];
    return deeper.split("|").map((each) => [name, each, ...rest.slice(1)]);
  });
}

const bare = (word: string) => word.replace(/[,;:.)<]+$/, "");

/** A sentence goes on with a word that is no flag, no value of one, and not filled in. */
function untilProse(words: readonly string[]): readonly string[] {
  const kept: string[] = [];
  for (const word of words) {
    const command = commandOf(commandLine(), kept);
    const taking = command.options.find(({ long }) => long === kept.at(-1));
    const isDeeper = command.commands.some((each) => each.name() === bare(word));
    const isValue = taking?.required || taking?.optional;
    if (!isDeeper && !isValue && !/^(?:-|'|[A-Z]{2}|s3:)/.test(word)) break;
    if (bare(word) !== "") kept.push(bare(word));
    if (bare(word) !== word) break;
  }
  return kept;
}
