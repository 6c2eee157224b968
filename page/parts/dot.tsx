/** Stands between facts in a line. */
export function Dot() {
  return <span class="faint"> · </span>;
}
