// Plain JavaScript for Node 20: it runs before anything of ours can.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '../../..')
const pinned = join(root, 'node_modules/node/bin/node')

/** The pinned Node 24, or exit 1 with what to do. */
export function node24() {
  const candidates = [process.execPath, pinned].filter((path) => existsSync(path))
  for (const path of candidates) {
    const { stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' })
    if ((stdout ?? '').startsWith('v24.')) return path
  }
  process.stderr.write(
    [
      `AMIS Sync cần Node 24; đang chạy ${process.version}.`,
      `AMIS Sync needs Node 24; this is ${process.version}.`,
      '',
      'Node 24 đi kèm trong node_modules nhưng script cài đặt của nó chưa được phép chạy. Hãy chạy:',
      'Node 24 comes with node_modules, but its install script was not allowed to run. Run:',
      '',
      '  npm rebuild node --ignore-scripts=false',
      '',
      'Chưa cài gì? · Nothing installed yet?   npm ci',
      '',
    ].join('\n'),
  )
  process.exit(1)
}

/** Environment in which `node` and the tools' binaries are the pinned ones. */
export function environment(extra = {}) {
  const path = [dirname(pinned), join(root, 'node_modules/.bin'), process.env.PATH].join(':')
  return { ...process.env, PATH: path, NX_DAEMON: 'false', NX_TUI: 'false', ...extra }
}

/** Runs a tool of node_modules under Node 24; exits with its code when it fails. */
export function run(name, args, options = {}) {
  const result = spawnSync(node24(), [join(root, 'node_modules', name), ...args], {
    cwd: root,
    stdio: 'inherit',
    env: environment(options.env),
  })
  if (result.status !== 0 && !options.mayFail) process.exit(result.status ?? 1)
  return result.status ?? 1
}
