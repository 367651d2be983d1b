package main

import (
	"encoding/json"
	"log"
	"math"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
)

var pattern = patterns[os.Getenv("PATTERN")]

func listExpenses(c *Call) (int, any, bool, error) {
	owner := c.User
	if c.URL.Query().Has("owner") {
		owner = c.URL.Query().Get("owner")
	}
	rows := []Expense{}
	if ask(c.Context(), os.Getenv("LAB_URL")+"/expenses?owner="+url.QueryEscape(owner), nil, "", &rows) != 200 {
		return 0, nil, false, &Refused{503, "unavailable", "the rows cannot be read"}
	}
	resources := []Resource{}
	for _, row := range rows {
		resources = append(resources, Resource{"expense", strconv.Itoa(row.ID), row.Owner})
	}
	if len(rows) == 0 { // asked all the same: an empty list would tell who has no expenses
		resources = []Resource{{"expense", "none", owner}}
	}
	allowed, err := c.permit(resources)
	rows = slices.DeleteFunc(rows, func(row Expense) bool { return !slices.Contains(allowed, strconv.Itoa(row.ID)) })
	return 200, map[string]any{"expenses": rows}, false, err
}

func submitExpense(c *Call) (int, any, bool, error) {
	var row, added Expense
	if json.NewDecoder(c.Body).Decode(&row) != nil || row.Amount < 0.01 || row.Amount > 10_000 ||
		math.Round(row.Amount*100)/100 != row.Amount || len(row.Description) < 1 || len(row.Description) > 200 {
		return 0, nil, false, &Refused{400, "invalid_request", "amount in euro, and a description"}
	}
	if _, err := c.permit([]Resource{{"expense", "new", c.User}}); err != nil {
		return 0, nil, false, err
	}
	change := map[string]any{"owner": c.User, "amount": row.Amount, "description": row.Description}
	err := c.write("/expenses", map[string]any{"row": change}, 201, &added)
	return 201, added, true, err
}

func approveExpense(c *Call) (int, any, bool, error) {
	id := c.PathValue("id")
	if number, err := strconv.Atoi(id); err != nil || number < 1 {
		return 0, nil, false, &Refused{400, "invalid_request", "id: not a number"}
	}
	row := Expense{Owner: "the owner"}
	found := ask(c.Context(), os.Getenv("LAB_URL")+"/expenses/"+id, nil, "", &row) == 200
	// Decided on first: whoever may not approve is not told whether it is there.
	if _, err := c.permit([]Resource{{"expense", id, row.Owner}}); err != nil {
		return 0, nil, false, err
	}
	if !found {
		return 0, nil, false, &Refused{404, "not_found", "there is no expense " + id}
	}
	return 200, &row, true, c.write("/expenses/"+id+"/approve", map[string]any{}, 200, &row)
}

func main() {
	if pattern.Identify == nil {
		log.Fatal("PATTERN is p05, p06, p07 or p08")
	}
	http.HandleFunc("GET /health", func(w http.ResponseWriter, _ *http.Request) { send(w, 200, "ok") })
	http.HandleFunc("GET /expenses", operation("list_expenses", "expenses:read", listExpenses))
	http.HandleFunc("POST /expenses", operation("submit_expense", "expenses:write", submitExpense))
	http.HandleFunc("POST /expenses/{id}/approve", operation("approve_expense", "expenses:approve", approveExpense))
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil))
}
