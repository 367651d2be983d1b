package agentauth.scope_test

import data.agentauth.cells_test as cells
import data.agentauth.scope

refusals := {
	"no scope": {
		"rule": "scope/scope_missing",
		"input": object.union(cells.request("alice", "users:manage", cells.account("dave")), {"scopes": []}),
	},
	"every scope but the one": {
		"rule": "scope/scope_missing",
		"input": object.union(
			cells.request("alice", "users:manage", cells.account("dave")),
			{"scopes": ["expenses:read", "expenses:write", "expenses:approve", "documents:read", "users"]},
		),
	},
	"nobody, as admin": {
		"rule": "scope/no_subject",
		"input": object.union(
			cells.request("alice", "users:manage", cells.account("dave")),
			{"subject": {"user": ""}},
		),
	},
	"no role": {
		"rule": "scope/role",
		"input": object.union(
			cells.request("bob", "expenses:read", cells.expense("bob")),
			{"subject": {"roles": []}},
		),
	},
	"read-only submits": {
		"rule": "scope/role",
		"input": cells.request("dave", "expenses:write", cells.expense("dave")),
	},
	"read-only approves": {
		"rule": "scope/role",
		"input": cells.request("dave", "expenses:approve", cells.expense("alice")),
	},
	"user sets a role": {
		"rule": "scope/role",
		"input": cells.request("bob", "users:manage", cells.account("dave")),
	},
	"user reads the expense of another": {
		"rule": "scope/not_the_owner",
		"input": cells.request("bob", "expenses:read", cells.expense("alice")),
	},
	"user submits for another": {
		"rule": "scope/not_the_owner",
		"input": cells.request("bob", "expenses:write", cells.expense("alice")),
	},
	"user reads a document of admins": {
		"rule": "scope/document_group",
		"input": cells.request("bob", "documents:read", cells.document("admins")),
	},
	"read-only reads a document of a department": {
		"rule": "scope/document_group",
		"input": cells.request("dave", "documents:read", cells.document("engineering")),
	},
	"admin, on a row without an owner": {
		"rule": "scope/malformed_resource",
		"input": cells.request("alice", "expenses:read", cells.expense("")),
	},
	"a row of another kind": {
		"rule": "scope/malformed_resource",
		"input": cells.request("alice", "documents:read", cells.expense("alice")),
	},
}

test_refuses[note] if {
	some note, case in refusals
	decisions := scope.decisions with input as case.input
	[[decision.allow, decision.rule] | some decision in decisions] == [[false, case.rule]]
}

# A table of roles that grows ahead of the rules opens nothing.
test_refuses_what_no_rule_knows if {
	decisions := scope.decisions with input as cells.request("bob", "users:manage", cells.account("dave"))
		with data.agentauth.roles.actions as {"user": {"users:manage"}}
	[[decision.allow, decision.rule] | some decision in decisions] == [[false, "scope/no_rule"]]
}

permits := {
	"admin reads the expense of another": {
		"rule": "scope/admin",
		"input": cells.request("alice", "expenses:read", cells.expense("bob")),
	},
	"admin sets her own role": {
		"rule": "scope/admin",
		"input": cells.request("alice", "users:manage", cells.account("alice")),
	},
	"user reads his own expense": {
		"rule": "scope/own_expense",
		"input": cells.request("bob", "expenses:read", cells.expense("bob")),
	},
	"user submits his own expense": {
		"rule": "scope/own_expense",
		"input": cells.request("bob", "expenses:write", cells.expense("bob")),
	},
	"user approves his own expense": {
		"rule": "scope/approver",
		"input": cells.request("bob", "expenses:approve", cells.expense("bob")),
	},
	"user reads a document of a department": {
		"rule": "scope/document",
		"input": cells.request("bob", "documents:read", cells.document("finance")),
	},
	"read-only reads a platform-wide document": {
		"rule": "scope/platform_wide",
		"input": cells.request("dave", "documents:read", cells.document("platform-wide")),
	},
}

test_permits[note] if {
	some note, case in permits
	decisions := scope.decisions with input as case.input
	[[decision.allow, decision.rule] | some decision in decisions] == [[true, case.rule]]
}

# What roles cannot see, and relationships.rego can: another agent's exchange looks just like the user.
test_ignores_client_and_actors if {
	asked := cells.request("bob", "expenses:read", cells.expense("bob"))
	scope.decisions[0].allow with input as object.union(asked, {"client": "rogue-agent", "actors": ["rogue-agent"]})
	scope.decisions[0].allow with input as object.remove(asked, ["client", "actors"])
}

test_cells[note] if {
	some user, row in {
		"alice": [true, true, true, true, true, true, true],
		"bob": [true, true, true, true, true, false, false],
		"dave": [true, false, false, false, false, false, false],
	}
	some i, expected in row
	note := $"{user} prompt {i + 1}"
	decisions := scope.decisions with input as cells.cells[user][i]
	[decision.allow | some decision in decisions] == [expected]
}
