/** For password managers: whose password it is. Nobody else meets it. */
export function Username({ email }: { email: string | undefined }) {
  return <input hidden readOnly type="email" autoComplete="username" value={email ?? ""} />;
}
