import type { PatternDescription } from '../../../runner/describe-pattern.ts'

type Source = PatternDescription['source']

/** The checks that are made of the contract's presets, by what their code looks like, and what they are good for. */
const checks: readonly { readonly file: keyof Source; readonly code: RegExp; readonly what: string }[] = [
  {
    file: 'service-auth.ts',
    code: /\bverifyAccessToken\(/,
    what: 'verifyAccessToken: a token counts only with the signature of the issuer, in its time',
  },
  {
    file: 'service-auth.ts',
    code: /\bverifyAccessToken\([^;]*\baudience\b/,
    what: '{ audience } in verifyAccessToken: a token counts only at the service that it is addressed to',
  },
  {
    file: 'service-auth.ts',
    code: /\bverifyProof\(/,
    what: 'verifyProof: a token counts only with a proof by the key that it is bound to',
  },
  {
    file: 'service-auth.ts',
    code: /\b(?:findApiKey|userOfApiKey)\(/,
    what: 'findApiKey: a request counts only with a key that the service knows',
  },
  { file: 'service-auth.ts', code: /\bactors\s*[:,]/, what: 'actors: the decision asks which agent acts' },
  {
    file: 'service-auth.ts',
    code: /\bscopes\s*[:,]/,
    what: 'scopes: the decision asks what the token is for',
  },
  {
    file: 'mcp-auth.ts',
    code: /\baskGate\(/,
    what: 'askGate: a call without a role for it does not leave the MCP server',
  },
  {
    file: 'mcp-auth.ts',
    code: /\bexchangeToken\(/,
    what: "exchangeToken: the user's own token stays at the MCP server",
  },
  {
    file: 'mcp-auth.ts',
    code: /\bscope: \[call\.scope\]/,
    what: 'scope: [call.scope]: a token leaves for this one action only',
  },
  {
    file: 'mcp-auth.ts',
    code: /\bboundTo\s*[:,]/,
    what: 'boundTo: the token is worth nothing without the key of the MCP server',
  },
]

/** The policies, from the weakest to the strictest. */
const policies = ['nobody', 'any-caller', 'opa/agents', 'roles', 'opa/scope', 'opa/relationships']

/**
 * The checks that one pattern has and another lacks, read from their code: a first answer before anything is attacked.
 * A check that is made by other means than the contract's is not seen.
 */
export function missingChecks(before: Source, after: Source): string[] {
  const [had, has] = [withoutComments(before), withoutComments(after)]
  const gone = checks
    .filter(({ file, code }) => code.test(had[file]) && !code.test(has[file]))
    .map(({ what }) => what)
  const [old, now] = [policyOf(had), policyOf(has)]
  const isWeaker = old !== undefined && now !== undefined && policies.indexOf(now) < policies.indexOf(old)
  return isWeaker ? [...gone, `policy '${old}': here it is '${now}'`] : gone
}

function policyOf(source: Source): string | undefined {
  const policy = /\bpolicy:\s*['"]([\w/-]+)['"]/.exec(source['service-auth.ts'])?.[1]
  return policy && policies.includes(policy) ? policy : undefined
}

function withoutComments(source: Source): Source {
  const strip = (text: string) => text.replaceAll(/\/\*[\s\S]*?\*\/|(?<!:)\/\/[^\n]*/g, '')
  return { 'mcp-auth.ts': strip(source['mcp-auth.ts']), 'service-auth.ts': strip(source['service-auth.ts']) }
}
