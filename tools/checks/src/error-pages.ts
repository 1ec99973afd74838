import { readFileSync } from 'node:fs'
import ts from 'typescript'

/** An error code as the sources give it. */
export interface ErrorEntry {
  readonly code: string
  readonly kinds: readonly string[]
  readonly vi: string
  readonly en: string
  /** Package or app that has it. */
  readonly from: string
}

const codePattern = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$|^INTERRUPTED$|^INTERNAL$|^USAGE$/

/** Every error code in a source text: objects with `code` and texts in both languages, and calls that begin with a code. */
export function errorsIn(source: string, from: string): ErrorEntry[] {
  const file = ts.createSourceFile('x.ts', source, ts.ScriptTarget.Latest, true)
  const found: ErrorEntry[] = []
  const visit = (node: ts.Node): void => {
    const entry = ts.isObjectLiteralExpression(node)
      ? ofObject(node)
      : ts.isCallExpression(node)
        ? ofCall(node)
        : undefined
    if (entry) found.push({ ...entry, from })
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

type Found = Omit<ErrorEntry, 'from'>

function ofObject(node: ts.ObjectLiteralExpression): Found | undefined {
  const code = property(node, 'code')
  if (!code || !ts.isStringLiteral(code) || !codePattern.test(code.text)) return undefined
  const kind = property(node, 'kind')
  const kinds = kind && ts.isStringLiteral(kind) ? [kind.text] : []
  const holder = ['message', 'text', 'meaning'].map((name) => property(node, name)).find((one) => one !== undefined)
  const texts = messageOf(holder && ts.isObjectLiteralExpression(holder) ? holder : node)
  return texts ? { code: code.text, kinds, ...texts } : undefined
}

function ofCall(node: ts.CallExpression): Found | undefined {
  const [first, second, third, ...rest] = node.arguments
  if (!first || !second || !ts.isStringLiteral(first) || !codePattern.test(first.text)) return undefined
  const code = first.text
  const kinds = [third, ...rest].flatMap((one) =>
    one && ts.isStringLiteral(one) && /^[a-zA-Z]+$/.test(one.text) ? [one.text] : [],
  )
  if (ts.isObjectLiteralExpression(second)) {
    const texts = messageOf(second)
    return texts ? { code, kinds, ...texts } : undefined
  }
  const [vi, en] = [textOf(second), third && textOf(third)]
  return vi !== undefined && en !== undefined ? { code, kinds: [], vi, en } : undefined
}

function messageOf(node: ts.ObjectLiteralExpression): { vi: string; en: string } | undefined {
  const [vi, en] = [property(node, 'vi'), property(node, 'en')]
  const texts = [vi && textOf(vi), en && textOf(en)]
  return texts[0] !== undefined && texts[1] !== undefined ? { vi: texts[0], en: texts[1] } : undefined
}

function property(node: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  for (const one of node.properties) {
    if (ts.isPropertyAssignment(one) && ts.isIdentifier(one.name) && one.name.text === name) return one.initializer
  }
  return undefined
}

/** The text with `…` for what is known only at run time. */
function textOf(node: ts.Expression): string | undefined {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text
  if (!ts.isTemplateExpression(node)) return undefined
  return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('')
}

/** All error codes of the given files, as the Markdown of docs/errors.md. */
export function errorPages(files: readonly string[]): string {
  const all = files.flatMap((path) => errorsIn(readFileSync(path, 'utf8'), partOf(path)))
  const pages = [...Map.groupBy(all, ({ code }) => code)].sort(([a], [b]) => (a < b ? -1 : 1))
  return [
    '# Mã lỗi · Error codes',
    '',
    'Generated from the sources: `npx vitest run --project checks -u`. CI fails when it changes unseen. `…` stands for what the message',
    'names at run time. The kind says what the product does: `retriable` and `rateLimited` are tried again by themselves, `inDoubt` is probed',
    'first, `recordRejected` and `conflict` wait for somebody to mend the record, `needsPerson` and `config` for the operator.',
    '',
    ...pages.flatMap(([code, entries]) => pageOf(code, entries)),
  ].join('\n')
}

function partOf(path: string): string {
  return /(packages|apps)\/([^/]+)/.exec(path)?.[2] ?? path
}

function pageOf(code: string, entries: readonly ErrorEntry[]): string[] {
  const kinds = [...new Set(entries.flatMap((one) => one.kinds))].sort()
  const texts = [...new Map(entries.map((one) => [`${one.vi}|${one.en}`, one])).values()]
  return [
    `## ${code}`,
    '',
    `${kinds.map((kind) => `\`${kind}\``).join(', ') || 'as the case is'} · ${[...new Set(entries.map(({ from }) => from))].sort().join(', ')}`,
    '',
    ...texts.flatMap(({ vi, en }) => [`- ${vi.replaceAll('\n', ' ')}`, `  <br>${en.replaceAll('\n', ' ')}`]),
    '',
  ]
}
