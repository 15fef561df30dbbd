import { SignupForm } from "../index.js";
import { PATHS, type PageConfig, withNext } from "./config.js";
import { Entrance } from "./entrance.js";

export function SignupPage({ config }: { config: PageConfig }) {
  const login = withNext(PATHS.login, config.next);
  return (
    <Entrance
      config={config}
      title="Create your account"
      lead={`It takes a minute, and then ${config.productName} is yours to use.`}
      footer={
        <>
          Already have an account?{" "}
          <a className="link" href={login}>
            Log in
          </a>
        </>
      }
    >
      <SignupForm loginHref={login} />
    </Entrance>
  );
}
