import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cleanBlock, cleanLine, countCharacters, hasLoneSurrogate } from "./clean.js";
import { bioRule, emailRule, nameRule, newPasswordRule, optionalNameRule, passwordRule } from "./rules.js";

const wide = "𝒳"; // two UTF-16 units, one character

describe("cleaning", () => {
  it.each([
    ["  Ada  ", "Ada"],
    ["\ufeff \ufeffAda\ufeff", "Ada"],
    ["Ada\tLovelace", "Ada Lovelace"],
    ["A\u0000d\u001ba\u0085\u007f", "Ada"],
    ["gpj.\u202eexe\u202c", "gpj.exe"],
    ["\u2066Ada\u2069", "Ada"],
    ["Ada\r\nLovelace", "AdaLovelace"],
    ["e\u0301", "\u00e9"],
    ["A\ufeffda", "A\ufeffda"],
    ["\u202e \u202e", ""],
  ])("makes one line of %j", (typed, kept) => {
    expect(cleanLine(typed)).toBe(kept);
  });

  it.each([
    ["a\r\nb", "a\nb"],
    ["a\rb", "ab"],
    ["\n a\n\n b\t\n", "a\n\n b"],
    ["a\u0000\nb\u202e", "a\nb"],
  ])("keeps the line breaks of %j", (typed, kept) => {
    expect(cleanBlock(typed)).toBe(kept);
  });

  it("does nothing the second time", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(cleanLine(cleanLine(text))).toBe(cleanLine(text));
        expect(cleanBlock(cleanBlock(text))).toBe(cleanBlock(text));
      }),
      { numRuns: 500 },
    );
  });

  it("counts characters, not UTF-16 units", () => {
    expect(countCharacters(`a${wide}é`)).toBe(3);
  });

  it("knows half of a surrogate pair", () => {
    expect(hasLoneSurrogate("a\ud835")).toBe(true);
    expect(hasLoneSurrogate(`a${wide}`)).toBe(false);
  });
});

describe("rules say what the service says", () => {
  it.each([
    ["", "Email is required"],
    [" \u202e\t", "Email is required"],
    ["ada", "Enter a valid email address"],
    ["ada@example", "Enter a valid email address"],
    ["a da@example.com", "Enter a valid email address"],
    ["a@b@example.com", "Enter a valid email address"],
    [`${"a".repeat(244)}@example.com`, "Email must be at most 255 characters"],
    ["a\ud800@example.com", "Email contains a broken character"],
    [` ${"a".repeat(243)}@example.com `, null],
    ["ada@example.com", null],
  ])("email %j", (value, problem) => {
    expect(emailRule(value)).toBe(problem);
  });

  it.each([
    ["", "Password is required"],
    ["1234567", "Password must be at least 8 characters"],
    [wide.repeat(7), "Password must be at least 8 characters"],
    [wide.repeat(8), null],
    ["        ", null],
    // NFKC makes three letters of this one.
    ["ﬃ123456", null],
    ["a".repeat(128), null],
    ["a".repeat(129), "Password must be at most 128 characters"],
    ["\udc00".repeat(9), "Password contains a broken character"],
  ])("new password %j", (value, problem) => {
    expect(newPasswordRule(value)).toBe(problem);
  });

  it("an old password only has to be there", () => {
    expect(passwordRule("")).toBe("Password is required");
    expect(passwordRule("x")).toBeNull();
    expect(passwordRule("x".repeat(200))).toBeNull();
  });

  it.each([
    ["", "Name is required"],
    ["\u2066 \u2069", "Name is required"],
    [wide.repeat(100), null],
    [wide.repeat(101), "Name must be at most 100 characters"],
    [` ${"a".repeat(100)}\n`, null],
    ["\ud800", "Name contains a broken character"],
  ])("name %j", (value, problem) => {
    expect(nameRule(value)).toBe(problem);
  });

  it("a name may stay empty at sign-up only", () => {
    expect(optionalNameRule("  ")).toBeNull();
    expect(optionalNameRule("a".repeat(101))).toBe("Name must be at most 100 characters");
    expect(optionalNameRule("\ud800")).toBe("Name contains a broken character");
  });

  it.each([
    ["", null],
    ["a\r\n".repeat(250), null],
    ["a".repeat(501), "Bio must be at most 500 characters"],
    ["\ud800", "Bio contains a broken character"],
  ])("bio %j", (value, problem) => {
    expect(bioRule(value)).toBe(problem);
  });
});
