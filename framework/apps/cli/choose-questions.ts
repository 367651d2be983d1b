import { createInterface } from 'node:readline/promises'
import { type Capability, capabilities, capabilityNames } from '../../measure/choose/capabilities.ts'
import { callers, effects, latencies, type Situation } from '../../measure/choose/concerns.ts'
import { otherProvider, type Provider, type ProviderId, providers } from '../../measure/choose/providers.ts'
import { say } from '../../process/terminal.ts'
import { UserError } from '../../process/user-error.ts'

/** The answers as flags give them: unchecked, and some of them absent. */
export interface ChoiceFlags {
  readonly idp?: string
  readonly can?: string
  readonly caller?: string
  readonly effect?: string
  readonly latency?: string
}
type Flag = keyof ChoiceFlags

interface Question {
  readonly text: string
  readonly answers: Readonly<Record<string, string>>
}

const questions: Readonly<Record<Exclude<Flag, 'can'>, Question>> = {
  idp: {
    text: 'Which identity provider do you have?',
    answers: {
      ...Object.fromEntries(Object.entries(providers).map(([id, { name }]) => [id, name])),
      other: 'another one',
    },
  },
  caller: { text: 'Who calls?', answers: callers },
  effect: { text: 'What may happen?', answers: effects },
  latency: { text: 'How much may a call wait?', answers: latencies },
}
const canQuestion: Question = {
  text: 'What can it do? (several, with commas)',
  answers: {
    ...Object.fromEntries(capabilityNames.map((name) => [name, capabilities[name].name.replaceAll('`', '')])),
    nothing: 'none of these',
  },
}

/** The flags without which there is no answer, in the order of the questions. */
export function missingFlags(flags: ChoiceFlags): string[] {
  const order: Flag[] = [
    'idp',
    ...(flags.idp === 'other' ? ['can' as const] : []),
    'caller',
    'effect',
    'latency',
  ]
  return order.filter((flag) => flags[flag] === undefined).map((flag) => `--${flag}`)
}

/**
 * The provider and the situation: from flags, and from the person at the terminal where a flag is absent.
 * @param read gives the next line that the person types
 * @throws {UserError} for a flag with another value
 */
export async function answersFrom(
  flags: ChoiceFlags,
  read: () => Promise<string> = line,
): Promise<{ readonly provider: Provider; readonly situation: Situation }> {
  const answer = async (flag: Exclude<Flag, 'can'>) => {
    const given = flags[flag]
    return given === undefined ? ask(questions[flag], one, read) : one(questions[flag], given, `--${flag}`)
  }
  const idp = await answer('idp')
  if (flags.can !== undefined && idp !== 'other') {
    throw new UserError(`--can is for --idp other: what ${idp} can do is known (docs/choose.md)`)
  }
  const provider =
    idp === 'other' ? otherProvider(await capabilitiesFrom(flags, read)) : providers[idp as ProviderId]
  const situation = {
    caller: (await answer('caller')) as Situation['caller'],
    effect: (await answer('effect')) as Situation['effect'],
    latency: (await answer('latency')) as Situation['latency'],
  }
  return { provider, situation }
}

async function capabilitiesFrom({ can }: ChoiceFlags, read: () => Promise<string>): Promise<Capability[]> {
  const words = can === undefined ? await ask(canQuestion, several, read) : several(canQuestion, can, '--can')
  return words.filter((word) => word !== 'nothing') as Capability[]
}

/** Asks until the answer is understood. */
async function ask<T>(
  question: Question,
  understand: (question: Question, text: string, name: string) => T,
  read: () => Promise<string>,
): Promise<T> {
  const { text, answers } = question
  say(`\n${text}`)
  for (const [at, [name, meaning]] of Object.entries(answers).entries())
    say(`  ${at + 1}  ${name}: ${meaning}`)
  for (;;) {
    try {
      return understand(question, await read(), 'the answer')
    } catch (error) {
      if (!(error instanceof UserError) || error === endOfInput) throw error
      say(error.message)
    }
  }
}

const endOfInput = new UserError(
  'the input ended before the last answer: run it again, or give the answers as flags',
)

async function line(): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const ended = new Promise<never>((_resolve, reject) => {
    terminal.once('close', () => reject(endOfInput))
    // Ctrl-C would only close the question: it is for the whole process.
    terminal.once('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  })
  ended.catch(() => {})
  try {
    return await Promise.race([terminal.question('> '), ended])
  } finally {
    terminal.close()
  }
}

function one({ answers }: Question, text: string, name: string): string {
  const names = Object.keys(answers)
  const found = names.find((each, at) => each === text.trim().toLowerCase() || String(at + 1) === text.trim())
  if (found === undefined) throw new UserError(`${name} must be one of ${names.join(', ')}, not "${text}"`)
  return found
}

function several(question: Question, text: string, name: string): string[] {
  return text.split(',').map((each) => one(question, each, name))
}
