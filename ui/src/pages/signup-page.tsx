import { useState } from "react";
import { SignupForm, type SignupResponse } from "../index.js";
import { PATHS, type PageConfig, withNext } from "./config.js";
import { Entrance } from "./entrance.js";

function heading(answer: SignupResponse | null, productName: string) {
  if (!answer) {
    return { title: "Create your account", lead: `A minute from now you can use ${productName}.` };
  }
  // Without a user in the answer the address still has to be confirmed; the message says how.
  if (!answer.user)
    return { title: "Check your email", lead: "One step left: open the link that we have sent you." };
  return { title: `Welcome, ${answer.user.name}`, lead: "Log in with your new password to begin." };
}

export function SignupPage({ config }: { config: PageConfig }) {
  const [answer, setAnswer] = useState<SignupResponse | null>(null);
  const login = withNext(PATHS.login, config.next);
  return (
    <Entrance
      config={config}
      {...heading(answer, config.productName)}
      footer={
        !answer && (
          <>
            Already have an account?{" "}
            <a className="link" href={login}>
              Log in
            </a>
          </>
        )
      }
    >
      <SignupForm loginHref={login} onSuccess={setAnswer} />
    </Entrance>
  );
}
