import { LineCounter, isMap, isNode, isPair, isScalar, parseDocument } from 'yaml'
import type { Document, Node } from 'yaml'
import type { ConfigProblem } from './config-problem.ts'

/** A path into a parsed document: keys and indexes. */
export type ValuePath = readonly (string | number)[]

export interface Position {
  readonly line: number
  readonly column: number
}

/** A YAML text whose values know where they stand. */
export interface YamlSource {
  readonly file: string
  /** Plain values; `{}` for an empty file, `undefined` when the text is no YAML. */
  readonly value: unknown
  /** Syntax errors, in the order of the text. */
  readonly problems: readonly ConfigProblem[]
  /** Where a value stands; with `key`, where that key of it stands. The nearest parent for what is not there. */
  locate(path: ValuePath, key?: string): Position
}

// `${env:X}` has braces, which mean something else inside `{ … }` of YAML. They are swapped for private characters of the same
// length before parsing, so that a reference needs no quotes and every position stays right.
const open = '\uE000'
const close = '\uE001'
const hide = (text: string) => text.replace(/\$\{((?:env|file):[^{}\n]*)\}/g, `$$${open}$1${close}`)
const show = (text: string) => text.replaceAll(open, '{').replaceAll(close, '}')

function shown(value: unknown): unknown {
  if (typeof value === 'string') return show(value)
  if (Array.isArray(value)) return value.map(shown)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [show(key), shown(one)]))
}

export function parseYaml(file: string, text: string): YamlSource {
  const lines = new LineCounter()
  const document = parseDocument(hide(text), { lineCounter: lines, prettyErrors: false })
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  const problems = document.errors.map((error): ConfigProblem => ({
    file,
    path: '',
    ...at(error.pos[0]),
    ...syntaxText(error),
  }))
  return {
    file,
    value: problems.length > 0 ? undefined : (shown(document.toJS()) ?? {}),
    problems,
    locate: (path, key) => at(offsetOf(document, path, key)),
  }
}

function syntaxText(error: {
  readonly code: string
  readonly message: string
}): Pick<ConfigProblem, 'what' | 'remedy'> {
  if (error.code === 'DUPLICATE_KEY') {
    return {
      what: { vi: 'khóa này đã có ở trên', en: 'this key is given twice' },
      remedy: { vi: 'Hãy giữ lại một khóa và xóa khóa kia', en: 'Keep one of the two and delete the other' },
    }
  }
  const message = error.message.split('\n')[0]!
  return {
    what: { vi: `lỗi cú pháp YAML (${message})`, en: `YAML syntax error (${message})` },
    remedy: {
      vi: 'Hãy kiểm tra thụt dòng bằng dấu cách, dấu ngoặc và dấu nháy ở dòng này',
      en: 'Check the indentation (spaces, no tabs), brackets and quotes of this line',
    },
  }
}

function offsetOf(document: Document, path: ValuePath, key?: string): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true)
    if (!isNode(node)) continue
    const wanted = length === path.length ? key : String(path[length])
    return (
      (wanted === undefined ? undefined : keyOffset(node, wanted)) ??
      ownKeyOffset(document, path.slice(0, length)) ??
      start(node)
    )
  }
  return 0
}

/** For a block below its key, the key is what a reader looks for. Plain values are found themselves. */
function ownKeyOffset(document: Document, path: ValuePath): number | undefined {
  if (path.length === 0) return undefined
  const node: unknown = document.getIn(path, true)
  if (isScalar(node)) return undefined
  const parent: unknown = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true)
  return isNode(parent) ? keyOffset(parent, String(path.at(-1))) : undefined
}

function keyOffset(node: Node, key: string): number | undefined {
  if (!isMap(node)) return undefined
  for (const pair of node.items) {
    if (isPair(pair) && isScalar(pair.key) && show(String(pair.key.value)) === key) return pair.key.range?.[0]
  }
  return undefined
}

function start(node: Node): number {
  return node.range?.[0] ?? 0
}
