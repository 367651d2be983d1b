# METADATA
# title: The cells
# description: What the policies are asked when each of the three users tries each of the canonical prompts.
package agentauth.cells_test

roles := {"alice": ["admin"], "bob": ["user"], "dave": ["read-only"]}

expense(owner) := {"type": "expense", "id": "103", "owner": owner}

document(group) := {"type": "document", "id": "runbook", "group": group}

account(user) := {"type": "user", "id": user}

# The honest request: the one scope that the action needs, and the one agent that was given the delegation.
request(user, action, resource) := {
	"subject": {"user": user, "roles": roles[user]},
	"client": "mcp-server",
	"actors": ["mcp-server"],
	"scopes": [action],
	"action": action,
	"resources": [resource],
}

cells[user] := [
	request(user, "expenses:read", expense(user)),
	request(user, "expenses:read", expense("bob")),
	request(user, "documents:read", document("engineering")),
	request(user, "expenses:write", expense(user)),
	request(user, "expenses:approve", expense("alice")),
	request(user, "users:manage", account("dave")),
	request(user, "expenses:read", expense("alice")),
] if {
	some user, _ in roles
}
