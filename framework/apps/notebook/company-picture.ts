import type { Lesson } from './lesson.ts'
import { arrow, box, colours, line, sheet } from './picture/svg.ts'
import type { Rich } from './rich.ts'

/** In px. */
const size = { width: 178, height: 62, left: 20, step: 210, row: 118, top: 16 }

/** The company as a picture of who manages whom: the relationships that roles cannot see. */
export function companyPicture({ runner }: Lesson): Rich {
  const { users } = runner.realm
  const managers = users.filter(({ manager }) => !manager)
  const others = users.filter(({ manager }) => manager)
  const places = new Map([
    ...managers.map(
      ({ username }, at) => [username, [size.left + at * size.step, size.top] as const] as const,
    ),
    ...others.map(
      ({ username }, at) => [username, [size.left + at * size.step, size.top + size.row] as const] as const,
    ),
  ])
  const shapes = users.flatMap(({ username, roles, department, manager }) => {
    const [x, y] = places.get(username) as readonly [number, number]
    const boss = manager ? places.get(manager) : undefined
    return [
      box(x, y, size.width, size.height),
      line(username, x + 12, y + 22, { bold: true }),
      line(`role ${roles.join(' ')}`, x + 12, y + 38, { colour: colours.soft }),
      line(`department ${department}`, x + 12, y + 53, { colour: colours.soft }),
      ...(boss
        ? [
            arrow([boss[0] + 60, boss[1] + size.height], [x + 60, y - 2], colours.request),
            line('manages', Math.round((boss[0] + x) / 2) + 68, y - 22, { colour: colours.request }),
          ]
        : []),
    ]
  })
  const height = size.top + (others.length > 0 ? size.row : 0) + size.height + 16
  return {
    'image/svg+xml': sheet('Who manages whom', height, shapes),
    'text/plain': users
      .map(
        ({ username, roles, department, manager }) =>
          `${username}: role ${roles.join(' ')}, department ${department}, ${manager ? `managed by ${manager}` : 'managed by nobody'}`,
      )
      .join('\n'),
  }
}

/** The places at which a credential is checked, and the two files that a pattern is. */
export function boundaryPicture(): Rich {
  const places = [
    { x: 12, title: 'agent', lines: ['a model and a host', 'the user signs in here'], dashed: false },
    { x: 226, title: 'MCP server', lines: ['adds credentials:', 'mcp-auth.ts'], dashed: false },
    { x: 440, title: 'service', lines: ['reads who calls:', 'service-auth.ts'], dashed: false },
  ]
  const y = 40
  const doors = [
    { x: 207, label: 'front door' },
    { x: 421, label: "the service's door" },
  ]
  return {
    'image/svg+xml': sheet('The trust boundary', 168, [
      ...places.flatMap(({ x, title, lines }) => [
        box(x, y, 168, 70),
        line(title, x + 12, y + 22, { bold: true }),
        ...lines.map((each, row) => line(each, x + 12, y + 40 + row * 16, { colour: colours.soft })),
      ]),
      ...doors.flatMap(({ x, label }) => [
        `<line x1="${x}" y1="26" x2="${x}" y2="124" stroke="${colours.bad}" stroke-width="1.6" stroke-dasharray="4 4"/>`,
        line(label, x, 18, { anchor: 'middle', colour: colours.bad }),
        arrow([x - 25, y + 35], [x + 17, y + 35], colours.request),
      ]),
      line(
        'Whoever reaches a door can knock. From pattern to pattern the check at the second one changes;',
        12,
        142,
        {
          colour: colours.soft,
        },
      ),
      line('the data is behind it, and the attacker may stand between the two.', 12, 158, {
        colour: colours.soft,
      }),
    ]),
    'text/plain': [
      'agent | front door | MCP server (mcp-auth.ts) | the service’s door | service (service-auth.ts) | data',
      'From pattern to pattern the check at the second door changes; the attacker may stand between the two.',
    ].join('\n'),
  }
}
