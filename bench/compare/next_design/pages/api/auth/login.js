import bcrypt from "bcrypt";
import { cookie, limited, tokenFor } from "../../../lib/auth";
import { shown, userByEmail } from "../../../lib/users";

export default async function login(request, response) {
  if (limited(request)) return response.status(429).json({ success: false, error: "Too many requests" });
  const { email, password } = request.body;
  const user = await userByEmail(email);
  if (!user || !(await bcrypt.compare(password, user.passwordHash)))
    return response.status(401).json({ success: false, error: "Invalid credentials" });
  const token = tokenFor(user);
  response.setHeader("Set-Cookie", cookie(token, 86400));
  response.status(200).json({ success: true, token, user: shown(user) });
}
