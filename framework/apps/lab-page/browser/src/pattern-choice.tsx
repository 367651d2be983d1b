import { useLocation } from 'wouter'
import { Choice } from './choice.tsx'
import type { Lab, Pattern } from './client.ts'
import { useLab } from './lab-context.ts'

/** The patterns, to choose one from. */
export function patternOptions({ patterns }: Lab) {
  return patterns.map(({ short, title }) => ({ value: short, text: `${short} ${title}` }))
}

/** The choice of the pattern that a part of the page shows; its address says which. */
export function PatternChoice(props: {
  readonly pattern: Pattern
  readonly part: 'run' | 'attacks' | 'code'
}) {
  const { pattern, part } = props
  const lab = useLab()
  const [, go] = useLocation()
  return (
    <Choice
      label="Pattern"
      value={pattern.short}
      options={patternOptions(lab)}
      onChange={(short) => go(`/${part}/${short}`)}
    />
  )
}
