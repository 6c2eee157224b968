import { render } from "preact";
import { App } from "./app.tsx";
import { liveSource } from "./sources/live.ts";
import { readReport } from "./sources/read-report.ts";
import { reportSource } from "./sources/report.ts";

const root = document.getElementById("app");
const data = document.getElementById("report-data");
if (root !== null) {
  if (data === null) render(<App source={liveSource()} />, root);
  else void readReport(data).then((report) => render(<App source={reportSource(report)} />, root));
}
