import { useEffect, useState } from 'react'

/** Between two steps of a replay, in ms. */
const pace = 700

/** Goes through a sequence step by step, by hand or by itself. */
export function Steps(props: {
  readonly count: number
  readonly shown: number
  readonly onShow: (shown: number) => void
}) {
  const { count, shown, onShow } = props
  const [isPlaying, setPlaying] = useState(false)
  useEffect(() => {
    if (!isPlaying) return undefined
    if (shown >= count) {
      setPlaying(false)
      return undefined
    }
    const timer = setTimeout(() => onShow(shown + 1), pace)
    return () => clearTimeout(timer)
  }, [isPlaying, shown, count, onShow])
  const go = (to: number) => {
    setPlaying(false)
    onShow(Math.max(1, Math.min(count, to)))
  }
  const play = () => {
    if (!isPlaying && shown >= count) onShow(1)
    setPlaying(!isPlaying)
  }
  return (
    <fieldset className="steps">
      <legend className="hidden">Steps of the sequence</legend>
      <button type="button" onClick={() => go(shown - 1)} disabled={shown <= 1} aria-label="One step back">
        ←
      </button>
      <button type="button" onClick={play}>
        {isPlaying ? 'Pause' : 'Replay'}
      </button>
      <button type="button" onClick={() => go(shown + 1)} disabled={shown >= count} aria-label="One step on">
        →
      </button>
      <input
        type="range"
        min={1}
        max={Math.max(1, count)}
        value={shown}
        aria-label="Step"
        aria-valuetext={`${shown} of ${count}`}
        onChange={(event) => go(Number(event.target.value))}
      />
      <output className="soft">
        {shown} of {count}
      </output>
    </fieldset>
  )
}
