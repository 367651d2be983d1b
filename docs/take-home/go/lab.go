package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"time"
)

// What a company has behind a service: database, log, clock, users, OPA. Here all of it is the lab's.

// now is the clock that attacks move; in your service it is time.Now(). Without it no token is young enough.
func now(ctx context.Context) time.Time {
	answer := struct{ Now float64 }{Now: 1e15}
	ask(ctx, os.Getenv("LAB_URL")+"/clock", nil, "", &answer)
	return time.UnixMilli(int64(answer.Now))
}

func userOf(ctx context.Context, sub string) string {
	var answer struct{ Name string }
	ask(ctx, os.Getenv("LAB_URL")+"/users/"+url.PathEscape(sub), nil, "", &answer)
	return answer.Name
}

// opa asks OPA by its REST API. Without one decision for each resource nothing is allowed.
func opa(policy string) Decide {
	return func(ctx context.Context, caller *Caller, action string, resources []Resource) ([]Decision, error) {
		subject := map[string]any{"user": caller.User, "roles": caller.Roles}
		input := map[string]any{"subject": subject, "client": caller.Client, "actors": caller.Actors,
			"scopes": caller.Scopes, "action": action, "resources": resources}
		var answer struct{ Result []Decision }
		at := os.Getenv("OPA_URL") + "/v1/data/agentauth/" + policy + "/decisions"
		ask(ctx, at, map[string]any{"input": input}, "", &answer)
		if len(answer.Result) != len(resources) {
			return nil, &Refused{503, "pdp_unavailable", "OPA gives no decision"}
		}
		return answer.Result, nil
	}
}

// ask sends JSON under the caller's trace (W3C Trace Context), and reads the answer. It gives the status, or 0.
func ask(ctx context.Context, at string, body any, trace string, answer any) int {
	method, sent := "GET", []byte{}
	if body != nil {
		method = "POST"
		sent, _ = json.Marshal(body)
	}
	request, err := http.NewRequestWithContext(ctx, method, at, bytes.NewReader(sent))
	if err != nil {
		return 0
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Traceparent", trace)
	response, err := (&http.Client{Timeout: 5 * time.Second}).Do(request)
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	if answer != nil && response.StatusCode < 300 && json.NewDecoder(response.Body).Decode(answer) != nil {
		return 0
	}
	return response.StatusCode
}
