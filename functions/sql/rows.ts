/** The row of a statement that answers one. @throws TypeError if it answered none */
export function only<Row>(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new TypeError("a statement that answers one row answered none");
  return row;
}
