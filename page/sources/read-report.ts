import type { ReportData } from "../../src/views/payload.ts";

/** Reads the data of a report from the element that holds it: JSON, or where there is much of it, compressed JSON in base64. */
export async function readReport(element: Element): Promise<ReportData> {
  const text = element.textContent;
  // What was read is not needed twice.
  element.textContent = "";
  if (element.getAttribute("type") !== "application/gzip") return JSON.parse(text) as ReportData;
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  // `Uint8Array.from` takes ten times as long for millions of letters.
  for (let at = 0; at < letters.length; at++) bytes[at] = letters.charCodeAt(at);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return (await new Response(stream).json()) as ReportData;
}
