// For what Node loads itself, which is the testing library: the same copy, or there would be two Reacts in one page.
import { Module } from "node:module";

interface Resolver {
  _resolveFilename(request: string, parent: unknown, isMain: boolean, options?: { paths: string[] }): string;
}

const resolver = Module as unknown as Resolver;
const original = resolver._resolveFilename;
const paths = [import.meta.dirname];

resolver._resolveFilename = function resolve(request, parent, isMain, options) {
  const chosen = /^react(-dom)?($|\/)/.test(request) ? { paths } : options;
  return original.call(this, request, parent, isMain, chosen);
};
