/** Where the page is: what the address says after its "#". */
export type Route =
  | { readonly page: "studies" }
  | { readonly page: "overview"; readonly study: string }
  | { readonly page: "trials"; readonly study: string }
  | { readonly page: "view"; readonly study: string; readonly view: string }
  | { readonly page: "trial"; readonly study: string; readonly trial: number }
  | { readonly page: "compare"; readonly studies: readonly string[] }
  | { readonly page: "unknown"; readonly address: string };

/** Reads an address such as "#/study/digits/trial/3". Names are URI-encoded; "" is the list of studies. */
export function parseRoute(hash: string): Route {
  const unknown: Route = { page: "unknown", address: hash };
  const parts = decodeParts(hash.replace(/^#?\/?/, "").replace(/\/$/, ""));
  if (parts === undefined) return unknown;
  const [first, study, second, third] = parts;
  if (first === "") return { page: "studies" };
  if (first === "compare") return parts.length > 1 ? { page: "compare", studies: parts.slice(1) } : unknown;
  if (first !== "study" || study === undefined || study === "") return unknown;
  if (parts.length === 2) return { page: "overview", study };
  if (parts.length === 3 && second === "trials") return { page: "trials", study };
  if (parts.length !== 4 || third === undefined) return unknown;
  if (second === "view") return { page: "view", study, view: third };
  if (second === "trial" && /^\d+$/.test(third)) return { page: "trial", study, trial: Number(third) };
  return unknown;
}

/** The address of a route, with its "#". */
export function hrefOf(route: Route): string {
  switch (route.page) {
    case "studies":
      return "#/";
    case "overview":
      return address("study", route.study);
    case "trials":
      return address("study", route.study, "trials");
    case "view":
      return address("study", route.study, "view", route.view);
    case "trial":
      return address("study", route.study, "trial", String(route.trial));
    case "compare":
      return address("compare", ...route.studies);
    case "unknown":
      return route.address;
  }
}

function address(...parts: readonly string[]): string {
  return `#/${parts.map(encodeURIComponent).join("/")}`;
}

function decodeParts(path: string): string[] | undefined {
  try {
    return path.split("/").map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
