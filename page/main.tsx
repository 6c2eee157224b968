import { render } from "preact";
import { VIEWS } from "./views.ts";

function App() {
  return <p>{VIEWS.length} views</p>;
}

const root = document.getElementById("app");
if (root !== null) render(<App />, root);
