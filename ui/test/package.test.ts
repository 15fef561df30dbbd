// @vitest-environment node
import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const sources = readdirSync("src", { recursive: true, encoding: "utf8" })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => /\.tsx?$/.test(path) && !path.includes(".test."));
const read = (path: string) => readFileSync(path, "utf8");

it("marks every module that uses hooks or context as one for browsers, and none of the client", () => {
  const library = sources.filter((path) => !path.startsWith("pages/"));
  const marked = library.filter((path) => read(`src/${path}`).startsWith('"use client";\n'));
  const needing = library.filter((path) =>
    /\b(use[A-Z]\w*|createContext)(<.*>)?\(/.test(read(`src/${path}`)),
  );

  expect(needing.filter((path) => !marked.includes(path))).toEqual([]);
  expect(marked.filter((path) => path.startsWith("client/"))).toEqual([]);
  expect(needing.length).toBeGreaterThan(15);
});

it("needs nothing at run time but React", () => {
  const { dependencies = {}, peerDependencies } = JSON.parse(read("package.json"));

  expect(dependencies).toEqual({});
  expect(Object.keys(peerDependencies)).toEqual(["react"]);
});

it("can be had by import and by require", () => {
  const { exports } = JSON.parse(read("package.json"));

  for (const entry of [".", "./client"]) expect(Object.keys(exports[entry])).toEqual(["types", "default"]);
});

it("imports nothing but React and itself", () => {
  const library = sources.filter((path) => !path.startsWith("pages/"));
  const imported = library.flatMap((path) =>
    [...read(`src/${path}`).matchAll(/from "([^"]+)"/g)].map(([, from]) => from),
  );

  expect([...new Set(imported.filter((from) => !from?.startsWith(".")))]).toEqual(["react"]);
});

it("keeps the client free of React", () => {
  const client = sources.filter((path) => path.startsWith("client/"));
  const outside = client.filter((path) => /from "(react|\.\.\/)/.test(read(`src/${path}`)));

  expect(outside).toEqual([]);
});

it("names the address of no package registry in its lock file", () => {
  const lock = JSON.parse(read("package-lock.json"));
  const resolved = Object.values<{ resolved?: string; link?: boolean }>(lock.packages)
    .filter(({ link }) => !link)
    .map(({ resolved }) => resolved)
    .filter(Boolean);

  expect(resolved).toEqual([]);
});
