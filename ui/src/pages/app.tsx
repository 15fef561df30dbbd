import { StrictMode } from "react";
import { WicketgateProvider } from "../index.js";
import { PATHS, type PageConfig, type PageName } from "./config.js";
import { ForgotPasswordPage, ResetPasswordPage } from "./forgotten-pages.js";
import { ChangeEmailPage, UndoEmailPage, VerifyEmailPage } from "./link-pages.js";
import { LoginPage } from "./login-page.js";
import { ProfilePage } from "./profile-page.js";
import { SecurityPage } from "./security-page.js";
import { SignupPage } from "./signup-page.js";

const PAGES = {
  login: LoginPage,
  signup: SignupPage,
  profile: ProfilePage,
  security: SecurityPage,
  "forgot-password": ForgotPasswordPage,
  "reset-password": ResetPasswordPage,
  "verify-email": VerifyEmailPage,
  "change-email": ChangeEmailPage,
  "undo-email": UndoEmailPage,
} satisfies Record<PageName, unknown>;

/** One page. Going from one to another loads it anew, so that the service decides each time who may see it. */
export function App({ page, config }: { page: PageName; config: PageConfig }) {
  const Page = PAGES[page];
  return (
    <StrictMode>
      <WicketgateProvider loginPath={PATHS.login}>
        <Page config={config} />
      </WicketgateProvider>
    </StrictMode>
  );
}
