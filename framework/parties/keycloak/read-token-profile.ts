import { readFileSync } from 'node:fs'
import {
  checkProfile,
  serviceNames,
  type TokenProfile,
  type TokenProfileName,
  tokenProfiles,
} from '@lab/contract'
import { inputProblem } from '@lab/services/input-problem'
import { z } from 'zod'
import { UserError } from '../../process/user-error.ts'

const names = Object.keys(tokenProfiles) as TokenProfileName[]
const resourceServers = [...serviceNames, 'mcp-server'] as const
const claim = z.string().min(1)

/** A profile of your own: what differs from a named one. */
const ProfileFile = z.strictObject({
  like: z.enum(names).default('keycloak'),
  type: z.enum(['at+jwt', 'JWT']).optional(),
  algorithms: z.array(z.string()).optional(),
  client: claim.optional(),
  scopes: claim.optional(),
  roles: claim.optional(),
  user: claim.optional(),
  /** null: its tokens have none. */
  tokenId: claim.nullable().optional(),
  audience: z
    .union([z.string().includes('{service}'), z.record(z.enum(resourceServers), z.string().min(1))])
    .optional(),
  audienceIn: claim.optional(),
  fixed: z.record(claim, z.string()).optional(),
  maxAge: z
    .int()
    .positive()
    .max(7 * 86_400)
    .optional(),
})

/**
 * The profile that `TOKEN_PROFILE` names.
 * @param wanted a name of `tokenProfiles`, or the path of a JSON file with what differs from one
 * @throws {UserError} for a name that there is not, and a file that is no profile or an unsafe one
 */
export function readTokenProfile(wanted: string): TokenProfile {
  const name = names.find((each) => each === wanted)
  if (name) return tokenProfiles[name]
  if (!wanted.endsWith('.json')) refuse(wanted, `give ${names.join(', ')}, or a .json file`)
  const content = ProfileFile.safeParse(contentOf(wanted))
  if (!content.success) refuse(wanted, inputProblem(content.error))
  const { like, ...differences } = content.data
  const { tokenId, ...rest } = { ...tokenProfiles[like], ...differences } as TokenProfile
  const profile = { ...rest, ...(tokenId && { tokenId }) }
  try {
    checkProfile(profile)
  } catch (error) {
    refuse(wanted, (error as Error).message)
  }
  return profile
}

function contentOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    refuse(file, (error as Error).message)
  }
}

function refuse(wanted: string, why: string): never {
  throw new UserError(`TOKEN_PROFILE ${wanted} cannot be used: ${why}`)
}
