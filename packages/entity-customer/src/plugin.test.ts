import { type Canonical, type Row, decide, decodeColumns, encodeColumns } from '@amis-sync/core'
import { describePlugin } from '@amis-sync/testkit'
import { describe, expect, it } from 'vitest'
import { plugin } from './plugin.ts'

const company: Row = {
  id: 17,
  account_number: 'KH000017',
  account_name: 'Công ty TNHH  An Phát'.normalize('NFD'),
  tax_code: '0123 456-789',
  is_personal: false,
  office_tel: '+84 24 3868 1234; 0912 345 678',
  office_email: 'KeToan@AnPhat.vn',
  billing_address: '1 Giải Phóng',
  debt_limit: 999999999999.99,
  number_of_days_owed: 30,
  account_group_code_list: 'N-01; N-02 ;',
  owner_code: 'NV0001',
  inactive: false,
}
const person: Row = {
  account_object_code: 'KL-09',
  account_object_name: 'Trần Văn Ơn',
  account_object_type: 1,
  is_customer: true,
  identification_number: '001 099 012 345',
  company_tax_code: '0999999999',
  mobile: '0987654321',
  tel: '02412345678',
  maximize_debt_amount: null,
}

describePlugin(plugin, {
  rows: [
    {
      side: 'crm',
      resource: 'Customers',
      row: company,
      record: {
        kind: 'organisation',
        code: 'KH000017',
        name: 'Công ty TNHH An Phát',
        taxCode: '0123456789',
        phone: '+84 24 3868 1234; 0912 345 678',
        email: 'ketoan@anphat.vn',
        creditLimit: '999999999999.99',
        groups: ['N-01', 'N-02'],
        owner: 'NV0001',
        active: true,
      },
    },
    {
      side: 'crm',
      resource: 'Contacts',
      row: {
        id: 3,
        contact_code: 'LH-03',
        contact_name: 'Lê An',
        account_number: null,
        account_name: null,
        tax_code: '001099012345',
      },
      record: { kind: 'person', code: 'LH-03', taxCode: '001099012345' },
    },
    {
      side: 'accounting',
      resource: 'AccountObjects',
      row: { ...person, account_object_type: 0, is_vendor: true },
      record: { kind: 'organisation', taxCode: '0999999999', phone: '02412345678', creditLimit: null },
    },
    {
      side: 'accounting',
      resource: 'AccountObjects',
      row: person,
      record: { kind: 'person', taxCode: '001099012345', phone: '0987654321' },
    },
  ],
  values: { kind: ['organisation', 'person'], taxCode: ['0123456789', '0123456789001'], email: ['ketoan@anphat.vn'] },
  lossy: ['crm.kind', 'accounting.kind'],
})

describe('customer', () => {
  const [customers, contacts] = plugin.wire.crm!.resources
  const [organisations, people] = plugin.wire.accounting!.resources
  const ask = (
    from: string,
    link: 'unlinked' | 'candidate' | 'linked',
    triggers: string[] = [],
    pulledBy: string[] = [],
  ) =>
    decide(plugin.policy, {
      from,
      to: from === 'crm' ? 'accounting' : 'crm',
      link,
      event: 'seen',
      triggers: new Set(triggers),
      pulledBy: new Set(pulledBy),
    })
  const placeFor = (side: 'crm' | 'accounting', record: Canonical) =>
    plugin.wire[side]!.resources.find((one) => one.takes!(record))

  it('CU1 bulk sync both ways in the first sync: linked by code, or created', () => {
    expect(plugin.firstSync.directions.map(({ from }) => from)).toEqual(['crm', 'accounting'])
    expect(ask('crm', 'unlinked', ['first-sync']).action).toBe('create')
    expect(ask('crm', 'candidate', ['first-sync']).action).toBe('link')
    expect(ask('accounting', 'candidate', ['first-sync']).action).toBe('link')
  })

  it('CU2 a customer added in CRM is not sent, even when Accounting has the code', () => {
    expect(ask('crm', 'unlinked')).toEqual({ action: 'ignore', reason: 'NOT_NEEDED_YET' })
    expect(ask('crm', 'candidate').action).toBe('ignore')
  })

  it.each(['quote', 'sales-order', 'invoice-request'])('CU3 it goes along with a %s', (document) => {
    expect(ask('crm', 'unlinked', [], [document])).toEqual({ action: 'create', reason: 'PULLED' })
    expect(ask('crm', 'candidate', [], [document])).toEqual({ action: 'conflict', reason: 'SAME_KEY' })
  })

  it('CU4 CU5 an edit is sent when it is linked; a user can send it by hand', () => {
    expect(ask('crm', 'linked').action).toBe('update')
    expect(ask('crm', 'unlinked', ['manual']).action).toBe('create')
  })

  it('CU6 CU7 from Accounting at once; links in a standardisation run', () => {
    expect(ask('accounting', 'unlinked').action).toBe('create')
    expect(ask('accounting', 'linked').action).toBe('update')
    expect(ask('accounting', 'candidate').action).toBe('conflict')
    expect(ask('accounting', 'candidate', ['standardise']).action).toBe('link')
  })

  it('CU8 a person of Accounting becomes a Contact; a company a Customer; a contact of a company is no customer', () => {
    expect(people!.accepts!(person)).toBe(true)
    expect(placeFor('crm', decodeColumns(people!.columns, person))).toBe(contacts)
    expect(placeFor('crm', { kind: 'organisation' })).toBe(customers)
    expect(contacts!.accepts!({ contact_code: 'LH-1', account_number: 'KH1' })).toBe(false)
    expect(contacts!.accepts!({ contact_code: 'LH-1', account_name: 'Công ty A' })).toBe(false)
  })

  it("a person writes the person's columns in Accounting, an organisation the organisation's", () => {
    const record = { kind: 'person', code: 'KL-09', taxCode: '001099012345', phone: '0987654321' }
    expect(placeFor('accounting', record)).toBe(people)
    expect(encodeColumns(people!.columns, record)).toEqual({
      account_object_type: 1,
      account_object_code: 'KL-09',
      identification_number: '001099012345',
      mobile: '0987654321',
    })
    expect(placeFor('accounting', { ...record, kind: 'organisation' })).toBe(organisations)
    expect(encodeColumns(organisations!.columns, { taxCode: '0123456789', phone: '024' })).toEqual({
      company_tax_code: '0123456789',
      tel: '024',
    })
    expect(people!.constants).toEqual({ create: { is_customer: true } })
  })

  it('vendors, employees and unflagged rows of Accounting are not taken', () => {
    for (const row of [
      { ...person, is_customer: false, is_vendor: true },
      { ...person, is_customer: undefined },
    ]) {
      expect([organisations, people].some((one) => one!.accepts!(row))).toBe(false)
    }
  })

  it('CU9 the salesperson travels from Accounting at creation only, and only if System knows him', () => {
    expect(plugin.fields.owner!.flow).toEqual({ owner: 'crm', oneWay: true, once: 'accounting' })
    expect(plugin.references.find(({ path }) => path === 'owner')).toMatchObject({
      missing: 'omit',
      via: { crm: 'system' },
    })
  })

  it('D8 what Contacts do not carry is absent, not empty', () => {
    const record = decodeColumns(contacts!.columns, { contact_code: 'LH-1', contact_name: 'An', mobile: null })
    expect(record).toEqual({ kind: 'person', code: 'LH-1', name: 'An', phone: null })
  })

  it('several phone numbers are written as they were, never joined', () => {
    const { phone } = decodeColumns(customers!.columns, company)
    expect(encodeColumns(organisations!.columns, { phone: phone! })).toEqual({ tel: company.office_tel })
  })

  it("groups are written in the owner's order, without stray spaces", () => {
    const { groups } = decodeColumns(customers!.columns, company)
    expect(encodeColumns(organisations!.columns, { groups: groups! })).toEqual({
      account_object_group_code_list: 'N-01;N-02',
    })
  })
})
