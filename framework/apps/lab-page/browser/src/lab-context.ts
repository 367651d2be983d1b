import { createContext, useContext } from 'react'
import type { Lab, Pattern } from './client.ts'

/** The patterns, users, prompts and attacks, for every part of the page. */
export const LabContext = createContext<Lab | undefined>(undefined)

export function useLab(): Lab {
  const lab = useContext(LabContext)
  if (!lab) throw new Error('there is no lab around this part of the page')
  return lab
}

/** The pattern with this number, or else the first. */
export function patternOf(lab: Lab, short: string | undefined): Pattern {
  const found = lab.patterns.find((each) => each.short === short) ?? lab.patterns[0]
  if (!found) throw new Error('the lab has no patterns')
  return found
}
