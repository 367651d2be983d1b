import type { Document } from '../documents/rows.ts'
import type { Expense } from '../expenses/rows.ts'

/** Each user has an expense; 103 is the pending one that the canonical prompts ask to approve. */
export const seedExpenses: readonly Expense[] = [
  { id: 101, owner: 'alice', amount: 129.9, description: 'Train to the team offsite', status: 'approved' },
  { id: 102, owner: 'bob', amount: 48.5, description: 'Dinner with a customer', status: 'approved' },
  { id: 103, owner: 'alice', amount: 420, description: 'Ticket for a conference', status: 'pending' },
  { id: 104, owner: 'dave', amount: 17.2, description: 'Monitor cable', status: 'pending' },
  { id: 105, owner: 'bob', amount: 86, description: 'Hotel, one night', status: 'pending' },
]

/** One document for each group, and a second one for engineering. */
export const seedDocuments: readonly Document[] = [
  {
    id: 'incident-runbook',
    title: 'Incident runbook',
    group: 'engineering',
    text: 'Declare the incident in #ops. Page the on-call engineer. Roll back first, find the cause afterwards.',
  },
  {
    id: 'release-checklist',
    title: 'Release checklist',
    group: 'engineering',
    text: 'Tests are green, the changelog is written, and somebody other than the author has approved.',
  },
  {
    id: 'q3-budget',
    title: 'Budget, third quarter',
    group: 'finance',
    text: 'Travel is at 82 percent of plan. New laptops wait until October.',
  },
  {
    id: 'break-glass',
    title: 'Break-glass access',
    group: 'admins',
    text: 'Two admins open the sealed envelope together and record why. The password is changed the same day.',
  },
  {
    id: 'handbook',
    title: 'Employee handbook',
    group: 'platform-wide',
    text: 'Expenses are handed in within 30 days. Your manager approves them, and never you yourself.',
  },
]
