package agentauth.gate_test

import data.agentauth.cells_test as cells
import data.agentauth.gate

actions := ["expenses:read", "expenses:write", "expenses:approve", "documents:read", "users:manage"]

ask(user, action) := cells.request(user, action, {"type": "tool", "id": "a_tool"})

refusals := {
	"no scope": {"rule": "gate/scope_missing", "input": object.union(ask("bob", "expenses:write"), {"scopes": []})},
	"another scope": {
		"rule": "gate/scope_missing",
		"input": object.union(ask("bob", "expenses:write"), {"scopes": ["expenses:read"]}),
	},
	"no role": {
		"rule": "gate/role",
		"input": object.union(ask("bob", "expenses:read"), {"subject": {"roles": []}}),
	},
	"unknown role": {
		"rule": "gate/role",
		"input": object.union(ask("bob", "expenses:read"), {"subject": {"roles": ["Admin"]}}),
	},
	"a row in place of a tool": {
		"rule": "gate/malformed_resource",
		"input": object.union(ask("bob", "expenses:read"), {"resources": [cells.expense("bob")]}),
	},
	"a tool without an id": {
		"rule": "gate/malformed_resource",
		"input": object.union(ask("bob", "expenses:read"), {"resources": [{"type": "tool"}]}),
	},
}

test_refuses[note] if {
	some note, case in refusals
	decisions := gate.decisions with input as case.input
	[[decision.allow, decision.rule] | some decision in decisions] == [[false, case.rule]]
}

# In the order of `actions`.
test_role_covers[note] if {
	some user, row in {
		"dave": [true, false, false, true, false],
		"bob": [true, true, true, true, false],
		"alice": [true, true, true, true, true],
	}
	some i, expected in row
	note := $"{user} {actions[i]}"
	decisions := gate.decisions with input as ask(user, actions[i])
	[[decision.allow, decision.rule] | some decision in decisions] == [[expected, "gate/role"]]
}

# Who may call is a question of role and scope: the gate knows no agents.
test_ignores_client_and_actors if {
	asked := object.union(ask("bob", "expenses:read"), {"client": "rogue-agent", "actors": ["rogue-agent"]})
	gate.decisions[0].allow with input as asked
}

test_names_every_role_that_covers if {
	asked := object.union(ask("bob", "expenses:read"), {"subject": {"roles": ["user", "read-only"]}})
	decisions := gate.decisions with input as asked
	decisions[0].reason == "role read-only and user covers expenses:read"
}
