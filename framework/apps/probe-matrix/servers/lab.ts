import { checkGroups } from '../../probe/checks/index.ts'
import { noCanary } from '../../probe/checks/passing-on.ts'
import type { Declared } from '../foreign-server.ts'
import { bearerTokens, plain } from './bearer-tokens.ts'
import { unasked } from './found-by.ts'
import { httpApi } from './http-api.ts'

/** A pattern of the lab: its front door, or the service behind it. */
export interface LabDoor extends Declared {
  readonly pattern: string
  readonly door: 'mcp' | 'expenses'
}

const libraries = 'this repository'

const idpOfTheLab = Object.fromEntries(
  ['keys-unavailable', 'rotated-key', 'revoked-token'].map((id) => [
    id,
    'the probe has no say in the keys of this issuer',
  ]),
)
const servesAll = 'it serves a call without a token; see no-token'

/** The front door of the patterns that ask nobody who they are. */
const open: Pick<Declared, 'lacks' | 'notApplicable'> = {
  notApplicable: {
    ...bearerTokens,
    ...idpOfTheLab,
    ...Object.fromEntries(
      [
        'challenge',
        'resource-metadata',
        'token-in-query',
        'identity-header-spoof',
        'session-as-credential',
        'session-of-another',
        'other-method',
      ].map((id) => [id, servesAll]),
    ),
    'token-in-refusal': 'it does not refuse the token; see tampered-claims',
    'scope-challenge': 'it serves a token without the scope; see missing-scope',
  },
  lacks: Object.fromEntries(
    checkGroups
      .flatMap(({ title, checks }) =>
        title === 'Forged tokens' || title === 'Wrong tokens of the right issuer'
          ? checks.map(({ id }) => id)
          : [],
      )
      .concat(
        'bound-token-as-bearer',
        'encoding-of-signature',
        'no-token',
        'garbage-token',
        'oversized-token',
        'missing-scope',
        'rows-of-another',
      )
      .map((id) => [id, 'its front door asks nobody who they are, and looks at no token']),
  ),
}

/** The front door of the patterns with a sign-in, which is the same for all of them. */
const signedIn: Pick<Declared, 'lacks' | 'notApplicable'> = {
  lacks: { 'encoding-of-signature': unasked['encoding-of-signature'] },
  notApplicable: {
    ...bearerTokens,
    ...idpOfTheLab,
    'session-as-credential': 'it keeps no session',
    'session-of-another': 'it keeps no session',
  },
}

const front = (pattern: string, declared: typeof open): LabDoor => ({
  name: pattern,
  libraries,
  pattern,
  door: 'mcp',
  ...declared,
})

/** p03 and p04 take a key as an argument of the tool: the probe sends the arguments as they are named, and varies tokens. */
export const labDoors: readonly LabDoor[] = [
  ...['p01', 'p02', 'p12'].map((pattern) => front(pattern, open)),
  ...['p05', 'p06', 'p07', 'p08', 'p16'].map((pattern) => front(pattern, signedIn)),
  {
    name: 'p08 service',
    libraries: 'this repository, with proofs (DPoP)',
    pattern: 'p08',
    door: 'expenses',
    lacks: { 'encoding-of-signature': unasked['encoding-of-signature'] },
    notApplicable: {
      ...httpApi,
      ...plain,
      ...idpOfTheLab,
      'bound-token-as-bearer': 'its tokens are bound to a key; see dpop-bearer-downgrade',
      'token-passed-on': noCanary,
    },
  },
]
