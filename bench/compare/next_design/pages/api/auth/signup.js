import { randomUUID } from "node:crypto";
import bcrypt from "bcrypt";
import { COST } from "../../../lib/auth";
import { createUser, shown, userByEmail } from "../../../lib/users";

export default async function signup(request, response) {
  const { email, password } = request.body;
  if (await userByEmail(email)) return response.status(400).json({ success: false, error: "User already exists" });
  const now = new Date().toISOString();
  const user = await createUser({
    userId: randomUUID(),
    email,
    passwordHash: await bcrypt.hash(password, COST),
    name: email.split("@")[0],
    createdAt: now,
    lastModified: now,
  });
  response.status(201).json({ success: true, user: shown(user) });
}
