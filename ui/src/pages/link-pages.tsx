import { ConfirmEmailChange, UndoEmailChange, VerifyEmail } from "../index.js";
import { PATHS, type PageConfig } from "./config.js";
import { Entrance } from "./entrance.js";

// What the links in mails open: one button each, so that a program that looks at the link does not use it up.

interface PageProps {
  config: PageConfig;
}

export function VerifyEmailPage({ config }: PageProps) {
  return (
    <Entrance
      config={config}
      title="Confirm your address"
      lead="Press the button, and that is all."
      footer={null}
    >
      <VerifyEmail continueHref={PATHS.profile} />
    </Entrance>
  );
}

export function ChangeEmailPage({ config }: PageProps) {
  return (
    <Entrance
      config={config}
      title="Your new address"
      lead="From now on you log in with it, and our mail goes there."
      footer={null}
    >
      <ConfirmEmailChange continueHref={PATHS.profile} />
    </Entrance>
  );
}

export function UndoEmailPage({ config }: PageProps) {
  return (
    <Entrance
      config={config}
      title="Take the change back"
      lead="Your account gets its old address again, and every session ends."
      footer={null}
    >
      <UndoEmailChange
        continueHref={PATHS.login}
        {...(config.features.mail ? { forgotHref: PATHS["forgot-password"] } : {})}
      />
    </Entrance>
  );
}
