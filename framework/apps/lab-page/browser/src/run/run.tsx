import { useState } from 'react'
import { Choice } from '../choice.tsx'
import { Keep } from '../keep/keep.tsx'
import { patternOf, useLab } from '../lab-context.ts'
import { PatternChoice, patternOptions } from '../pattern-choice.tsx'
import { KeptRun } from './kept-run.tsx'
import { RunColumn } from './run-column.tsx'
import { type Asked, useRun } from './use-run.ts'

/** One prompt of one user, on one pattern or on two side by side. */
export function Run({ chosen }: { readonly chosen: string | undefined }) {
  const lab = useLab()
  const pattern = patternOf(lab, chosen ?? 'p06')
  const [beside, setBeside] = useState('')
  const [user, setUser] = useState(lab.users[0]?.name ?? '')
  const [number, setNumber] = useState('5')
  const [own, setOwn] = useState('')
  const [first, second] = [useRun(), useRun()]
  const prompt =
    number === 'own' ? own : (lab.prompts.find((each) => String(each.number) === number)?.text ?? '')
  const other = lab.patterns.find(({ short }) => short === beside)
  const isGoing = first.state.isGoing || second.state.isGoing
  const kept = [first.state, second.state].filter(({ result }) => result)
  const start = () => {
    const asked: Omit<Asked, 'pattern'> = { user, prompt }
    first.start({ ...asked, pattern: pattern.name })
    if (other) second.start({ ...asked, pattern: other.name })
    else second.clear()
  }
  return (
    <div className="stack">
      <header className="lead">
        <h1>Run</h1>
        <p>A user asks the agent for something. Watch who sends what to whom, and who decides.</p>
      </header>
      <form
        className="card controls"
        onSubmit={(event) => {
          event.preventDefault()
          start()
        }}
      >
        <PatternChoice pattern={pattern} part="run" />
        <Choice
          label="Beside it"
          value={beside}
          options={[
            { value: '', text: 'nothing' },
            ...patternOptions(lab).filter(({ value }) => value !== pattern.short),
          ]}
          onChange={setBeside}
        />
        <Choice
          label="User"
          value={user}
          options={lab.users.map(({ name, about }) => ({ value: name, text: `${name} (${about})` }))}
          onChange={setUser}
        />
        <Choice
          label="Prompt"
          value={number}
          options={[
            ...lab.prompts.map((each) => ({ value: String(each.number), text: each.text })),
            { value: 'own', text: 'one of your own…' },
          ]}
          onChange={setNumber}
        />
        {number === 'own' && (
          <label className="wide">
            Your prompt
            <input
              value={own}
              maxLength={500}
              required
              placeholder="Show me Bob's expenses."
              onChange={(event) => setOwn(event.target.value)}
            />
          </label>
        )}
        <button type="submit" className="primary" disabled={isGoing || prompt.trim() === ''}>
          {isGoing ? 'Running…' : 'Run'}
        </button>
        {!isGoing && kept.length > 0 && (
          <Keep
            name={['run', ...kept.map(({ asked }) => asked?.pattern.slice(0, 3))].join('-')}
            title={kept.map(({ asked }) => asked?.pattern).join(' beside ')}
            about="A run: open an arrow to read what was sent."
            view={() => (
              <div className={second.state.asked ? 'two' : ''}>
                <KeptRun state={first.state} other={second.state} />
                <KeptRun state={second.state} other={first.state} />
              </div>
            )}
          />
        )}
      </form>
      <div className={second.state.asked ? 'two' : ''}>
        <RunColumn state={first.state} other={second.state} />
        {second.state.asked && <RunColumn state={second.state} other={first.state} />}
      </div>
    </div>
  )
}
