import {
  activityTexts,
  baseTexts,
  emailChangeTexts,
  leavingTexts,
  linkTexts,
  listTexts,
  logoutTexts,
  namedTokenTexts,
  newPasswordTexts,
  passwordTexts,
  profileTexts,
  recoveryTexts,
  sessionTexts,
  signupTexts,
  tokenTexts,
  verificationTexts,
} from "./texts.js";

/** Every text the components show. Pass any of them to the provider to replace it. */
export const defaultTexts = {
  ...baseTexts,
  ...newPasswordTexts,
  ...signupTexts,
  ...logoutTexts,
  ...profileTexts,
  ...tokenTexts,
  ...linkTexts,
  ...verificationTexts,
  ...emailChangeTexts,
  ...recoveryTexts,
  ...passwordTexts,
  ...leavingTexts,
  ...listTexts,
  ...sessionTexts,
  ...namedTokenTexts,
  ...activityTexts,
};

export type Texts = typeof defaultTexts;
