/** A tool call that the scripted model decides on. */
export interface Intent {
  readonly tool: string
  readonly args: Readonly<Record<string, unknown>>
}

/** A rule: the form of a sentence, and the call for it. The first rule that fits a sentence counts. */
interface Rule {
  readonly pattern: RegExp
  readonly call: (words: Readonly<Record<string, string | undefined>>) => Intent
}

const amount = String.raw`€?\s*(?<amount>-?\d+(?:[.,]\d+)?)\s*(?:€|eur\b|euros?\b)?`
const role = '(?<role>admin|user|read-only)'

const rules: readonly Rule[] = [
  {
    // Approve expense 103. / Please approve 103.
    pattern: /\bapprove\b.*?(?<id>\d+)/i,
    call: ({ id }) => ({ tool: 'approve_expense', args: { id: Number(id) } }),
  },
  {
    // Submit an expense of 12.50 euros for the taxi. / Submit a lunch expense of 42 euros.
    pattern: new RegExp(
      String.raw`\b(?:submit|file|add) (?:an? |my )?(?<kind>.*?)\s*expense of ${amount}(?: for (?:an? |the )?(?<what>.+))?$`,
      'i',
    ),
    call: ({ what, kind, ...words }) => submit({ ...words, what: what ?? kind }),
  },
  {
    // Submit a 42 euro lunch expense.
    pattern: new RegExp(String.raw`\b(?:submit|file|add)\b.*?${amount}\s*(?<what>.*?)\s*expense\b`, 'i'),
    call: submit,
  },
  {
    // Make Dave an admin. / Make bob read-only.
    pattern: new RegExp(String.raw`\b(?:make|promote) (?<user>\w+) (?:to )?(?:an? )?(?:the )?${role}\b`, 'i'),
    call: setRole,
  },
  {
    // Set Dave's role to admin. / Give bob the role user.
    pattern: new RegExp(
      String.raw`\b(?:set|change|give) (?<user>\w+?)(?:['’]s)? (?:the )?role (?:of |to )?(?:an? )?${role}\b`,
      'i',
    ),
    call: setRole,
  },
  {
    // What are my expenses?
    pattern: /\bmy (?:own )?expenses\b/i,
    call: () => ({ tool: 'list_expenses', args: {} }),
  },
  {
    // Show me Bob's expenses. / List the expenses of bob.
    pattern: /\b(?<owner>\w+)['’]s expenses\b|\bexpenses (?:of|from|by) (?<of>\w+)/i,
    call: ({ owner, of }) => ({ tool: 'list_expenses', args: { owner: (owner ?? of ?? '').toLowerCase() } }),
  },
  {
    // Find the incident runbook. / Search the documents for holiday rules.
    pattern:
      /\b(?:find|search|look up|look for)\b(?: (?:the |all )?documents?)?(?: (?:for|about|on))?(?: (?:the|an?|our))? (?<query>.+)$/i,
    call: ({ query }) => ({ tool: 'search_documents', args: { query } }),
  },
]

/** The calls that a user's words ask for: one for each sentence that a rule fits. */
export function intentsOf(prompt: string): Intent[] {
  return sentencesOf(prompt).flatMap((sentence) => {
    for (const { pattern, call } of rules) {
      const match = pattern.exec(sentence)
      if (match) return [call(match.groups ?? {})]
    }
    return []
  })
}

/** A full stop inside of a number ends no sentence. */
function sentencesOf(prompt: string): string[] {
  return prompt
    .split(/[.?!;](?=\s|$)/)
    .map((sentence) => sentence.trim())
    .filter(Boolean)
}

function submit({ amount = '', what = '' }: Readonly<Record<string, string | undefined>>): Intent {
  return {
    tool: 'submit_expense',
    args: { amount: Number(amount.replace(',', '.')), description: what.trim() || 'expense' },
  }
}

function setRole({ user = '', role = '' }: Readonly<Record<string, string | undefined>>): Intent {
  return { tool: 'set_user_role', args: { user: user.toLowerCase(), role: role.toLowerCase() } }
}
