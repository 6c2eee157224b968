// Draws what a terminal showed as an animated SVG file.
import xterm from "@xterm/headless";

const CELL = { width: 8.4, height: 19 };
const MARGIN = { side: 16, top: 44, bottom: 16 };
const COLOURS = { 1: "#ff7b72", 2: "#56d364", 3: "#e3b341", 4: "#79c0ff", 5: "#d2a8ff", 6: "#56d4dd", 8: "#8b949e" };
const TEXT = "#e6edf3";

/**
 * @param {readonly { at: number, text: string }[]} recording what came, and when in milliseconds; ascending
 * @param {readonly number[]} moments at which the screen is drawn, in milliseconds; ascending
 * @param {{ columns: number, rows: number, seconds: number, title: string, words: string }} look `seconds` is how long each is seen
 * @returns {Promise<string>} an SVG file; who wants no motion sees the last moment
 */
export async function terminalSvg(recording, moments, { columns, rows, seconds, title, words }) {
  const screens = await screensAt(recording, moments, { columns, rows });
  const used = Math.max(...screens.map((lines) => lines.findLastIndex((line) => line.length > 0) + 1));
  const width = Math.ceil(columns * CELL.width + 2 * MARGIN.side);
  const height = Math.ceil(used * CELL.height + MARGIN.top + MARGIN.bottom);
  const share = 100 / screens.length;
  const frames = screens.map((lines, i) => {
    const last = i === screens.length - 1 ? ' class="last"' : "";
    return `<g${last} style="animation-delay:${-seconds * (screens.length - i)}s">${lines.map(drawLine).join("")}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escape(words)}</title>
<style>
text{font:14px ui-monospace,SFMono-Regular,Menlo,"DejaVu Sans Mono",monospace;fill:${TEXT};white-space:pre}
.b{font-weight:bold}.d{opacity:.62}
${Object.entries(COLOURS)
  .map(([number, colour]) => `.c${number}{fill:${colour}}`)
  .join("")}
g{opacity:0;animation:seen ${seconds * screens.length}s step-end infinite}
@keyframes seen{0%{opacity:1}${share.toFixed(3)}%{opacity:0}100%{opacity:0}}
@media(prefers-reduced-motion:reduce){g{animation:none}.last{opacity:1}}
</style>
<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>
<circle cx="20" cy="18" r="6" fill="#ff5f57"/><circle cx="40" cy="18" r="6" fill="#febc2e"/><circle cx="60" cy="18" r="6" fill="#28c840"/>
<text x="${width / 2}" y="23" text-anchor="middle" class="d">${escape(title)}</text>
${frames.join("\n")}
</svg>
`;
}

/** The lines of the screen at each moment, as stretches of one look. */
async function screensAt(recording, moments, { columns, rows }) {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 0 });
  const screens = [];
  let next = 0;
  for (const moment of moments) {
    let text = "";
    for (; next < recording.length && recording[next].at <= moment; next++) text += recording[next].text;
    await new Promise((written) => terminal.write(text, written));
    const { active } = terminal.buffer;
    screens.push(Array.from({ length: rows }, (_, y) => stretches(active.getLine(active.viewportY + y), columns)));
  }
  terminal.dispose();
  return screens;
}

function stretches(line, columns) {
  const found = [];
  if (line === undefined) return found;
  for (let x = 0; x < columns; x++) {
    const cell = line.getCell(x);
    if (cell.getWidth() === 0) continue;
    const colour = cell.isFgPalette() ? cell.getFgColor() % 8 || 8 : undefined;
    const look = [colour && `c${colour}`, cell.isBold() && "b", cell.isDim() && "d"].filter(Boolean).join(" ");
    const text = cell.getChars() || " ";
    if (found.at(-1)?.look === look) found.at(-1).text += text;
    else found.push({ x, look, text });
  }
  return found.filter(({ text }) => text.trim() !== "");
}

/** Each stretch stands where its cells do, whatever font draws it. */
function drawLine(line, y) {
  if (line.length === 0) return "";
  const baseline = MARGIN.top + (y + 0.75) * CELL.height;
  const spans = line.map(({ x, look, text }) => {
    const start = text.length - text.trimStart().length;
    const written = text.trim();
    const place = `x="${(MARGIN.side + (x + start) * CELL.width).toFixed(1)}"`;
    const length = `textLength="${([...written].length * CELL.width).toFixed(1)}"`;
    return `<tspan ${place} ${length}${look === "" ? "" : ` class="${look}"`}>${escape(written)}</tspan>`;
  });
  return `<text y="${baseline.toFixed(1)}">${spans.join("")}</text>`;
}

function escape(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
