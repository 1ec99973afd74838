import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { startEmbeddedMongo } from '@amis-sync/embedded-mongodb'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))
const example = fileURLToPath(new URL('../../../../config/tenants/acme.yaml', import.meta.url))

interface Outcome {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

let folder: string

/** The real command line in a process of its own. */
function cli(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  const child = spawn(process.execPath, ['--conditions=@amis-sync/source', main, ...args], {
    env: {
      PATH: process.env['PATH'] ?? '',
      AMIS_SYNC_LANG: 'en',
      AMIS_SYNC_CONFIG: folder,
      AMIS_SYNC_DATA: join(folder, 'data'),
      ...env,
    },
  })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })))
}

const secrets = {
  ACME_SYSTEM_SECRET: 'hunter2',
  ACME_CRM_SECRET: 'hunter2',
  ACME_CRM_WEBHOOK_SECRET: 'whsec_YQ==',
  ACME_ACCOUNTING_CODE: 'hunter2',
}
const noStack = /\n\s+at /

describe('amis-sync', { timeout: 30_000 }, () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'amis-sync-cli-'))
    await mkdir(join(folder, 'tenants'))
    const text = (await readFile(example, 'utf8')).replace('enabled: false', 'enabled: true')
    await writeFile(join(folder, 'tenants/acme.yaml'), text)
  })

  it.each([
    [['stauts'], 'unknown command'],
    [['status', '--colour'], 'unknown option'],
    [['why', 'acme'], 'missing required argument'],
    [['status', '--output', 'xml'], 'Allowed choices are table, json, jsonl'],
    [['status', '--output', 'svg'], 'Allowed choices are table, json, jsonl'],
    [['--output', 'xml', 'flow', 'acme'], 'Allowed choices are table, svg, mermaid, json, jsonl'],
    [[], 'Choose a command'],
    [['sync', 'acme', 'customer'], 'Give either --key CODE… or --all'],
    [['conflicts', 'resolve', 'acme', 'KH1'], 'Give --side SYSTEM, --field field=system or --value field=value'],
    [['conflicts', 'resolve', 'acme', '--side', 'crm'], "Give the conflict's id, or --all"],
    [['conflicts', 'resolve', 'acme', 'KH1', '--field', 'phone'], '--field wants field=value, not "phone"'],
    [['conflicts', 'resolve', 'acme', '--same'], "Give the conflict's id, with --same or --different"],
    [['failures', 'retry', 'acme'], 'or --all for all failures'],
    [['failures', 'edit', 'acme', 'KH1'], 'Give --set field=value'],
    [['plan', 'acme', '--step', '4'], 'Allowed choices are 1, 2, 3'],
    [['plan', 'acme', '--step', '2', '--entity', 'customer'], 'cannot be used with'],
    [['apply'], 'missing required argument'],
    [['audit', 'acme', '--confirm-deletions'], 'Name the entity type to confirm'],
  ])('%j is a usage error: exit 64, on stderr, without a stack trace', async (args, text) => {
    const { code, out, err } = await cli(args, secrets)
    expect(err).toContain(text)
    expect([code, out]).toEqual([64, ''])
    expect(err).not.toMatch(noStack)
  })

  it('speaks Vietnamese by default, English when asked', async () => {
    expect((await cli(['stauts'], { AMIS_SYNC_LANG: '' })).err).toContain('không có lệnh này')
    expect((await cli(['--lang', 'en', 'stauts'], { AMIS_SYNC_LANG: 'vi' })).err).toContain('unknown command')
  })

  it('an unknown tenant or entity is named with the one that was meant; JSON stays one document', async () => {
    const { code, out, err } = await cli(['status', 'acne', '--output', 'json'], secrets)
    expect(code).toBe(64)
    expect(JSON.parse(out)).toMatchObject({ formatVersion: 1, error: { code: 'TENANT_UNKNOWN' } })
    expect(err).toContain('Did you mean "acme"?')
    const why = await cli(['why', 'acme', 'custmer', 'KH1'], secrets)
    expect([why.code, why.err]).toEqual([64, expect.stringContaining('Did you mean "customer"?')])
  })

  it('FW7 config check tells every problem with line and column, exit 1; without secrets the file is bad', async () => {
    const { code, err } = await cli(['config', 'check'])
    expect(code).toBe(1)
    expect(err).toMatch(
      /tenants\/acme\.yaml:15:19: The environment variable ACME_SYSTEM_SECRET is not set\. Set it before starting/,
    )
    expect(err.match(/acme\.yaml:\d+:\d+/g)).toHaveLength(4)
    expect((await cli(['config', 'check'], secrets)).code).toBe(0)
  })

  it('config print shows defaults and hides secrets', async () => {
    const { code, out } = await cli(['config', 'print', '--output', 'json'], secrets)
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      formatVersion: 1,
      tenants: [{ tenant: 'acme', salesOrders: { recordAs: 'order' } }],
    })
    expect(out).not.toContain('hunter2')
  })

  it('C3 status recommends to connect a tenant that has both systems', async () => {
    const { code, out } = await cli(['status', '--output', 'json'], secrets)
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      tenants: [{ tenant: 'acme', recommendation: { command: 'amis-sync connect acme' } }],
    })
    expect((await cli(['status'], secrets)).out).toContain('Connect now: amis-sync connect acme')
  })

  it('audit and disconnect of a tenant that is not connected are told with a way out', async () => {
    const last = await cli(['audit', 'acme', '--last', '--output', 'json'], secrets)
    expect([last.code, JSON.parse(last.out)]).toMatchObject([0, { tenant: 'acme', reports: [] }])
    const audit = await cli(['audit', 'acme'], { ...secrets, AMIS_SYNC_PORT: '0' })
    expect([audit.code, audit.err]).toEqual([1, expect.stringContaining('Run connect or resume, then audit again')])
    const away = await cli(['disconnect', 'acme'], { ...secrets, AMIS_SYNC_PORT: '0' })
    expect([away.code, away.err]).toEqual([1, expect.stringContaining('amis-sync connect acme')])
    expect(`${audit.err}${away.err}`).not.toMatch(noStack)
  })

  it('a port in use, a bad port and an unreachable database end run with a code and a way out', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    const inUse = await cli(['run'], { ...secrets, AMIS_SYNC_PORT: String(port) })
    other.close()
    expect([inUse.code, inUse.err]).toEqual([1, expect.stringContaining('PORT_IN_USE')])
    expect(inUse.err).not.toMatch(noStack)
    expect((await cli(['run'], { ...secrets, AMIS_SYNC_PORT: 'http' })).err).toContain('PORT_INVALID')
    const away = await cli(['run'], {
      ...secrets,
      AMIS_SYNC_PORT: '0',
      MONGODB_URI: 'mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=300',
    })
    expect([away.code, away.err]).toEqual([1, expect.stringMatching(/✖ DATABASE_/)])
    expect(away.err).not.toMatch(noStack)
  })

  it('a database that another process owns is shared', async () => {
    const dataDir = join(folder, 'shared', 'db')
    await mkdir(dataDir, { recursive: true })
    const mongo = await startEmbeddedMongo({ dataDir })
    const { code } = await cli(['status'], { ...secrets, AMIS_SYNC_DATA: join(folder, 'shared') })
    await mongo.close()
    expect(code).toBe(0)
  })

  it('FW3 a bad plugin ends run with its code', async () => {
    const config = await mkdtemp(join(tmpdir(), 'amis-sync-plugin-'))
    await writeFile(join(config, 'amis-sync.yaml'), "plugins: ['./none.mjs']\n")
    const { code, err } = await cli(['run'], { AMIS_SYNC_CONFIG: config })
    expect([code, err]).toEqual([1, expect.stringContaining('PACKAGE_NOT_FOUND')])
  })

  it('run starts, tells its address and ends cleanly on SIGTERM', async () => {
    const env = {
      PATH: process.env['PATH'] ?? '',
      AMIS_SYNC_CONFIG: folder,
      AMIS_SYNC_DATA: join(folder, 'data'),
      AMIS_SYNC_PORT: '0',
      ...secrets,
    }
    const child = spawn(process.execPath, ['--conditions=@amis-sync/source', main, 'run', '--output', 'json'], { env })
    let out = ''
    const { url } = await new Promise<{ url: string }>((resolve, reject) => {
      child.on('exit', () => reject(new Error('it ended')))
      child.stdout.on('data', (chunk: Buffer) => {
        out += chunk.toString()
        if (out.trimEnd().endsWith('}')) resolve(JSON.parse(out) as { url: string })
      })
    })
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    const code = new Promise((resolve) => child.on('close', resolve))
    child.kill('SIGTERM')
    expect(await code).toBe(0)
  })
})
