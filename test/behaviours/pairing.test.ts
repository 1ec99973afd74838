import { expect, it } from 'vitest'
import { commandLine } from './command-line.ts'
import { type AnyRow, type Company, openCompany } from './company.ts'
import { customer } from './records.ts'

const unit = (code: string, name: string, more: AnyRow = {}): AnyRow => ({ code, name, type: 3, ...more })
const actUnit = (code: string, name: string, more: AnyRow = {}): AnyRow => ({
  organization_unit_code: code,
  organization_unit_name: name,
  organization_unit_type_id: 3,
  ...more,
})
const by = 'ketoan'
const pairOf = (a: string, b: string) => ({
  entity: 'organization-unit',
  a: { side: 'system', key: a },
  b: { side: 'accounting', key: b },
})

/** Converted from SME.NET: the head office under its own code, one unit of the same code, one of the same name, one missing on each side. */
async function convertedCompany(more: AnyRow = {}): Promise<Company> {
  const company = await openCompany({ tenant: { convertedFrom: 'sme', ...more } })
  await company.create('system', 'OrganizationUnits', unit('CTY', 'Công ty Cổ phần Sao Việt', { type: 1 }))
  for (const [code, name] of [
    ['PKD', 'Phòng kinh doanh'],
    ['PKT', 'Phòng Kế toán'],
    ['PMOI', 'Phòng Đối ngoại'],
  ])
    await company.create('system', 'OrganizationUnits', unit(code!, name!, { parentCode: 'CTY' }))
  for (const code of ['NV1', 'NV2']) {
    await company.create('system', 'Employees', {
      code,
      fullName: `Nhân viên ${code}`,
      organizationUnitCode: 'PKD',
      isCompanyEmployee: true,
      active: true,
    })
  }
  const root = await company.rows('system', 'OrganizationUnits')
  const cty = root.find(({ code }) => code === 'CTY')!
  const head = { organization_unit_type_id: 1, amis_platform_id: cty.id }
  await company.create('accounting', 'OrganizationUnits', actUnit('CTY', 'Công ty Cổ phần Sao Việt', head))
  await company.create('accounting', 'OrganizationUnits', actUnit('PKD', 'P. Kinh doanh', { parent_code: 'CTY' }))
  await company.create('accounting', 'OrganizationUnits', actUnit('KT01', 'Phòng kế toán', { parent_code: 'CTY' }))
  await company.create('accounting', 'OrganizationUnits', actUnit('CN-CU', 'Chi nhánh cũ', { parent_code: 'CTY' }))
  await company.create('accounting', 'AccountObjects', {
    account_object_code: 'NV1',
    account_object_name: 'Nhân viên NV1',
    account_object_type: 1,
    is_employee: true,
    organization_unit_code: 'PKD',
  })
  await company.create('crm', 'Customers', customer('KH1'))
  await company.settle()
  await company.forget()
  return company
}

const listed = async (company: Company) =>
  (await company.engine.desk('pairing.list', { entity: 'organization-unit' }))
    .map(({ state, by: how, records }) =>
      [state, how ?? '', records.system?.key ?? '', records.accounting?.key ?? ''].join(' '),
    )
    .toSorted()

it('C1 C2 a converted tenant: units are shown side by side, a person pairs them, what is missing is sent, and the gate opens', async () => {
  const company = await convertedCompany()
  const refused = await company.connect()
  expect(refused).toMatchObject({ state: 'refused' })
  expect(
    refused.state === 'refused' && refused.missing.map(({ code, what }) => [code, what.vi.includes('ghép cặp')]),
  ).toEqual(
    expect.arrayContaining([
      ['PKD', true],
      ['PKT', false],
      ['PMOI', false],
      ['NV2', false],
    ]),
  )
  expect(refused.state === 'refused' && refused.missing).toHaveLength(4)
  expect(await listed(company)).toEqual([
    'only   CN-CU',
    'only  PMOI ',
    'paired  CTY CTY',
    'suggested code PKD PKD',
    'suggested name PKT KT01',
  ])
  expect(await company.writes()).toEqual({})
  const pairs = [pairOf('PKD', 'PKD'), pairOf('PKT', 'KT01')]
  expect(await company.engine.desk('records.link', { by, pairs })).toMatchObject([
    { state: 'linked' },
    { state: 'linked' },
  ])
  await company.settle()
  const [kd, kt] = ['PKD', 'PKT'].map(async (code) => (await company.find('system', 'OrganizationUnits', code))!.id)
  expect(await company.find('accounting', 'OrganizationUnits', 'PKD')).toMatchObject({
    amis_platform_id: await kd,
    organization_unit_name: 'Phòng kinh doanh',
  })
  // System owns code and name.
  expect(await company.find('accounting', 'OrganizationUnits', 'PKT')).toMatchObject({ amis_platform_id: await kt })
  expect(await company.find('accounting', 'OrganizationUnits', 'KT01')).toBeUndefined()
  expect(Object.keys(await company.writes())).toEqual(['POST /apir/sync/actopen/save_dictionary'])
  for (const entity of ['organization-unit', 'employee'])
    await company.engine.desk('request', { entity, from: 'system', keys: entity === 'employee' ? ['NV2'] : ['PMOI'] })
  await company.settle()
  expect(await company.connect()).toMatchObject({ state: 'connected', failed: 0 })
  await company.settle()
  expect(
    (await company.rows('accounting', 'OrganizationUnits')).map((row) => String(row.organization_unit_code)).toSorted(),
  ).toEqual(['CN-CU', 'CTY', 'PKD', 'PKT', 'PMOI'])
  // Nobody paired him: his code did, in the first sync.
  expect(await company.find('accounting', 'AccountObjects', 'NV1')).toMatchObject({
    amis_platform_id: (await company.find('system', 'Employees', 'NV1'))!.id,
  })
  expect(await company.find('accounting', 'AccountObjects', 'KH1')).toBeDefined()
})

it('C1 one code is no pair in a converted tenant: sending the units by hand links nothing silently', async () => {
  const company = await convertedCompany()
  await company.engine.desk('request', { entity: 'organization-unit', from: 'system', all: true })
  await company.settle()
  expect(await company.find('accounting', 'OrganizationUnits', 'PKD')).toMatchObject({ amis_platform_id: null })
  const items = await company.store.work.page({ entity: 'organization-unit', states: ['conflict'] }, { limit: 10 })
  expect(items.map(({ failure }) => failure?.code)).toEqual(['SAME_KEY'])
  expect(await company.engine.desk('records.link', { by, pairs: [pairOf('PKD', 'PKD')] })).toMatchObject([
    { state: 'linked' },
  ])
  await company.settle()
  expect(await company.store.work.counts()).toEqual([])
  expect(await company.engine.desk('records.undo', { by, pairs: [pairOf('PKD', 'PKD')] })).toMatchObject([
    { state: 'parted' },
  ])
  expect((await listed(company)).filter((row) => row.includes('PKD'))).toEqual(['only   PKD', 'only  PKD '])
})

it('C2 where Accounting takes no units, the pair is kept in the product only', async () => {
  const off = { writeOrganizationUnits: false }
  const company = await convertedCompany({ connections: { accounting: { capabilities: off } } })
  await company.admin('PUT', '/capabilities', { accounting: off })
  const pairs = [pairOf('PKD', 'PKD'), pairOf('PKT', 'KT01')]
  expect(await company.engine.desk('records.link', { by, pairs })).toMatchObject([
    { state: 'linked' },
    { state: 'linked' },
  ])
  await company.settle()
  expect(await company.writes()).toEqual({})
  expect((await listed(company)).filter((row) => row.startsWith('paired'))).toEqual([
    'paired  CTY CTY',
    'paired  PKD PKD',
    'paired  PKT KT01',
  ])
})

it('C1 C2 by the command line: connect names the way on, pair shows and confirms', { timeout: 90_000 }, async () => {
  const company = await convertedCompany()
  const run = await commandLine(company, { convertedFrom: 'sme' })
  const refused = await run('connect', 'demo')
  expect(refused.code).toBe(1)
  expect(refused.stdout).toContain('amis-sync pair demo')
  expect(refused.stdout).toContain('amis-sync sync demo organization-unit --all --from system')
  const shown = await run('pair', 'demo')
  expect(shown.stdout).toMatch(/PKT Phòng Kế toán +KT01 Phòng kế toán +suggested \(same name\), not confirmed/)
  expect(shown.stdout).toMatch(/– +CN-CU Chi nhánh cũ +missing at system/)
  const done = await run('pair', 'demo', '--accept-suggestions', '--output', 'json', '--by', by)
  expect(done.code).toBe(0)
  expect(JSON.parse(done.stdout).outcomes.map((one: AnyRow) => one.state)).toEqual(['linked', 'linked'])
  expect((await run('pair', 'demo', '--set', 'PKD')).code).toBe(64)
})
