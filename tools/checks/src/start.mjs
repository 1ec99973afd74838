// `npm start`: builds what changed, then runs `amis-sync up` under Node 24. Plain JavaScript for Node 20.
// stdout belongs to the program's result; npm's own banner is left out with `npm start --silent -- --once --output json`.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { environment, node24, root } from './node-24.mjs'

const node = node24()
const compiler = join(root, 'node_modules/typescript/package.json')
if (!existsSync(compiler)) {
  process.stderr.write('Chưa cài đặt. Hãy chạy: npm ci\nNot installed yet. Run: npm ci\n')
  process.exit(1)
}

const first = !existsSync(join(root, 'apps/runner/dist/main.js'))
if (first) process.stderr.write('Đang biên dịch lần đầu · Building for the first time…\n')
const native = join(root, 'node_modules/@typescript/native/bin/tsc')
const build = spawnSync(node, [native, '-b', 'apps/runner'], { cwd: root, encoding: 'utf8', env: environment() })
if (build.status !== 0) {
  process.stderr.write(`${build.stdout ?? ''}${build.stderr ?? ''}\nKhông biên dịch được · The build failed\n`)
  process.exit(1)
}

const main = join(root, 'apps/runner/dist/main.js')
const child = spawn(node, [main, 'up', ...process.argv.slice(2)], { stdio: 'inherit', env: environment() })
// Ctrl-C reaches the child by itself; what is sent to this process alone is passed on.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => child.kill('SIGTERM'))
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
