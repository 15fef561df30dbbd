import { ForgotPasswordForm, ResetPasswordForm } from "../index.js";
import { PATHS, type PageConfig } from "./config.js";
import { Entrance } from "./entrance.js";

const BackToLogin = () => (
  <a className="link" href={PATHS.login}>
    Back to the login
  </a>
);

export function ForgotPasswordPage({ config }: { config: PageConfig }) {
  return (
    <Entrance
      config={config}
      title="Forgot your password?"
      lead="Tell us your address, and we send you a link to choose a new one."
      footer={<BackToLogin />}
    >
      <ForgotPasswordForm />
    </Entrance>
  );
}

export function ResetPasswordPage({ config }: { config: PageConfig }) {
  return (
    <Entrance
      config={config}
      title="Choose a new password"
      lead="It counts at once, and ends every session that is open."
      footer={<BackToLogin />}
    >
      <ResetPasswordForm forgotHref={PATHS["forgot-password"]} />
    </Entrance>
  );
}
