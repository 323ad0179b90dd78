/** XML that is safe to be put into another as it is. */
export interface Xml {
  readonly xml: string;
}

/** Tagged template: whatever is put in is escaped unless it is XML already; lists are joined. */
export const xml = (parts: TemplateStringsArray, ...values: readonly Content[]): Xml => ({
  xml: parts.reduce((all, part, n) => all + markup(values[n - 1] ?? "") + part),
});

type Content = string | Xml | readonly Xml[];

function markup(content: Content): string {
  if (typeof content === "string") return escaped(content);
  return "xml" in content ? content.xml : content.map((each) => each.xml).join("\n");
}

/** https://www.w3.org/TR/xml/#charsets: what may not stand in a document, not even as a reference. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;
const REFERENCES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(FORBIDDEN, "\u{FFFD}")
    .replaceAll(/[&<>"']/g, (each) => REFERENCES[each] ?? each);
