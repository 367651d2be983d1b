import { attacks, signatureAttacks } from '../../attacks/index.ts'
import { runAttacks } from '../../attacks/run-attacks.ts'
import { patternOrder } from '../../measure/declarations/order.ts'
import { pc } from '../../process/colours.ts'
import { withResource } from '../../process/exit.ts'
import { lab as howTo } from '../../process/how-to-run.ts'
import { say } from '../../process/terminal.ts'
import { PatternRunner } from '../../runner/pattern-runner.ts'
import type { Hop } from '../../trace/recorder/hop.ts'
import type { Input } from './input.ts'

/** The attacks to choose from: those of the ladder. */
const choices = signatureAttacks.map(({ id }) => id)

/**
 * Runs one of the patterns, shows the wire alone, and asks which it is and which two attacks would work.
 * @param choose picks one of so many; default: by chance
 */
export async function mystery(
  input: Input,
  choose: (of: number) => number = (of) => Math.floor(Math.random() * of),
): Promise<void> {
  // The ladder alone: its rungs are told apart by what travels, and a branch mostly sends what its base sends.
  const names = (await patternOrder()).ladder
  const name = names[choose(names.length)] as string
  await withResource(new PatternRunner(name), async (runner) => {
    await runner.start()
    say(
      pc.bold(
        'One of the patterns is running. Alice asks for her expenses. This is the wire, and nothing else:',
      ),
    )
    const { hops } = await runner.runAs('alice', 'What are my expenses?')
    say(wireText(hops))
    await askWhich(name, names, input)
    await askAttacks(runner, input)
    say(`\nRead it: ${howTo(`pattern ${name.slice(0, 3)} --show hops`)}`)
  }).finally(() => input.close())
}

async function askWhich(name: string, names: readonly string[], input: Input): Promise<void> {
  const typed = await understoodAs(
    input,
    `\nWhich pattern is it? (p01 to ${names.at(-1)?.slice(0, 3)}): `,
    (word) => {
      const number = /^p?0?(\d{1,2})$/.exec(word)?.[1]?.padStart(2, '0')
      return names.find((each) => each.startsWith(`p${number}-`))
    },
  )
  if (typed === undefined) return
  say(
    typed === name
      ? `${pc.green('✓ right:')} it is ${name}.`
      : `${pc.red('✗ no:')} it is ${name}, and not ${typed}.`,
  )
}

async function askAttacks(runner: PatternRunner, input: Input): Promise<void> {
  say(`\nWhich two of these would work on it?\n${choices.map((id, at) => `  ${at + 1}  ${id}`).join('\n')}`)
  const ids = await understoodAs(input, 'Two numbers or names: ', (word) => {
    const two = word
      .split(/[\s,]+/)
      .map((each) => choices[Number(each) - 1] ?? choices.find((id) => id === each))
    const found = [...new Set(two.filter((id) => id !== undefined))]
    return found.length === 2 && two.length === 2 ? found : undefined
  })
  if (ids === undefined) return
  const results = await runAttacks(
    runner,
    attacks.filter(({ id }) => ids.includes(id)),
  )
  for (const { id, outcome, reason } of results) {
    say(
      outcome === 'succeeds'
        ? `${pc.green('✓ right:')} ${id} succeeds: ${reason}`
        : `${pc.red('✗ no:')} ${id}: ${outcome}, ${reason}`,
    )
  }
}

/** Asks until the answer is understood. @returns undefined where there are no more lines */
async function understoodAs<T>(
  input: Input,
  question: string,
  read: (word: string) => T | undefined,
): Promise<T | undefined> {
  for (;;) {
    const typed = await input.ask(question)
    if (typed === undefined || typed === 'quit') return undefined
    const answer = read(typed)
    if (answer !== undefined) return answer
    say(`"${typed}" is not understood`)
  }
}

/** Headers that say nothing about who asks. */
const dull =
  /^(accept|connection|content-|host|mcp-|sec-|traceparent|user-agent|x-stainless|cache-|date|keep-|transfer-)/

/** The traffic on the wire, redacted: who asks whom, with which credential, for what. */
function wireText(hops: readonly Hop[]): string {
  return hops
    .filter(({ to, request }) => to !== 'mcp-server' || request.body.includes('tools/call'))
    .map(({ from, to, method, url, request, response, tokens }) => {
      const shown = Object.entries(request.headers).filter(([name]) => !dull.test(name))
      return [
        `\n${pc.bold(`${from} → ${to}`)}  ${method} ${pathOf(url)}  ${response.status}`,
        ...shown.map(([header, value]) => `    ${header}: ${value}`),
        ...(request.body ? [`    ${shortened(request.body)}`] : []),
        ...tokens.map((token) => `    ${pc.dim(shortened(JSON.stringify(token)))}`),
      ].join('\n')
    })
    .join('\n')
}

/** Long enough for a whole system prompt, and for all claims of a token. */
const longestLine = 1_000

/** Path and query; a question to a policy in this process has no more than a name. */
function pathOf(url: string): string {
  if (!URL.canParse(url)) return url
  const { pathname, search } = new URL(url)
  return pathname + search
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length > longestLine ? `${line.slice(0, longestLine - 1)}…` : line
}
