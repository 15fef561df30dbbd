const twoDigits = (value: number) => String(value).padStart(2, "0");

/** "45 s", "14:05 min": how long somebody still has to wait. */
export function formatWait(seconds: number): string {
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)}:${twoDigits(seconds % 60)} min`;
}

/** Every text the components show. Pass any of them to the provider to replace it. */
export const defaultTexts = {
  email: "Email",
  password: "Password",
  name: "Name",
  optional: "optional",
  bio: "Bio",
  apiToken: "API token",

  showPassword: "Show",
  hidePassword: "Hide",
  /** Read out after "Show" and "Hide", not displayed. */
  showPasswordContext: "password",
  capsLock: "Caps lock is on",
  passwordHint: (min: number) => `At least ${min} characters. A short sentence works well.`,
  passwordShort: (missing: number) => `${missing} more ${missing === 1 ? "character" : "characters"} to go`,
  passwordLong: (extra: number) => `${extra} ${extra === 1 ? "character" : "characters"} too many`,
  passwordGood: "Long enough",
  bioHint: (left: number) =>
    left < 0
      ? `${-left} ${left === -1 ? "character" : "characters"} too many`
      : `${left} ${left === 1 ? "character" : "characters"} left`,

  logIn: "Log in",
  loggingIn: "Logging in…",
  loggedIn: "You are logged in.",
  signUp: "Create account",
  signingUp: "Creating account…",
  signedUp: "Your account has been created.",
  signedUpNext: "Continue to log in",
  logOut: "Log out",
  loggingOut: "Logging out…",
  loggedOut: "You are logged out.",
  save: "Save changes",
  saving: "Saving…",
  saved: "Your profile has been saved.",

  tokenPresent: "Send it as a Bearer token. Whoever has it can act as you, so keep it secret.",
  tokenLater: "You can see it again on your profile at any time.",
  tokenShow: "Show token",
  tokenShowing: "Loading token…",
  /** Read out, not displayed. */
  tokenShown: "The token is shown.",
  tokenReplace: "Replace token",
  tokenWarning: "Your current token stops working at once, wherever it is in use.",
  tokenConfirm: "Replace the token",
  tokenCancel: "Cancel",
  tokenCreating: "Creating token…",
  tokenCreated: "Your new token is ready.",
  show: "Show",
  hide: "Hide",
  copy: "Copy",
  copied: "Copied",
  copyFailed: "Copying was refused. The token is selected: press Ctrl+C or ⌘C.",

  retryIn: (seconds: number) => `You can try again in ${formatWait(seconds)}.`,
  retryNow: "You can try again now.",
  sessionEnded: "Your session has ended. Please log in again.",
  /** The service's own messages by their English text, for example { "Email is required": "…" }. */
  messages: {} as Readonly<Record<string, string>>,
};

export type Texts = typeof defaultTexts;
