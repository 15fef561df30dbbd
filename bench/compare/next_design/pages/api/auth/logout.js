import { cookie } from "../../../lib/auth";

export default function logout(_, response) {
  response.setHeader("Set-Cookie", cookie("", 0));
  response.status(200).json({ success: true });
}
