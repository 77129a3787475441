package adaptertest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Client is what an adapter of the platform uses to call it.
type Client struct {
	URL  string
	HTTP *http.Client
}

// Refused is a call that the platform answered with an error status.
type Refused struct {
	Status     int
	RetryAfter time.Duration // with status 429
}

// Error names the status.
func (r *Refused) Error() string { return fmt.Sprintf("the platform answered %d", r.Status) }

// Post posts an answer. An error other than status 429 leaves open whether it was posted.
func (c Client) Post(ctx context.Context, post Post) error {
	body, err := json.Marshal(post)
	if err != nil {
		return fmt.Errorf("post: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL+"/posts", bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("post: %w", err)
	}
	_, err = c.do(request)
	return err
}

// Find lists the posts with one key.
func (c Client) Find(ctx context.Context, key string) ([]Post, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.URL+"/posts?key="+url.QueryEscape(key), nil)
	if err != nil {
		return nil, fmt.Errorf("find posts: %w", err)
	}
	body, err := c.do(request)
	if err != nil {
		return nil, err
	}
	var posts []Post
	if err := json.Unmarshal(body, &posts); err != nil {
		return nil, fmt.Errorf("find posts: %w", err)
	}
	return posts, nil
}

func (c Client) do(request *http.Request) ([]byte, error) {
	response, err := c.HTTP.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, fmt.Errorf("read the platform's answer: %w", err)
	}
	if response.StatusCode/100 == 2 {
		return body, nil
	}
	refused := &Refused{Status: response.StatusCode}
	if s, err := strconv.ParseFloat(response.Header.Get("Retry-After"), 64); err == nil {
		refused.RetryAfter = time.Duration(s * float64(time.Second))
	}
	return nil, refused
}
