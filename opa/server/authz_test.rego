package system.authz_test

import data.system.authz

question(name) := {
	"method": "POST",
	"path": ["v1", "data", "agentauth", name, "decisions"],
	"params": {"provenance": ["true"]},
	"headers": {"Content-Type": ["application/json"]},
}

refused := {
	"another method": object.union(question("gate"), {"method": "GET"}),
	"a change of data": object.union(question("gate"), {"method": "PUT"}),
	"a question of nobody's": question("request"),
	"a part of the policy": object.union(question("gate"), {"path": ["v1", "data", "agentauth", "gate"]}),
	"more than a question": object.union(
		question("gate"),
		{"path": ["v1", "data", "agentauth", "gate", "decisions", "0"]},
	),
	"another version of the API": object.union(
		question("gate"),
		{"path": ["v0", "data", "agentauth", "gate", "decisions"]},
	),
	"all data": object.union(question("gate"), {"path": ["v1", "data"]}),
	"an ad-hoc query": object.union(question("gate"), {"path": ["v1", "query"]}),
	"a policy": {"method": "PUT", "path": ["v1", "policies", "drop"], "params": {}, "headers": {}},
	"the configuration": {"method": "GET", "path": ["v1", "config"], "params": {}, "headers": {}},
	"the metrics": {"method": "GET", "path": ["metrics"], "params": {}, "headers": {}},
	"a profile": {"method": "GET", "path": ["debug", "pprof", ""], "params": {}, "headers": {}},
	"the page for queries": {"method": "GET", "path": [""], "params": {}, "headers": {}},
	"an explanation": object.union(question("gate"), {"params": {"explain": ["full"]}}),
	"a form": object.union(question("gate"), {"headers": {"Content-Type": ["text/plain"]}}),
	"two content types": object.union(
		question("gate"),
		{"headers": {"Content-Type": ["application/json", "text/plain"]}},
	),
	"a change of health": {"method": "POST", "path": ["health"], "params": {}, "headers": {}},
	"nothing": {},
}

test_no_content_type_is_refused if {
	not authz.allow with input as object.remove(question("gate"), ["headers"])
}

test_everything_else_is_refused if {
	every request in refused {
		not authz.allow with input as request
	}
}

test_the_questions_of_the_lab_are_answered if {
	every name in ["gate", "scope", "relationships", "agents"] {
		authz.allow with input as question(name)
	}
}

test_a_question_may_have_no_parameters if {
	authz.allow with input as object.union(object.remove(question("gate"), ["params"]), {"params": {}})
}

test_health_is_told if {
	authz.allow with input as {"method": "GET", "path": ["health"], "params": {"bundles": ["true"]}, "headers": {}}
}
