import { useState } from "react";
import { ForgotPasswordForm, ResetPasswordForm } from "../index.js";
import { PATHS, type PageConfig } from "./config.js";
import { Entrance } from "./entrance.js";

const BackToLogin = () => (
  <a className="link" href={PATHS.login}>
    Back to login
  </a>
);

export function ForgotPasswordPage({ config }: { config: PageConfig }) {
  const [isSent, setIsSent] = useState(false);
  return (
    <Entrance
      config={config}
      title={isSent ? "Check your email" : "Forgot your password?"}
      lead={
        isSent
          ? "It may take a minute to arrive."
          : "Enter your address and we will send you a link to choose a new one."
      }
      footer={!isSent && <BackToLogin />}
    >
      <ForgotPasswordForm onSuccess={() => setIsSent(true)} onAgain={() => setIsSent(false)} />
    </Entrance>
  );
}

export function ResetPasswordPage({ config }: { config: PageConfig }) {
  const [isDone, setIsDone] = useState(false);
  return (
    <Entrance
      config={config}
      title={isDone ? "All set" : "Choose a new password"}
      lead={
        isDone ? "Your old password no longer works." : "This ends every session and revokes every API token."
      }
      footer={!isDone && <BackToLogin />}
    >
      <ResetPasswordForm forgotHref={PATHS["forgot-password"]} onSuccess={() => setIsDone(true)} />
    </Entrance>
  );
}
