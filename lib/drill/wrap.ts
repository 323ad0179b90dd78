/** Breaks a text at spaces, and a longer word behind a dot, slash or hyphen; control characters become spaces. */
export function wrap(text: string, width: number): string[] {
  const words = text.replaceAll(/\p{Cc}+/gu, " ").split(" ");
  const rows: string[] = [];
  for (const word of words.flatMap((each) => broken(each, width))) {
    const last = rows.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) rows.push(word);
    else rows[rows.length - 1] = `${last} ${word}`;
  }
  return rows;
}

function broken(word: string, width: number): string[] {
  if (word.length <= width) return [word];
  const head = word.slice(0, width);
  const joint = Math.max(...[".", "/", "-"].map((mark) => head.lastIndexOf(mark))) + 1;
  const cut = joint > 0 ? joint : width;
  return [word.slice(0, cut), ...broken(word.slice(cut), width)];
}

const RDS_ENDPOINT =
  /\b([a-z][a-z0-9-]*)\.[a-z0-9]{12}\.([a-z]{2}(?:-[a-z]+)+-\d)\.rds\.amazonaws\.com\b/g;

/** `acme-db.1vtqb3ofq4rj.eu-central-2.rds.amazonaws.com` → `acme-db (RDS, eu-central-2)` */
export const nickname = (text: string) => text.replaceAll(RDS_ENDPOINT, "$1 (RDS, $2)");
