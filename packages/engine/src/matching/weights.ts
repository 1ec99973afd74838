import type { EvidenceKind, Message } from '@amis-sync/core'

/** The three answers (design §5): link by itself, ask a person, two different things. */
export type Band = 'link' | 'ask' | 'separate'

export interface Weight {
  /** For (above 0) or against. */
  readonly points: number
  /** Whatever else is said: never below, or never above this band. `atMost` yields to decisive evidence. */
  readonly atLeast?: 'ask'
  readonly atMost?: 'ask'
  /** A code that both know the party by: it tells more than a name's spelling. */
  readonly decisive?: boolean
  readonly text: Message
}

/** From so many points on. */
export const bandFrom = { link: 8, ask: 3 } as const

const phone = { same: { points: 4, text: { vi: 'Chung số điện thoại', en: 'A phone number in common' } } }

/**
 * What each piece of evidence is worth. Codes say nothing where they differ, since each side has its own; tax codes do. A phone may be
 * shared by a group of companies, a name by two in the same town: only together they are enough.
 */
export const weights: Readonly<Record<EvidenceKind, Readonly<Record<string, Weight>>>> = {
  code: {
    same: { points: 14, atLeast: 'ask', decisive: true, text: { vi: 'Trùng mã', en: 'Same code' } },
  },
  taxCode: {
    same: { points: 10, atLeast: 'ask', decisive: true, text: { vi: 'Trùng mã số thuế', en: 'Same tax code' } },
    unit: {
      points: -10,
      text: { vi: 'Một bên là đơn vị phụ thuộc của bên kia', en: 'One is a dependent unit of the other' },
    },
    different: { points: -10, text: { vi: 'Khác mã số thuế', en: 'Tax codes differ' } },
  },
  partyName: {
    same: { points: 4, text: { vi: 'Trùng tên', en: 'Same name' } },
    similar: { points: 2, atMost: 'ask', text: { vi: 'Tên gần giống', en: 'Similar name' } },
    branch: { points: -7, text: { vi: 'Một bên là chi nhánh', en: 'One of them is a branch' } },
    different: { points: -7, text: { vi: 'Khác tên', en: 'Names differ' } },
  },
  itemName: {
    same: { points: 4, text: { vi: 'Trùng tên', en: 'Same name' } },
    similar: { points: 2, atMost: 'ask', text: { vi: 'Tên gần giống', en: 'Similar name' } },
    different: { points: -7, text: { vi: 'Khác tên', en: 'Names differ' } },
  },
  phone: { ...phone, different: { points: -1, text: { vi: 'Khác số điện thoại', en: 'Phone numbers differ' } } },
  email: { same: { points: 3, text: { vi: 'Trùng email', en: 'Same e-mail' } } },
  address: {
    same: { points: 2, text: { vi: 'Trùng địa chỉ', en: 'Same address' } },
    different: { points: -3, text: { vi: 'Địa chỉ ở nơi khác', en: 'Addresses in different places' } },
  },
  place: { different: { points: -3, text: { vi: 'Khác tỉnh, thành phố', en: 'Different provinces' } } },
  unit: { different: { points: -4, text: { vi: 'Khác đơn vị tính', en: 'Units of measure differ' } } },
  kind: {
    different: {
      points: -10,
      text: { vi: 'Một bên là tổ chức, một bên là cá nhân', en: 'One is an organisation, one a person' },
    },
  },
}
