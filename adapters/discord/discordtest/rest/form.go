package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"

	"careerbot/adapters/discord/discordtest/object"
)

// MaxRequest is how many bytes a request may have: https://discord.com/developers/docs/reference#uploading-files.
const MaxRequest = 25 << 20

// read takes the body apart.
func (c *Call) read() *object.Problem {
	raw, err := io.ReadAll(http.MaxBytesReader(nil, c.Request.Body, MaxRequest))
	if err != nil {
		if _, large := errors.AsType[*http.MaxBytesError](err); large {
			return &object.TooLarge
		}
		return &object.NoJSON
	}
	c.Raw = raw
	var wrong *object.Problem
	c.Body, c.Files, wrong = Unpack(c.Header.Get("Content-Type"), raw)
	return wrong
}

// Unpack gives the JSON and the files of a body, and what Discord would say where it is neither JSON nor a form with JSON.
func Unpack(contentType string, raw []byte) (body []byte, files map[string]object.File, wrong *object.Problem) {
	body = raw
	kind, parameters, err := mime.ParseMediaType(contentType)
	if err == nil && kind == "multipart/form-data" {
		body, files, err = Parts(raw, parameters["boundary"])
		if err != nil {
			return body, files, &object.Problem{Status: http.StatusBadRequest, Code: 50035, Text: "Invalid Form Body", Errors: err.Error()}
		}
	}
	if len(body) > 0 && !json.Valid(body) {
		return body, files, &object.NoJSON
	}
	return body, files, nil
}

// Parts gives the payload_json of a form, nil where it has none, and its files by the names of their parts, such as "files[0]".
func Parts(raw []byte, boundary string) (payload []byte, files map[string]object.File, err error) {
	reader := multipart.NewReader(bytes.NewReader(raw), boundary)
	files = map[string]object.File{}
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return payload, files, nil
		}
		if err != nil {
			return nil, nil, fmt.Errorf("read the form: %w", err)
		}
		content, err := io.ReadAll(part)
		if err != nil {
			return nil, nil, fmt.Errorf("read part %q: %w", part.FormName(), err)
		}
		if part.FormName() == "payload_json" {
			payload = content
			continue
		}
		files[part.FormName()] = object.File{Name: part.FileName(), ContentType: part.Header.Get("Content-Type"), Bytes: content}
	}
}
