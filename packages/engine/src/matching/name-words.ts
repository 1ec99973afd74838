/** What a word of a party's name is, besides being its own. */
export type WordRole =
  /** What sort of party it is: two different ones are two parties. `tnhh`, `cp`, `htx`. */
  | 'form'
  /** What it does; in any order, and often left out. `tm`, `xd`. */
  | 'line'
  /** It is a branch: another party than its head office (contract §4.0). */
  | 'branch'
  /** Says nothing. */
  | 'filler'

export interface KnownWord {
  readonly role: WordRole
  readonly value: string
}

const forms: Readonly<Record<string, string>> = {
  tnhh: 'trach nhiem huu han|tnhh',
  mtv: 'mot thanh vien|1 thanh vien|mtv|1tv',
  cp: 'co phan|cp|ctcp',
  dntn: 'doanh nghiep tu nhan|dn tu nhan|dntn',
  htx: 'hop tac xa|htx',
  'tap doan': 'tap doan',
  'tong cong ty': 'tong cong ty|tong cty|tct',
  'hop danh': 'hop danh',
  hkd: 'ho kinh doanh|hkd',
}

const lines: Readonly<Record<string, string>> = {
  tm: 'thuong mai|tm',
  dv: 'dich vu|dv',
  'tm dv': 'tmdv',
  sx: 'san xuat|sx',
  xnk: 'xuat nhap khau|xnk',
  dt: 'dau tu|dt',
  xd: 'xay dung|xd',
  pt: 'phat trien|pt',
  vn: 'viet nam|vn',
  vt: 'van tai|vt',
  cn: 'cong nghe|cong nghiep',
  kt: 'ky thuat|kt',
  qt: 'quoc te|qt',
  xl: 'xay lap|xl',
}

const branches = 'chi nhanh|van phong dai dien|vpdd|dia diem kinh doanh'
const fillers = 'cong ty|cty|c ty|ct|doanh nghiep|va|and'

function entries(role: WordRole, table: Readonly<Record<string, string>>): [string, KnownWord][] {
  return Object.entries(table).flatMap(([value, phrases]) =>
    phrases.split('|').map((phrase): [string, KnownWord] => [phrase, { role, value }]),
  )
}

/** Phrases of folded words (no marks, lower case), and what they are. Up to {@link longestPhrase} words. */
export const knownPhrases: ReadonlyMap<string, KnownWord> = new Map([
  ...entries('form', forms),
  ...entries('line', lines),
  ...entries('branch', { branch: branches }),
  ...entries('filler', { '': fillers }),
])

export const longestPhrase = 4
