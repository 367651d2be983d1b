import { readFile } from 'node:fs/promises'
import type { JSONWebKeySet } from 'jose'
import { z } from 'zod'
import { UserError } from '../../process/user-error.ts'
import type { Sender } from './sender.ts'

const keySet = z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })) })

/**
 * Reads a key set.
 * @param where a URL, or `@file`; undefined: no keys
 * @throws {UserError}
 */
export async function readKeys(where: string | undefined, sender: Sender): Promise<JSONWebKeySet> {
  if (where === undefined) return { keys: [] }
  const text = where.startsWith('@') ? await fromFile(where.slice(1)) : (await sender.send(where)).body
  try {
    return keySet.parse(JSON.parse(text)) as JSONWebKeySet
  } catch {
    throw new UserError(`${where} is no key set: give the jwks_uri of the IdP's metadata, or @file`)
  }
}

async function fromFile(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`the key set ${file} cannot be read (${error.code})`)
  })
}
