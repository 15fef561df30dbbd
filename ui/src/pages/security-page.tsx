import {
  ActivityList,
  ApiTokensPanel,
  ChangePasswordForm,
  DeleteAccountForm,
  LogoutEverywhereButton,
  SessionsPanel,
} from "../index.js";
import { Account, Card } from "./account.js";
import type { PageConfig } from "./config.js";
import { AFTER_DELETION, AFTER_LOGOUT_EVERYWHERE } from "./login-page.js";

export function SecurityPage({ config }: { config: PageConfig }) {
  return (
    <Account config={config} page="security">
      {() => <Security config={config} />}
    </Account>
  );
}

function Security({ config: { features } }: { config: PageConfig }) {
  return (
    <>
      <h1 className="text-2xl font-semibold tracking-tight">Security</h1>
      <Card title="Password" lead="Changing it logs you out everywhere but here.">
        <ChangePasswordForm />
      </Card>
      {features.sessionList && (
        <Card title="Sessions" lead="Where you are logged in. End any session that you do not recognise.">
          <SessionsPanel />
        </Card>
      )}
      <Card title="Named API tokens" lead="One for each script or service, with scopes and an expiry date.">
        <ApiTokensPanel />
      </Card>
      {features.activity && (
        <Card title="Activity" lead="What happened to your account, newest first.">
          <ActivityList />
        </Card>
      )}
      <Card title="Log out everywhere" lead="Ends every session, in this browser and in all others.">
        <LogoutEverywhereButton redirectTo={AFTER_LOGOUT_EVERYWHERE} />
      </Card>
      <Card title="Delete account" lead="Deletes everything we keep about you and frees your address.">
        <DeleteAccountForm redirectTo={AFTER_DELETION} />
      </Card>
    </>
  );
}
