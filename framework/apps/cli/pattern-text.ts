import { relative } from 'node:path'
import { visible } from '@lab/contract'
import {
  attackWords,
  blindSpots,
  declaredShare,
  honestShare,
  honestWords,
} from '../../measure/comparison/headline.ts'
import { shortNameOf } from '../../measure/comparison/short-name.ts'
import { declarationFor } from '../../measure/declarations/load-declarations.ts'
import { pc } from '../../process/colours.ts'
import { lab } from '../../process/how-to-run.ts'
import { indented, type Place } from '../../process/layout.ts'
import { shellWord } from '../../process/shell-word.ts'
import { wrapped } from '../../process/wrap.ts'
import type { Cell } from '../../runner/cells.ts'
import type { Run } from '../../runner/pattern-runner.ts'
import { cellLines, misses } from './cells-text.ts'
import { oneCall } from './one-call.ts'
import { problemLines } from './own-folder/problems.ts'
import { stillAllows } from './own-folder/still-allows.ts'
import type { PatternReport, PatternRequest } from './pattern-report.ts'
import { shownParts } from './shown-parts.ts'
import { builtOn } from './still-wrong.ts'
import { whatTheServiceSaw } from './what-the-service-saw.ts'

/** The readable form of a `pattern` command's result. */
export async function patternText(
  report: PatternReport,
  request: Pick<PatternRequest, 'show' | 'timings'>,
  place: Place,
): Promise<string> {
  const { description, runner, cells, asked, timings, problems } = report
  const { idp, model, own, pdpKind } = runner.stack
  const modelNote = model.scripted
    ? 'model scripted (it does what it is asked; no AI is at work)'
    : `model ${model.name}`
  const next = await builtOn(description.name)
  const first = [...cells, ...asked][0]
  const prose = (line: string) => (place.wide ? [line] : wrapped(visible(line), place.width))
  return [
    pc.bold(`${description.name}: ${description.mcpAuth.title}`),
    ...[
      [`idp ${idp.kind}`, `pdp ${pdpKind}`, ...own.map((part) => `own ${part}`), modelNote].join(' · '),
      description.mcpAuth.summary,
      description.serviceAuth.summary,
    ].flatMap(prose),
    '',
    ...(problems.length > 0 ? [...problemLines(problems), ''] : []),
    ...(asked.length > 0
      ? asked.flatMap((run) => askedLines(run, place))
      : [...cellLines(cells, place), '', ...(await headline(report, prose))]),
    '',
    pc.bold('How the first call travelled'),
    ...oneCall(
      runner.hops.filter(({ trace }) => trace === first?.trace),
      place,
    ),
    '',
    pc.bold('What the service saw'),
    ...whatTheServiceSaw(report, place),
    '',
    pc.bold('What is still wrong here'),
    ...misses(cells).flatMap(prose),
    ...(await stillAllows(description, report.which)).flatMap(prose),
    ...next.flatMap(prose),
    ...(await shownParts(report.runner, request.show)),
    ...(request.timings ? ['', ...timingLines(cells, timings)] : []),
  ]
    .join('\n')
    .trimEnd()
}

/** Both figures side by side: neither tells one pattern from the next alone. Attacks are not run here. */
async function headline(
  { cells, runner, which: named }: PatternReport,
  prose: (line: string) => string[],
): Promise<string[]> {
  const { pattern, stack } = runner
  const declaration = await declarationFor(runner)
  const isOwn = stack.own.length > 0
  const which = declaration ? shortNameOf(pattern.name) : isOwn ? named : `./${relative('', pattern.folder)}`
  const options = isOwn ? ` with the same ${stack.own.map((part) => `--${part}`).join(' and ')}` : ''
  const attack = `${lab(`attack ${shellWord(which)}`)}${options}`
  const honest = honestWords(honestShare(cells))
  const figures = declaration
    ? `${honest}; ${attackWords(declaredShare(declaration))}.`
    : `${honest}; its attacks are not measured yet.`
  return [
    ...prose(figures).map((line) => pc.bold(line)),
    ...prose(declaration ? `The attacks as declared; ${attack} runs them.` : `Run them: ${attack}`),
    ...prose(blindSpots),
  ]
}

function askedLines({ user, prompt, answer, toolCalls }: Run, place: Place): string[] {
  const room = place.wide ? Number.POSITIVE_INFINITY : place.width
  const below = (text: string) => indented(visible(text), room, 2)
  return [
    `${pc.bold(user)} ${visible(prompt)}`,
    ...toolCalls.flatMap(({ tool, args, outcome }) => {
      const result = outcome.isError ? `${outcome.status} ${outcome.code ?? 'failed'}` : 'ok'
      return below(`${tool}(${JSON.stringify(args)}) ${result}`)
    }),
    ...answer.split('\n').flatMap(below),
    '',
  ]
}

function timingLines(cells: readonly Cell[], timings: PatternReport['timings']): string[] {
  return [
    pc.bold('Timings (ms)'),
    `start-up ${timings.startUp.toFixed(0)}, run ${timings.cells.toFixed(0)}`,
    ...cells.map(({ user, prompt, duration }) => `  ${user} ${prompt}  ${duration.toFixed(1)}`),
  ]
}
