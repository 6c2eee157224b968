import { useState } from "preact/hooks";
import { say } from "./say.ts";

interface Props {
  readonly text: string;
  /** What is copied, such as "the command". */
  readonly what: string;
}

export function CopyButton({ text, what }: Props) {
  const [done, setDone] = useState(false);
  const copy = async (): Promise<void> => {
    const copied = await toClipboard(text);
    setDone(copied);
    say(copied ? `Copied ${what}.` : `This browser does not let a page copy ${what}.`, !copied);
  };
  return (
    <button type="button" class="small" onClick={() => void copy()} onBlur={() => setDone(false)}>
      {done ? "Copied" : "Copy"}
      <span class="unseen"> {what}</span>
    </button>
  );
}

/** Browsers keep their clipboard from pages of files and of plain addresses; an old command still works there. */
async function toClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    return copied;
  }
}
