import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { AuthHandler, GetIdentity } from '@lab/contract'
import { UserError } from '../process/user-error.ts'
import { shareContract } from './contract-hook.mjs'
import { placeIn } from './pattern-errors/place-in.ts'

export const patternsFolder = fileURLToPath(new URL('../../patterns/', import.meta.url))
export const patternFiles = ['mcp-auth.ts', 'service-auth.ts'] as const

/** A pattern, loaded from its folder. */
export interface Pattern {
  /** Folder name, such as `p06-scoped-token-opa`. */
  readonly name: string
  readonly folder: string
  readonly authHandler: AuthHandler
  readonly getIdentity: GetIdentity
}

/** The folders of the ladder, in order. */
export async function patternNames(): Promise<string[]> {
  const entries = await readdir(patternsFolder, { withFileTypes: true })
  return entries
    .filter((entry) => entry.isDirectory() && /^p\d\d-/.test(entry.name))
    .map(({ name }) => name)
    .sort()
}

let instances = 0

/** Loads a folder once more, as modules of their own: nothing that the pattern keeps is in both. */
export async function loadAfresh({ folder }: Pick<Pattern, 'folder'>): Promise<Pattern> {
  return loadFrom(folder, `?instance=${++instances}`)
}

/**
 * Loads a pattern by number (`6`, `p06`), folder name, or path to a folder anywhere.
 * @throws {UserError} where there is no such folder, or its two files do not export what they must
 */
export async function loadPattern(which: string): Promise<Pattern> {
  return loadFrom(await findPattern(which))
}

async function loadFrom(folder: string, query = ''): Promise<Pattern> {
  const [mcpAuth, serviceAuth] = patternFiles
  const ofMcp = await importFrom(folder, mcpAuth, query)
  const ofService = await importFrom(folder, serviceAuth, query)
  requireExport(ofMcp, 'authHandler', join(folder, mcpAuth))
  requireExport(ofService, 'getIdentity', join(folder, serviceAuth))
  const { authHandler } = ofMcp
  const { getIdentity } = ofService
  checkAuthHandler(authHandler, join(folder, mcpAuth))
  if (typeof getIdentity !== 'function') {
    throw wrongExport(join(folder, serviceAuth), 'a function getIdentity(request, service)')
  }
  return {
    name: basename(folder),
    folder,
    authHandler: authHandler as AuthHandler,
    getIdentity: getIdentity as GetIdentity,
  }
}

/**
 * Finds a pattern's folder without loading it.
 * @throws {UserError} where there is none
 */
export async function findPattern(which: string): Promise<string> {
  const names = await patternNames()
  const number = /^p?(\d{1,2})$/.exec(which)?.[1]?.padStart(2, '0')
  const name = names.find((each) => each === which || (number && each.startsWith(`p${number}-`)))
  if (name) return join(patternsFolder, name)
  const folder = resolve(which)
  if (which && !number && existsSync(folder)) {
    if (!unloadable(folder)) return folder
    throw new UserError(`Node cannot load code from ${folder}, a path with ? or \\: rename the folder`)
  }
  throw new UserError(
    `unknown pattern "${which}": use ${rangeOf(names)}, a folder name (pnpm run list) or a path`,
  )
}

/** True for a folder that is not on the ladder. */
export function isOwnFolder(folder: string): boolean {
  return !folder.startsWith(patternsFolder)
}

/** True for a path from which no module can be imported: the loaders take `?` for a query and refuse `\`. */
export function unloadable(folder: string): boolean {
  return /[?\\]/.test(folder)
}

/** The ladder in a phrase, such as `p01–p08`. */
function rangeOf(names: readonly string[]): string {
  const [first = '', last = ''] = [names.at(0), names.at(-1)].map((name) => name?.slice(0, 3))
  return `${first}–${last}`
}

async function importFrom(folder: string, file: string, query: string): Promise<Record<string, unknown>> {
  const path = join(folder, file)
  if (!existsSync(path)) {
    throw new UserError(`${folder} has no ${file}: a pattern is a folder with ${patternFiles.join(' and ')}`)
  }
  shareWith(folder)
  try {
    return await import(/* @vite-ignore */ pathToFileURL(path).href + query)
  } catch (error) {
    const place = placeIn(error, [folder])
    const where = place ? `${join(folder, place.file)}:${place.line}` : path
    throw new UserError(
      `${where} cannot be loaded: ${firstLineOf(error as Error)}; fix it, or start again with pnpm run new`,
    )
  }
}

/** @throws {UserError} that names what the module exports instead */
function requireExport(module: Record<string, unknown>, name: string, path: string): void {
  if (name in module) return
  const instead = Object.keys(module).join(', ') || 'nothing'
  throw new UserError(`${path} must export ${name}, and exports ${instead}: compare it with ${example}`)
}

/** The reason why code cannot be parsed: esbuild's first line only counts the errors. */
function firstLineOf({ message }: Error): string {
  const [first = '', second = ''] = message.split('\n')
  const syntax = /:(\d+):\d+: ERROR: (.+)$/.exec(second)
  return syntax ? `line ${syntax[1]}: ${syntax[2]}` : first
}

function checkAuthHandler(authHandler: unknown, path: string): void {
  const { credential, prepareRequest, beforeToolCall } = (authHandler ?? {}) as Partial<AuthHandler>
  if (typeof prepareRequest !== 'function') {
    throw wrongExport(path, 'an object authHandler with a function prepareRequest')
  }
  if (beforeToolCall !== undefined && typeof beforeToolCall !== 'function') {
    throw wrongExport(path, 'an authHandler whose beforeToolCall is a function, or has none')
  }
  if (credential !== undefined && !['prompt', 'argument', 'bearer'].includes(credential)) {
    throw wrongExport(path, "an authHandler whose credential is 'prompt', 'argument', 'bearer', or absent")
  }
}

const example = 'patterns/p06-scoped-token-opa'

function wrongExport(path: string, wanted: string): UserError {
  return new UserError(`${path} must export ${wanted}: compare it with ${example}`)
}

const shared = new Set<string>()

/** Lets a folder outside the repo import the contract, the same instance that the framework uses. */
function shareWith(folder: string): void {
  if (!isOwnFolder(folder) || shared.has(folder)) return
  shared.add(folder)
  shareContract({ folder: `${pathToFileURL(folder).href}/`, home: import.meta.url })
}
