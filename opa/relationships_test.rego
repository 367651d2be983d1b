package agentauth.relationships_test

import data.agentauth.cells_test as cells
import data.agentauth.relationships

own := cells.request("bob", "expenses:read", cells.expense("bob"))

acting(actors) := object.union(own, {"actors": actors})

with_roles(asked, roles) := object.union(asked, {"subject": {"roles": roles}})

# `users` and `delegates` stand for another organisation than the realm's.
refusals := {
	"nobody, where all may": {
		"rule": "no_subject",
		"input": object.union(
			cells.request("bob", "documents:read", cells.document("platform-wide")),
			{"subject": {"user": ""}},
		),
	},
	"no scope": {"rule": "scope_missing", "input": object.union(own, {"scopes": []})},
	"the scope of another action": {"rule": "scope_missing", "input": object.union(own, {"scopes": ["expenses:write"]})},
	"no actor": {"rule": "actor_missing", "input": acting([])},
	"no list of actors": {"rule": "actor_missing", "input": object.remove(own, ["actors"])},
	"an actor without a delegation": {"rule": "actor", "input": acting(["rogue-agent"])},
	"a rogue behind the delegate": {"rule": "actor", "input": acting(["mcp-server", "rogue-agent"])},
	"a rogue in front of the delegate": {"rule": "actor", "input": acting(["rogue-agent", "mcp-server"])},
	"an actor that is no name": {"rule": "actor", "input": acting(["mcp-server", null])},
	"a delegation that was taken back": {"rule": "actor", "input": own, "delegates": []},
	"read an expense upwards": {
		"rule": "not_the_manager",
		"input": cells.request("alice", "expenses:read", cells.expense("bob")),
	},
	"read an expense of nobody known": {
		"rule": "not_the_manager",
		"input": cells.request("alice", "expenses:read", cells.expense("eve")),
	},
	"read an expense upwards without a role": {
		"rule": "not_the_manager",
		"input": with_roles(cells.request("alice", "expenses:read", cells.expense("bob")), []),
	},
	"submit as read-only": {
		"rule": "role",
		"input": cells.request("dave", "expenses:write", cells.expense("dave")),
	},
	"submit for a report": {
		"rule": "not_the_owner",
		"input": cells.request("bob", "expenses:write", cells.expense("alice")),
	},
	"approve one's own": {
		"rule": "own_expense_approval",
		"input": cells.request("alice", "expenses:approve", cells.expense("alice")),
	},
	"approve one's own as one's own manager": {
		"rule": "own_expense_approval",
		"input": cells.request("bob", "expenses:approve", cells.expense("bob")),
		"users": {"bob": {"department": "engineering", "manager": "bob"}},
	},
	"approve for somebody else's report": {
		"rule": "not_the_manager",
		"input": cells.request("bob", "expenses:approve", cells.expense("dave")),
	},
	"approve as a manager who is read-only": {
		"rule": "role",
		"input": with_roles(cells.request("bob", "expenses:approve", cells.expense("alice")), ["read-only"]),
	},
	"read a document of another department": {
		"rule": "not_in_department",
		"input": cells.request("dave", "documents:read", cells.document("engineering")),
	},
	"read a document of another department as admin": {
		"rule": "not_in_department",
		"input": cells.request("alice", "documents:read", cells.document("finance")),
	},
	"read a document of admins as user": {
		"rule": "admins_only",
		"input": cells.request("bob", "documents:read", cells.document("admins")),
	},
	"read one's own document of admins as user": {
		"rule": "admins_only",
		"input": cells.request("bob", "documents:read", object.union(cells.document("admins"), {"owner": "bob"})),
	},
	"read a document of admins from a department of that name": {
		"rule": "admins_only",
		"input": cells.request("bob", "documents:read", cells.document("admins")),
		"users": {"bob": {"department": "admins"}},
	},
	"read a document of a group without a rule": {
		"rule": "no_rule",
		"input": cells.request("dave", "documents:read", cells.document("platform")),
	},
	"set a role as user": {
		"rule": "role",
		"input": cells.request("bob", "users:manage", cells.account("dave")),
	},
	"set one's own role": {
		"rule": "own_role",
		"input": cells.request("alice", "users:manage", cells.account("alice")),
	},
	"a row of another kind": {
		"rule": "malformed_resource",
		"input": cells.request("alice", "users:manage", cells.expense("alice")),
	},
}

test_refuses[note] if {
	some note, case in refusals
	decisions := relationships.decisions with input as case.input
		with data.users as object.get(case, "users", data.users)
		with data.delegates as object.get(case, "delegates", data.delegates)
	[[decision.allow, decision.rule] | some decision in decisions] == [[false, $"relationships/{case.rule}"]]
}

permits := {
	"read one's own expense without a role": {"rule": "own_expense", "input": with_roles(own, [])},
	"read a report's expense": {
		"rule": "manager",
		"input": cells.request("bob", "expenses:read", cells.expense("alice")),
	},
	"read a report's expense as read-only": {
		"rule": "manager",
		"input": with_roles(cells.request("bob", "expenses:read", cells.expense("alice")), ["read-only"]),
	},
	"submit one's own": {
		"rule": "own_expense",
		"input": cells.request("alice", "expenses:write", cells.expense("alice")),
	},
	"approve a report's expense": {
		"rule": "manager",
		"input": cells.request("bob", "expenses:approve", cells.expense("alice")),
	},
	"read a platform-wide document": {
		"rule": "platform_wide",
		"input": cells.request("dave", "documents:read", cells.document("platform-wide")),
	},
	"read a document of one's department": {
		"rule": "department",
		"input": cells.request("bob", "documents:read", cells.document("engineering")),
	},
	"read a document of admins": {
		"rule": "admin",
		"input": cells.request("alice", "documents:read", cells.document("admins")),
	},
	"set the role of another": {
		"rule": "admin",
		"input": cells.request("alice", "users:manage", cells.account("dave")),
	},
	"a chain of delegates": {
		"rule": "own_expense",
		"input": acting(["mcp-server", "planner"]),
		"delegates": ["mcp-server", "planner"],
	},
}

test_permits[note] if {
	some note, case in permits
	decisions := relationships.decisions with input as case.input
		with data.delegates as object.get(case, "delegates", data.delegates)
	[[decision.allow, decision.rule] | some decision in decisions] == [[true, $"relationships/{case.rule}"]]
}

# A list is answered row by row, in its order.
test_decides_each_row if {
	rows := [cells.expense(owner) | some owner in ["alice", "dave", "bob"]]
	decisions := relationships.decisions with input as object.union(own, {"resources": rows})
	[decision.allow | some decision in decisions] == [true, false, true]
}

test_cells[note] if {
	some user, row in {
		"alice": [true, false, true, true, false, true, true],
		"bob": [true, true, true, true, true, false, true],
		"dave": [true, false, false, false, false, false, false],
	}
	some i, expected in row
	note := $"{user} prompt {i + 1}"
	decisions := relationships.decisions with input as cells.cells[user][i]
	[decision.allow | some decision in decisions] == [expected]
}
