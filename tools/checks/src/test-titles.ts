import ts from 'typescript'

/** What vitest calls a test, and what it calls a group of them. */
const testNames = new Set(['it', 'test'])
const groupNames = new Set(['describe', 'suite'])

/** Ways of writing a test that is not run. */
const notRun = new Set(['skip', 'todo'])

function isSkipped(callee: ts.Expression): boolean {
  if (ts.isCallExpression(callee)) return isSkipped(callee.expression)
  if (!ts.isPropertyAccessExpression(callee)) return false
  return notRun.has(callee.name.text) || isSkipped(callee.expression)
}

/** The name that a call like `it.each(rows)('…')` or `test.concurrent('…')` begins with, and the rows of its `each`. */
function rootOf(callee: ts.Expression): { name: string; rows?: ts.Expression } | undefined {
  if (ts.isIdentifier(callee)) return { name: callee.text }
  if (ts.isPropertyAccessExpression(callee)) return rootOf(callee.expression)
  if (!ts.isCallExpression(callee)) return undefined
  const root = rootOf(callee.expression)
  const isEach =
    ts.isPropertyAccessExpression(callee.expression) && ['each', 'for'].includes(callee.expression.name.text)
  const rows = callee.arguments[0]
  return root && isEach && rows ? { ...root, rows } : root
}

/** The text of a string, or what a template begins with. */
function textOf(node: ts.Expression | undefined): string | undefined {
  if (!node) return undefined
  if (ts.isStringLiteralLike(node)) return node.text
  if (ts.isTemplateExpression(node)) return node.head.text
  if (ts.isAsExpression(node) || ts.isParenthesizedExpression(node)) return textOf(node.expression)
  return undefined
}

/** The first value of each row, where the rows stand in the source. */
function firstValues(rows: ts.Expression | undefined): string[] {
  if (rows && (ts.isAsExpression(rows) || ts.isSatisfiesExpression(rows))) return firstValues(rows.expression)
  if (!rows || !ts.isArrayLiteralExpression(rows)) return []
  return rows.elements.flatMap((row) => {
    const first = ts.isArrayLiteralExpression(row) ? row.elements[0] : row
    const text = textOf(first)
    return text === undefined ? [] : [text]
  })
}

/** A title with the rows of its `each` filled in where it begins with their first value. */
function titlesOf(title: string, rows: ts.Expression | undefined): string[] {
  if (!title.startsWith('%s')) return [title]
  const values = firstValues(rows)
  return values.length === 0 ? [title] : values.map((value) => value + title.slice(2))
}

/**
 * Every test of a source, as the titles of its groups and its own, outermost first; skipped ones are none. Read from the syntax,
 * without running anything; a template counts with what it begins with.
 */
export function testTitles(file: string, source: string): string[][] {
  const found: string[][] = []
  const visit = (node: ts.Node, groups: readonly string[][]): void => {
    const call = ts.isCallExpression(node)
      ? { node, root: rootOf(node.expression), title: textOf(node.arguments[0]) }
      : undefined
    if (call?.root && isSkipped(call.node.expression)) return
    const isGroup = call?.root !== undefined && groupNames.has(call.root.name)
    const isTest = call?.root !== undefined && testNames.has(call.root.name)
    if (!call?.root || call.title === undefined || (!isGroup && !isTest)) {
      ts.forEachChild(node, (child) => visit(child, groups))
      return
    }
    const titles = titlesOf(call.title, call.root.rows)
    const paths = titles.flatMap((title) => (groups.length === 0 ? [[title]] : groups.map((path) => [...path, title])))
    if (isTest) found.push(...paths)
    else for (const argument of call.node.arguments.slice(1)) visit(argument, paths)
  }
  visit(ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true), [])
  return found
}
