import { expect, it } from 'vitest'
import { z } from 'zod'
import { useIssueWords } from './issue-words.ts'

useIssueWords()

const said: [string, z.ZodType, unknown, string][] = [
  ['what is not there', z.string(), undefined, 'is missing'],
  ['null', z.string(), null, 'must be a string, and is null'],
  ['a list', z.object({}), [], 'must be an object, and is a list'],
  ['an object', z.array(z.string()), {}, 'must be a list, and is an object'],
  ['a text', z.boolean(), 'x', 'must be true or false, and is a string'],
  ['another value', z.literal('a'), 'x', 'must be a'],
  ['another of several', z.enum(['a', 'b']), 'x', 'must be one of a, b'],
  ['too short a text', z.string().min(2), 'x', 'must have at least 2 characters'],
  ['too long a list', z.array(z.number()).max(1), [1, 2], 'must have at most 1 entries'],
  ['too small a number', z.number().min(2), 1, 'must be at least 2'],
  ['a number at its bound', z.number().gt(2), 2, 'must be more than 2'],
  ['a number above its bound', z.number().lt(2), 3, 'must be less than 2'],
  ['a fraction', z.number().multipleOf(5), 3, 'must be a multiple of 5'],
  ['an unknown field', z.strictObject({}), { tools: 1 }, 'must not have tools'],
  ['no URL', z.url(), 'x', 'must be a URL'],
  ['another form', z.string().regex(/^a$/), 'x', 'must be of the form /^a$/'],
  ['none of its forms', z.union([z.string(), z.number()]), true, 'is none of the forms that it may have'],
  ['another name', z.record(z.string().max(1), z.number()), { ab: 1 }, 'holds a name that it may not have'],
]

it.each(said)('says of %s what it must be', (_what, schema, value, words) => {
  expect(schema.safeParse(value).error?.issues[0]?.message).toBe(words)
})
