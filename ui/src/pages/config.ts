import { safeNext } from "../client/index.js";

export type PageName = keyof typeof PATHS;

/** What the service has turned on. Nothing else is shown. */
export interface Features {
  /** It can send mail. */
  mail: boolean;
  /** Addresses are confirmed. */
  emailVerification: boolean;
  sessionList: boolean;
  activity: boolean;
}

/** What the service tells a page, as JSON in the shell's `data-config`. */
export interface PageConfig {
  productName: string;
  logoUrl: string | null;
  /** Where to go after login: a path on this site. */
  next: string;
  features: Features;
}

export const PATHS = {
  login: "/login",
  signup: "/signup",
  profile: "/profile",
  security: "/security",
  "forgot-password": "/forgot-password",
  "reset-password": "/reset-password",
  "verify-email": "/verify-email",
  "change-email": "/change-email",
  "undo-email": "/undo-email",
} as const;

const isPage = (name: string | undefined): name is PageName =>
  name !== undefined && Object.hasOwn(PATHS, name);

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : null);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

function features(given: unknown): Features {
  const found = isRecord(given) ? given : {};
  return {
    mail: found.mail === true,
    emailVerification: found.emailVerification === true,
    sessionList: found.sessionList === true,
    activity: found.activity === true,
  };
}

/** The shell's page and configuration. What is missing or of another type gets a default. */
export function readShell(dataset: DOMStringMap): { page: PageName; config: PageConfig } {
  const given = parse(dataset.config);
  return {
    page: isPage(dataset.page) ? dataset.page : "login",
    config: {
      productName: text(given.productName) ?? "Wicketgate",
      logoUrl: text(given.logoUrl),
      next: safeNext(text(given.next), PATHS.profile),
      features: features(given.features),
    },
  };
}

function parse(json: string | undefined): Record<string, unknown> {
  try {
    return { ...JSON.parse(json ?? "{}") };
  } catch {
    return {};
  }
}

/** `path` with the way back, unless that is where one would end up anyway. */
export function withNext(path: string, next: string): string {
  return next === PATHS.profile ? path : `${path}?next=${encodeURIComponent(next)}`;
}
