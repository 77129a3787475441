package markup

import (
	"strings"
)

// The words by which page furniture gives itself away. They are words of the trade of making web pages, of any page:
// none names a site, and none decides alone where a text of several sentences is at stake.

// Why something was dropped.
const (
	whyMenu     = "navigation"
	whyAdvert   = "advert"
	whyButton   = "button or label"
	whyTeaser   = "teaser of another article"
	whyFooter   = "footer"
	whyRepeat   = "repetition"
	whyImage    = "image caption"
	whyFiller   = "talk about the article itself"
	whyContents = "table of contents"
	whyMeta     = "kept as author, date or source"
	whyEmpty    = "heading without text"
)

var (
	// button matches a whole short line that only serves to click or to label.
	button = Compile(`(?i)^(skip (to|ribbon|navigation|links?)\b.{0,60}|share( this| article| post)?( on \w+)?|tweet|pin( it)?|email|print|copy link|comments?( \(\d+\))?|\d+ comments?|` +
		`improve|suggest changes|likes?( article)?|report|save|bookmark|follow( us)?( on \w+)?|subscribe( now)?|sign (up|in)|log ?in|register|` +
		`open in app|get (the )?app|download( app| now)?|view (all|more|program|course|details)|see (all|more)|load more|show more|read more|get details|` +
		`learn more|know more|apply now|enrol+( now)?|buy now|start (now|free trial)|try (it )?(for )?free|get started|contact us|menu|search|close|next|previous|` +
		`back to top|skip to (main )?content|home|advertisement|sponsored|ad|loading\.*|thank you!?|accept( all)?( cookies)?.*|reject all|cookie settings|` +
		`leave a (reply|comment)|add comment|submit|cancel|reply|filling fast|limited seats|new course|job-linked program|talk to (us|an expert)|request (a )?call ?back|` +
		`next article( icon)?|previous article|table of contents?|contents|on this page|in this article|` +
		`article tags|tags|categories|\+\d{1,3}|\d{1,3} ?%|\d+(\.\d+)?k?\+? (views|shares|reads)) ?:?$`)
	// reading matches a line that says how long the page takes to read.
	reading = Compile(`(?i)^\W*\d+[- ]?min(ute)?s?( of)? read(ing)?( time)?\W*$|^(reading time|time to read)\b`)
	// teaser matches a line that leads to another page.
	teaser = Compile(`(?i)^(read (more|also|next)|also (read|see|check)|see also|you (may|might) (also )?(like|want|be interested|enjoy)|` +
		`(further|recommended|suggested|related) (reading|articles?|posts?|reads?|topics?)\b|related\b ?:|recommended for you|must[- ]read|don'?t miss|up next|` +
		`more (from|on|like) this|check (it )?out (our|this|these)|click here|explore (our|more)|learn via|watch (the |this |our )?video|next article ?:|previous article ?:)`)
	// image matches what stands for a picture.
	image = Compile(`(?i)\b(icon|logo|img|image|avatar|thumbnail|banner|lightbox)\b|\.(png|jpe?g|svg|webp|gif)\b`)
	// other matches a heading under which other pages, the author or the site are shown, not the article.
	other = Compile(`(?i)^((similar|related|recommended|popular|trending|latest|recent|more|other|suggested) (reads?|articles?|posts?|stories|blogs?|courses|programs?|resources|topics|tutorials|guides|content)|` +
		`(you (may|might) also|people also) |more (from|in|by) |keep reading|about (the |this )?(author|writer|us|publisher)s?|author( bio)?$|written by|share (this|article)|` +
		`subscribe|newsletter|join (our|the) |sign up|follow us|connect with|get in touch|contact us|leave a |comments?$|\d+ (comments|responses|thoughts)|` +
		`top resources|recommended programs|live class|upcoming (batch|class|webinar|event)|get free|free consultation|request a|our (courses|programs?|services|products)|` +
		`(explore|browse|view) .*(courses|programs?|articles)|.*\bcourses (to|for) |references?:?$|sources?:?$|citations?:?$|further reading|footnotes?|disclaimer|` +
		`privacy|cookie|terms (of|and)|legal|company$|quick links|useful links|site ?map|categories$|tags$|archives?$|article tags)`)
	// sources matches the heading over a list of references.
	sources = Compile(`(?i)^(references?|sources?|citations?|further reading)\s*:?$`)
	// ending matches a line after which pages have nothing of their article any more, once most of it has been seen.
	ending = Compile(`(?i)^(share( this)?( article| post)?:?|next article.*|previous article.*|(similar|related|recommended) (reads?|articles?|posts?).*|about (the )?author.*|` +
		`article tags.*|references?:?|sources?:?|leave a (reply|comment).*|comments? ?(\(\d+\))?|tags:.*|written by.*|posted (in|by).*|\d+ comments?|subscribe.*newsletter.*|©.*|copyright\b.*)$`)
	// faq matches the heading over questions and answers.
	faq = Compile(`(?i)\bfaqs?\b|frequently asked|common questions|questions and answers|\bq ?& ?a\b`)
	// legal matches a sentence of a footer or of a consent banner.
	legal = Compile(`(?i)\bcookies?\b.*\b(use|accept|policy|experience|consent)|\b(use|accept)\b.*\bcookies?\b|privacy policy|terms (of (use|service)|and conditions|& conditions)|\bT&C\b|all rights reserved|©|^copyright\b|unsubscribe|by (submitting|signing up|subscribing|continuing)|registered (address|office)|thank you for (subscribing|your|signing)|promise we won'?t spam|job alerts?\b`)
	// filler matches a sentence that speaks of the article, not of its subject.
	filler = Compile(`(?i)^(in this (\w+[- ]){0,2}(article|guide|post|blog|tutorial|page|section)\b.*\b(we|you|i)('ll| will| are going|'re going| discuss| look| explore| cover| see)|` +
		`let('|’)?s (explore|dive|take a look|get started|look at|find out|begin|discuss)|here,? you will find|keep reading|read on|this (article|guide|post|blog) (will|covers|explains|describes|walks)|` +
		`if so, keep reading|without further ado|so,? let('|’)?s|in the (next|following) section)`)
	// offer matches what adverts of pages on careers sell.
	offer = Compile(`(?i)\b(courses?|boot ?camps?|program(me)?s?|certifications?|certificates?|diploma|master ?class(es)?|training|webinars?|workshops?|newsletter|consultation|e-?books?|` +
		`free trial|learners|seats|batch(es)?|admissions?|placement|internship|career (services|coach)|tutorials?|articles|jobs|app|membership|subscription|discount|enrol+(ment)?)\b`)
	// call matches the beginning of a sentence that tells the reader to go and get something.
	call = Compile(`(?i)^\W*(explore|join|enrol+|pursue|sign up|subscribe|register|apply|check out|book|schedule|download|get (our|your|a|the|free|started|certified with)|start (your|with|learning)|try|` +
		`discover|boost|upgrade|upskill|transform|kick ?start|accelerate|master in-demand|advance|unlock|stay (informed|updated|tuned)|click|learn (with|from) us|take (our|the)|find (your|a) .*\bjobs?$|visit|view|hire|contact|talk to)\b`)
	// hook matches the question with which such a sentence is led in.
	hook = Compile(`(?i)^(want|looking|interested|ready|wondering|curious|need help|struggling|searching|planning|can('|’)?t find|ready to|hoping|eager|dreaming|keen|not sure)\b.*\?$`)
	// ours matches how a seller speaks of itself.
	ours = Compile(`(?i)\b(our|with us|we (offer|have|provide|help|can help|also offer)|we'?ve got|us today|let us know)\b`)
)

// words counts the words of a text.
func words(s string) int { return len(strings.Fields(s)) }

// stopped says whether a text ends as a sentence does.
func stopped(s string) bool {
	s = strings.TrimRight(s, `"'”’)]* `)
	return s != "" && strings.ContainsAny(s[len(s)-1:], ".!?")
}

// prose says whether a line is a sentence or more, such as articles are made of.
func prose(s string) bool {
	n := words(s)
	return n >= 8 && stopped(s) || n >= 20
}
