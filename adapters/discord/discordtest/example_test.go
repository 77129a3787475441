package discordtest_test

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"careerbot/adapters/discord/discordtest"
	"careerbot/adapters/discord/discordtest/object"
)

// A person uses a command, a program answers it, and the history tells.
func Example() {
	s, err := discordtest.New(discordtest.Options{AnswerWithin: time.Minute}) // in place of Discord's 3 s: machines stand still for longer
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	who := discordtest.Caller{User: s.NewUser("asha"), Channel: s.NewChannel(s.NewGuild("study"), "general")}
	i := s.Command(who, "backend", object.Sub("skills", object.Str("role", "devops")))
	s.Send(i) // over the gateway, if anybody is connected

	answer := strings.NewReader(`{"type":4,"data":{"content":"Linux, networks, Go","flags":64}}`)
	response, err := http.Post(s.URL()+"/v10/interactions/"+i.ID+"/"+i.Token+"/callback", "application/json", answer)
	if err != nil {
		fmt.Println(err)
		return
	}
	response.Body.Close()
	http.DefaultClient.CloseIdleConnections()

	exchange, _ := s.Exchange(i.ID)
	fmt.Println(exchange.Original.Message.Content, exchange.Original.Ephemeral())
	v := s.Verdict()
	fmt.Println(v.Asked, v.Answered, v.OK())
	// Output:
	// Linux, networks, Go true
	// 1 1 true
}
