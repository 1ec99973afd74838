/** Leaves out the warning that `node:sqlite` is experimental; every other warning is shown as usual. */
export function quietWarnings(): void {
  process.removeAllListeners('warning')
  process.on('warning', (warning) => {
    if (warning.name !== 'ExperimentalWarning') process.stderr.write(`${warning.name}: ${warning.message}\n`)
  })
}
