package blockkit

import "encoding/json"

// View judges a modal or a Home tab, a JSON object; nil refuses nothing. Slack calls all that is wrong with views
// invalid_arguments. Blocks of the rejected types are taken for unknown.
func View(view json.RawMessage, rejected []string) *Refusal {
	const name = "invalid_arguments"
	var content struct {
		Blocks json.RawMessage `json:"blocks"`
	}
	var o object
	if json.Unmarshal(view, &content) != nil || json.Unmarshal(view, &o) != nil {
		return &Refusal{name, []string{"must provide an object [json-pointer:/view]"}}
	}
	c := &checker{surface: inModal, kinds: map[string]int{}}
	switch text(o, "type") {
	case "modal":
		c.object("/view/title", o["title"], maxModalTitle, "plain_text")
		for _, name := range []string{"submit", "close"} {
			if o[name] != nil {
				c.object("/view/"+name, o[name], maxModalTitle, "plain_text")
			}
		}
	case "home":
		c.surface = inHome
	default:
		c.fault("/view/type", "unsupported type: %s", text(o, "type"))
	}
	c.length("/view/callback_id", text(o, "callback_id"), 0, maxID)
	c.length("/view/private_metadata", text(o, "private_metadata"), 0, maxPrivate)
	if len(c.errors) > 0 {
		return &Refusal{name, c.errors}
	}
	if refused := judge(content.Blocks, c.surface, "/view/blocks", rejected); refused != nil {
		return &Refusal{name, refused.Errors}
	}
	return nil
}
