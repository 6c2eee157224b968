import { render } from "preact";
import type { ReportData } from "../src/views/payload.ts";
import { App } from "./app.tsx";
import { liveSource } from "./sources/live.ts";
import { reportSource } from "./sources/report.ts";

const root = document.getElementById("app");
const data = document.getElementById("report-data")?.textContent;
if (root !== null) {
  const source = data === undefined ? liveSource() : reportSource(JSON.parse(data) as ReportData);
  render(<App source={source} />, root);
}
