package main

import (
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"slices"
)

// Call is one call of one operation: who it is, what was decided, and the one record that it leaves.
type Call struct {
	*http.Request
	*Caller
	entry map[string]any
}

// permit gives those of the resources that the caller may act on; a refusal where that is none of them.
func (c *Call) permit(resources []Resource) ([]string, error) {
	action := c.entry["action"].(string)
	decisions, err := pattern.Decide(c.Context(), c.Caller, action, resources)
	if err != nil {
		return nil, err
	}
	allowed, all, told := []string{}, []string{}, decisions[0]
	for at, decision := range decisions {
		all = append(all, "expense:"+resources[at].ID)
		if decision.Allow {
			allowed, told = append(allowed, resources[at].ID), decision
		}
	}
	c.entry["rule"], c.entry["reason"], c.entry["decidedBy"] = told.Rule, told.Reason, pattern.DecidedBy
	c.entry["resources"] = all
	if len(allowed) == 0 {
		code := "access_denied"
		if pattern.DecidedBy == "opa" && !slices.Contains(c.Scopes, action) {
			code = "insufficient_scope"
		}
		return nil, &Refused{403, code, c.User + " may not " + action + " here"}
	}
	names := []string{}
	for _, id := range allowed {
		names = append(names, "expense:"+id)
	}
	c.entry["resources"], c.entry["decision"] = names, "allow"
	return allowed, nil
}

// write writes to database or log, together with the record: both, or neither. A 409 says: done already.
func (c *Call) write(path string, change map[string]any, status int, answer any) error {
	c.entry["status"] = status
	body := any(c.entry)
	if change != nil {
		change["record"] = c.entry
		body = change
	}
	switch ask(c.Context(), os.Getenv("LAB_URL")+path, body, c.Header.Get("Traceparent"), answer) {
	case 200, 201, 204:
		return nil
	case 409:
		return &Refused{409, "conflict", "it is approved already"}
	}
	return &Refused{503, "audit_unavailable", "this cannot be recorded"}
}

func asRefused(err error) *Refused {
	var refused *Refused
	if errors.As(err, &refused) {
		return refused
	}
	return &Refused{500, "internal_error", "unexpected"}
}

func send(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body)
}
