import { html } from "../../lib/page/html.ts";

/** Tells nobody which addresses there are. */
export const MISSING = `<!doctype html>\n${
  html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>There is no such page</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<main>
<h1>There is no such page</h1>
<p>Is the address complete? Some mail programs cut long links. Your provider can tell it again.</p>
<p><a href="/">The status page for everybody</a></p>
</main>
</body>
</html>
`.html
}`;
