package layout

import "strings"

// words are what stands around an answer, in one language. The answer itself is the bot's.
type words struct {
	more, why, sources, share, back, forward string
	page                                     string // of the title: number, of how many
	asked, youAsked, shares                  string // "%s" is a name, except in youAsked
	follow, facets                           string // placeholders of the menus: follow-ups, other regions and levels
	cited, cut                               string
	moreSources                              string

	expired, failed, busy, missing string // "please ask again", in four cases
	reasonTitle, reasonLabel       string
	reasonHint                     string

	settings, privately, openly, thumbs, noThumbs string
	everywhere, onlyIn, quietIn, packsAll, packs  string
	tooMany, noPack                               string
	undrawn                                       string
}

// wordsOf gives the words of a locale as Discord names it: "hi", "en-GB". Every locale we have no words for is English.
func wordsOf(locale string) words {
	if locale == "hi" || strings.HasPrefix(locale, "hi-") {
		return hindi
	}
	return english
}

var english = words{
	more: "More", why: "Why?", sources: "Sources", share: "Show everybody", back: "Back", forward: "Read on",
	page:  "%s · page %d of %d",
	asked: "**%s** asked: %s", youAsked: "You asked: %s", shares: "**%s** shows: %s",
	follow: "Ask next…", facets: "Another region or level…",
	cited: "Sources: %s", cut: "… and more that has no room here. Ask for one part of it.",
	moreSources: "and %d more",

	expired:     "This button is from another version of me, and I can't read it any more. Please ask again.",
	failed:      "Something went wrong on my side, so I have no answer to this. Please ask again.",
	busy:        "Too many questions at once. Please ask again in a moment.",
	missing:     "I don't know this command; Discord may still show an old one. Please ask in your own words.",
	reasonTitle: "What was wrong?", reasonLabel: "What did you expect instead?",
	reasonHint: "A figure that is old, a question misread, …",

	settings: "Settings of this server", privately: "Answers to commands: only the asker sees them",
	openly: "Answers to commands: everybody sees them; pay is shown to the asker alone", thumbs: "👍 and 👎 under answers: yes",
	noThumbs: "👍 and 👎 under answers: no", everywhere: "Channels: all", onlyIn: "Answers for everybody only in: %s",
	quietIn: "Quiet in: %s", packsAll: "Knowledge: all packs", packs: "Knowledge: %s",
	tooMany: "That is more than I can keep: please name fewer channels or packs.",
	noPack:  "There is no such pack. The packs are: %s.",
	undrawn: "I have an answer to this, but it cannot be shown here. Please ask again in other words.",
}

var hindi = words{
	more: "और", why: "क्यों?", sources: "स्रोत", share: "सबको दिखाएँ", back: "पीछे", forward: "आगे पढ़ें",
	page:  "%s · पृष्ठ %d / %d",
	asked: "**%s** ने पूछा: %s", youAsked: "आपने पूछा: %s", shares: "**%s** दिखा रहे हैं: %s",
	follow: "आगे पूछें…", facets: "कोई और क्षेत्र या स्तर…",
	cited: "स्रोत: %s", cut: "… और भी है, पर यहाँ जगह नहीं। इसका कोई एक हिस्सा पूछें।",
	moreSources: "और %d अन्य",

	expired:     "यह बटन मेरे किसी दूसरे संस्करण का है, मैं इसे पढ़ नहीं सकता। कृपया फिर से पूछें।",
	failed:      "मेरी ओर कुछ गड़बड़ हुई, इसलिए उत्तर नहीं है। कृपया फिर से पूछें।",
	busy:        "एक साथ बहुत सवाल आ गए। कृपया थोड़ी देर में फिर पूछें।",
	missing:     "मैं यह कमांड नहीं जानता; शायद Discord पुराना दिखा रहा है। कृपया अपने शब्दों में पूछें।",
	reasonTitle: "क्या ग़लत था?", reasonLabel: "आप क्या उत्तर चाहते थे?",
	reasonHint: "पुराना आँकड़ा, सवाल ग़लत समझा, …",

	settings: "इस सर्वर की सेटिंग", privately: "कमांड के उत्तर: केवल पूछने वाले को दिखते हैं",
	openly: "कमांड के उत्तर: सबको दिखते हैं; वेतन केवल पूछने वाले को", thumbs: "उत्तर के नीचे 👍 और 👎: हाँ",
	noThumbs: "उत्तर के नीचे 👍 और 👎: नहीं", everywhere: "चैनल: सभी", onlyIn: "सबके लिए उत्तर केवल यहाँ: %s",
	quietIn: "यहाँ चुप: %s", packsAll: "ज्ञान: सभी पैक", packs: "ज्ञान: %s",
	tooMany: "यह बहुत अधिक है: कृपया कम चैनल या पैक बताएँ।",
	noPack:  "ऐसा कोई पैक नहीं है। पैक ये हैं: %s।",
	undrawn: "इसका उत्तर है, पर यहाँ दिखाया नहीं जा सकता। कृपया दूसरे शब्दों में पूछें।",
}
