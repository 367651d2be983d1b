import { parseAst } from 'vitest/node'
import { type Mutant, mutantOf, numbered } from './mutant.ts'
import { checkOperators, type Node, operators } from './operators.ts'

/**
 * The mutants of a TypeScript file.
 * @param options.checksOnly whole conditions, steps and bounds alone; default: each option, entry and literal as well
 * @throws {SyntaxError} where an operator made something that is no TypeScript
 */
export function mutantsOf(
  file: string,
  source: string,
  { checksOnly = false }: { readonly checksOnly?: boolean } = {},
): Mutant[] {
  const chosen = checksOnly ? checkOperators : operators
  const mutants: Mutant[] = []
  walk(parse(source), undefined, (node, parent) => {
    for (const edit of chosen[node.type]?.(node, source, parent) ?? []) {
      const mutant = mutantOf(file, source, edit)
      // What cannot be read would be noticed by everybody, and prove nothing.
      parse(mutant.source)
      mutants.push(mutant)
    }
  })
  return numbered(mutants)
}

function parse(source: string): Node {
  return parseAst(source, { lang: 'ts', astType: 'ts' }) as unknown as Node
}

function walk(node: Node, parent: Node | undefined, visit: (node: Node, parent?: Node) => void): void {
  if (isNoCheck(node)) return
  visit(node, parent)
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) walk(child, node, visit)
  }
}

/** Types are gone at run time, and what a refusal says of itself refuses nothing. */
function isNoCheck(node: Node): boolean {
  const isType = node.type.startsWith('TS') && !('expression' in node)
  const isErrorText = node.type === 'NewExpression' && /Error$/.test(String((node.callee as Node).name))
  return isType || isErrorText || node.type === 'ImportDeclaration'
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}
