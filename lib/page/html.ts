import escapeHtml from "escape-html";

/** Markup that is safe to put into the page as it is. Only this module makes it from foreign text. */
export interface Html {
  readonly html: string;
}

/** Tagged template: whatever is put in is escaped unless it is markup already; lists are joined. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Html {
  return { html: parts.reduce((all, part, n) => all + markup(values[n - 1] ?? "") + part) };
}

type Content = string | number | Html | readonly Html[];

function markup(content: Content): string {
  if (typeof content === "object") {
    return "html" in content ? content.html : content.map((each) => each.html).join("\n");
  }
  // A figure and its unit stay on one line.
  return escapeHtml(String(content)).replaceAll(/(\d) (?=(?:s\b|%))/g, "$1&nbsp;");
}

/** Long names may break behind their dots and slashes. */
export const breakable = (text: string): Html => ({
  html: escapeHtml(text).replaceAll(/[./](?=\w)/g, "$&<wbr>"),
});

/** Whether something holds: told by its shape and its words, coloured besides. */
export const sign = (ok: boolean): Html =>
  html`<span class="sign ${ok ? "good" : "bad"}" role="img" aria-label="${ok ? "holds" : "does not hold"}">${ok ? "✓" : "✗"}</span>`;
