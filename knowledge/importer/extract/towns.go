package extract

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"

	"careerbot/knowledge/markup"
)

// towns lists states and towns that pages price work in, by country. What is paid in one of them is not what the country
// pays, so each is a region of its own in a pack. Names that are everyday words or names of people are left out.
var towns = map[string]string{
	"us": "Alabama,Alaska,Arizona,Arkansas,California,Colorado,Connecticut,Delaware,Florida,Georgia,Hawaii,Idaho,Illinois,Indiana,Iowa,Kansas," +
		"Kentucky,Louisiana,Maine,Maryland,Massachusetts,Michigan,Minnesota,Mississippi,Missouri,Montana,Nebraska,Nevada,New Hampshire,New Jersey," +
		"New Mexico,New York City,New York,North Carolina,North Dakota,Ohio,Oklahoma,Oregon,Pennsylvania,Rhode Island,South Carolina,South Dakota," +
		"Tennessee,Texas,Utah,Vermont,Virginia,Washington DC,Washington,West Virginia,Wisconsin,Wyoming,District of Columbia,Puerto Rico," +
		"San Francisco,Bay Area,San Jose,San Diego,Los Angeles,Seattle,Boston,Chicago,Austin,Houston,Dallas,Denver,Atlanta,Miami,Philadelphia," +
		"Phoenix,Portland,Minneapolis,Detroit,Las Vegas,Sacramento,Baltimore,Pittsburgh,Orlando,Raleigh,Salt Lake City,Silicon Valley",
	"uk": "London,Manchester,Birmingham,Leeds,Bristol,Edinburgh,Glasgow,Liverpool,Sheffield,Cardiff,Belfast,Cambridge,Oxford,Newcastle,Nottingham," +
		"Scotland,Wales,Northern Ireland,Yorkshire",
	"india": "Bangalore,Bengaluru,Mumbai,New Delhi,Delhi,Hyderabad,Chennai,Pune,Kolkata,Noida,Gurgaon,Gurugram,Ahmedabad,Jaipur,Kochi,Coimbatore," +
		"Chandigarh,Indore,Lucknow,Nagpur,Maharashtra,Karnataka,Tamil Nadu,Kerala,Telangana,Andhra Pradesh,Gujarat,Rajasthan,Uttar Pradesh,West Bengal",
	"germany": "Berlin,Munich,Hamburg,Frankfurt,Cologne,Stuttgart,Düsseldorf,Dusseldorf,Leipzig,Dresden,Hanover,Nuremberg,Bonn,Bavaria,Baden-Württemberg," +
		"Hesse,Saxony",
	"france": "Paris,Lyon,Marseille,Toulouse,Bordeaux,Lille,Nantes", "netherlands": "Amsterdam,Rotterdam,The Hague,Utrecht,Eindhoven",
	"spain": "Madrid,Barcelona,Valencia,Seville", "italy": "Rome,Milan,Turin,Naples", "ireland": "Dublin,Galway,Limerick",
	"canada": "Toronto,Vancouver,Montreal,Ottawa,Calgary,Edmonton,Winnipeg,Ontario,British Columbia,Alberta,Quebec,Manitoba,Nova Scotia,Saskatchewan",
	"australia": "Sydney,Melbourne,Brisbane,Perth,Adelaide,Canberra,Hobart,Darwin,New South Wales,Queensland,Western Australia,South Australia," +
		"Tasmania,Northern Territory,NSW",
	"new-zealand": "Auckland,Wellington,Christchurch", "switzerland": "Zurich,Zürich,Geneva,Basel,Bern,Lausanne", "sweden": "Stockholm,Gothenburg,Malmö",
	"norway": "Oslo,Bergen", "denmark": "Copenhagen,Aarhus", "poland": "Warsaw,Krakow,Kraków,Wroclaw,Wrocław,Gdansk,Gdańsk", "japan": "Tokyo,Osaka,Kyoto",
	"south-africa": "Johannesburg,Cape Town,Durban,Pretoria", "uae": "Abu Dhabi,Sharjah", "europe": "Vienna,Brussels,Lisbon,Prague,Budapest,Helsinki,Athens",
}

// otherNames are second names of towns.
var otherNames = map[string]string{
	"Bengaluru": "Bangalore", "New Delhi": "Delhi", "Gurugram": "Gurgaon", "Dusseldorf": "Düsseldorf", "Zürich": "Zurich", "NSW": "New South Wales",
	"Kraków": "Krakow", "Wrocław": "Wroclaw", "Gdańsk": "Gdansk", "Bay Area": "San Francisco", "New York City": "New York",
}

var umlauts = strings.NewReplacer("ü", "u", "ö", "o", "ł", "l", "ń", "n", "ó", "o", "Ü", "U")

// town is one of them.
type town struct {
	id, name, of string
	words        []string
}

// townTable holds the towns by name and by id, and the single words of their names.
type townTable struct {
	byName, byID map[string]*town
	parts        map[string]bool
	re           *markup.Pattern
}

// gazetteer is built at its first use; it does not change.
var gazetteer = sync.OnceValue(func() townTable {
	t := townTable{byName: map[string]*town{}, byID: map[string]*town{}, parts: map[string]bool{}}
	var names []string
	for _, country := range slices.Sorted(maps.Keys(towns)) {
		for name := range strings.SplitSeq(towns[country], ",") {
			names = append(names, name)
			for part := range strings.FieldsSeq(name) {
				t.parts[part] = true
			}
			own := cmp.Or(otherNames[name], name)
			id := "in-" + ID(umlauts.Replace(own))
			if t.byID[id] == nil {
				t.byID[id] = &town{id: id, name: own, of: country}
			}
			t.byName[name] = t.byID[id]
			t.byID[id].words = append(t.byID[id].words, strings.ToLower(name))
		}
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	t.re = markup.Compile(`(?:^|[^\p{L}\d])(` + strings.Join(names, "|") + `)(?:$|[^\p{L}\d])`)
	return t
})

// townsIn gives the ids of the towns and states that a text names.
func townsIn(text string) []string {
	g := gazetteer()
	var out []string
	for at := 0; ; {
		m := g.re.FindStringSubmatchIndex(text[at:])
		if m == nil {
			return out
		}
		if id := g.byName[text[at+m[2]:at+m[3]]].id; !slices.Contains(out, id) {
			out = append(out, id)
		}
		at += m[3]
	}
}

// countryOf is the country a town lies in, and a country itself.
func countryOf(id string) string {
	if t := gazetteer().byID[id]; t != nil {
		return t.of
	}
	return id
}
