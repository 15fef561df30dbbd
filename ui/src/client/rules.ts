import { cleanBlock, cleanLine, countCharacters, hasLoneSurrogate } from "./clean.js";

/** The problem with a value in the service's own words, or null if there is none. */
export type Rule = (value: string) => string | null;

export const LIMITS = { emailMax: 255, passwordMin: 8, passwordMax: 128, nameMax: 100, bioMax: 500 } as const;

// The design's pattern. The service checks the syntax more strictly and has the last word.
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

export const passwordLength = (value: string): number => countCharacters(value.normalize("NFKC"));
export const bioLength = (value: string): number => countCharacters(cleanBlock(value));

const broken = (value: string, label: string) =>
  hasLoneSurrogate(value) ? `${label} contains a broken character` : null;
const tooLong = (length: number, max: number, label: string) =>
  length > max ? `${label} must be at most ${max} characters` : null;

export const emailRule: Rule = (value) => {
  const email = cleanLine(value);
  return (
    broken(value, "Email") ??
    (email === "" ? "Email is required" : null) ??
    tooLong(countCharacters(email), LIMITS.emailMax, "Email") ??
    (EMAIL.test(email) ? null : "Enter a valid email address")
  );
};

/** For a password someone chooses. Never trimmed: a space is a character like any other. */
export const newPasswordRule: Rule = (value) => {
  const length = passwordLength(value);
  return (
    broken(value, "Password") ??
    (length === 0 ? "Password is required" : null) ??
    (length < LIMITS.passwordMin ? `Password must be at least ${LIMITS.passwordMin} characters` : null) ??
    tooLong(length, LIMITS.passwordMax, "Password")
  );
};

/** For a password someone already has: whether it fits today's rules says nothing about whether it is theirs. */
export const passwordRule: Rule = (value) => (value === "" ? "Password is required" : null);

export const nameRule: Rule = (value) => {
  const name = cleanLine(value);
  return (
    broken(value, "Name") ??
    (name === "" ? "Name is required" : null) ??
    tooLong(countCharacters(name), LIMITS.nameMax, "Name")
  );
};

/** At sign-up the name may stay empty; the service then takes the part before the `@`. */
export const optionalNameRule: Rule = (value) =>
  !hasLoneSurrogate(value) && cleanLine(value) === "" ? null : nameRule(value);

export const bioRule: Rule = (value) =>
  broken(value, "Bio") ?? tooLong(bioLength(value), LIMITS.bioMax, "Bio");
