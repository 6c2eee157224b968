import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import GithubSlugger from "github-slugger";
import markdownIt from "markdown-it";

export const ROOT: string = fileURLToPath(new URL("../..", import.meta.url));

/** The pages that people read, relative to the root of the project. */
export const PAGES: readonly string[] = [
  "README.md",
  "CONTRIBUTING.md",
  "src/README.md",
  "search-spaces/README.md",
  "studies/README.md",
  ...readdirSync(join(ROOT, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

export interface Page {
  /** Targets of links and pictures that are files of the project, with their fragment. */
  readonly links: readonly { readonly file: string; readonly fragment: string }[];
  /** Names of the headings, as anchors. */
  readonly anchors: ReadonlySet<string>;
  /** In order: files that the page shows (named by a paragraph such as "`train.js`:" above them), and shell commands. */
  readonly steps: readonly Step[];
}

export type Step =
  | { readonly kind: "file"; readonly name: string; readonly content: string }
  | { readonly kind: "shell"; readonly commands: string };

const SHOWN_FILE = /^`([\w./-]+)`(?: \(.*\))?:$/;

/** Reads a Markdown page of the project. */
export function readPage(page: string): Page {
  const links: { file: string; fragment: string }[] = [];
  const anchors = new Set<string>();
  const steps: Step[] = [];
  const slugger = new GithubSlugger();
  let paragraph = "";
  const tokens = markdownIt().parse(readFileSync(join(ROOT, page), "utf8"), {});
  for (const [index, token] of tokens.entries()) {
    if (token.type === "inline") {
      if (tokens[index - 1]?.type === "heading_open") {
        const text = (token.children ?? []).map(({ content }) => content).join("");
        anchors.add(slugger.slug(text));
      }
      paragraph = token.content;
      for (const child of token.children ?? []) {
        const target = child.attrGet("href") ?? child.attrGet("src");
        if (typeof target !== "string" || /^[a-z]+:/.test(target)) continue;
        const [path = "", fragment = ""] = decodeURI(target).split("#");
        links.push({ file: path === "" ? page : normalize(join(dirname(page), path)), fragment });
      }
    } else if (token.type === "fence") {
      const name = SHOWN_FILE.exec(paragraph)?.[1];
      if (token.info === "sh") steps.push({ kind: "shell", commands: token.content });
      else if (name !== undefined) steps.push({ kind: "file", name, content: token.content });
      paragraph = "";
    }
  }
  return { links, anchors, steps };
}
