import { useEffect, useState } from "react";
import { defaultTexts, LoginForm, ResendVerification } from "../index.js";
import { PATHS, type PageConfig, withNext } from "./config.js";
import { Entrance } from "./entrance.js";

// The mark lets the login confirm what has just been done, and is then removed from the address.
const NOTICES = {
  out: defaultTexts.loggedOut,
  everywhere: defaultTexts.loggedOutEverywhere,
  deleted: defaultTexts.deleted,
};
type Mark = keyof typeof NOTICES;

const marked = (mark: Mark) => `${PATHS.login}?${mark}=1`;

/** Where logging out leads. */
export const AFTER_LOGOUT = marked("out");
export const AFTER_LOGOUT_EVERYWHERE = marked("everywhere");
export const AFTER_DELETION = marked("deleted");

function notice(): string | null {
  const query = new URLSearchParams(location.search);
  const found = (Object.keys(NOTICES) as Mark[]).find((mark) => query.has(mark));
  return found ? NOTICES[found] : null;
}

export function LoginPage({ config }: { config: PageConfig }) {
  const [said] = useState(notice);

  useEffect(() => {
    if (notice()) history.replaceState(null, "", location.pathname);
  }, []);

  return (
    <Entrance
      config={config}
      title="Welcome back"
      lead={`Log in to ${config.productName}.`}
      notice={said}
      footer={
        <>
          New here?{" "}
          <a className="link" href={withNext(PATHS.signup, config.next)}>
            Create an account
          </a>
        </>
      }
    >
      <LoginForm
        redirectTo={config.next}
        whenUnverified={(email) => <ResendVerification email={email} />}
        {...(config.features.mail ? { forgotHref: PATHS["forgot-password"] } : {})}
      />
    </Entrance>
  );
}
