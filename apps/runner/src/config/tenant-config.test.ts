import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { problemText } from './config-problem.ts'
import { loaded } from './fixtures.ts'
import { tenantJsonSchema } from './json-schema.ts'
import { checkTenantValue, readTenantFile } from './tenant-config.ts'

const good = `# yaml-language-server: $schema=../schema/tenant.schema.json
tenant: acme
name: Công ty ACME
convertedFrom: sme
connections:
  crm:        { connector: amis-crm, baseUrl: https://crm.example, clientId: acme, clientSecret: \${env:ACME_CRM} }
  accounting:
    connector: amis-accounting
    baseUrl: https://act.example
    appId: app
    accessCode: \${file:access.txt}
salesOrders:
  recordAs: contract
entities:
  customer: { conflicts: { default: ask, fields: { phone: crm, creditLimit: accounting } } }
schedule: { poll: 5m, audit: '0 2 * * *' }
`

describe('tenant file', () => {
  let directory: string
  const env = { ACME_CRM: 'crm-secret' }
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tenant-config-'))
    await writeFile(join(directory, 'access.txt'), 'the-code\n')
  })
  const read = async (text: string, environment: Record<string, string> = env) => {
    await writeFile(join(directory, 'acme.yaml'), text)
    return readTenantFile(join(directory, 'acme.yaml'), loaded, environment)
  }
  const told = async (text: string, environment?: Record<string, string>) =>
    (await read(text, environment)).problems.map((problem) => problemText(problem, 'en').replace(`${directory}/`, ''))

  it('the example of the design is good, references without quotes inside braces too', async () => {
    const { value, problems } = await read(good)
    expect(problems).toEqual([])
    expect(value?.settings).toEqual({
      tenant: 'acme',
      convertedFrom: 'sme',
      enabled: new Set(['customer', 'sales-order']),
      conflicts: { customer: { default: 'ask', fields: { phone: 'crm', creditLimit: 'accounting' } } },
      plugins: { customer: {}, 'sales-order': { recordAs: 'contract', deliveredFrom: 'sales' } },
      pollMs: 300_000,
      auditShare: 0.2,
    })
    expect(value?.connections.get('crm')?.config).toEqual({
      baseUrl: 'https://crm.example',
      clientId: 'acme',
      clientSecret: 'crm-secret',
    })
    expect(value?.connections.get('accounting')?.config).toMatchObject({ accessCode: 'the-code' })
    expect(JSON.stringify(value?.printable)).not.toContain('crm-secret')
  })

  it('a tenant that is switched off needs no secrets, but everything else must be right', async () => {
    const off = good.replace('name:', 'enabled: false\nname:')
    const { value, problems } = await read(off, {})
    expect(problems).toEqual([])
    expect(value?.enabled).toBe(false)
    expect(await told(off.replace('recordAs: contract', 'recordAs: hop-dong'), {})).toEqual([
      expect.stringContaining('acme.yaml:14:13'),
    ])
    expect(await told(off.replace('${env:ACME_CRM}', 'hoa-hong'), {})).toEqual([expect.stringContaining('clear text')])
  })

  it('FW7 every problem comes at once, with line, column and a way to mend it', async () => {
    const text = good
      .replace('recordAs: contract', 'recordas: contract')
      .replace('convertedFrom: sme', 'convertedFrom: smee')
      .replace('phone: crm', 'fone: crm')
      .replace('poll: 5m', 'poll: often')
      .replace('    appId: app\n', '')
    expect(await told(text)).toEqual([
      'acme.yaml:4:16: the value "smee" is not one of those allowed here. Did you mean "sme"? Allowed: none, sme, amis-old',
      'acme.yaml:7:3: "connections.accounting.appId" is missing. Add the key "appId"',
      'acme.yaml:12:3: unknown key "recordas". Did you mean "recordAs"?',
      'acme.yaml:14:52: unknown key "fone". Did you mean "phone"?',
      'acme.yaml:15:19: must be a duration such as 60s, 5m, 1h, or a cron expression such as \'0 6 * * *\'. Correct the value of "schedule.poll"',
    ])
  })

  it('a secret in clear text is refused, a missing one is named', async () => {
    const text = good.replace('${env:ACME_CRM}', 'hunter2')
    const problems = await told(text)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(/^acme\.yaml:6:\d+: the secret "clientSecret" stands here in clear text\. Move it out/)
    expect(problems[0]).not.toContain('hunter2')
    expect(await told(good, {})).toEqual([
      expect.stringMatching(
        /^acme\.yaml:6:\d+: The environment variable ACME_CRM is not set\. Set it before starting$/,
      ),
    ])
  })

  it('a reference where no secret belongs is refused', async () => {
    expect(await told(good.replace('name: Công ty ACME', 'name: ${env:ACME_CRM}'))).toEqual([
      'acme.yaml:3:7: "name" is no secret, so it takes no reference. Write the value itself',
    ])
  })

  it('syntax errors and keys given twice have positions', async () => {
    expect(await told(`${good}name: again\n`)).toEqual([
      expect.stringMatching(/^acme\.yaml:17:1: this key is given twice/),
    ])
    expect(await told('tenant: [acme\n')).toEqual([expect.stringMatching(/^acme\.yaml:\d+:\d+: YAML syntax error/)])
    expect(await told('')).toContainEqual('acme.yaml:1:1: "tenant" is missing. Add the key "tenant"')
  })

  it('the tenant is the name of its file; an entity without its connection is named', async () => {
    expect(await told(good.replace('tenant: acme', 'tenant: acne'))).toEqual([
      'acme.yaml:2:9: tenant "acne" is not the file\'s name. Write tenant: acme, or rename the file to acne.yaml',
    ])
    const noCrm = good.replace(/ {2}crm: .*\n/, '')
    expect(await told(noCrm)).toEqual([
      'acme.yaml:14:3: "customer" needs the connection crm. Add connections.crm, or set enabled: false',
    ])
  })

  it('C5 an entity that is switched off, or has no connection, is not enabled', async () => {
    const off = await read(good.replace('customer: {', 'customer: { enabled: false,'))
    expect(off.value?.settings.enabled).toEqual(new Set(['sales-order']))
    const bare = await checkTenantValue({ tenant: 'a', name: 'A', connections: {} }, loaded)
    expect(bare.value?.settings.enabled).toEqual(new Set())
  })

  it('programs may give secrets in clear text', async () => {
    const crm = { connector: 'amis-crm', baseUrl: 'http://127.0.0.1:1', clientId: 'a', clientSecret: 'b' }
    const { value } = await checkTenantValue({ tenant: 'a', name: 'A', connections: { crm } }, loaded)
    expect(value?.connections.get('crm')?.config).toMatchObject({ clientSecret: 'b' })
  })

  it('the hash tells whether connections changed', async () => {
    const before = (await read(good)).value?.connectionsHash
    expect((await read(good.replace('recordAs: contract', 'recordAs: order'))).value?.connectionsHash).toBe(before)
    expect((await read(good, { ACME_CRM: 'another' })).value?.connectionsHash).not.toBe(before)
  })

  it("the JSON Schema has the plugins' and connectors' parts, and references for secrets", () => {
    const schema = tenantJsonSchema(loaded)
    expect(schema).toMatchObject({
      type: 'object',
      additionalProperties: false,
      required: ['tenant', 'name', 'connections'],
      properties: {
        salesOrders: { properties: { recordAs: { enum: ['order', 'contract'] } } },
        connections: {
          properties: {
            crm: { properties: { connector: { const: 'amis-crm' }, clientSecret: { pattern: expect.any(String) } } },
          },
        },
        entities: { properties: { customer: { properties: { conflicts: expect.anything() } } } },
      },
    })
  })
})
