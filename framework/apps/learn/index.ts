/** All that a lab's folder needs: its types, and the words in which a goal is written. */
export { actedAs, changesOf, reached } from '../../attacks/attacker/effect.ts'
export { namesNobody, servedRow } from './goals.ts'
export type { AttackLab, ExplainLab, FixLab, Kit } from './lab.ts'
