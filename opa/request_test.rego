# METADATA
# description: A broken request gets one refusal for each resource from every policy, never silence.
package agentauth.request_test

import data.agentauth.agents
import data.agentauth.agents_test
import data.agentauth.cells_test as cells
import data.agentauth.gate
import data.agentauth.relationships
import data.agentauth.scope

decide("agents", asked) := decisions if decisions := agents.decisions with input as asked

decide("gate", asked) := decisions if decisions := gate.decisions with input as asked

decide("scope", asked) := decisions if decisions := scope.decisions with input as asked

decide("relationships", asked) := decisions if decisions := relationships.decisions with input as asked

# An intact request for each policy, and the parts that it depends on.
intact := {
	"agents": {
		"input": agents_test.request("expenses:write", cells.expense("nightly-job")),
		"parts": {"/client", "/scopes", "/action", "/resources/0", "/resources/0/owner"},
	},
	"gate": {
		"input": cells.request("bob", "expenses:write", {"type": "tool", "id": "submit_expense"}),
		"parts": {"/subject", "/subject/user", "/subject/roles", "/scopes", "/action", "/resources/0", "/resources/0/id"},
	},
	"scope": {
		"input": cells.request("bob", "expenses:write", cells.expense("bob")),
		"parts": {"/subject", "/subject/user", "/subject/roles", "/scopes", "/action", "/resources/0", "/resources/0/owner"},
	},
	"relationships": {
		"input": cells.request("bob", "expenses:write", cells.expense("bob")),
		"parts": {
			"/subject", "/subject/user", "/subject/roles", "/scopes", "/actors", "/action", "/resources/0",
			"/resources/0/owner",
		},
	},
}

test_refuses_a_broken_part[note] if {
	some policy, base in intact
	some part in base.parts
	some junk in [null, true, 7, "", [], [[]], {}, {"user": "bob"}]
	note := $"{policy} {part} {json.marshal(junk)}"
	decisions := decide(policy, json.patch(base.input, [{"op": "replace", "path": part, "value": junk}]))
	[decision.allow | some decision in decisions] == [false]
}

# What would be allowed in a list is refused bare, and as the value of an object.
test_refuses_what_is_no_list[note] if {
	some policy, base in intact
	some part, item in {"/subject/roles": "user", "/scopes": "expenses:write", "/actors": "mcp-server"}
	part in base.parts
	some junk in [item, {"a": item}]
	note := $"{policy} {part} {json.marshal(junk)}"
	decisions := decide(policy, json.patch(base.input, [{"op": "replace", "path": part, "value": junk}]))
	[decision.allow | some decision in decisions] == [false]
}

test_refuses_a_missing_part[note] if {
	some policy, base in intact
	some part in (base.parts - {"/resources/0"})
	note := $"{policy} {part}"
	decisions := decide(policy, json.patch(base.input, [{"op": "remove", "path": part}]))
	[decision.allow | some decision in decisions] == [false]
}

test_names_what_is_missing[note] if {
	some policy, base in intact
	some part, rule in {"/subject/user": "no_subject", "/action": "unknown_action", "/scopes": "scope_missing"}
	part in base.parts
	note := $"{policy} {rule}"
	decisions := decide(policy, json.patch(base.input, [{"op": "remove", "path": part}]))
	[decision.rule | some decision in decisions] == [$"{policy}/{rule}"]
}

# An expense without an owner is not that of a user without a name.
test_refuses_nobody_the_rows_of_nobody[note] if {
	some policy in ["scope", "relationships"]
	note := policy
	asked := json.patch(intact[policy].input, [
		{"op": "replace", "path": "/subject/user", "value": ""},
		{"op": "replace", "path": "/resources/0/owner", "value": ""},
	])
	[[decision.allow, decision.rule] | some decision in decide(policy, asked)] == [[false, $"{policy}/no_subject"]]
}

test_refuses_an_unknown_action_that_is_also_a_scope[note] if {
	some policy, base in intact
	note := policy
	asked := object.union(base.input, {"subject": {"roles": ["admin"]}, "action": "root", "scopes": ["root"]})
	[[decision.allow, decision.rule] | some decision in decide(policy, asked)] == [[false, $"{policy}/unknown_action"]]
}

test_decides_nothing_without_a_list_of_resources[note] if {
	some policy, base in intact
	some junk in [null, 7, "x", {"a": cells.expense("bob")}]
	note := $"{policy} {json.marshal(junk)}"
	decide(policy, object.union(base.input, {"resources": junk})) == []
	decide(policy, object.remove(base.input, ["resources"])) == []
	decide(policy, junk) == []
}

# Consumers rely on these three and no more.
test_gives_allow_reason_and_rule[note] if {
	some policy, base in intact
	some kind, asked in {"allow": base.input, "deny": object.union(base.input, {"scopes": []})}
	note := $"{policy} {kind}"
	some decision in decide(policy, asked)
	object.keys(decision) == {"allow", "reason", "rule"}
	is_boolean(decision.allow)
	decision.reason != ""
}

test_permits_the_intact_request[note] if {
	some policy, base in intact
	note := policy
	[decision.allow | some decision in decide(policy, base.input)] == [true]
}
