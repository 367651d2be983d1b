import type typescript from '@tslab/typescript-for-tslab'
import { ts } from './tslab.ts'

/** Makes the cell a module, so that `await` is a keyword in it. */
const prefix = 'export {};'

interface Edit {
  readonly at: number
  readonly text: string
}

/**
 * Rewrites the two forms of top-level await that tslab does not know, `await (…)` and `for await`, into one that it
 * does. No line is added, so error positions stay right.
 */
export function awaitEverything(source: string): string {
  const file = ts.createSourceFile('cell.ts', prefix + source, ts.ScriptTarget.Latest, true)
  const edits = file.statements.flatMap((statement) => [
    ...(hasForAwait(statement) ? [{ at: statement.getStart(file), text: 'await null; ' }] : []),
    ...awaitsOf(statement, file),
  ])
  const text = edits
    .sort((a, b) => b.at - a.at)
    .reduce((text, edit) => text.slice(0, edit.at) + edit.text + text.slice(edit.at), file.text)
  return text.slice(prefix.length)
}

/** tslab sees an `await` only where a word follows: `await (x)` becomes `await Promise.resolve((x))`. */
function awaitsOf(node: typescript.Node, file: typescript.SourceFile): Edit[] {
  if (ts.isFunctionLike(node) || ts.isClassLike(node)) return []
  const inside = childrenOf(node).flatMap((child) => awaitsOf(child, file))
  if (!ts.isAwaitExpression(node)) return inside
  const { expression } = node
  const start = expression.getStart(file)
  if (/[\w$'"]/.test(file.text[start] ?? '')) return inside
  return [{ at: start, text: ' Promise.resolve(' }, ...inside, { at: expression.end, text: ')' }]
}

function hasForAwait(node: typescript.Node): boolean {
  if (ts.isFunctionLike(node) || ts.isClassLike(node)) return false
  return (ts.isForOfStatement(node) && node.awaitModifier !== undefined) || childrenOf(node).some(hasForAwait)
}

function childrenOf(node: typescript.Node): typescript.Node[] {
  const children: typescript.Node[] = []
  ts.forEachChild(node, (child) => void children.push(child))
  return children
}
