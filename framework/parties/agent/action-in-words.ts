/** The actions of a tool call, as a person would say them, with every value that matters. */
const words: Readonly<Record<string, (args: Readonly<Record<string, string>>) => string | undefined>> = {
  set_user_role: ({ user, role }) =>
    role === 'admin' ? `make ${user} an admin` : `give ${user} the role ${role} and no other`,
  approve_expense: ({ id }) => `approve expense ${id}`,
  submit_expense: ({ amount, description }) => `submit an expense of ${amount} euro: ${description}`,
  list_expenses: ({ owner }) => (owner ? `list the expenses of ${owner}` : undefined),
  search_documents: ({ query }) => `search documents for “${query}”`,
}

/** A tool call in words: "make dave an admin". A tool that nobody has put into words is shown as it is called. */
export function actionInWords(tool: string, args: Readonly<Record<string, unknown>>): string {
  const texts = Object.fromEntries(Object.entries(args).map(([name, value]) => [name, String(value)]))
  const named = Object.hasOwn(words, tool) ? words[tool]?.(texts) : undefined
  return (
    named ??
    `${tool}(${Object.entries(texts)
      .map(([name, value]) => `${name}: ${value}`)
      .join(', ')})`
  )
}
