/** The canonical prompts, the same for every user and pattern, in the order of the tables. */
export const prompts = [
  { number: 1, text: 'What are my expenses?' },
  { number: 2, text: "Show me Bob's expenses." },
  { number: 3, text: 'Find the incident runbook.' },
  { number: 4, text: 'Submit a 42 euro lunch expense.' },
  { number: 5, text: 'Approve expense 103.' },
  { number: 6, text: 'Make Dave an admin.' },
  { number: 7, text: "Show me Alice's expenses." },
] as const
export type PromptNumber = (typeof prompts)[number]['number']

export const promptNumbers: readonly PromptNumber[] = prompts.map(({ number }) => number)
