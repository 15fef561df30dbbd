// Unpacks Chromium and says where it is and how it wants to be started.
import chromium from "@sparticuz/chromium";

console.log(JSON.stringify({ path: await chromium.executablePath(), args: chromium.args }));
