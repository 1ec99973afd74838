import type { Prng } from '../model/prng.ts'
import { pad } from '../model/text.ts'
import { between, personName } from './names.ts'
import type { DemoWriter } from './demo-writer.ts'

/** A unit or employee of System as the other systems need it. */
export interface Staff {
  readonly units: readonly { id: string; code: string; name: string; type: number; parent: string | null }[]
  readonly employees: readonly { id: string; code: string; name: string; email: string; phone: string; unit: string }[]
}

const UNITS = [
  ['TCT', 'Công ty Cổ phần Thương mại An Phát', 1, null],
  ['CN-HN', 'Chi nhánh Hà Nội', 2, 'TCT'],
  ['CN-HCM', 'Chi nhánh TP Hồ Chí Minh', 2, 'TCT'],
  ['HN-KD', 'Phòng Kinh doanh Hà Nội', 3, 'CN-HN'],
  ['HN-KT', 'Phòng Kế toán Hà Nội', 3, 'CN-HN'],
  ['HN-KHO', 'Kho Hà Nội', 3, 'CN-HN'],
  ['HCM-KD', 'Phòng Kinh doanh TP Hồ Chí Minh', 3, 'CN-HCM'],
  ['HCM-KT', 'Phòng Kế toán TP Hồ Chí Minh', 3, 'CN-HCM'],
  ['HCM-KHO', 'Kho TP Hồ Chí Minh', 3, 'CN-HCM'],
] as const

const EMPLOYEES = 40

/** 9 units in 3 levels; 40 employees, the 39th no company employee, the 40th inactive. */
export function seedDemoSystem(writer: DemoWriter, random: Prng): Staff {
  const units = UNITS.map(([code, name, type, parent]) => {
    const row = writer.add('system', 'OrganizationUnits', { code, name, type, parentCode: parent })
    return { id: String(row.id), code, name, type, parent }
  })
  const employees = Array.from({ length: EMPLOYEES }, (_, i) => {
    const code = `NV${pad(i + 1, 4)}`
    const name = personName(random)
    const unit = UNITS[3 + (i % 6)]?.[0] ?? 'TCT'
    const email = `nv${pad(i + 1, 4)}@anphat.example.vn`
    const phone = `09${pad(between(random, 0, 999_999), 6)}${pad(i, 2)}`
    const row = writer.add('system', 'Employees', {
      code,
      fullName: name,
      email,
      phone,
      organizationUnitCode: unit,
      isCompanyEmployee: i !== EMPLOYEES - 2,
      active: i !== EMPLOYEES - 1,
    })
    return { id: String(row.id), code, name, email, phone, unit }
  })
  return { units, employees }
}
