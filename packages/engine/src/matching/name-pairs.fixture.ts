import {
  byLetter,
  byMarks,
  families,
  firsts,
  forms,
  lines,
  olderTones,
  places,
  seconds,
  spellings,
  streets,
} from './name-pairs-words.fixture.ts'

/**
 * Makes the labelled pairs of `name-pairs.jsonl`: names as people in Vietnam enter them, from rules and a seed; no real company, no
 * list from elsewhere. Written before the matcher and not tuned to it. Half the pairs are the same party, half are not, and most of
 * those are hard: one word, one number or one mark apart, with a phone in common more often than in life.
 */
export interface Party {
  readonly name: string
  readonly phone?: string
  readonly taxCode?: string
  readonly address?: string
}

export interface LabelledPair {
  readonly kind: string
  readonly same: boolean
  readonly a: Party
  readonly b: Party
}

/** Mulberry32, as the sandbox's faults use it. */
function prng(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

class Maker {
  readonly #next: () => number
  constructor(seed: number) {
    this.#next = prng(seed)
  }

  chance(share: number): boolean {
    return this.#next() < share
  }

  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.#next() * from.length)]!
  }

  other<T>(from: readonly T[], than: T): T {
    const one = this.pick(from)
    return one === than ? from[(from.indexOf(one) + 1) % from.length]! : one
  }

  digits(count: number): string {
    return Array.from({ length: count }, () => Math.floor(this.#next() * 10)).join('')
  }

  proper(): string {
    return `${this.pick(firsts)} ${this.pick(seconds)}${this.chance(0.25) ? ` ${this.pick(firsts)}` : ''}`
  }

  /** What it does, as in a company's name: nothing, one line, or two. */
  trade(): string {
    const one = this.pick(lines)
    if (this.chance(0.4)) return ''
    return this.chance(0.5) ? `${one} ` : `${one} và ${this.other(lines, one)} `
  }

  company(proper = this.proper()): string {
    return `${this.pick(forms)} ${this.trade()}${proper}`
  }

  person(): string {
    return `${this.pick(families)} ${this.pick(['Văn', 'Thị', 'Đức', 'Thu'])} ${this.pick(seconds)}`
  }

  phone(): string {
    return this.chance(0.5) ? `09${this.digits(8)}` : `024${this.digits(8)}`
  }

  phoneAgain(phone: string): string {
    return this.pick([
      phone,
      `+84${phone.slice(1)}`,
      `${phone.slice(0, 4)} ${phone.slice(4, 7)} ${phone.slice(7)}`,
      `${phone}; 0900000001`,
    ])
  }

  address(place = this.pick(places)): string {
    return `Số ${1 + Math.floor(this.#next() * 200)} ${this.pick(streets)}, ${place}`
  }

  abbreviated(name: string): string {
    const chosen = spellings.reduce(
      (text, [what, how]) => (this.chance(0.8) ? text.replace(what, this.pick(how)) : text),
      name,
    )
    return chosen === name ? name.replace('Công ty', 'Cty') : chosen
  }

  typo(word: string): string {
    const at = 1 + Math.floor(this.#next() * (word.length - 2))
    return this.chance(0.5)
      ? word.slice(0, at) + word[at + 1]! + word[at]! + word.slice(at + 2)
      : word.slice(0, at) + word.slice(at + 1)
  }
}

const bare = (text: string): string =>
  text.replace(/đ/g, 'd').replace(/Đ/g, 'D').normalize('NFD').replace(/\p{M}/gu, '')

type Names = (make: Maker) => readonly [string, string]

const samePairs: Readonly<Record<string, Names>> = {
  'case-and-spaces': (m) => {
    const name = m.company()
    return [
      name,
      m.pick([name.toUpperCase(), name.normalize('NFD'), ` ${name.replaceAll(' ', '  ')} `, name.toLowerCase()]),
    ]
  },
  'no-marks': (m) => {
    const name = m.company()
    return [name, bare(name)]
  },
  'no-marks-short': (m) => {
    const name = m.company()
    return [name, bare(m.abbreviated(name)).toUpperCase()]
  },
  abbreviated: (m) => {
    const name = m.company()
    return [name, m.abbreviated(name)]
  },
  'both-abbreviated': (m) => {
    const name = m.company()
    return [m.abbreviated(name), m.abbreviated(name)]
  },
  punctuation: (m) => {
    const proper = m.proper()
    const name = `Công ty TNHH Thương mại - Dịch vụ ${proper}`
    return [
      name,
      m.pick([
        `Công ty TNHH TM&DV ${proper}`,
        `CÔNG TY TNHH TM-DV "${proper}"`,
        `Cty TNHH Thương mại, Dịch vụ ${proper}.`,
      ]),
    ]
  },
  'tone-place': (m) => {
    const [now, before] = m.pick(olderTones)
    const name = m.company(`${m.pick(firsts)} ${now}`)
    return [name, name.replace(now, before)]
  },
  'trade-order': (m) => {
    const [proper, one] = [m.proper(), m.pick(lines)]
    const two = m.other(lines, one)
    return [
      `Công ty TNHH ${one} và ${two} ${proper}`,
      m.pick([`Công ty TNHH ${two} và ${one} ${proper}`, `Công ty TNHH ${proper} ${one} ${two}`]),
    ]
  },
  'form-left-out': (m) => {
    const rest = `${m.trade()}${m.proper()}`
    return [`Công ty TNHH ${rest}`, m.pick([`Công ty ${rest}`, rest, `Cty ${rest}`])]
  },
  typo: (m) => {
    const [one, two] = [m.pick(firsts.filter((word) => word.length > 3)), m.pick(seconds)]
    const name = m.company(`${one} ${two}`)
    return [name, name.replace(one, m.typo(one))]
  },
  'run-together': (m) => {
    const [one, two] = [m.pick(firsts), m.pick(seconds)]
    const name = m.company(`${one} ${two}`)
    return [name, name.replace(`${one} ${two}`, `${one}${two.toLowerCase()}`)]
  },
  person: (m) => {
    const name = m.person()
    return [name, m.pick([name.toUpperCase(), bare(name), `  ${name}`])]
  },
}

const differentPairs: Readonly<Record<string, Names>> = {
  'one-word': (m) => {
    const [one, two] = [m.pick(firsts), m.pick(seconds)]
    const name = m.company(`${one} ${two}`)
    return [name, name.replace(new RegExp(`${two}$`), m.other(seconds, two))]
  },
  number: (m) => {
    const name = m.company()
    const n = 1 + Math.floor(Number(m.digits(1)) / 2)
    return [m.chance(0.3) ? name : `${name} ${n}`, `${name} ${n + 1}`]
  },
  'branch-of': (m) => {
    const [name, place] = [m.company(), m.pick(places)]
    return [
      name,
      m.pick([
        `Chi nhánh ${name} tại ${place}`,
        `${name} - Chi nhánh ${place}`,
        `CN ${name}`,
        `Văn phòng đại diện ${name}`,
      ]),
    ]
  },
  'two-branches': (m) => {
    const [name, place] = [m.company(), m.pick(places)]
    return [`Chi nhánh ${name} tại ${place}`, `Chi nhánh ${name} tại ${m.other(places, place)}`]
  },
  'other-province': (m) => {
    const name = m.company()
    return [name, m.pick([name, m.abbreviated(name), bare(name)])]
  },
  'dependent-unit': (m) => {
    const name = m.company()
    return [name, name]
  },
  'one-word-more': (m) => {
    const name = m.company(m.pick(firsts))
    return [name, `${name} ${m.pick(seconds)}`]
  },
  marks: (m) => {
    const [one, two] = m.pick(byMarks) as [string, string]
    const end = m.pick(seconds)
    const name = `Công ty Cổ phần ${m.trade()}${one} ${end}`
    return [name, name.replace(`${one} ${end}`, `${two} ${end}`)]
  },
  'one-letter': (m) => {
    const [one, two] = m.pick(byLetter) as [string, string]
    const name = m.company(`${one} ${m.pick(seconds)}`)
    return [name, name.replace(`${one} `, `${two} `)]
  },
  form: (m) => {
    const [rest, form] = [`${m.trade()}${m.proper()}`, m.pick(['Công ty TNHH', 'Công ty Cổ phần'])]
    return [`${form} ${rest}`, `${m.pick(['Doanh nghiệp tư nhân', 'Hợp tác xã', 'Tập đoàn', 'Tổng công ty'])} ${rest}`]
  },
  trade: (m) => {
    const [proper, one] = [m.proper(), m.pick(lines)]
    return [`Công ty TNHH ${one} ${proper}`, `Công ty TNHH ${m.other(lines, one)} ${proper}`]
  },
  'words-turned': (m) => {
    const [one, two] = [m.pick(firsts), m.pick(seconds.filter((word) => word !== 'Anh'))]
    const name = m.company(`${one} ${two}`)
    return [name, name.replace(`${one} ${two}`, `${two} ${one}`)]
  },
}

/** Where the same name stands for two parties, a phone in common would make it a riddle without an answer. */
const ownPhones = new Set(['other-province'])

function partyPair(make: Maker, kind: string, same: boolean, [a, b]: readonly [string, string]): LabelledPair {
  const [phone, place, tax] = [make.phone(), make.pick(places), `01${make.digits(8)}`]
  const [left, right]: [Record<string, string>, Record<string, string>] = [{ name: a }, { name: b }]
  const shared = same ? 0.7 : ownPhones.has(kind) ? 0 : 0.35
  if (make.chance(0.8)) {
    left.phone = phone
    right.phone = make.chance(shared) ? make.phoneAgain(phone) : make.phone()
  }
  if (kind === 'dependent-unit') Object.assign(right, { taxCode: `${tax}-00${1 + (Number(make.digits(1)) % 9)}` })
  if (kind === 'dependent-unit') left.taxCode = tax
  else if (make.chance(0.3)) {
    left.taxCode = tax
    if (same || make.chance(0.5))
      right.taxCode = same ? make.pick([tax, `${tax.slice(0, 4)} ${tax.slice(4)}`]) : `01${make.digits(8)}`
  }
  if (kind === 'other-province' || make.chance(0.5)) {
    left.address = make.address(place)
    right.address = same
      ? make.pick([left.address, bare(left.address), make.address(place)])
      : make.address(kind === 'other-province' ? make.other(places, place) : place)
  }
  return { kind, same, a: left as unknown as Party, b: right as unknown as Party }
}

/** `each` pairs of every kind; the same seed gives the same pairs. */
export function makeNamePairs(seed: number, each: number): LabelledPair[] {
  const make = new Maker(seed)
  const all = (kinds: Readonly<Record<string, Names>>, same: boolean) =>
    Object.entries(kinds).flatMap(([kind, names]) =>
      Array.from({ length: each }, () => partyPair(make, kind, same, names(make))),
    )
  return [...all(samePairs, true), ...all(differentPairs, false)]
}
