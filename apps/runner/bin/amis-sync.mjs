#!/usr/bin/env node
// The command `amis-sync`. Plain JavaScript for Node 20: where this Node is too old, the pinned one beside it takes over.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const main = join(dirname(fileURLToPath(import.meta.url)), '../dist/main.js')

function complain(vi, en) {
  process.stderr.write(`${vi}\n${en}\n`)
  process.exit(1)
}

function pinnedNode() {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin/node')
  } catch {
    return undefined
  }
}

if (!existsSync(main)) complain('Chưa biên dịch. Hãy chạy: npm run build', 'Not built yet. Run: npm run build')
if (Number(process.versions.node.split('.')[0]) >= 24) await import(main)
else {
  const node = pinnedNode()
  if (!node || !existsSync(node)) {
    complain(
      `AMIS Sync cần Node 24; đang chạy ${process.version}. Hãy chạy: npm rebuild node --ignore-scripts=false`,
      `AMIS Sync needs Node 24; this is ${process.version}. Run: npm rebuild node --ignore-scripts=false`,
    )
  }
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' })
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  child.on('exit', (code) => process.exit(code ?? 1))
}
