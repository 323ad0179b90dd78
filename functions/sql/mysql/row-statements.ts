/** A column whose values can be as long as a table. */
const LONG = /blob|text|json|geometry|point|polygon|linestring|collection/;
/** Of these the text of a value is none that a comparison takes. */
const AS_BYTES = /binary/;
/** Of these a value is not what its text says, or is ordered by another. */
const INEXACT = /float|double|bit|enum|set/;

/** Whether a table can be read stretch by stretch along a column. */
export const isKey = ({ type }: Column): boolean => !INEXACT.test(type);

export interface Column {
  readonly name: string;
  /** `varchar` */
  readonly type: string;
}

/** A stretch of a table by the values of the leading column of its primary key, as text; absent: without a bound. */
export interface Stretch {
  readonly key?: Column;
  /** Included. */
  readonly from?: string;
  /** Not included. */
  readonly until?: string;
}

/**
 * Rows of a stretch, and their sum: the same for the same rows, in whatever order. Values are told apart by their quotes, and none is
 * longer than a server concatenates.
 */
export function rowsOf(
  table: string,
  columns: readonly Column[],
  stretch: Stretch & { readonly sums: boolean },
): { readonly text: string; readonly values: readonly string[] } {
  const { where, values } = within(stretch);
  const row = `concat_ws(',', ${columns.map(textOf).join(", ")})`;
  const digest = `cast(conv(left(md5(${row}), 15), 16, 10) as decimal(20))`;
  const sum = stretch.sums ? `cast(coalesce(sum(${digest}), 0) as char)` : "'0'";
  return { text: `select count(*) as \`rows\`, ${sum} as \`sum\` from ${table}${where}`, values };
}

/** First value of the leading column so many rows on, as text; none: the table ends before. */
export function boundaryOf(
  table: string,
  key: Column,
  { from, behind }: { readonly from?: string; readonly behind: number },
) {
  const { where, values } = within({ key, ...(from !== undefined && { from }) });
  const said = AS_BYTES.test(key.type)
    ? `hex(${quotedName(key)})`
    : `cast(${quotedName(key)} as char)`;
  const text = `select ${said} as boundary from ${table}${where} order by ${quotedName(key)} limit 1 offset ${behind}`;
  return { text, values };
}

function within({ key, from, until }: Stretch) {
  if (!key) return { where: "", values: [] };
  const bound = AS_BYTES.test(key.type) ? "unhex(?)" : "?";
  const parts = [
    ...(from === undefined ? [] : [`${quotedName(key)} >= ${bound}`]),
    ...(until === undefined ? [] : [`${quotedName(key)} < ${bound}`]),
  ];
  return {
    where: parts.length === 0 ? "" : ` where ${parts.join(" and ")}`,
    values: [from, until].filter((each) => each !== undefined),
  };
}

const textOf = (column: Column) =>
  LONG.test(column.type)
    ? `coalesce(md5(${quotedName(column)}), '-')`
    : `quote(cast(${quotedName(column)} as binary))`;

const quotedName = ({ name }: Column) => `\`${name.replaceAll("`", "``")}\``;
