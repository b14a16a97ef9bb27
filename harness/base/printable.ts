/** Colours, as `paint` gives them, and their ends; and whatever else a terminal does not show but does. */
const controls = /\p{Cc}\[(?:0|1|2|22|3[1-6]|39)m|[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/**
 * Text that may be anybody's, as a terminal shows it and does nothing else: characters that move the cursor, hide what
 * stands there, turn its direction round, fill the clipboard or name the window are shown by a sign of their own. Colours
 * stay.
 */
export function printable(text: string): string {
  return text.replaceAll("\r\n", "\n").replaceAll(controls, ([first = "", ...more]) => {
    const isColour = more.length > 0 && first === "\u001b";
    return isColour ? first + more.join("") : signOf(first) + more.join("");
  });
}

function signOf(control: string): string {
  const code = control.charCodeAt(0);
  if (control === "\n" || control === "\t") return control;
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? "␡" : `\\u${code.toString(16).padStart(4, "0")}`;
}
