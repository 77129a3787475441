package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"time"

	"careerbot/adapters"
	"careerbot/adapters/slack/blocks"
	"careerbot/adapters/slack/payload"
	"careerbot/adapters/slack/webapi"
	"careerbot/bot/chat"

	"github.com/slack-go/slack"
)

// metadataType marks the bot's answers, and metadataKey names in them the event that they answer, so that a post can be
// looked up: https://docs.slack.dev/messaging/message-metadata.
const (
	metadataType = "careerbot_answer"
	metadataKey  = "key"
)

// sender posts answers. What is posted with chat.postMessage can be looked up; what goes to a response_url or to one
// person alone cannot, and is posted again where it is not known whether it arrived: twice is better than never.
type sender struct{ a *Adapter }

// Send posts answer to where e says.
func (s *sender) Send(ctx context.Context, e adapters.Event, answer chat.Answer) error {
	var p payload.Place
	if err := json.Unmarshal(e.Reply, &p); err != nil {
		return &adapters.FinalError{Err: fmt.Errorf("read where to answer: %w", err)}
	}
	m := &message{a: s.a, event: e, place: p, answer: answer}
	if w := s.a.slots.take(e.Key); w != nil {
		if done, err := m.ride(ctx, w); done {
			return webapi.ForCourier(err)
		}
	}
	err := m.send(ctx)
	if err == nil && p.Delete && p.Hook != "" {
		if err := s.a.api.Hook(ctx, p.Hook, deletion{true}); err != nil {
			s.a.log.Info("a shared answer's original stays", "err", err)
		}
	}
	return webapi.ForCourier(err)
}

// deletion takes the message away whose button was pressed.
type deletion struct {
	DeleteOriginal bool `json:"delete_original"`
}

// message is an answer on its way.
type message struct {
	a      *Adapter
	event  adapters.Event
	place  payload.Place
	answer chat.Answer
	token  *Installation // once it is needed
}

// ride gives the answer to the acknowledgement that waits for it; false says that it has to go another way.
func (m *message) ride(ctx context.Context, w *slot) (done bool, err error) {
	var body json.RawMessage
	defer func() { w.body <- body }() // also after a panic: somebody waits
	r := m.draw(m.place, m.a.level(m.place.Server()))
	if r.Staged() {
		r, done, err = m.prove(ctx, r)
		if done {
			return true, err
		}
	}
	data, err := json.Marshal(r.Hook(m.place))
	if err != nil || len(data) >= w.room {
		return false, nil
	}
	body = data
	return true, nil
}

// prove finds out whether the workspace takes blocks that Slack rolls out by stages. Slack says nothing about those in an
// acknowledgement but that the command failed, so the first such answer in a workspace goes to the response_url, which
// tells; where that is not possible it rides with all its blocks. Others meanwhile ride with plainer ones.
func (m *message) prove(ctx context.Context, r blocks.Reply) (drawn blocks.Reply, done bool, err error) {
	team := m.place.Server()
	if _, proven := m.a.proven.get(team); proven || m.place.Hook == "" {
		return r, false, nil
	}
	if !m.a.proving.begin(team) {
		return m.draw(m.place, blocks.LevelNoTable), false, nil
	}
	defer m.a.proving.end(team)
	ctx, cancel := context.WithTimeout(ctx, m.a.cfg.Times.Answer/4) // the acknowledgement waits
	defer cancel()
	err = m.plainer(ctx, m.viaHook)
	if err == nil || webapi.Unclear(err) && !isDial(err) {
		return r, true, err
	}
	m.a.log.Info("whether the workspace takes charts is not known", "team", team, "err", err)
	m.a.proven.put(true, team)
	return r, false, nil
}

// isDial says whether a connection was not even made.
func isDial(err error) bool {
	op, ok := errors.AsType[*net.OpError](err)
	return ok && op.Op == "dial"
}

// send tries the ways to the person, best first, until one is open.
func (m *message) send(ctx context.Context) error {
	var last error
	for _, way := range m.ways() {
		err := m.plainer(ctx, way)
		switch {
		case err == nil:
			return nil
		case !webapi.Unreachable(err) && !webapi.Spent(err):
			return err
		}
		m.a.log.Info("an answer takes another way", "event", m.event.Key, "err", err)
		last = errors.Join(last, err)
	}
	return last
}

// way posts a message somewhere.
type way func(ctx context.Context, l blocks.Level) error

func (m *message) ways() []way {
	p := m.place
	var ways []way
	hook := p.Hook != "" && m.a.cfg.Now().Before(m.event.Deadline.Add(time.Minute))
	switch {
	case p.Ephemeral || p.Replace:
		if hook {
			ways = append(ways, m.viaHook)
		}
		if p.Ephemeral && !p.Direct && p.Channel != "" {
			ways = append(ways, m.viaEphemeral)
		}
		if !p.Ephemeral {
			ways = append(ways, m.viaPost)
		}
	default:
		ways = append(ways, m.viaPost)
		if hook {
			ways = append(ways, m.viaHook)
		}
	}
	return append(ways, m.viaDirect)
}

// plainer posts, and where Slack takes offence at the blocks posts the same facts with plainer ones: never silence.
func (m *message) plainer(ctx context.Context, post way) error {
	l := m.a.level(m.place.Server())
	for {
		err := post(ctx, l)
		if err == nil && l == blocks.LevelFull && m.draw(m.place, l).Staged() {
			m.a.proven.put(true, m.place.Server())
		}
		if err == nil || !webapi.BlocksRefused(err) {
			m.a.noteToken(m.token, err)
			return err
		}
		next, ok := l.Next()
		m.a.log.Warn("Slack refuses blocks; the answer is sent with plainer ones", "event", m.event.Key, "err", err,
			"level", int(l), "at", webapi.Pointers(err))
		if !ok {
			return err
		}
		if webapi.OneOf(err, "invalid_blocks", "invalid_blocks_format") {
			m.a.levels.put(next, m.place.Server())
		}
		l = next
	}
}

func (m *message) draw(p payload.Place, l blocks.Level) blocks.Reply {
	return blocks.Render(m.answer, blocks.Look{Place: p, Question: m.event.Question, Level: l})
}

// client is the Web API with the token of the workspace.
func (m *message) client(ctx context.Context) (*slack.Client, error) {
	if m.token == nil {
		in, err := m.a.tokens.of(ctx, m.place)
		if errors.Is(err, errNotInstalled) {
			return nil, &webapi.Refusal{Code: "not_installed", Err: err}
		}
		if err != nil {
			return nil, err
		}
		m.token = &in
	}
	return m.a.api.With(m.token.Token), nil
}

// viaPost posts for everybody in the channel, in the thread where there is one.
func (m *message) viaPost(ctx context.Context, l blocks.Level) error {
	return m.post(ctx, m.place.Channel, m.place.Thread, m.draw(m.place, l))
}

func (m *message) post(ctx context.Context, channel, thread string, r blocks.Reply) error {
	client, err := m.client(ctx)
	if err != nil {
		return err
	}
	options := append(m.options(r), slack.MsgOptionMetadata(slack.SlackMetadata{
		EventType: metadataType, EventPayload: map[string]any{metadataKey: m.event.Key},
	}))
	if thread != "" {
		options = append(options, slack.MsgOptionTS(thread))
	}
	_, _, err = client.PostMessageContext(ctx, channel, options...)
	if err = m.a.api.Count("chat.postMessage", err); err == nil && thread != "" {
		m.a.threads.put(true, m.place.Server(), channel, thread)
	}
	return err
}

// options of a message. Empty blocks are left out: an empty list would be an instruction to slack-go.
func (m *message) options(r blocks.Reply) []slack.MsgOption {
	options := []slack.MsgOption{slack.MsgOptionText(r.Text, false), slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl()}
	if len(r.Blocks) > 0 {
		options = append(options, slack.MsgOptionBlocks(r.Blocks...))
	}
	return options
}

// viaHook posts to the response_url. A second post for a command asks to take the place of the first, in case that had
// arrived; for a press it would take the place of the message that was pressed.
func (m *message) viaHook(ctx context.Context, l blocks.Level) error {
	h := m.draw(m.place, l).Hook(m.place)
	h.DeleteOriginal = false
	if _, again := m.a.doubts.get(m.event.Key); again && m.place.Message == "" {
		h.ReplaceOriginal = true
	}
	return m.a.api.Hook(ctx, m.place.Hook, h)
}

// viaEphemeral shows the answer to the person alone, in the channel.
func (m *message) viaEphemeral(ctx context.Context, l blocks.Level) error {
	client, err := m.client(ctx)
	if err != nil {
		return err
	}
	options := m.options(m.draw(m.place, l))
	if m.place.Thread != "" {
		options = append(options, slack.MsgOptionTS(m.place.Thread))
	}
	_, err = client.PostEphemeralContext(ctx, m.place.Channel, m.place.User, options...)
	return m.a.api.Count("chat.postEphemeral", err)
}

// viaDirect sends the answer to the person directly and says why it comes there.
func (m *message) viaDirect(ctx context.Context, l blocks.Level) error {
	if m.place.User == "" {
		return &webapi.Refusal{Code: "channel_not_found", Err: errors.New("there is nobody to answer to")}
	}
	p := payload.Place{
		Team: m.place.Team, Enterprise: m.place.Enterprise, User: m.place.User, Channel: m.place.User, Direct: true,
		Feedback: m.place.Feedback,
	}
	r := m.draw(p, l)
	if m.place.Channel != "" && !m.place.Direct {
		why := "I could not answer where you asked: I may not post there. Add me to the channel, or ask me here."
		r = r.WithNote(why)
	}
	return m.post(ctx, m.place.User, "", r)
}

// lookups bounds a search for a post: pages of 200 messages, newest last in threads and first in channels.
const lookups = 10

// Sent looks an answer up by the key in its metadata.
func (s *sender) Sent(ctx context.Context, e adapters.Event) (bool, error) {
	var p payload.Place
	if err := json.Unmarshal(e.Reply, &p); err != nil {
		return false, nil // Send says what is wrong
	}
	if p.Hook != "" {
		s.a.doubts.put(true, e.Key)
	}
	if p.Ephemeral || p.Replace || p.Channel == "" {
		return false, nil // nobody can tell
	}
	in, err := s.a.tokens.of(ctx, p)
	if errors.Is(err, errNotInstalled) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	sent, err := s.look(ctx, in, p, e)
	if webapi.Refused(err) { // a scope that was not granted, a channel that is gone: an answer twice is better than none
		s.a.log.Debug("a post cannot be looked up", "event", e.Key, "err", err)
		return false, nil
	}
	return sent, err
}

// page is a page of conversations.replies or conversations.history, as far as it matters. slack-go's own type is not
// used: it refuses a page for one block that it does not know.
type page struct {
	slack.SlackResponse
	Messages []struct {
		User     string `json:"user"`
		Metadata struct {
			Type    string         `json:"event_type"`
			Payload map[string]any `json:"event_payload"`
		} `json:"metadata"`
	} `json:"messages"`
}

func (s *sender) look(ctx context.Context, in Installation, p payload.Place, e adapters.Event) (bool, error) {
	found := false
	err := s.a.pages(ctx, in, p, e.Deadline.Add(-time.Hour), func(pg *page) bool {
		for _, m := range pg.Messages {
			if m.Metadata.Type == metadataType && m.Metadata.Payload[metadataKey] == e.Key {
				found = true
			}
		}
		return !found
	})
	return found, err
}

// pages reads the messages of a thread, or of a channel where there is none, since oldest.
func (a *Adapter) pages(ctx context.Context, in Installation, p payload.Place, oldest time.Time, each func(*page) bool) error {
	form := url.Values{"channel": {p.Channel}, "limit": {"200"}, "include_all_metadata": {"true"}}
	if !oldest.IsZero() {
		form.Set("oldest", strconv.FormatInt(oldest.Unix(), 10))
	}
	method := "conversations.history"
	if p.Thread != "" {
		method = "conversations.replies"
		form.Set("ts", p.Thread)
	}
	for range lookups {
		var pg page
		if err := a.api.Call(ctx, method, in.Token, form, &pg); err != nil {
			return err
		}
		cursor := pg.ResponseMetadata.Cursor
		if !each(&pg) || cursor == "" {
			return nil
		}
		form.Set("cursor", cursor)
	}
	return nil
}

// ours says whether the bot has answered in a thread.
func (a *Adapter) ours(ctx context.Context, p payload.Place) (bool, error) {
	if ours, known := a.threads.get(p.Server(), p.Channel, p.Thread); known {
		return ours, nil
	}
	in, err := a.tokens.of(ctx, p)
	if err != nil {
		return false, err
	}
	ctx, cancel := context.WithTimeout(ctx, a.cfg.Times.Answer)
	defer cancel()
	ours := false
	err = a.pages(ctx, in, p, time.Time{}, func(pg *page) bool {
		for _, m := range pg.Messages {
			ours = ours || m.Metadata.Type == metadataType && (in.BotUser == "" || m.User == in.BotUser)
		}
		return !ours
	})
	if webapi.Refused(err) {
		err = nil // not granted, or gone: then it is none of the bot's
	}
	if err == nil {
		a.threads.put(ours, p.Server(), p.Channel, p.Thread)
	}
	return ours, err
}
