import { useLab } from '../lab-context.ts'
import type { Asked } from './use-run.ts'

/** Whose run it is, on which pattern. */
export function RunHeading({ asked }: { readonly asked: Asked }) {
  const pattern = useLab().patterns.find(({ name }) => name === asked.pattern)
  return (
    <>
      <h2>
        <span className="number">{pattern?.short}</span> {pattern?.title}
      </h2>
      <p className="soft">
        {asked.user} asks: “{asked.prompt}”
      </p>
    </>
  )
}
