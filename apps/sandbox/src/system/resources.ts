import { bool, code, derived, oneOf, text, ts, type Reference } from '../model/column.ts'
import type { Resource } from '../model/resource.ts'

function unit(name: string, alias: string, extra: Partial<Reference>): Reference {
  return {
    kind: 'reference',
    name,
    store: `${name}_ref`,
    table: 'OrganizationUnits',
    shows: 'id',
    alias,
    guards: true,
    ...extra,
  }
}

const base = { ids: 'guid', key: 'code', orders: ['modified', 'id'] } as const

/** Entities of AMIS System (§3). */
export const SYSTEM_RESOURCES: readonly Resource[] = [
  {
    ...base,
    name: 'OrganizationUnits',
    columns: [
      derived('id', (row) => row.id),
      ...code('code', { required: true }),
      ...text('name', { required: true }),
      { ...oneOf('type', [1, 2, 3, 4], { required: true }), default: null },
      unit('parentId', 'parentCode', { tree: true }),
      ...bool('active', { default: true }),
      ...ts('modifiedAt', { store: 'modified_date', readonly: true }),
    ],
  },
  {
    ...base,
    name: 'Employees',
    columns: [
      derived('id', (row) => row.id),
      ...code('code', { required: true }),
      ...text('fullName', { required: true }),
      ...text('email phone'),
      unit('organizationUnitId', 'organizationUnitCode', { required: true }),
      ...bool('isCompanyEmployee', { default: true }),
      ...bool('active', { default: true }),
      ...ts('modifiedAt', { store: 'modified_date', readonly: true }),
    ],
  },
]
