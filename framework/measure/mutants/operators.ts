import type { Edit } from './mutant.ts'

/** A node of the syntax tree (ESTree), as far as the operators look at it. */
export interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [key: string]: unknown
}

/** The edits of one node, given the source and the node around it. */
type Operator = (node: Node, source: string, parent: Node | undefined) => Edit[]

/** The ways in which a check can be missing, by the kind of syntax that makes it. */
export const operators: Readonly<Record<string, Operator>> = {
  // A guard that never fires, and one that always does.
  IfStatement: (node) => constants(node.test as Node),
  ConditionalExpression: (node) => constants(node.test as Node),
  BinaryExpression: comparison,

  // One of two conditions.
  LogicalExpression(node, source) {
    const { left, right } = node as unknown as { left: Node; right: Node }
    return [replaced(node, sourceOf(left, source)), replaced(node, sourceOf(right, source))]
  },

  // One option, claim, right or list entry.
  ObjectExpression: (node, source) => without(node.properties as Node[], source),
  ArrayExpression: (node, source) => without(node.elements as Node[], source),

  // One step: `await verifyProof(…)`.
  ExpressionStatement: (node) => [replaced(node, ';')],
  ThrowStatement: (node, _source, parent) => (isGuarded(node, parent) ? [] : [replaced(node, ';')]),

  CallExpression: call,

  Literal(node) {
    if (typeof node.value === 'boolean') return [replaced(node, String(!node.value))]
    const weaker = typeof node.value === 'string' ? oneStepWeaker[node.value] : undefined
    return weaker ? [replaced(node, `'${weaker}'`)] : []
  },

  // A limit that is ten times as generous.
  VariableDeclarator(node) {
    const init = node.init as Node | null
    return typeof init?.value === 'number' ? [replaced(init, `(${init.raw} * 10)`)] : []
  },
}

/**
 * The same for code that does much beside its checks: a guard that never fires, a condition less, a step less, a bound
 * less. Not each literal, option and entry, which would be many mutants that prove little.
 */
export const checkOperators: Readonly<Record<string, Operator>> = {
  IfStatement: (node) => [replaced(node.test as Node, 'false')],

  LogicalExpression(node, source) {
    const { left, right, operator } = node as unknown as { left: Node; right: Node; operator: string }
    // `a ?? b` and `...(a && { a })` say what a value is, and ask nothing.
    if (operator === '??' || right.type === 'ObjectExpression') return []
    return [replaced(node, sourceOf(left, source)), replaced(node, sourceOf(right, source))]
  },

  ExpressionStatement(node) {
    const awaited = node.expression as Node
    const optional = awaited.type === 'AwaitExpression' ? (awaited.argument as Node) : awaited
    const step = optional.type === 'ChainExpression' ? (optional.expression as Node) : optional
    return isStep(step) ? [replaced(node, ';')] : []
  },
  ThrowStatement: (node, _source, parent) => (isGuarded(node, parent) ? [] : [replaced(node, ';')]),

  // What a function says of two values: `token.clientId === client.clientId`.
  ReturnStatement: (node) => said(node.argument as Node | null),
  ArrowFunctionExpression: (node) => said(node.body as Node),

  CallExpression: (node, source) => [...call(node, source), ...bound(node, source)],

  VariableDeclarator(node) {
    const init = node.init as Node | null
    const isLimit = typeof init?.value === 'number' && init.value > 0
    return isLimit ? [replaced(init, `(${init.raw} * 10)`)] : []
  },
}

/** Methods that are a check, or a part of one: a header that protects, a connection that is left, a right taken back. */
const protecting = new Set([
  'set',
  'header',
  'destroy',
  'throwIfAborted',
  'setAAD',
  'delete',
  'endSessions',
  'revokeGrants',
])
/** Without them a promise would never be settled: everybody notices, after minutes. */
const settling = new Set(['resolve', 'reject', 'next'])

/** True for a call that checks or protects, and whose parts hold no work for later, such as a listener. */
function isStep(step: Node): boolean {
  if (step.type !== 'CallExpression') return false
  if ((step.arguments as Node[]).some(({ type }) => /Function/.test(type))) return false
  const callee = step.callee as Node
  if (callee.type === 'Identifier') return !settling.has(callee.name as string)
  const property = callee.property as Node | undefined
  return property?.type === 'PrivateIdentifier' || protecting.has(property?.name as string)
}

/** The calls by which a schema bounds a value. */
const bounds = new Set(['min', 'max', 'multipleOf', 'regex', 'refine', 'trim'])

function bound(node: Node, source: string): Edit[] {
  const callee = node.callee as Node
  if (callee.type !== 'MemberExpression') return []
  const object = callee.object as Node
  const property = callee.property as Node
  if (property.name === 'strictObject') return [replaced(property, 'object')]
  const isBound = bounds.has(property.name as string) && object.type === 'CallExpression'
  return isBound ? [replaced(node, sourceOf(object, source))] : []
}

/** The policy one step down the ladder, and the scheme that asks for no proof. */
const oneStepWeaker: Readonly<Record<string, string>> = {
  'opa/relationships': 'opa/scope',
  'opa/scope': 'roles',
  'opa/agents': 'any-caller',
  roles: 'any-caller',
  'any-caller': 'nobody',
  DPoP: 'Bearer',
}

/** A chained call that only narrows or converts: the receiver is what is left without it. */
const narrowing = new Set(['filter', 'catch', 'toLowerCase'])

function call(node: Node, source: string): Edit[] {
  const { callee, arguments: given } = node as unknown as { callee: Node; arguments: Node[] }
  if (callee.type === 'MemberExpression' && narrowing.has((callee.property as Node).name as string)) {
    return [replaced(node, sourceOf(callee.object as Node, source))]
  }
  const [a, b] = given
  if (callee.name === 'jwtVerify' && a) return [replaced(node, decoded(sourceOf(a, source)))]
  if (callee.name !== 'timingSafeEqual' || !a || !b) return []
  return [replaced(node, `${sourceOf(a, source)}.equals(${sourceOf(b, source)})`)]
}

/** A token's claims without verification: the result of jose's `jwtVerify`, whoever signed it. */
function decoded(token: string): string {
  const result = `{ payload: jose.decodeJwt(${token}), protectedHeader: jose.decodeProtectedHeader(${token}) }`
  return `import('jose').then((jose) => (${result}))`
}

const boundaries: Readonly<Record<string, string>> = { '<': '<=', '<=': '<', '>': '>=', '>=': '>' }
const equalities = new Set(['===', '!==', 'in', 'instanceof'])
/** A comparison inside one of these is taken out by the operator of that node. */
const handledAbove = new Set(['IfStatement', 'ConditionalExpression', 'LogicalExpression', 'ForStatement'])

function comparison(node: Node, source: string, parent: Node | undefined): Edit[] {
  const { left, right, operator } = node as unknown as { left: Node; right: Node; operator: string }
  const boundary = boundaries[operator]
  if (!boundary && !equalities.has(operator)) return []
  const edits = handledAbove.has(parent?.type ?? '') ? [] : constants(node)
  if (boundary) {
    edits.push(replaced(node, `${sourceOf(left, source)} ${boundary} ${sourceOf(right, source)}`))
  }
  return edits
}

function said(answer: Node | null): Edit[] {
  const operator = String(answer?.operator)
  const compares = answer?.type === 'BinaryExpression' && (operator in boundaries || equalities.has(operator))
  return compares ? [replaced(answer, 'true')] : []
}

function constants(condition: Node): Edit[] {
  return [replaced(condition, 'false'), replaced(condition, 'true')]
}

/** The list without each of its entries, and without the comma after it. */
function without(entries: readonly Node[], source: string): Edit[] {
  return entries.map(({ start, end }) => {
    const comma = /^\s*,/.exec(source.slice(end))?.[0] ?? ''
    return { start, end: end + comma.length, replacement: '' }
  })
}

/** `if (…) throw …` goes when its condition does. */
function isGuarded(node: Node, parent: Node | undefined): boolean {
  return parent?.type === 'IfStatement' && parent.consequent === node
}

function replaced({ start, end }: Node, replacement: string): Edit {
  return { start, end, replacement }
}

function sourceOf({ start, end }: Node, source: string): string {
  return source.slice(start, end)
}
