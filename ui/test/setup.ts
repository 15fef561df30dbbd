import "@testing-library/jest-dom/vitest";
import { cleanup } from "@testing-library/react";
import { version } from "react";
import { version as domVersion } from "react-dom";
import { afterEach, vi } from "vitest";

const wanted = process.env.WICKETGATE_REACT ?? "19";
if (!version.startsWith(`${wanted}.`) || version !== domVersion) {
  throw new Error(
    `These tests are to run on React ${wanted}, not on ${version} with react-dom ${domVersion}.`,
  );
}

afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  if (typeof document === "undefined") return;
  // biome-ignore lint/suspicious/noDocumentCookie: jsdom has no cookie store
  for (const name of ["csrf_token", "__Host-csrf_token"]) document.cookie = `${name}=; Max-Age=0; Path=/`;
  history.replaceState(null, "", "/");
});
