import { createRoot } from "react-dom/client";
import { App } from "./app.js";
import { readShell } from "./config.js";
import "./pages.css";

const root = document.getElementById("wicketgate");
// The components' colours for the whole page, its background included.
document.documentElement.classList.add("wg");
if (root) createRoot(root).render(<App {...readShell(root.dataset)} />);
