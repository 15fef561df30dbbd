// Prints what the package weighs; the limit is held by test/size.test.ts.
import { measureScript, measureStyles } from "./measure.mjs";

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(2)} kB`.padStart(9);
const script = await measureScript();
const styles = await measureStyles();
const rows = [
  ["everything", script + styles],
  ["  all scripts", script],
  ["  stylesheet", styles],
  ["only LoginForm", await measureScript(["LoginForm"])],
  ["only useSession", await measureScript(["useSession"])],
  ["only createClient", await measureScript(["createClient"])],
];
for (const [name, bytes] of rows) process.stdout.write(`${name.padEnd(18)}${kilobytes(bytes)} gzip\n`);
