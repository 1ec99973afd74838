#!/usr/bin/env node
// Nothing that an old Node cannot read is loaded before its version is checked.
if (Number(process.versions.node.split('.')[0]) < 24) {
  process.stderr.write(
    `AMIS Sync cần Node 24; đang chạy ${process.version}. Hãy dùng "npx amis-sync …" trong thư mục dự án.\n` +
      `AMIS Sync needs Node 24; this is ${process.version}. Use "npx amis-sync …" inside the project folder.\n`,
  )
  process.exit(1)
}
const { quietWarnings } = await import('./adapters/quiet-warnings.ts')
quietWarnings()
const { runCli } = await import('./cli/program.ts')
process.exitCode = await runCli(process.argv.slice(2))
