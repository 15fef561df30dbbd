// Unpacks Chromium, and the libraries and fonts that small machines lack, into TMPDIR.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import chromium, { inflate } from "@sparticuz/chromium";

const packed = fileURLToPath(new URL("../bin/", import.meta.resolve("@sparticuz/chromium")));
await chromium.executablePath(packed);
await inflate(join(packed, "al2023.tar.br"));
