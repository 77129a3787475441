package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"careerbot/adapters/discord/transport"
	"careerbot/adapters/discord/wire"
)

// apiBase is where the client library believes that the REST interface is; the transport knows better.
const apiBase = "https://discord.com/api/v10"

// userAgent has the form that Discord asks for: https://discord.com/developers/docs/reference#user-agent.
const userAgent = "DiscordBot (https://github.com/bwmarrin/discordgo, " + discordgo.VERSION + ") careerbot"

// api makes requests of the REST interface. It is safe for concurrent use.
type api struct{ session *discordgo.Session }

func newAPI(token string, rest http.RoundTripper) (api, error) {
	s, err := discordgo.New("Bot " + token)
	if err != nil {
		return api{}, fmt.Errorf("make a Discord client: %w", err)
	}
	s.Client = &http.Client{Transport: rest}
	s.UserAgent = userAgent
	s.LogLevel = quiet
	return api{s}, nil
}

// quiet is below every level of the library's log, which goes to a global and shows what people wrote.
const quiet = -1

// refusal is what Discord said in place of taking a request. Codes: https://discord.com/developers/docs/topics/opcodes-and-status-codes#json.
type refusal struct {
	status, code int
	what         string // the request, without ids that are secret
	says         string
}

// Error gives Discord's words.
func (r *refusal) Error() string {
	return fmt.Sprintf("%s: Discord answers %d, code %d: %s", r.what, r.status, r.code, r.says)
}

// codeOf is Discord's code for what it refused, 0 where err is no refusal.
func codeOf(err error) int {
	if r, ok := errors.AsType[*refusal](err); ok {
		return r.code
	}
	return 0
}

// do makes a request with a JSON body, nil for none, and files. Each has a bucket of the library of its own, so that
// none waits for another or stays: the transport knows the real ones.
func (p api) do(ctx context.Context, method, path string, body any, files []wire.File) ([]byte, error) {
	content, kind, err := encode(body, files)
	if err != nil {
		return nil, fmt.Errorf("%s: write it: %w", what(method, path), err)
	}
	bucket := discordgo.NewRatelimiter().LockBucket("")
	answer, err := p.session.RequestWithLockedBucket(method, apiBase+path, kind, content, bucket, 0,
		discordgo.WithContext(ctx), discordgo.WithRetryOnRatelimit(false), discordgo.WithRestRetries(0))
	if err == nil {
		return answer, nil
	}
	if r, ok := errors.AsType[*discordgo.RESTError](err); ok {
		no := &refusal{status: r.Response.StatusCode, what: what(method, path), says: excerpt(string(r.ResponseBody), 500)}
		if r.Message != nil {
			no.code = r.Message.Code
		}
		return nil, no
	}
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err // its address holds the interaction's token
	}
	return nil, fmt.Errorf("%s: %w", what(method, path), err)
}

// get makes a GET request and reads its answer into v.
func (p api) get(ctx context.Context, path string, v any) error {
	answer, err := p.do(ctx, http.MethodGet, path, nil, nil)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(answer, v); err != nil {
		return fmt.Errorf("%s: read the answer: %w", what(http.MethodGet, path), err)
	}
	return nil
}

// what names a request in errors, without the tokens of interactions.
func what(method, path string) string {
	path, _, _ = strings.Cut(path, "?")
	parts := strings.Split(path, "/")
	if len(parts) > 3 && (parts[1] == "interactions" || parts[1] == "webhooks") {
		parts[3] = "***"
	}
	return method + " " + strings.Join(parts, "/")
}

// excerpt cuts what a peer said to n bytes.
func excerpt(s string, n int) string {
	if len(s) > n {
		s = strings.ToValidUTF8(s[:n], "") + "…"
	}
	return s
}

// encode is body as JSON, in a form with the files where there are some.
func encode(body any, files []wire.File) (content []byte, kind string, err error) {
	if body != nil {
		if content, err = json.Marshal(body); err != nil {
			return nil, "", err
		}
	}
	if len(files) == 0 {
		return content, "application/json", nil
	}
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	part := func(head textproto.MIMEHeader, data []byte) {
		w, e := form.CreatePart(head)
		if e == nil {
			_, e = w.Write(data)
		}
		err = errors.Join(err, e)
	}
	part(textproto.MIMEHeader{
		"Content-Disposition": {`form-data; name="payload_json"`}, "Content-Type": {"application/json"},
	}, content)
	for n, f := range files {
		part(textproto.MIMEHeader{
			"Content-Disposition": {fmt.Sprintf(`form-data; name="files[%d]"; filename=%s`, n, strconv.Quote(f.Name))},
			"Content-Type":        {f.ContentType},
		}, f.Data)
	}
	if err = errors.Join(err, form.Close()); err != nil {
		return nil, "", err
	}
	return b.Bytes(), form.FormDataContentType(), nil
}

// callback gives the first answer to an interaction.
func (p api) callback(ctx context.Context, at place, c wire.Callback) error {
	_, err := p.do(ctx, http.MethodPost, "/interactions/"+at.Interaction+"/"+at.Token+"/callback", c, c.Files)
	return err
}

// edit changes the first answer to an interaction, which is the message of the pressed button where the first answer
// updated or acknowledged that.
func (p api) edit(ctx context.Context, at place, r wire.Reply) error {
	_, err := p.do(ctx, http.MethodPatch, "/webhooks/"+at.Application+"/"+at.Token+"/messages/@original", r.ForEdit(), r.Files)
	return err
}

// post is a message as POST /channels/{id}/messages takes it.
type post struct {
	wire.Reply
	Nonce     string     `json:"nonce"`
	Enforce   bool       `json:"enforce_nonce"`
	Reference *reference `json:"message_reference,omitempty"`
}

// reference is what a message replies to; a message that is gone by now is no fault.
type reference struct {
	MessageID string `json:"message_id"`
	ChannelID string `json:"channel_id,omitempty"`
	Fail      bool   `json:"fail_if_not_exists"`
}

// say posts a message in a channel, once for each nonce.
func (p api) say(ctx context.Context, channel string, m post) error {
	_, err := p.do(ctx, http.MethodPost, "/channels/"+channel+"/messages", m, m.Files)
	return err
}

// gatewayBot is what GET /gateway/bot tells.
type gatewayBot struct {
	URL    string `json:"url"`
	Shards int    `json:"shards"`
	Limit  struct {
		Total       int     `json:"total"`
		Remaining   int     `json:"remaining"`
		ResetAfter  float64 `json:"reset_after"` // milliseconds
		Concurrency int     `json:"max_concurrency"`
	} `json:"session_start_limit"`
}

func (p api) gatewayBot(ctx context.Context) (g gatewayBot, err error) {
	err = p.get(ctx, "/gateway/bot", &g)
	return g, err
}

// limited says that err is a limit of requests, and for how long.
func limited(err error) (time.Duration, bool) {
	if l, ok := errors.AsType[*transport.LimitedError](err); ok {
		return l.After, true
	}
	return 0, false
}
