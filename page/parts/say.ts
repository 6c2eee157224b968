/** Tells screen readers, politely, what happened: the text goes to the page's live region. */
export function say(text: string): void {
  const region = document.getElementById("said");
  if (region !== null) region.textContent = text;
}
