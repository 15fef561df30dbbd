// The service cleans what people type before it counts and stores it. These are the same steps, so that a
// form neither refuses what the service would take nor promises what it would refuse.

const SURROGATE = /\p{Surrogate}/u;
// A right-to-left override makes one name look like another; names are shown to other people.
const BIDIRECTIONAL = /[\u202a-\u202e\u2066-\u2069]/g;
const CONTROLS = /\p{Cc}/gu;
const CONTROLS_BUT_NEWLINE = /(?!\n)\p{Cc}/gu;

/** Half of a surrogate pair without the other half: no valid text. */
export function hasLoneSurrogate(text: string): boolean {
  return SURROGATE.test(text);
}

/** One line in NFC, trimmed, without control and bidirectional characters. */
export function cleanLine(text: string): string {
  return clean(text, CONTROLS);
}

/** Like `cleanLine`, but line breaks stay, as `\n`. */
export function cleanBlock(text: string): string {
  return clean(text.replace(/\r\n/g, "\n"), CONTROLS_BUT_NEWLINE);
}

/** Characters as people count them: code points, not UTF-16 units. */
export function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function clean(text: string, controls: RegExp): string {
  // JavaScript's trim() takes U+FEFF for white space, which is what the service does as well.
  return text.replace(/\t/g, " ").replace(controls, "").replace(BIDIRECTIONAL, "").trim().normalize("NFC");
}
