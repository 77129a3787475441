package slack

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"careerbot/adapters"
	"careerbot/adapters/slack/blocks"
	"careerbot/adapters/slack/payload"
	"careerbot/adapters/slack/webapi"
	"careerbot/bot/chat"

	"github.com/slack-go/slack"
)

// publishHome draws the Home tab of a person.
func (a *Adapter) publishHome(ctx context.Context, q payload.Request) error {
	in, err := a.tokens.of(ctx, q.Place)
	if err != nil {
		return err
	}
	known, err := a.bot().Ask(ctx, chat.Question{
		ID: q.Key, Platform: "slack", Server: q.Place.Server(), User: q.Place.User, Topic: chat.TopicSources, Private: true,
	})
	if err != nil {
		return err
	}
	admin, err := a.manages(ctx, q.Place)
	if err != nil {
		a.log.Debug("who manages the workspace is not known", "err", err)
	}
	var recent []string
	if a.cfg.Recent != nil {
		if recent, err = a.cfg.Recent(ctx, q.Place.User, blocks.MaxRecent); err != nil {
			a.log.Warn("what a person asked last is not known", "err", err)
		}
	}
	view := blocks.RenderHome(blocks.Home{Command: a.cfg.Command, Sources: known, Recent: recent, Admin: admin})
	_, err = a.api.With(in.Token).PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: q.Place.User, View: view})
	return a.api.Count("views.publish", err)
}

// bot is the asker, once Run has begun.
func (a *Adapter) bot() chat.Asker {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.asker
}

// suggest offers first questions on the agent surface. With agent_view there is no thread, and naming one would make the
// call fail in silence (docs.slack.dev/reference/methods/assistant.threads.setSuggestedPrompts).
func (a *Adapter) suggest(ctx context.Context, q payload.Request) error {
	in, err := a.tokens.of(ctx, q.Place)
	if err != nil {
		return err
	}
	p := slack.AssistantThreadsSetSuggestedPromptsParameters{
		ChannelID: q.Place.Channel, ThreadTS: q.Place.Thread, Title: "You could ask", Prompts: blocks.Prompts(),
	}
	err = a.api.With(in.Token).SetAssistantThreadsSuggestedPromptsContext(ctx, p)
	if webapi.OneOf(err, "missing_scope", "unknown_method", "not_allowed_token_type") {
		a.log.Debug("prompts are not suggested; the scope assistant:write allows it", "err", err)
		_ = a.api.Count("assistant.threads.setSuggestedPrompts", err)
		return nil // an ornament
	}
	return a.api.Count("assistant.threads.setSuggestedPrompts", err)
}

func (a *Adapter) openAsk(ctx context.Context, q payload.Request) error {
	return a.open(ctx, q, blocks.RenderAsk(a.cfg.Command))
}

func (a *Adapter) openReason(ctx context.Context, q payload.Request) error {
	return a.open(ctx, q, blocks.RenderReason(q.Place, q.Question.Action))
}

// openSettings opens the settings for those who manage the workspace.
func (a *Adapter) openSettings(ctx context.Context, q payload.Request) error {
	admin, err := a.manages(ctx, q.Place)
	if !admin {
		return errors.Join(err, a.tell(ctx, q.Place, notAdminWords(err)))
	}
	now, err := a.book.Get(ctx, q.Place.Server())
	if err != nil {
		return errors.Join(err, a.tell(ctx, q.Place, "I cannot read the settings just now. Please try again in a minute."))
	}
	return a.open(ctx, q, blocks.RenderSettings(q.Place, now, a.packs()))
}

// packs are those there are now.
func (a *Adapter) packs() []chat.Pack {
	if a.cfg.Packs == nil {
		return nil
	}
	return a.cfg.Packs()
}

// open opens a modal, which Slack allows for three seconds after the press.
func (a *Adapter) open(ctx context.Context, q payload.Request, view slack.ModalViewRequest) error {
	in, err := a.tokens.of(ctx, q.Place)
	if err != nil {
		return err
	}
	_, err = a.api.With(in.Token).OpenViewContext(ctx, q.Trigger, view)
	if err = a.api.Count("views.open", err); err == nil {
		return nil
	}
	words := "I could not open the window. Please try again."
	if webapi.OneOf(err, "expired_trigger_id", "trigger_expired", "exchanged_trigger_id") {
		words = "I was too slow to open the window: Slack allows three seconds. Please try again."
	}
	return errors.Join(err, a.tell(ctx, q.Place, words))
}

// save keeps what those who manage a workspace have chosen.
func (a *Adapter) save(ctx context.Context, q payload.Request) error {
	admin, err := a.manages(ctx, q.Place)
	if !admin {
		return errors.Join(err, a.tell(ctx, q.Place, notAdminWords(err)))
	}
	words := "Saved. It holds from the next question on, everywhere within half a minute."
	now, err := a.book.Get(ctx, q.Place.Server())
	if err == nil {
		q.Preferences.ChannelPacks = now.ChannelPacks // the window shows those of one channel at most
		if q.Place.Channel != "" {
			q.Preferences = q.Preferences.InChannel(q.Place.Channel, q.HerePacks)
		}
		err = a.book.Set(ctx, q.Place.Server(), q.Preferences)
	}
	switch {
	case errors.Is(err, adapters.ErrTooMuch):
		words = "That was too much: choose fewer channels or packs. Nothing was changed."
	case err != nil:
		words = "I could not keep that just now; nothing was changed. Please try again in a minute."
	}
	return errors.Join(err, a.tell(ctx, q.Place, words))
}

// tell says words to a person alone: where they pressed, or directly.
func (a *Adapter) tell(ctx context.Context, p payload.Place, words string) error {
	p.Ephemeral, p.Replace, p.Delete, p.Repeat, p.Sharable, p.Feedback = true, false, false, false, false, false
	m := &message{a: a, place: p, answer: chat.Answer{Lead: words}}
	m.event.Deadline = a.cfg.Now().Add(hookLife)
	return m.send(ctx)
}

// report is the answer to topicReport, for those who manage the workspace.
func (a *Adapter) report(ctx context.Context, q chat.Question) (chat.Answer, error) {
	if a.cfg.Reporter == nil {
		return chat.Answer{Lead: "I keep no journal here, so there is nothing to report.", Private: true}, nil
	}
	admin, err := a.manages(ctx, payload.Place{Team: q.Server, User: q.User})
	if !admin {
		return chat.Answer{Lead: notAdminWords(err), Private: true}, nil
	}
	days, err := strconv.Atoi(q.Text)
	if err != nil {
		return chat.Answer{}, fmt.Errorf("read how many days to report: %w", err)
	}
	answer, err := a.cfg.Reporter.Report(ctx, "slack", q.Server, days)
	answer.Private = true
	return answer, err
}

// errNoRights says that Slack does not tell who manages a workspace.
var errNoRights = errors.New("the scope users:read is not granted, so who manages the workspace is not known")

func notAdminWords(err error) string {
	if errors.Is(err, errNoRights) {
		return "Only those who manage this workspace may do that, and I cannot see who does: whoever installed me can, " +
			"or add the scope users:read to the app and install it again."
	}
	if err != nil {
		return "I cannot see just now whether you manage this workspace. Please try again in a minute."
	}
	return "Only those who manage this workspace may do that."
}

// manages says whether a person manages the workspace: as its admin or owner, by users.info, or since they installed the
// app. Payloads do not tell; where the scope users:read is lacking, nobody else may.
func (a *Adapter) manages(ctx context.Context, p payload.Place) (bool, error) {
	if may, known := a.rights.get(p.Server(), p.User); known {
		return may, nil
	}
	in, err := a.tokens.of(ctx, p)
	if err != nil {
		return false, err
	}
	if p.User != "" && in.Admin == p.User {
		return true, nil
	}
	user, err := a.api.With(in.Token).GetUserInfoContext(ctx, p.User)
	if err = a.api.Count("users.info", err); err != nil {
		if webapi.OneOf(err, "missing_scope") {
			return false, errNoRights
		}
		return false, err
	}
	may := user.IsAdmin || user.IsOwner || user.IsPrimaryOwner
	a.rights.put(may, p.Server(), p.User)
	return may, nil
}
