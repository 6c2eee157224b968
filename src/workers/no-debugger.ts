/** Node opens its debugger at SIGUSR1, for every user of the machine. Batch systems send that signal as a warning. */
export function refuseDebugger(): void {
  process.on("SIGUSR1", () => {});
}
