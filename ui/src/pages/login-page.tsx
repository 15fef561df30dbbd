import { useEffect, useState } from "react";
import { defaultTexts, LoginForm } from "../index.js";
import { PATHS, type PageConfig, withNext } from "./config.js";
import { Entrance } from "./entrance.js";

/** Where logging out leads. The mark lets the next page confirm it, and is then removed from the address. */
export const AFTER_LOGOUT = `${PATHS.login}?out=1`;

const comesFromLogout = () => new URLSearchParams(location.search).has("out");

export function LoginPage({ config }: { config: PageConfig }) {
  const [loggedOut] = useState(comesFromLogout);

  useEffect(() => {
    if (comesFromLogout()) history.replaceState(null, "", location.pathname);
  }, []);

  return (
    <Entrance
      config={config}
      title="Welcome back"
      lead={`Log in to ${config.productName}.`}
      notice={loggedOut ? defaultTexts.loggedOut : null}
      footer={
        <>
          New here?{" "}
          <a className="link" href={withNext(PATHS.signup, config.next)}>
            Create an account
          </a>
        </>
      }
    >
      <LoginForm redirectTo={config.next} />
    </Entrance>
  );
}
