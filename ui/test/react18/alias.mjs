import { fileURLToPath } from "node:url";

const modules = fileURLToPath(new URL("node_modules/", import.meta.url));

/** For what Vite loads: every import of React, from the copy beside this file. */
export const react18 = [{ find: /^(react|react-dom)($|\/)/, replacement: `${modules}$1$2` }];
