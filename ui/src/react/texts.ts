const twoDigits = (value: number) => String(value).padStart(2, "0");

/** "45 s", "14:05 min": how long somebody still has to wait. */
export function formatWait(seconds: number): string {
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)}:${twoDigits(seconds % 60)} min`;
}

const characters = (count: number) => `${count} ${count === 1 ? "character" : "characters"}`;

/** An application carries these whatever it uses; the other groups only with the components that show them. */
export const baseTexts = {
  email: "Email",
  password: "Password",
  optional: "optional",

  showPassword: "Show",
  hidePassword: "Hide",
  /** Read out after "Show" and "Hide", not displayed. */
  showPasswordContext: "password",
  capsLock: "Caps lock is on",

  logIn: "Log in",
  loggingIn: "Logging in…",
  loggedIn: "You are logged in.",
  forgotLink: "Forgot your password?",

  retryIn: (seconds: number) => `You can try again in ${formatWait(seconds)}.`,
  retryNow: "You can try again now.",
  sessionEnded: "Your session has ended. Please log in again.",
  /** The service's own messages by their English text, for example { "Email is required": "…" }. */
  messages: {} as Readonly<Record<string, string>>,
};

export const newPasswordTexts = {
  passwordHint: (min: number) => `At least ${min} characters. A short sentence works well.`,
  passwordShort: (missing: number) => `${missing} more ${missing === 1 ? "character" : "characters"} to go`,
  passwordLong: (extra: number) => `${characters(extra)} too many`,
  passwordGood: "Long enough",
};

export const signupTexts = {
  name: "Name",
  signUp: "Create account",
  signingUp: "Creating account…",
  signedUp: "Your account has been created.",
  signedUpNext: "Continue to log in",
};

export const logoutTexts = {
  logOut: "Log out",
  loggingOut: "Logging out…",
  loggedOut: "You are logged out.",
};

export const profileTexts = {
  name: "Name",
  bio: "Bio",
  bioHint: (left: number) => (left < 0 ? `${characters(-left)} too many` : `${characters(left)} left`),
  save: "Save changes",
  saving: "Saving…",
  saved: "Your profile has been saved.",
};

export const tokenTexts = {
  apiToken: "API token",
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
};

const LINK_MISSING = "This link is incomplete. Open the full link from our email.";

export const linkTexts = {
  linkMissing: LINK_MISSING,
  linkContinue: "Continue",
};

const MAIL_HINT = "Nothing after a few minutes? Check your spam folder.";

export const verificationTexts = {
  verify: "Confirm my address",
  verifying: "Confirming…",
  verified: "Your address is confirmed.",
  resend: "Send the link again",
  resending: "Sending…",
  resent: "If the address is waiting to be confirmed, a new link is on its way.",
  notVerified: "This address is not confirmed yet. Open the link that we have sent to it.",
  pendingEmail: (email: string) => `We have sent a link to ${email}. Your address changes once you open it.`,
  mailHint: MAIL_HINT,
};

export const emailChangeTexts = {
  confirmChange: "Use this address",
  confirmingChange: "Changing your address…",
  changeConfirmed: "Your email address has been changed.",
  undoChange: "Undo the change",
  undoingChange: "Undoing the change…",
  changeUndone:
    "Your account has its old address again. Its password no longer works, and every session has ended.",
  afterUndo: "Choose a new password with the link that we have sent you.",
  afterUndoLink: "Send me another link",
  changeAgain: "Change your address on your profile again to get a new link.",
  undoTooLate: "A change of address can be undone once, within seven days.",
};

export const recoveryTexts = {
  linkMissing: LINK_MISSING,
  linkNew: "Ask for a new link",
  toLogin: "Go to login",
  backToLogin: "Back to login",
  sendLink: "Send me a link",
  sendingLink: "Sending…",
  sendLinkAgain: "Send it again",
  mailHint: MAIL_HINT,
  linkSent: "If there is an account with this address, a link to choose a new password is on its way.",
  newPassword: "New password",
  setPassword: "Save the new password",
  settingPassword: "Saving…",
  passwordSet: "Your new password is saved, and every session has ended. You can log in with it now.",
};

export const passwordTexts = {
  currentPassword: "Current password",
  newPassword: "New password",
  changePassword: "Change password",
  changingPassword: "Changing…",
  passwordChanged: "Your password has been changed. You are logged out everywhere else.",
};

export const leavingTexts = {
  logOutEverywhere: "Log out everywhere",
  loggingOutEverywhere: "Logging out…",
  loggedOutEverywhere: "You are logged out everywhere.",
  deleteAccount: "Delete account",
  deleteWarning: "Your profile, your sessions and your API tokens are deleted. This cannot be undone.",
  deletePassword: "Your password, to confirm it is you",
  deleteConfirm: "Delete my account for good",
  deleteCancel: "Keep my account",
  deleting: "Deleting…",
  deleted: "Your account has been deleted.",
};

/** A time of the service as the reader's browser writes times; as it came, if it is none. */
function formatTime(iso: string, timeStyle?: "short"): string {
  const time = new Date(iso);
  return Number.isNaN(time.getTime())
    ? iso
    : time.toLocaleString(undefined, { dateStyle: "medium", timeStyle });
}

export const listTexts = {
  loading: "Loading…",
  tryAgain: "Try again",
  date: (iso: string) => formatTime(iso),
  moment: (iso: string) => formatTime(iso, "short"),
};

export const sessionTexts = {
  sessions: "Sessions",
  sessionUnknown: "Unknown browser",
  sessionCurrent: "This browser",
  sessionNetwork: (network: string) => `Network ${network}`,
  sessionUsed: (moment: string) => `last used ${moment}`,
  sessionSince: (moment: string) => `since ${moment}`,
  sessionEnd: "End",
  /** Read out after "End", not displayed. */
  sessionEndContext: (device: string) => `the session of ${device}`,
  sessionEnding: "Ending…",
  sessionEndDone: "The session has ended.",
  sessionsNone: "There is no session to show.",
};

export const namedTokenTexts = {
  tokens: "Named API tokens",
  tokensNone: "There is none yet.",
  tokenName: "Name",
  tokenNameHint: "Where you will use it, for example “Backup script”.",
  tokenScopes: "Scopes",
  tokenScopesHint: "What it may do, separated by spaces. Without any, it may do everything.",
  tokenExpiry: "Expires",
  tokenExpiryDays: (days: number) => `In ${days} days`,
  tokenExpiryNever: "Never",
  tokenLimit: "Limit",
  tokenLimitHint: "How many requests it may make in 15 minutes, or the window that the service is set to.",
  tokenCreate: "Create token",
  tokenNewOne: "New token",
  tokenOnce: "Copy it now and keep it secret: it is not shown again.",
  tokenStored: "I have stored it",
  tokenRevoke: "Revoke",
  /** Read out after "Revoke", not displayed. */
  tokenRevokeContext: (name: string) => `the token ${name}`,
  tokenRevokeWarning: (name: string) => `“${name}” stops working at once, wherever it is in use.`,
  tokenRevokeConfirm: "Revoke the token",
  tokenRevoking: "Revoking…",
  tokenRevoked: "The token has been revoked.",
  tokenAll: "May do everything",
  tokenCreatedAt: (date: string) => `created ${date}`,
  tokenExpires: (date: string) => `expires ${date}`,
  tokenExpired: (date: string) => `expired ${date}`,
  tokenNeverExpires: "does not expire",
  tokenUsed: (moment: string) => `last used ${moment}`,
  tokenUnused: "not used yet",
  tokenLimited: (limit: number) => `limit ${limit}`,
};

export const activityTexts = {
  activity: "Activity",
  activityNone: "There is nothing to show yet.",
  activityAll: "Show all",
  activityNetwork: (network: string) => `from network ${network}`,
  /** What more the service noted; "" for what only it understands. */
  activityDetail: (event: string, detail: string) =>
    event === "new_sign_in" || event === "plan_changed" ? detail : "",
  activityByOperator: "done by whoever runs the service",
  /** What happened, by the name that the service has for it. */
  events: {
    signup: "Account created",
    login: "Logged in",
    login_failed: "A login failed",
    logout: "Logged out",
    limit_hit: "Too many attempts",
    new_sign_in: "Logged in from a new network",
    email_verified: "Address confirmed",
    password_reset_asked: "New password requested",
    password_reset: "New password chosen by link",
    password_changed: "Password changed",
    email_change_asked: "Change of address requested",
    email_changed: "Address changed",
    email_change_undone: "Change of address undone",
    sessions_ended: "All sessions ended",
    session_ended: "A session ended",
    account_deleted: "Account deleted",
    api_token_rotated: "API token replaced",
    api_token_created: "API token created",
    api_token_revoked: "API token revoked",
    plan_changed: "Plan changed",
  } as Readonly<Record<string, string>>,
};

export type BaseTexts = typeof baseTexts;
