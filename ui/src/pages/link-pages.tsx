import { type ReactNode, useState } from "react";
import { ConfirmEmailChange, UndoEmailChange, VerifyEmail } from "../index.js";
import { PATHS, type PageConfig } from "./config.js";
import { Entrance } from "./entrance.js";

interface LinkPageProps {
  config: PageConfig;
  title: string;
  lead: string;
  /** The lead once it is done. */
  done: string;
  children: (onSuccess: () => void) => ReactNode;
}

/** What a link in a mail opens: one button, so that a program that looks at the link does not use it up. */
function LinkPage({ config, title, lead, done, children }: LinkPageProps) {
  const [isDone, setIsDone] = useState(false);
  return (
    <Entrance config={config} title={title} lead={isDone ? done : lead} footer={null}>
      {children(() => setIsDone(true))}
    </Entrance>
  );
}

export function VerifyEmailPage({ config }: { config: PageConfig }) {
  return (
    <LinkPage
      config={config}
      title="Confirm your address"
      lead="One click, and we know that our email reaches you."
      done="Thank you."
    >
      {(onSuccess) => <VerifyEmail continueHref={PATHS.profile} onSuccess={onSuccess} />}
    </LinkPage>
  );
}

export function ChangeEmailPage({ config }: { config: PageConfig }) {
  return (
    <LinkPage
      config={config}
      title="Your new address"
      lead="Once you confirm it, you log in with this address and our email goes there."
      done="Thank you."
    >
      {(onSuccess) => <ConfirmEmailChange continueHref={PATHS.profile} onSuccess={onSuccess} />}
    </LinkPage>
  );
}

export function UndoEmailPage({ config }: { config: PageConfig }) {
  return (
    <LinkPage
      config={config}
      title="Undo the change"
      lead="Your account gets its old address again. Its password stops working, and every session ends."
      done="One step is left."
    >
      {(onSuccess) => <UndoEmailChange forgotHref={PATHS["forgot-password"]} onSuccess={onSuccess} />}
    </LinkPage>
  );
}
