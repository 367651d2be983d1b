package main

type Expense struct {
	ID          int     `json:"id"`
	Owner       string  `json:"owner"`
	Amount      float64 `json:"amount"`
	Description string  `json:"description"`
	Status      string  `json:"status"`
}

type Resource struct {
	Type  string `json:"type"`
	ID    string `json:"id"`
	Owner string `json:"owner"`
}

type Decision struct {
	Allow        bool
	Rule, Reason string
}
