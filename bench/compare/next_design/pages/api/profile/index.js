import { userIdOf } from "../../../lib/auth";
import { shown, userById } from "../../../lib/users";

export default async function profile(request, response) {
  const userId = userIdOf(request);
  const user = userId && (await userById(userId));
  if (!user) return response.status(401).json({ success: false, error: "Authentication required" });
  response.status(200).json({ success: true, user: shown(user) });
}
