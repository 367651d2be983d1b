import { z } from 'zod'

/**
 * The words for an input that a schema refuses, instead of the library's own. Set once for the process: the MCP SDK,
 * the services and whoever reads a file with a schema then say the same. A schema's own sentence stays. The value is
 * not quoted: it may be a secret.
 */
export function useIssueWords(): void {
  z.config({ customError: issueWords })
}

function issueWords(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? 'is missing'
        : `must be ${kinds[issue.expected] ?? issue.expected}, and is ${kindOf(issue.input)}`
    case 'invalid_value': {
      const values = issue.values.map(String)
      return values.length === 1 ? `must be ${values[0]}` : `must be one of ${values.join(', ')}`
    }
    case 'too_small':
    case 'too_big':
      return boundWords(issue)
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`
    case 'unrecognized_keys':
      return `must not have ${issue.keys.map((key) => key.slice(0, 40)).join(', ')}`
    case 'invalid_format':
      return `must be ${formats[issue.format] ?? `of the form ${issue.pattern ?? issue.format}`}`
    case 'invalid_union':
      return 'is none of the forms that it may have'
    case 'invalid_key':
      return 'holds a name that it may not have'
    default:
      return undefined
  }
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
}

const formats: Readonly<Record<string, string>> = {
  url: 'a URL',
  uuid: 'a UUID',
  datetime: 'a time, such as 2026-01-31T12:00:00Z',
  safeint: 'a whole number',
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return kinds[typeof value] ?? typeof value
}

const units: Readonly<Record<string, string>> = { string: 'characters', array: 'entries', set: 'entries' }

type BoundIssue = Extract<z.core.$ZodRawIssue, { code: 'too_small' | 'too_big' }>

function boundWords(issue: BoundIssue): string {
  const [bound, limit] =
    issue.code === 'too_small'
      ? (['at least', issue.minimum] as const)
      : (['at most', issue.maximum] as const)
  const unit = units[issue.origin]
  if (unit) return `must have ${bound} ${limit} ${unit}`
  if (issue.inclusive === false)
    return `must be ${issue.code === 'too_small' ? 'more' : 'less'} than ${limit}`
  return `must be ${bound} ${limit}`
}
