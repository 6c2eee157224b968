/** How long a text is seen, in milliseconds: long enough to read it twice. */
const SEEN = 8_000;

let timer = 0;

/**
 * Tells screen readers, politely, what happened: the text goes to the page's live region.
 *
 * @param seen shows it to everybody, for a while
 */
export function say(text: string, seen = false): void {
  const region = document.getElementById("said");
  if (region === null) return;
  window.clearTimeout(timer);
  region.textContent = text;
  region.className = seen ? "said" : "unseen";
  if (seen) timer = window.setTimeout(() => (region.className = "unseen"), SEEN);
}
