import { ApiTokenPanel, ProfileForm } from "../index.js";
import { Account, Card } from "./account.js";
import { PATHS, type PageConfig } from "./config.js";
import { Person } from "./person.js";

export function ProfilePage({ config }: { config: PageConfig }) {
  return (
    <Account config={config} page="profile">
      {(user) => (
        <>
          <Person user={user} />
          <Card title="Profile" lead="How you appear, and the address you log in with.">
            <ProfileForm user={user} />
          </Card>
          <Card title="API token" lead="Lets your scripts and services act in your name.">
            <ApiTokenPanel />
            <p className="mt-6 text-sm text-muted">
              Tokens that may do less, or end by themselves, are made{" "}
              <a className="link" href={PATHS.security}>
                under Security
              </a>
              .
            </p>
          </Card>
        </>
      )}
    </Account>
  );
}
