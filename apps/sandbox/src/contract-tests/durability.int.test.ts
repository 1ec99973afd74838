import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { driverFor, openDriver } from './driver.ts'

const MAIN = join(import.meta.dirname, '..', 'main.ts')
let folder = ''
const children: ChildProcess[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandbox-'))
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

function start(environment: Record<string, string>): {
  child: ChildProcess
  line: Promise<string>
  all: () => { out: string; err: string }
} {
  const child = spawn(process.execPath, [MAIN], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  let out = ''
  let err = ''
  child.stderr?.on('data', (chunk) => (err += String(chunk)))
  const line = new Promise<string>((resolve) => {
    child.stdout?.on('data', (chunk) => {
      out += String(chunk)
      if (out.includes('\n')) resolve(out)
    })
    child.on('exit', () => resolve(out))
  })
  return { child, line, all: () => ({ out, err }) }
}

describe('§5.2 the process', () => {
  it('§5.2 prints one line and keeps what it answered over kill -9', async () => {
    const first = start({ SANDBOX_PORT: '0', SANDBOX_DATA: folder })
    const line = await first.line
    expect(line).toMatch(/^sandbox listening on http:\/\/127\.0\.0\.1:\d+\n$/)
    const d = driverFor(line.trim().split(' ').at(-1) ?? '')
    await d.login()
    await d.admin('POST', 'seed', { profile: 'size', n: 50 })
    await d.admin('PUT', 'delivery', { applyDelayMs: 86_400_000 })
    await d.admin('PUT', 'faults', { seed: 7, rules: [{ system: 'crm', route: 'DELETE', kind: 'status' }] })
    await d.crm('POST', 'Customers', [{ account_number: 'MOI', account_name: 'Mới' }])
    await d.crm('DELETE', 'Customers', [3])
    await d.crm('PUT', 'CustomerGroups', [{ id: 1, group_name: 'Đổi' }])
    await d.acc('save_dictionary', { dictionary: [{ dictionary_type: 6, unit_name: 'Hộp' }] })
    const before = [
      await d.state('crm', 'Customers'),
      await d.state('crm', 'CustomerGroups'),
      await d.admin('GET', 'faults'),
    ]
    first.child.kill('SIGKILL')
    await new Promise((resolve) => first.child.on('exit', resolve))

    const second = start({ SANDBOX_PORT: '0', SANDBOX_DATA: folder })
    const again = driverFor((await second.line).trim().split(' ').at(-1) ?? '')
    expect([
      await again.state('crm', 'Customers'),
      await again.state('crm', 'CustomerGroups'),
      await again.admin('GET', 'faults'),
    ]).toEqual(before)
    expect((await again.admin('GET', 'deliveries')).queued).toBe(1)
    expect((await again.flush()).applied).toBe(1)
    await again.login()
    await again.admin('PUT', 'faults', { rules: [] })
    expect(
      (
        await again.crm('POST', 'Customers', [
          { account_number: 'moi', account_name: 'x' },
          { account_number: 'M2', account_name: 'x' },
        ])
      ).results,
    ).toMatchObject([{ success: false }, { success: true, id: 52 }])
    expect((await again.state('accounting', 'Units', 'hộp'))[0].unit_name).toBe('Hộp')
  })

  it('§5.2 says in one line that the port is taken', async () => {
    const server = createServer()
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port))
    })
    const { child, all } = start({ SANDBOX_PORT: String(port) })
    const code = await new Promise((resolve) => child.on('exit', resolve))
    server.close()
    expect([code, all().out]).toEqual([1, ''])
    const lines = all()
      .err.trim()
      .split('\n')
      .filter((line) => !/ExperimentalWarning|--trace-warnings/.test(line))
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain(`port ${port} is in use`)
    expect(lines[0]).toContain('đang được dùng')
  })

  it('§5.2 a tenant added by the admin interface is there after a restart', async () => {
    const d = await openDriver(folder)
    await d.admin('POST', 'tenants', {
      tenant: 't2',
      crm: { client_id: 'c2', client_secret: 's' },
      accounting: { app_id: 'a2', access_code: 'x', org_company_code: 'o2' },
      system: { client_id: 's2', client_secret: 's' },
    })
    await d.close()
    const again = await openDriver(folder)
    expect((await again.admin('GET', 'health')).tenants.toSorted()).toEqual(['demo', 't2'])
    await again.close()
  })
})
