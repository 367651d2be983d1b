import { type AttackLab, actedAs, servedRow } from '@lab/framework/learn'

export const lab = {
  kind: 'attack',
  rung: 'p05',
  title: 'One token, every door',
  minutes: 8,
  goal: 'the incident runbook is read, and the records say that alice read it',
  has: ['send', 'captured'],
  captures: { user: 'alice', prompt: 'What are my expenses?' },
  reached: (effect) => servedRow('document:incident-runbook', effect) && actedAs('alice', effect),
  wrong: { 'same-door': 'that is not the goal yet', 'with-a-word': 'documents refused it with 401' },
} satisfies AttackLab
