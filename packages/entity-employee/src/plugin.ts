import { canonical, columns, defineEntityPlugin, definePolicy, field, onlyFrom } from '@amis-sync/core'
import { z } from 'zod'

const fromSystem = onlyFrom('system', { reassert: true })

/** Employees, System → Accounting (contract §4.2). System owns every field here; other fields in Accounting are never touched (D1). */
export const plugin = defineEntityPlugin({
  id: 'employee',
  version: '0.1.0',
  coreRange: '^1.0.0',
  labels: { vi: 'Nhân viên', en: 'Employees' },
  kind: 'catalogue',
  sides: ['system', 'accounting'],
  schema: z.object({
    systemId: canonical.code.nullish(),
    code: canonical.code,
    name: canonical.text,
    email: canonical.text.nullish(),
    phone: canonical.text.nullish(),
    unit: canonical.code.nullish(),
    active: canonical.flag.nullish(),
    companyEmployee: canonical.flag.nullish(),
  }),
  fields: {
    systemId: field.code(fromSystem, { vi: 'Mã định danh trên AMIS Hệ thống', en: 'Id in AMIS System' }),
    code: field.code(fromSystem, { vi: 'Mã nhân viên', en: 'Code' }),
    name: field.text(fromSystem, { vi: 'Họ và tên', en: 'Full name' }),
    email: field.text(fromSystem, { vi: 'Email', en: 'E-mail' }),
    phone: field.phone(fromSystem, { vi: 'Điện thoại', en: 'Phone' }),
    unit: field.code(fromSystem, { vi: 'Đơn vị', en: 'Unit' }),
    active: field.flag(fromSystem, { vi: 'Đang làm việc', en: 'Active' }),
    companyEmployee: field.flag(fromSystem, { vi: 'Là nhân viên công ty', en: 'Company employee' }),
  },
  wire: {
    system: {
      write: 'none',
      resources: [
        {
          resource: 'Employees',
          columns: {
            systemId: columns.guid('id'),
            code: columns.code('code'),
            name: columns.text('fullName'),
            email: columns.email('email'),
            phone: columns.phone('phone'),
            unit: columns.guid('organizationUnitId'),
            active: columns.custom(['active', 'isCompanyEmployee'], {
              decode: ({ active, isCompanyEmployee }) =>
                active === undefined ? undefined : active === true && isCompanyEmployee !== false,
            }),
            companyEmployee: columns.flag('isCompanyEmployee'),
          },
        },
      ],
    },
    accounting: {
      write: 'patch',
      resources: [
        {
          resource: 'AccountObjects',
          accepts: (row) => row.is_employee === true,
          constants: { create: { is_employee: true, account_object_type: 1, is_customer: false, is_vendor: false } },
          columns: {
            systemId: columns.guid('amis_platform_id'),
            code: columns.code('account_object_code'),
            name: columns.text('account_object_name'),
            email: columns.email('email_address'),
            phone: columns.phone('mobile'),
            unit: columns.code('organization_unit_code'),
            active: columns.negated('inactive'),
          },
        },
      ],
    },
  },
  match: ['systemId', 'code'],
  references: [
    { path: 'unit', entity: 'organization-unit', missing: 'pull', spelled: { system: 'id', accounting: 'key' } },
  ],
  dependsOn: ['organization-unit'],
  policy: definePolicy({
    directions: [
      {
        from: 'system',
        to: 'accounting',
        create: { onTrigger: ['company-employee'] },
        update: 'always',
        link: { onTrigger: ['first-sync', 'standardise', 'paired'] },
        deactivate: 'always',
      },
      { from: 'accounting', to: 'system', create: 'never', update: 'never', link: 'never', deactivate: 'never' },
    ],
  }),
  firstSync: { step: 1, directions: [{ from: 'system', to: 'accounting' }] },
  activeField: 'active',
  terms: { 'company-employee': { vi: 'nhân viên của công ty', en: 'employees of the company' } },
  handler: {
    /** `company-employee`: only these are created in Accounting. `paired`: Accounting's row names this employee already. */
    triggers(side, record, { other }) {
      if (side !== 'system') return []
      const facts = record.companyEmployee === true ? ['company-employee'] : []
      return record.systemId !== undefined && record.systemId === other?.systemId ? [...facts, 'paired'] : facts
    },
  },
})
