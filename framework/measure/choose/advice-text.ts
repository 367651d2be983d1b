import type { Advice } from './choose.ts'

/** An advice in Markdown, which reads well in a terminal too. */
export function adviceLines(advice: Advice): string[] {
  const { rung, title, concerns, alsoOpen, ask, remarks } = advice
  return [
    `**${rung}: ${title}**`,
    '',
    'Attacks that matter here:',
    '',
    ...concerns.map(({ title, open, closed }) => {
      const parts = [
        open.length > 0 ? `open ${open.map(opened).join(', ')}` : 'nothing open',
        ...(closed.length > 0 ? [`closed ${closed.join(', ')}`] : []),
      ]
      return `- ${title}: ${parts.join('; ')}`
    }),
    ...(alsoOpen.length > 0 ? [`- open as well, and of less weight here: ${alsoOpen.join(', ')}`] : []),
    '',
    costLine(advice),
    '',
    ask.length > 0 ? 'Ask for:' : 'There is nobody to ask: no identity provider is used.',
    ...(ask.length > 0 ? ['', ...ask.map((item) => `- ${item}`)] : []),
    ...(remarks.length > 0 ? ['', 'Mind:', '', ...remarks.map((remark) => `- ${remark}`)] : []),
  ]
}

function opened({ id, stoppedBy }: Advice['concerns'][number]['open'][number]): string {
  return stoppedBy ? `**${id}** (stopped by ${stoppedBy})` : `**${id}** (no rung stops it)`
}

function costLine({ cost: { cpu, withoutAuth, idpRequests, date, machine } }: Advice): string {
  const requests = idpRequests === 1 ? '1 request' : `${idpRequests} requests`
  return `Cost of a tool call: ${cpu} ms of processor time, all parts together (${withoutAuth} ms without auth), and ${requests} to the IdP (${date}, ${machine}).`
}
