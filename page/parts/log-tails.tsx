import { useLayoutEffect, useRef } from "preact/hooks";
import type { LogTail } from "../../src/views/payload.ts";

interface Props {
  readonly logs: readonly LogTail[];
  readonly running: boolean;
}

/** The ends of a trial's logs, which grow while it runs. */
export function LogTails({ logs, running }: Props) {
  const written = logs.filter(({ lines }) => lines.length > 0);
  return (
    <section class="card wide" aria-labelledby="log-title">
      <h2 id="log-title">Log</h2>
      {written.length === 0 && <p class="faint">{running ? "It has written nothing yet." : "It wrote nothing."}</p>}
      {written.map((log) => (
        <Tail key={log.file} log={log} />
      ))}
    </section>
  );
}

/** Stays at its end as it grows, unless the reader scrolled up. */
function Tail({ log: { file, lines } }: { readonly log: LogTail }) {
  const box = useRef<HTMLPreElement>(null);
  const follows = useRef(true);
  const text = lines.join("\n");
  useLayoutEffect(() => {
    if (box.current !== null && follows.current) box.current.scrollTop = box.current.scrollHeight;
  }, [text]);
  const look = ({
    currentTarget: { scrollTop, scrollHeight, clientHeight },
  }: {
    readonly currentTarget: HTMLElement;
  }) => {
    follows.current = scrollHeight - scrollTop - clientHeight < 8;
  };
  return (
    <>
      <h3>{file}</h3>
      <pre ref={box} class="log" tabIndex={0} aria-label={`The end of ${file}`} onScroll={look}>
        {text}
      </pre>
    </>
  );
}
