package agentauth.agents_test

import data.agentauth.agents
import data.agentauth.cells_test as cells

# The honest request: no user, no actor, and the one scope that the action needs.
request(action, resource) := {
	"subject": {"user": "", "roles": []},
	"client": "nightly-job",
	"actors": [],
	"scopes": [action],
	"action": action,
	"resources": [resource],
}

read := request("expenses:read", cells.expense("alice"))

changed(path, value) := json.patch(read, [{"op": "replace", "path": path, "value": value}])

# `agents` stands for another organisation than the realm's.
refusals := {
	"a user": {"rule": "user_named", "input": changed("/subject/user", "alice")},
	"a user that is no name": {"rule": "user_named", "input": changed("/subject/user", null)},
	"no subject": {"rule": "user_named", "input": object.remove(read, ["subject"])},
	"an actor": {"rule": "actor_named", "input": changed("/actors", ["nightly-job"])},
	"an actor in an object": {"rule": "actor_named", "input": changed("/actors", {"sub": "nightly-job"})},
	"no list of actors": {"rule": "actor_named", "input": object.remove(read, ["actors"])},
	"no action": {"rule": "unknown_action", "input": object.remove(read, ["action"])},
	"an unknown action that is also a scope": {
		"rule": "unknown_action",
		"input": object.union(read, {"action": "root", "scopes": ["root"]}),
	},
	"no scope": {"rule": "scope_missing", "input": changed("/scopes", [])},
	"the scope of another action": {"rule": "scope_missing", "input": changed("/scopes", ["expenses:write"])},
	"another client": {"rule": "not_given", "input": changed("/client", "rogue-agent")},
	"a client that exchanges": {"rule": "not_given", "input": changed("/client", "mcp-server")},
	"no client": {"rule": "not_given", "input": object.remove(read, ["client"])},
	"an empty client, where the empty name was given something": {
		"rule": "not_given",
		"input": changed("/client", ""),
		"agents": {"": ["expenses:read"]},
	},
	"an action that was taken back": {
		"rule": "not_given",
		"input": read,
		"agents": {"nightly-job": ["expenses:write"]},
	},
	"a row of another kind": {
		"rule": "malformed_resource",
		"input": request("expenses:read", cells.document("platform-wide")),
	},
	"submit in a user's name": {
		"rule": "not_the_owner",
		"input": request("expenses:write", cells.expense("alice")),
	},
	"read a document of admins": {"rule": "for_people", "input": request("documents:read", cells.document("admins"))},
	"read a document of finance": {"rule": "for_people", "input": request("documents:read", cells.document("finance"))},
	"read a document of a group without a rule": {
		"rule": "for_people",
		"input": request("documents:read", cells.document("platform")),
	},
	"an action that has no rule": {
		"rule": "no_rule",
		"input": request("expenses:audit", cells.expense("alice")),
		"agents": {"nightly-job": ["expenses:audit"]},
		"acts_on": {"expenses:audit": {"type": "expense", "attribute": "owner"}},
	},
}

test_refuses[note] if {
	some note, case in refusals
	decisions := agents.decisions with input as case.input
		with data.agents as object.get(case, "agents", data.agents)
		with data.agentauth.request.acts_on as object.get(case, "acts_on", data.agentauth.request.acts_on)
	[[decision.allow, decision.rule] | some decision in decisions] == [[false, $"agents/{case.rule}"]]
}

permits := {
	"read anybody's expense": {"rule": "report", "input": read},
	"submit in its own name": {
		"rule": "own_expense",
		"input": request("expenses:write", cells.expense("nightly-job")),
	},
	"approve anybody's expense": {
		"rule": "approver",
		"input": request("expenses:approve", cells.expense("alice")),
	},
	"read a platform-wide document": {
		"rule": "group",
		"input": request("documents:read", cells.document("platform-wide")),
	},
	"read a document of engineering": {
		"rule": "group",
		"input": request("documents:read", cells.document("engineering")),
	},
	"set a user's role": {"rule": "role_sync", "input": request("users:manage", cells.account("dave"))},
}

test_permits[note] if {
	some note, case in permits
	decisions := agents.decisions with input as case.input
	[[decision.allow, decision.rule] | some decision in decisions] == [[true, $"agents/{case.rule}"]]
}

# Roles are a matter of users: an agent has none, and one that it brings along changes nothing.
test_ignores_roles if {
	decisions := agents.decisions with input as changed("/subject/roles", ["admin"])
	decisions[0].rule == "agents/report"
}

# A list is answered row by row, in its order.
test_decides_each_row if {
	rows := [cells.document(group) | some group in ["engineering", "admins", "platform-wide"]]
	asked := object.union(request("documents:read", cells.document("x")), {"resources": rows})
	decisions := agents.decisions with input as asked
	[decision.allow | some decision in decisions] == [true, false, true]
}
