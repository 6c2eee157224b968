import type { Theme } from "../view-props.ts";
import { init } from "./engine.ts";
import type { Picture } from "./picture.ts";
import { paletteOf } from "./theme.ts";
import { escapeHtml } from "./words.ts";

/** What may stand in no XML file, not even escaped (W3C, XML 1.0, production 2 "Char"). */
const NOT_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** A picture as an SVG file, with its facts and notes in words for those who cannot see it. Needs no browser. */
export function svgOf(
  { option, summary, notes }: Picture,
  { width, height, theme }: { width: number; height: number; theme: Theme },
): string {
  const chart = init(null, null, { renderer: "svg", ssr: true, width, height });
  try {
    // What is for hands is left out.
    const { dataZoom: _, series, ...still } = option;
    // … and all is drawn at once.
    const whole = [series ?? []].flat().map((each) => ({ ...each, progressive: 0 }));
    chart.setOption({
      ...still,
      series: whole,
      animation: false,
      backgroundColor: paletteOf(theme).background,
    });
    const svg = chart.renderToSVGString();
    const words = `<title>${escapeHtml(summary)}</title><desc>${escapeHtml(notes.join(" "))}</desc>`;
    return svg
      .replaceAll(NOT_XML, "\uFFFD")
      .replace(/^<svg /, '<svg role="img" ')
      .replace(/^(<svg [^>]*>)/, `$1${words}`);
  } finally {
    chart.dispose();
  }
}
