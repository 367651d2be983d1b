/** The catalogues of weaknesses that attacks are filed under. docs/owasp.md is generated from them. */

/** OWASP Top 10 for Agentic Applications 2026 (`ASI…`) and OWASP MCP Top 10 2025 (`MCP…`), with their titles. */
export const owaspTitles = {
  ASI01: 'Agent Goal Hijack',
  ASI02: 'Tool Misuse and Exploitation',
  ASI03: 'Identity and Privilege Abuse',
  ASI06: 'Memory and Context Poisoning',
  ASI07: 'Insecure Inter-Agent Communication',
  ASI09: 'Human-Agent Trust Exploitation',
  ASI10: 'Rogue Agents',
  MCP01: 'Token Mismanagement and Secret Exposure',
  MCP02: 'Privilege Escalation via Scope Creep',
  MCP06: 'Intent Flow Subversion',
  MCP07: 'Insufficient Authentication and Authorization',
  MCP08: 'Lack of Audit and Telemetry',
  MCP10: 'Context Injection and Over-Sharing',
} as const
export type OwaspId = keyof typeof owaspTitles

/** Entries of the two lists that no attack is an instance of, and why. */
export const owaspWithoutAttack = {
  ASI04: ['Agentic Supply Chain Vulnerabilities', 'no credential decides it'],
  ASI05: ['Unexpected Code Execution (RCE)', 'no tool here runs code'],
  ASI08: ['Cascading Failures', 'there is one agent'],
  MCP03: ['Tool Poisoning', 'the tools are fixed'],
  MCP04: ['Software Supply Chain Attacks and Dependency Tampering', 'no credential decides it'],
  MCP05: ['Command Injection and Execution', 'no tool here runs commands'],
  MCP09: ['Shadow MCP Servers', 'an inventory finds them; evil-mcp-server is what one can do with a token'],
} as const

/** Weaknesses of the Common Weakness Enumeration. */
export const cweTitles = {
  'CWE-266': 'Incorrect Privilege Assignment',
  'CWE-272': 'Least Privilege Violation',
  'CWE-290': 'Authentication Bypass by Spoofing',
  'CWE-294': 'Authentication Bypass by Capture-replay',
  'CWE-300': 'Channel Accessible by Non-Endpoint',
  'CWE-303': 'Incorrect Implementation of Authentication Algorithm',
  'CWE-306': 'Missing Authentication for Critical Function',
  'CWE-346': 'Origin Validation Error',
  'CWE-347': 'Improper Verification of Cryptographic Signature',
  'CWE-358': 'Improperly Implemented Security Check for Standard',
  'CWE-441': "Unintended Proxy or Intermediary ('Confused Deputy')",
  'CWE-488': 'Exposure of Data Element to Wrong Session',
  'CWE-522': 'Insufficiently Protected Credentials',
  'CWE-524': 'Use of Cache Containing Sensitive Information',
  'CWE-613': 'Insufficient Session Expiration',
  'CWE-636': "Not Failing Securely ('Failing Open')",
  'CWE-639': 'Authorization Bypass Through User-Controlled Key',
  'CWE-757': "Selection of Less-Secure Algorithm During Negotiation ('Algorithm Downgrade')",
  'CWE-778': 'Insufficient Logging',
  'CWE-807': 'Reliance on Untrusted Inputs in a Security Decision',
  'CWE-863': 'Incorrect Authorization',
  'CWE-918': 'Server-Side Request Forgery (SSRF)',
  'CWE-923': 'Improper Restriction of Communication Channel to Intended Endpoints',
  'CWE-924': 'Improper Enforcement of Message Integrity During Transmission in a Communication Channel',
  'CWE-1220': 'Insufficient Granularity of Access Control',
  'CWE-1427': 'Improper Neutralization of Input Used for LLM Prompting',
} as const
export type CweId = keyof typeof cweTitles

/** Chapters of the OWASP AI Security Verification Standard 1.0. */
export const aisvsChapters = {
  5: 'Access Control & Identity for AI Components & Users',
  9: 'Orchestration & Agentic Security',
  10: 'Model Context Protocol (MCP) Security',
  12: 'Monitoring, Logging & Anomaly Detection',
} as const

/** Requirements of those chapters, each in the words of this project. */
export const aisvsTopics = {
  '5.1.2': 'agents sign in with short-lived, narrow, signed tokens',
  '9.2.1': 'an action of high impact waits for a person',
  '9.3.5': 'what reads untrusted data cannot call tools',
  '9.4.1': 'each agent is a principal with a cryptographic identity',
  '9.4.2': 'each step is bound to the agent that takes it',
  '9.4.3': "agents' credentials rotate",
  '9.5.1': 'policies say which tools, and which arguments, an agent may use',
  '9.5.2': "the user's authority travels in a narrow, signed token, and each service enforces it",
  '9.5.3': 'code or a policy engine decides, never the model',
  '9.5.4': 'the model sees no credential',
  '9.5.5': 'a policy says who may delegate to whom',
  '9.5.6': 'a long session is checked against the policy of now',
  '10.1.2': 'only listed MCP servers are used',
  '10.2.1': 'an MCP server checks a token at each request',
  '10.2.2': 'it checks issuer, audience, expiry and scope',
  '10.2.3': 'it keeps no token',
  '10.2.5': 'it authorizes each tool call, with its arguments',
  '10.2.6': 'nothing of a session is left after its end',
  '10.2.7': "it never passes a client's token on",
  '10.3.1': 'remote connections are authenticated and encrypted',
  '10.3.5': 'tokens between client and MCP server are bound to their sender',
  '10.4.2': 'what tools return is searched for orders to the model',
  '12.1.2': 'decisions are logged so that they can be audited',
} as const
export type AisvsId = keyof typeof aisvsTopics
