package chat

// Topic is what a question is about. The zero value is "not known yet".
type Topic string

// The topics. Their values appear in commands, in the JSON output and in the question journal, so they do not change.
const (
	TopicSalary           Topic = "salary"
	TopicSkills           Topic = "skills"
	TopicTools            Topic = "tools"
	TopicRoles            Topic = "roles"
	TopicResponsibilities Topic = "responsibilities"
	TopicCompare          Topic = "compare"
	TopicRoadmap          Topic = "roadmap"
	TopicNext             Topic = "next"
	TopicEducation        Topic = "education"
	TopicJobs             Topic = "jobs"
	TopicTrends           Topic = "trends"
	TopicChallenges       Topic = "challenges"
	TopicPractices        Topic = "best_practice"
	TopicFAQ              Topic = "faq"
	TopicDefinition       Topic = "definition"
	TopicSources          Topic = "sources"
	TopicHelp             Topic = "help"
	TopicChat             Topic = "chat" // greetings, thanks, jokes
	TopicNone             Topic = "none" // outside what the bot knows
)

// Pack is one body of knowledge, where there are several.
type Pack struct {
	Name    string // in Question.Packs
	Command string // the word of a command that asks it alone: /backend; "" where it has none
	Subject string // in a phrase: "back-end careers"
}

// Command is one subcommand every platform offers. One list feeds Discord's registration, Slack's manifest,
// /backend help and the README.
type Command struct {
	Name    string
	Topic   Topic // "" for free text
	Summary string
	Example string // arguments as a person would type them
}

// Commands lists the subcommands in the order people see them.
func Commands() []Command {
	return []Command{
		{"salary", TopicSalary, "What a role pays, source by source", "senior india"},
		{"skills", TopicSkills, "Which skills the articles ask for", ""},
		{"tools", TopicTools, "Languages, frameworks, databases and tools", ""},
		{"roles", TopicRoles, "Which roles there are and what they do", ""},
		{"compare", TopicCompare, "Two roles, tools or levels side by side", "junior vs senior"},
		{"roadmap", TopicRoadmap, "How to start, step by step", ""},
		{"next", TopicNext, "What to learn next, given what you know", "python, sql"},
		{"ask", "", "Any question in your own words", "do I need a degree?"},
		{"sources", TopicSources, "Which articles the answers come from", ""},
		{"help", TopicHelp, "What you can ask", ""},
	}
}
