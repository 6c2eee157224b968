import type { Output } from "./output.ts";

/** Opens a page in the user's browser, or says that it could not: the page can be opened by hand. */
export async function openInBrowser(url: string, output: Output): Promise<void> {
  const failed = (why: string): void => output.err(`the browser could not be opened (${why}): open ${url} yourself`);
  try {
    const { default: open } = await import("open");
    const opener = await open(url);
    opener.on("error", (error: Error) => failed(error.message));
    opener.on("exit", (code: number | null) => {
      if (code !== null && code !== 0) failed(`its command ended with ${code}`);
    });
  } catch (error) {
    failed((error as Error).message);
  }
}
