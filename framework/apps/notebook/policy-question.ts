import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { projectFolder } from '../../process/folders.ts'
import type { Hop } from '../../trace/recorder/hop.ts'
import { codeView } from './code-view.ts'
import type { LessonRun } from './lesson.ts'
import { markdown, type Rich } from './rich.ts'

/** The question that a service asked the policy in a run, and its decision: as JSON, the way that OPA gets it. */
export function policyQuestion(run: Pick<LessonRun, 'hops'>): Rich {
  const hop = run.hops.findLast(({ to }) => to === 'pdp')
  if (!hop) return markdown('No policy was asked.')
  const asked = JSON.parse(hop.request.body)
  return codeView(
    [
      `// ${hop.from} asks the policy ${policyOf(hop)}`,
      spaced({ input: asked.input ?? asked }),
      '// and the policy decides',
      spaced(decisionsIn(hop)),
    ].join('\n'),
    'json',
  )
}

/**
 * Rules of a policy as they stand in `opa/`, so that the rules that decide can be read without the rest.
 * @param rules names of rules, in the order in which they are shown
 * @throws where the policy has no such rule
 */
export async function policyRules(policy: string, rules: readonly string[]): Promise<Rich> {
  const source = await readFile(join(projectFolder, 'opa', `${policy}.rego`), 'utf8')
  // A rule begins at the left margin, and an empty line ends it, unless an `else` follows.
  const blocks = source.split(/\n\n(?!else)/)
  const shown = rules.flatMap((rule) => {
    const found = blocks.filter((block) => new RegExp(`^(# .*\\n)*${rule}\\b`).test(block))
    if (found.length === 0) throw new Error(`opa/${policy}.rego has no rule ${rule}`)
    return found
  })
  return codeView([`# from opa/${policy}.rego`, ...shown].join('\n\n'), 'rego')
}

function policyOf({ url }: Hop): string {
  return url.split('/').at(-2) ?? ''
}

function decisionsIn({ response }: Hop): unknown {
  const answered = JSON.parse(response.body)
  const decisions: { allow: boolean; rule: string; reason: string }[] = Array.isArray(answered)
    ? answered
    : answered.result
  return decisions.map(({ allow, rule, reason }) => ({ allow, rule, reason }))
}

/** JSON with what is short on one line. */
function spaced(value: unknown, indent = ''): string {
  const flat = JSON.stringify(value)
    .replaceAll(/(?<=[^\\]"|[\]}\d]|true|false),/g, ', ')
    .replaceAll('":', '": ')
  if (flat.length + indent.length <= 90 || typeof value !== 'object' || value === null) return flat
  const inside = `${indent}  `
  if (Array.isArray(value)) {
    return `[\n${value.map((each) => inside + spaced(each, inside)).join(',\n')}\n${indent}]`
  }
  const fields = Object.entries(value).map(
    ([name, each]) => `${inside}${JSON.stringify(name)}: ${spaced(each, inside)}`,
  )
  return `{\n${fields.join(',\n')}\n${indent}}`
}
