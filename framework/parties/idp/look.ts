/** The colours of each page, light and dark. A test computes their contrast. */
export const colours = {
  light: {
    ground: '#f4f6f8',
    card: '#ffffff',
    text: '#1b1f24',
    soft: '#57606a',
    line: '#d0d7de',
    accent: '#0b5cad',
    'on-accent': '#ffffff',
    good: '#116329',
    bad: '#b3261e',
    code: '#eef1f4',
  },
  dark: {
    ground: '#0d1117',
    card: '#161b22',
    text: '#e6edf3',
    soft: '#9aa4af',
    line: '#3d444d',
    accent: '#7cb7ff',
    'on-accent': '#0d1117',
    good: '#7ee787',
    bad: '#ff8a80',
    code: '#21262d',
  },
} as const

/** The longest countdown, and its steps, in seconds. A policy without inline styles leaves no finer ones. */
export const countdown = { longest: 120, step: 5 } as const

const variables = (theme: keyof typeof colours) =>
  Object.entries(colours[theme])
    .map(([name, value]) => `--${name}: ${value};`)
    .join(' ')

const begun = Array.from({ length: countdown.longest / countdown.step }, (_, at) => at * countdown.step)

/** The stylesheet of the sign-in, consent and documentation pages. */
export const look = `
:root { color-scheme: light dark; ${variables('light')} }
@media (prefers-color-scheme: dark) { :root { ${variables('dark')} } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.35rem; line-height: 1.25; margin: 0 0 .75rem; text-wrap: balance; }
h2 { font-size: 1rem; margin: 0 0 .5rem; }
p { margin: .5rem 0; }
a { color: var(--accent); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1.25rem 1.5rem; }
.alone { max-width: 26rem; margin: 8vh auto; }
.soft { color: var(--soft); font-size: .9rem; }
label { display: block; }
input:not([type=checkbox]), button { font: inherit; border-radius: .4rem; padding: .5rem .75rem; border: 1px solid var(--line); }
input:not([type=checkbox]) { display: block; width: 100%; margin: .25rem 0 1rem; background: var(--card); color: var(--text); border-color: var(--soft); }
button { background: var(--card); color: var(--text); border-color: var(--soft); cursor: pointer; }
button.main { background: var(--accent); color: var(--on-accent); border-color: var(--accent); font-weight: 600; }
button:disabled { opacity: .55; cursor: default; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.answers { display: flex; gap: .75rem; margin-top: 1rem; }
.answers button { flex: 1; }
[role=alert] { color: var(--bad); }
[role=note] { border-left: 4px solid var(--bad); padding-left: .75rem; }
.action { font-size: 1.15rem; font-weight: 600; background: var(--code); border-radius: .4rem; padding: .6rem .8rem; overflow-wrap: anywhere; }
.scopes { margin: .5rem 0; padding: 0; list-style: none; }
.scopes li { padding: .35rem 0; border-top: 1px solid var(--line); }
code { font: .9em ui-monospace, 'DejaVu Sans Mono', monospace; background: var(--code); border-radius: .25rem; padding: .1em .3em; overflow-wrap: anywhere; }
@property --left { syntax: '<integer>'; inherits: false; initial-value: 0; }
@keyframes left { from { --left: ${countdown.longest}; } to { --left: 0; } }
.countdown::after { counter-reset: left var(--left); content: ' (' counter(left) ' s left)'; animation: left ${countdown.longest}s linear forwards; }
${begun.map((seconds) => `.begun-${seconds}::after { animation-delay: -${seconds}s; }`).join('\n')}
`
