import { canonical, columns, defineEntityPlugin, definePolicy, field, onlyFrom } from '@amis-sync/core'
import { z } from 'zod'

const fromSystem = onlyFrom('system', { reassert: true })

/** Organisation units, System → Accounting (contract §4.1). System owns everything. */
export const plugin = defineEntityPlugin({
  id: 'organization-unit',
  version: '0.1.0',
  coreRange: '^1.0.0',
  labels: { vi: 'Cơ cấu tổ chức', en: 'Organisation units' },
  kind: 'catalogue',
  sides: ['system', 'accounting'],
  schema: z.object({
    systemId: canonical.code,
    code: canonical.code,
    name: canonical.text,
    type: canonical.integer.min(1).max(4),
    parent: canonical.code.nullish(),
    active: canonical.flag.nullish(),
  }),
  fields: {
    systemId: field.code(fromSystem, { vi: 'Mã định danh trên AMIS Hệ thống', en: 'Id in AMIS System' }),
    code: field.code(fromSystem, { vi: 'Mã đơn vị', en: 'Code' }),
    name: field.text(fromSystem, { vi: 'Tên đơn vị', en: 'Name' }),
    type: field.integer(fromSystem, { vi: 'Cấp tổ chức', en: 'Level' }),
    parent: field.code(fromSystem, { vi: 'Thuộc đơn vị', en: 'Parent unit' }),
    active: field.flag(fromSystem, { vi: 'Đang sử dụng', en: 'In use' }),
  },
  wire: {
    system: {
      write: 'none',
      resources: [
        {
          resource: 'OrganizationUnits',
          columns: {
            systemId: columns.guid('id'),
            code: columns.code('code'),
            name: columns.text('name'),
            type: columns.integer('type'),
            parent: columns.guid('parentId'),
            active: columns.flag('active'),
          },
        },
      ],
    },
    accounting: {
      write: 'patch',
      writeRequires: ['writeOrganizationUnits'],
      resources: [
        {
          resource: 'OrganizationUnits',
          columns: {
            systemId: columns.guid('amis_platform_id'),
            code: columns.code('organization_unit_code'),
            name: columns.text('organization_unit_name'),
            type: columns.integer('organization_unit_type_id'),
            parent: columns.code('parent_code'),
            active: columns.negated('inactive'),
          },
        },
      ],
    },
  },
  match: ['systemId', 'code'],
  matching: {
    confirmed: true,
    fields: [
      { field: 'code', as: 'code' },
      { field: 'name', as: 'partyName' },
    ],
  },
  references: [
    { path: 'parent', entity: 'organization-unit', missing: 'pull', spelled: { system: 'id', accounting: 'key' } },
  ],
  policy: definePolicy({
    directions: [
      {
        from: 'system',
        to: 'accounting',
        create: 'always',
        update: 'always',
        link: { onTrigger: ['first-sync', 'standardise', 'paired'] },
        deactivate: 'always',
      },
      { from: 'accounting', to: 'system', create: 'never', update: 'never', link: 'never', deactivate: 'never' },
    ],
  }),
  firstSync: { step: 1, directions: [{ from: 'system', to: 'accounting' }] },
  activeField: 'active',
  handler: {
    /** `paired`: Accounting's unit names this one already (a person paired them, C2), so they may be linked at any time. */
    triggers: (side, record, { other }) =>
      side === 'system' && record.systemId !== undefined && record.systemId === other?.systemId ? ['paired'] : [],
  },
})
