import { createServer } from 'node:net'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Child } from '../crash/child.ts'
import { onClose } from './company.ts'

const main = 'apps/runner/src/main.ts'
const database = 'packages/embedded-mongodb/src/serve.ts'

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'amis-sync-test-'))
  onClose(() => rm(path, { recursive: true, force: true }))
  return path
}

/** A port that somebody else has. */
async function takenPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onClose(() => new Promise((resolve) => server.close(resolve)))
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

/** Ends with 1, a code, a way out in the reader's language, and no stack trace. */
async function expectRefusal(child: Child, code: RegExp, remedy: RegExp): Promise<void> {
  expect((await child.exit).code).toBe(1)
  expect(child.story).toMatch(code)
  expect(child.story).toMatch(remedy)
  expect(child.story).not.toMatch(/\n\s+at .*\.(ts|js|mjs):/)
}

it('a port in use: the runner says so, and how to go on', async () => {
  const config = await folder()
  await mkdir(join(config, 'tenants'))
  const port = await takenPort()
  const env = {
    AMIS_SYNC_CONFIG: config,
    AMIS_SYNC_DATA: await folder(),
    AMIS_SYNC_PORT: String(port),
    AMIS_SYNC_LANG: 'vi',
  }
  await expectRefusal(new Child(main, ['run'], env), /PORT_IN_USE/, /AMIS_SYNC_PORT/)
})

it('a data directory whose owner does not answer: named, with a way out', async () => {
  const data = await folder()
  const holder = new Child(database, ['--data', data, '--port', '0'])
  await holder.ready()
  holder.signal('SIGSTOP')
  const second = new Child(database, ['--data', data, '--port', '0'])
  expect((await second.exit).code).not.toBe(0)
  expect(second.story).toMatch(/EMBEDDED_MONGO_[A-Z_]+/)
  expect(second.story).toContain(data)
  expect(second.story).not.toMatch(/\n\s+at .*\.(ts|js|mjs):/)
}, 40_000)

it('a data directory that cannot be written: named, with a way out', async () => {
  const file = join(await folder(), 'a-file')
  await writeFile(file, '')
  const config = await folder()
  await mkdir(join(config, 'tenants'))
  const env = { AMIS_SYNC_CONFIG: config, AMIS_SYNC_DATA: file, AMIS_SYNC_PORT: '0', AMIS_SYNC_LANG: 'en' }
  await expectRefusal(new Child(main, ['run'], env), /[A-Z]+_[A-Z_]+/, /AMIS_SYNC_DATA|a-file/)
})

it('no configuration folder: named, with a way out', async () => {
  const missing = join(await folder(), 'khong-co')
  const env = { AMIS_SYNC_CONFIG: missing, AMIS_SYNC_DATA: await folder(), AMIS_SYNC_PORT: '0', AMIS_SYNC_LANG: 'en' }
  await expectRefusal(new Child(main, ['run'], env), /[A-Z]+_[A-Z_]+/, /khong-co/)
})
